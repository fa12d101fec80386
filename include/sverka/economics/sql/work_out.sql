-- Rows of order_cost and order_economics for the given orders. Only documents that stand in
-- MoySklad count (state posted); the sums of goods come from the snapshot of the books.
delete from order_cost where order_id = any(%(orders)s::uuid[]);
delete from order_economics where order_id = any(%(orders)s::uuid[]);

create temp table booked on commit drop as
-- Documents of one line of their own: the buyer's payment, the services, the return, the states.
select p.order_id, p.courier, p.kind, p.amount, p.line_id, p.report_id, p.moysklad_id,
       (coalesce((p.document ->> 'moment')::timestamptz, p.posted_at)
        at time zone 'Europe/Moscow')::date as day
  from posting p
 where p.order_id = any(%(orders)s::uuid[]) and p.state = 'posted'
union all
-- Services that are booked per report: each line has its own share, its own fees.
select v.order_id, p.courier, p.kind, null, c.line_id, p.report_id, p.moysklad_id,
       (coalesce((p.document ->> 'moment')::timestamptz, p.posted_at)
        at time zone 'Europe/Moscow')::date
  from verdict v
  join posting_line c on c.line_id = v.line_id
  join posting p on p.sync_id = c.sync_id and p.state = 'posted'
 where v.order_id = any(%(orders)s::uuid[]);
analyze booked;

create temp table cost on commit drop as
select b.order_id, b.courier, max(b.day) as day,
       coalesce(sum(b.amount) filter (where b.kind = 'paymentin'), 0)::bigint as collected,
       coalesce(sum(l.fee_delivery) filter (where b.kind = 'supply'), 0)::bigint as fee_delivery,
       coalesce(sum(l.fee_cod) filter (where b.kind = 'supply'), 0)::bigint as fee_cod,
       coalesce(sum(l.fee_insurance) filter (where b.kind = 'supply'), 0)::bigint as fee_insurance,
       coalesce(sum(l.fee_return) filter (where b.kind = 'supply'), 0)::bigint as fee_return,
       coalesce(sum(l.fee_storage) filter (where b.kind = 'supply'), 0)::bigint as fee_storage,
       coalesce(sum(l.fee_other) filter (where b.kind = 'supply'), 0)::bigint as fee_other,
       bool_or(l.outcome is not null) as knows_outcome,
       max(b.day) filter (where b.kind = 'paymentin') as paid_on,
       max(b.day) filter (where b.kind = 'salesreturn') as return_day,
       max(l.occurred_on) filter (where l.outcome in ('delivered', 'partially_delivered'))
           as delivered_on,
       max(l.occurred_on) filter (where l.outcome in ('returned', 'refused')) as came_back_on,
       min(array_position(array['partially_delivered', 'delivered', 'returned', 'refused', 'lost',
                                'destroyed'], l.outcome)) as outcome_no
  from booked b
  left join line l on l.id = b.line_id
 group by b.order_id, b.courier;

-- Why a parcel came back, where the courier's export of orders says it and its number leads to
-- one order only. The newest word counts; one from before the order was shipped is of another.
create temp table told on commit drop as
with number as (
    select o.id as order_id, o.name_key, array_agg(t.track) as tracks, min(t.shipped_on) as shipped_on
      from snapshot_order o
     cross join lateral (
           select o.track_key as track, null::date as shipped_on
            union
           select d.track_key, (d.moment at time zone 'Europe/Moscow')::date
             from snapshot_demand d where d.order_id = o.id and not d.deleted) t
     where o.id = any(%(orders)s::uuid[])
     group by o.id
), pair as (
    select n.order_id, l.id as line_id
      from number n join line l on l.order_key = n.name_key and l.reason is not null
     where not exists (select from snapshot_order other
                        where other.name_key = n.name_key and other.id <> n.order_id
                          and not other.deleted)
     union
    select n.order_id, l.id
      from number n cross join lateral unnest(n.tracks) track
      join line l on l.track_key = track and l.reason is not null
     where not exists (select from snapshot_order other
                        where other.track_key = track and other.id <> n.order_id
                          and not other.deleted)
       and not exists (select from snapshot_demand other
                        where other.track_key = track and other.order_id <> n.order_id
                          and not other.deleted)
)
select distinct on (p.order_id, r.courier) p.order_id, r.courier, left(l.reason, 200) as reason
  from pair p
  join number n using (order_id)
  join line l on l.id = p.line_id and l.accepted
  join report r on r.id = l.report_id
  join file f on f.id = r.file_id and f.state not in ('undone', 'quarantined')
 where coalesce(l.occurred_on, r.report_date, (f.received_at at time zone 'Europe/Moscow')::date)
       >= n.shipped_on - 1
 order by p.order_id, r.courier, l.id desc;

