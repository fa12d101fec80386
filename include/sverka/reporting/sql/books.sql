-- Where MoySklad opens these orders.
select id::text, link from snapshot_order where id = any(%(orders)s::uuid[])
