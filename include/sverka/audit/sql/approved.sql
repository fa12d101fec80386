-- What was approved, document by document: what it will be, and the rows and rules it comes from.
insert into journal_inbox (events)
select jsonb_agg(jsonb_build_object(
           'at', %(now)s::timestamptz, 'kind', 'posting.approved', 'file_id', p.file_id,
           'report_id', p.report_id, 'line_key', p.line_key, 'sync_id', p.sync_id, 'by', %(by)s,
           'detail', jsonb_strip_nulls(jsonb_build_object(
               'state', p.state, 'document', p.kind, 'amount', p.amount, 'courier', p.courier,
               'fingerprint', p.fingerprint, 'order_id', p.order_id, 'seal', %(seal)s::text,
               'lines', l.lines)))
       order by p.sync_id)
  from posting p
  left join lateral (
      select jsonb_agg(jsonb_build_object('sheet', g.sheet, 'rows', g.rows, 'verdict', g.verdict,
                                          'rule', g.rule)) as lines
        from (select l.sheet, v.verdict, v.rule, jsonb_agg(l.line_no order by l.line_no) as rows
                from (select p.line_id as id where p.line_id is not null
                       union
                      select o.line_id from posting_line o where o.sync_id = p.sync_id) own
                join line l using (id)
                left join verdict v on v.line_id = l.id
               group by l.sheet, v.verdict, v.rule) g) l on true
 where p.sync_id = any(%(sync_ids)s::uuid[])
having count(*) > 0
