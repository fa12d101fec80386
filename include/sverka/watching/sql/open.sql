-- Shipped orders with money to collect. Cancelled and returned ones are over, and a payment or a
-- return of ours that the mirror cannot show yet counts already. In steps, each with statistics of
-- its own: as one question a million orders are joined row by row.
create temp table candidate on commit drop as
select o.id, o.currency, o.sum, o.payed_sum, o.fetched_at, o.name_key, o.track_key, o.delivery
  from snapshot_order o
  left join snapshot_state t on t.id = o.state_id
 where not o.deleted and o.applicable and o.sum - o.payed_sum > 0
   and t.state_type is distinct from 'Unsuccessful'
   and {asked};
create unique index on candidate (id);
analyze candidate;

create temp table handed_over on commit drop as
select d.order_id, min(d.moment) as moment, sum(d.payed_sum) as paid,
       array_agg(distinct d.delivery) filter (where d.delivery is not null) as deliveries,
       array_agg(distinct d.track_key) filter (where d.track_key is not null) as tracks
  from snapshot_demand d
  join candidate o on o.id = d.order_id
 where not d.deleted and d.applicable
 group by d.order_id;
create unique index on handed_over (order_id);
analyze handed_over;

create temp table done on commit drop as
select order_id, sum(amount) as amount
  from (select p.order_id, p.amount
          from posting p
          join candidate o on o.id = p.order_id
         where (p.kind = 'paymentin' and (p.state in ('approved', 'sending', 'unsure')
                                          or p.state = 'posted' and p.posted_at > o.fetched_at))
            or (p.kind = 'salesreturn' and p.state in ('approved', 'sending', 'unsure', 'posted')
                and not exists (select from snapshot_salesreturn s where s.id = p.moysklad_id))
         union all
        select d.order_id, s.sum
          from snapshot_salesreturn s
          join snapshot_demand d on d.id = s.demand_id
          join candidate o on o.id = d.order_id
         where s.applicable and not s.deleted) a
 group by order_id;
create unique index on done (order_id);
analyze done;

create temp table open_order on commit drop as
select o.id as order_id, o.currency, o.name_key,
       (s.moment at time zone 'Europe/Moscow')::date as shipped_on,
       o.sum - greatest(o.payed_sum, s.paid) - coalesce(x.amount, 0) as open,
       coalesce(s.deliveries, case when o.delivery is not null then array[o.delivery] end)
           as deliveries,
       array_append(coalesce(s.tracks, '{}'), o.track_key) as tracks
  from candidate o
  join handed_over s on s.order_id = o.id
  left join done x on x.order_id = o.id
 where o.sum - greatest(o.payed_sum, s.paid) - coalesce(x.amount, 0) > 0;
create unique index on open_order (order_id);
create index on open_order (name_key);
analyze open_order;
