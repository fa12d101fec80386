-- What a page shows of a line.
select l.id, r.ordinal, r.file_id, f.name as file, r.courier, l.sheet, l.line_no, l.row_kind,
       l.order_ref, l.track_ref, l.outcome, l.occurred_on, l.collected, {fees} as fees, l.payout,
       l.currency, l.accepted,
       (select string_agg(x.reason, ' ' order by x.id) from rejected x where x.line_id = l.id)
           as rejected,
       v.verdict, v.rule, v.clean, v.sentence, v.expected, v.difference,
       v.order_id::text, o.name as order_name
  from line l
  join report r on r.id = l.report_id
  join file f on f.id = r.file_id
  left join verdict v on v.line_id = l.id
  left join snapshot_order o on o.id = v.order_id
 where l.id = any(%(lines)s)
 order by f.received_at, r.file_id, r.ordinal, l.id
