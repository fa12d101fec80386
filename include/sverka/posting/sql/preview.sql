-- The documents of a file that are not sent yet, order by order as the report has them; what is made
-- for many lines of a report comes last. Names are the snapshot's.
select p.sync_id::text, p.kind, p.courier, p.amount, p.state = 'approved' as approved,
       p.order_id::text, o.name as order_name, d.name as demand_name,
       p.document -> 'agent' ->> 'id' as agent_id, c.name as agent_name,
       (p.document ->> 'moment')::timestamptz as moment,
       coalesce(p.document ->> 'payment_purpose', p.document ->> 'description') as purpose,
       (p.document -> 'operations' -> 0 ->> 'linked_sum')::bigint as linked_sum,
       b.name as state_before, a.name as state_after,
       (select count(*) from posting_line w where w.sync_id = p.sync_id) as lines
  from posting p
  left join snapshot_order o on o.id = p.order_id
  left join snapshot_demand d on d.id = p.demand_id
  left join snapshot_counterparty c on c.id = (p.document -> 'agent' ->> 'id')::uuid
  left join snapshot_state b on b.id = p.previous_state_id
  left join snapshot_state a on a.id = (p.document -> 'state' ->> 'id')::uuid
 where p.file_id = %(file_id)s and p.state in ('planned', 'approved')
 order by p.order_id is null, min(p.line_id) over (partition by p.order_id), p.order_id,
          p.courier, array_position(%(kinds)s::text[], p.kind), p.line_id, p.sync_id
