-- The sums of all discrepancies that stand, by currency: what the workbook's SUBTOTALs show.
select d.currency, count(*) as count, sum(d.stake) as stake, coalesce(sum(v.expected), 0) as expected,
       coalesce(sum(v.received), 0) as received, coalesce(sum(v.difference), 0) as difference
  from discrepancy d left join verdict v on v.line_id = d.line_id
 where d.state <> 'resolved'
 group by d.currency
