-- Adds the given orders to economics_sum, or takes them out of it with sign -1.
insert into economics_sum as s (
       cut, grain, day, courier, currency, outcome, key, orders, shipped, returned, collected,
       fee_delivery, fee_cod, fee_insurance, fee_return, fee_storage, fee_other, remainder,
       lost_orders, lost, back_days, back_timed)
with one as (
    select e.*, coalesce(e.outcome, '') as end_of_it,
           case when e.remainder < 0 then 1 else 0 end as is_lost,
           case when e.returned > 0 then e.returned_on - e.shipped_on end as back_after
      from order_economics e
     where e.order_id = any(%(orders)s::uuid[])
), placed as (
    select 'order' as cut, '' as key, one.* from one
     union all
    select 'region', coalesce(one.region, ''), one.* from one
     union all
    select 'reason', coalesce(one.reason, ''), one.* from one
     where outcome in ('partially_delivered', 'returned')
), every as (
    select cut, key, day, courier, currency, end_of_it as outcome, shipped, returned, collected,
           fee_delivery, fee_cod, fee_insurance, fee_return, fee_storage, fee_other, remainder,
           is_lost, is_lost * remainder as lost, coalesce(back_after, 0) as back_days,
           case when back_after is null then 0 else 1 end as back_timed
      from placed
     union all
    select 'cost', '', day, courier, currency, '', shipped, 0, collected, fee_delivery, fee_cod,
           fee_insurance, fee_return, fee_storage, fee_other, 0, 0, 0, 0, 0
      from order_cost
     where order_id = any(%(orders)s::uuid[])
)
select cut, grain, date_trunc(grain, day)::date, courier, currency, outcome, key,
       %(sign)s * count(*), %(sign)s * sum(shipped), %(sign)s * sum(returned),
       %(sign)s * sum(collected), %(sign)s * sum(fee_delivery), %(sign)s * sum(fee_cod),
       %(sign)s * sum(fee_insurance), %(sign)s * sum(fee_return), %(sign)s * sum(fee_storage),
       %(sign)s * sum(fee_other), %(sign)s * sum(remainder), %(sign)s * sum(is_lost),
       %(sign)s * sum(lost), %(sign)s * sum(back_days), %(sign)s * sum(back_timed)
  from every cross join (values ('day'), ('month')) as g (grain)
 group by 1, 2, 3, 4, 5, 6, 7
    on conflict (cut, grain, day, courier, currency, outcome, key) do update
   set orders = s.orders + excluded.orders, shipped = s.shipped + excluded.shipped,
       returned = s.returned + excluded.returned, collected = s.collected + excluded.collected,
       fee_delivery = s.fee_delivery + excluded.fee_delivery,
       fee_cod = s.fee_cod + excluded.fee_cod,
       fee_insurance = s.fee_insurance + excluded.fee_insurance,
       fee_return = s.fee_return + excluded.fee_return,
       fee_storage = s.fee_storage + excluded.fee_storage,
       fee_other = s.fee_other + excluded.fee_other, remainder = s.remainder + excluded.remainder,
       lost_orders = s.lost_orders + excluded.lost_orders, lost = s.lost + excluded.lost,
       back_days = s.back_days + excluded.back_days, back_timed = s.back_timed + excluded.back_timed
