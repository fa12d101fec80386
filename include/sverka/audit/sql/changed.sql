-- What postings are now, as one parcel of events in the order given: sync_id, kind, and what else is to be told.
insert into journal_inbox (events)
select jsonb_agg(jsonb_build_object(
           'at', %(now)s::timestamptz, 'kind', c.kind, 'file_id', p.file_id, 'report_id', p.report_id,
           'line_key', p.line_key, 'sync_id', p.sync_id, 'moysklad_id', p.moysklad_id, 'by', %(by)s,
           'detail', jsonb_strip_nulls(jsonb_build_object(
               'state', p.state, 'document', p.kind, 'amount', p.amount,
               'fingerprint', p.fingerprint, 'attempts', p.attempts, 'name', p.moysklad_name,
               'error', p.error)) || c.extra)
       order by c.place)
  from unnest(%(sync_ids)s::uuid[], %(kinds)s::text[], %(extras)s::jsonb[])
           with ordinality as c (sync_id, kind, extra, place)
  join posting p using (sync_id)
having count(*) > 0
