-- One order of those that are waited for.
select w.order_id::text as order_id, o.name, o.link, w.courier, w.told_by, w.currency, w.open,
       w.phase, w.shipped_on, w.delivered_on, w.since, w.due_on,
       greatest(%(today)s - w.since, 0) as age
  from owed_order w
  join snapshot_order o on o.id = w.order_id
 where w.order_id = %(order_id)s