insert into order_economics (
       order_id, name, currency, courier, day, shipped_on, delivered_on, returned_on, paid_on,
       banked_on, outcome, shipped, returned, collected, fee_delivery, fee_cod, fee_insurance,
       fee_return, fee_storage, fee_other, region, reason)
with summed as (
    select order_id,
           (array_agg(courier order by fee_delivery + fee_insurance + fee_return + fee_storage desc,
                      knows_outcome desc nulls last, courier))[1] as courier,
           max(day) as day, max(paid_on) as paid_on, max(delivered_on) as delivered_on,
           coalesce(max(came_back_on), max(return_day)) as returned_on,
           (array['partially_delivered', 'delivered', 'returned', 'refused', 'lost',
                  'destroyed'])[min(outcome_no)] as outcome,
           sum(collected)::bigint as collected, sum(fee_delivery)::bigint as fee_delivery,
           sum(fee_cod)::bigint as fee_cod, sum(fee_insurance)::bigint as fee_insurance,
           sum(fee_return)::bigint as fee_return, sum(fee_storage)::bigint as fee_storage,
           sum(fee_other)::bigint as fee_other
      from cost group by order_id
), goods as (
    select d.order_id, (min(d.moment) at time zone 'Europe/Moscow')::date as shipped_on,
           sum(d.sum)::bigint as shipped
      from snapshot_demand d
     where d.order_id in (select order_id from summed) and not d.deleted and d.applicable
     group by d.order_id
), came_back as (
    select order_id, sum(amount)::bigint as returned
      from (select d.order_id, r.sum as amount
              from snapshot_demand d
              join snapshot_salesreturn r on r.demand_id = d.id and not r.deleted and r.applicable
             where d.order_id in (select order_id from summed) and not d.deleted and d.applicable
               -- Taken back by us, and the snapshot does not know yet.
               and not exists (select from posting p
                                where p.moysklad_id = r.id and p.state = 'reversed')
            union all
            -- Booked by us, and the snapshot does not know yet.
            select b.order_id, b.amount
              from booked b
             where b.kind = 'salesreturn'
               and not exists (select from snapshot_salesreturn r where r.id = b.moysklad_id)) as one
     group by order_id
), bank as (
    select b.order_id, max(y.moved_on) as banked_on
      from booked b
      join report r on r.id = b.report_id
      left join payout y on (y.file_id, y.ordinal) = (r.file_id, r.ordinal) and y.state = 'paid'
     where b.kind = 'paymentin'
     group by b.order_id
    having count(*) = count(y.moved_on)
)
select s.order_id, o.name, o.currency, s.courier, s.day, g.shipped_on,
       s.delivered_on, case when c.returned > 0 then s.returned_on end, s.paid_on, k.banked_on,
       -- The books know better than a row what came back.
       case when c.returned >= g.shipped then 'returned'
            when c.returned > 0 then 'partially_delivered'
            else coalesce(s.outcome, case when s.collected > 0 then 'delivered' end) end,
       coalesce(g.shipped, 0), coalesce(c.returned, 0), s.collected, s.fee_delivery, s.fee_cod,
       s.fee_insurance, s.fee_return, s.fee_storage, s.fee_other, o.region,
       case when c.returned > 0 then w.reason end
  from summed s
  join snapshot_order o on o.id = s.order_id
  left join goods g using (order_id)
  left join came_back c using (order_id)
  left join bank k using (order_id)
  left join told w on w.order_id = s.order_id and w.courier = s.courier;

insert into order_cost (order_id, courier, currency, day, shipped, collected, fee_delivery, fee_cod,
                        fee_insurance, fee_return, fee_storage, fee_other)
select c.order_id, c.courier, e.currency, e.day, e.shipped, c.collected, c.fee_delivery, c.fee_cod,
       c.fee_insurance, c.fee_return, c.fee_storage, c.fee_other
  from cost c join order_economics e using (order_id);

drop table booked, cost, told;
