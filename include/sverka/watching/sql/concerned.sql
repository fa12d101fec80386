-- The orders that files say something of: those that their verdicts found, those they booked, and
-- those that the numbers in files of statuses and returns lead to. Of files that correct each other
-- both are meant.
with touched as materialized (
    select unnest(%(files)s::bigint[]) as file_id
     union
    select old_file_id from supersession where file_id = any(%(files)s)
     union
    select file_id from supersession where old_file_id = any(%(files)s)
), renewed as materialized (
    select r.id, r.purpose in ('statuses', 'returns') as told
      from report r join touched using (file_id)
)
select v.order_id
  from renewed r
  join line l on l.report_id = r.id
  join verdict v on v.line_id = l.id
 where v.order_id is not null
 union
select order_id from posting join touched using (file_id) where order_id is not null
 union
select o.id
  from renewed r
  join line l on l.report_id = r.id
  join snapshot_order o on o.name_key = l.order_key
 where r.told and l.order_key <> ''
 union
select o.id
  from renewed r
  join line l on l.report_id = r.id
  join snapshot_order o on o.track_key = l.track_key
 where r.told and l.track_key <> ''
 union
select d.order_id
  from renewed r
  join line l on l.report_id = r.id
  join snapshot_demand d on d.track_key = l.track_key
 where r.told and l.track_key <> '' and d.order_id is not null
