-- The documents of these orders, and of these lines whose order nobody knows. Every link that
-- MoySklad gave stands in the journal, at the event that learned it.
with found as (
    select p.order_id::text as about, p.sync_id
      from posting p where p.order_id = any(%(orders)s::uuid[])
     union
    select 'line ' || l.id, p.sync_id
      from line l
      join posting p on p.line_key = l.line_key and p.line_id = l.id
     where l.id = any(%(lines)s) and p.order_id is null
)
select f.about, p.kind, p.state, p.moysklad_name as name, p.amount,
       (select j.detail ->> 'link' from journal j
         where j.sync_id = p.sync_id and j.detail ? 'link' order by j.id desc limit 1) as link
  from found f
  join posting p using (sync_id)
 where p.kind in ('paymentin', 'supply', 'paymentout', 'salesreturn')
   and p.state not in ('planned', 'reversed')
 order by f.about, p.planned_at, p.file_id, p.revision,
          array_position(array['paymentin', 'supply', 'paymentout', 'salesreturn'], p.kind), p.sync_id
