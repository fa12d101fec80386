-- The settlement reports of a file with what they say of their transfer. A sum that rests on unread
-- rows or on rows in another currency is nobody's.
select r.ordinal, r.courier, r.currency, r.report_no, r.report_date, r.payment_order_no as number,
       r.payment_order_date as ordered_on,
       coalesce(r.payment_order_date, r.report_date, r.period_to, s.last) as day,
       case when s.foreign_rows > 0 then null
            else coalesce(r.payment_order_sum, (r.totals ->> 'payout')::bigint,
                          case when not exists (select from rejected x
                                                 where x.report_id = r.id and x.line_id is null)
                               then s.payout end)
       end as own,
       coalesce(s.digest, f.sha256 || '/' || r.ordinal) as digest
  from report r
  join file f on f.id = r.file_id
  cross join lateral (
       select coalesce(sum(l.payout), 0)::bigint as payout, max(l.occurred_on) as last,
              count(*) filter (where l.currency <> r.currency) as foreign_rows,
              md5(string_agg(l.line_key::text, ',' order by l.line_key)) as digest
         from line l where l.report_id = r.id) s
 where r.file_id = %(file)s and r.purpose = 'settlement'
 order by r.ordinal
