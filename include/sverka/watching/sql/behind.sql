-- A page of the orders behind a number; the index has all that is asked, in this order.
with page as (
    select *
      from owed_order w
     where coalesce(w.courier, '') = %(courier)s and w.currency = %(currency)s
       and w.phase = any (%(phases)s::text[])
       and (w.since, w.order_id) > (%(since)s::date, %(order_id)s::uuid)
       and (%(stage)s::text is null
            or case when w.due_on < %(today)s then 'overdue'
                    when w.phase = 'on_the_way' then 'on_the_way'
                    else 'not_due' end = %(stage)s)
       and w.since between %(first)s and %(last)s
     order by w.since, w.order_id
     limit %(limit)s
)
select p.order_id::text as order_id, o.name, o.link, p.courier, p.told_by, p.currency, p.open,
       p.phase, p.shipped_on, p.delivered_on, p.since, p.due_on,
       greatest(%(today)s - p.since, 0) as age
  from page p
  join snapshot_order o on o.id = p.order_id
 order by p.since, p.order_id
