-- Only what changed is written: most orders are today where they were yesterday.
create temp table owed_now on commit drop as
select w.*, d.due_on
  from watched w
  left join due d on d.courier = coalesce(w.courier, '') and d.phase = w.phase and d.since = w.since;
create unique index on owed_now (order_id);
analyze owed_now;
delete from owed_order o
 where {asked} and not exists (select from owed_now n where n.order_id = o.order_id);
insert into owed_order as o (order_id, courier, told_by, currency, open, phase, shipped_on,
                             delivered_on, since, due_on)
select order_id, courier, told_by, currency, open, phase, shipped_on, delivered_on, since, due_on
  from owed_now n
 where not exists (select from owed_order o
                    where o.order_id = n.order_id
                      and (o.courier, o.told_by, o.currency, o.open, o.phase, o.shipped_on,
                           o.delivered_on, o.since, o.due_on)
                          is not distinct from
                          (n.courier, n.told_by, n.currency, n.open, n.phase, n.shipped_on,
                           n.delivered_on, n.since, n.due_on))
on conflict (order_id) do update
   set courier = excluded.courier, told_by = excluded.told_by, currency = excluded.currency,
       open = excluded.open, phase = excluded.phase, shipped_on = excluded.shipped_on,
       delivered_on = excluded.delivered_on, since = excluded.since, due_on = excluded.due_on;
