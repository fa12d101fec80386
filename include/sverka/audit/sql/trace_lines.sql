-- The lines that a query is about, each with its file, report and verdict.
select l.id, l.line_key::text, l.sheet, l.line_no, l.row_kind, l.order_ref, l.track_ref, l.outcome,
       l.collected, l.payout, l.currency, l.accepted,
       (select string_agg(x.reason, ' ' order by x.id) from rejected x where x.line_id = l.id)
           as rejected,
       (select array_agg(s.words order by s.rank) from suggestion s where s.line_id = l.id)
           as suggestions,
       v.verdict, v.rule, v.clean, v.sentence, v.decided_at, o.name as order_name,
       r.id as report_id, r.file_id
  from line l
  join report r on r.id = l.report_id
  left join verdict v on v.line_id = l.id
  left join snapshot_order o on o.id = v.order_id
 where l.id in ({lines})
 order by r.file_id, r.ordinal, l.line_no, l.sheet, l.id
 limit %(limit)s
