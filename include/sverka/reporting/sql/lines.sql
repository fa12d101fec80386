-- What the verdicts say of these lines.
select l.id as line_id, r.ordinal, v.expected, v.received, v.difference, v.rule,
       exists (select from posting p
                where p.line_key = l.line_key and p.line_id = l.id and p.state = 'posted') as booked,
       (select coalesce(jsonb_agg(jsonb_build_object('kind', s.kind, 'order_id', s.order_id,
                                                     'words', s.words) order by s.rank), '[]')
          from suggestion s where s.line_id = l.id) as suggestions
  from line l
  join report r on r.id = l.report_id
  left join verdict v on v.line_id = l.id
 where l.id = any(%(lines)s)
