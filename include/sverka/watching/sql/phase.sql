-- Where each order is and whose it is. A settlement's word goes before a status, a row with money
-- before one without, the newest row before the older ones.
create temp table watched on commit drop as
with word as (
    select distinct on (order_id) order_id, settlement, says, day
      from told
     where settlement or says is not null
     order by order_id, settlement desc, pays and settlement desc, day desc,
              says = 'delivered', line_id desc
), delivered as (
    select order_id, min(day) as day from told where says = 'delivered' group by order_id
), reporter as (
    select order_id, min(courier) as courier from told group by order_id
    having count(distinct courier) = 1
), named as (
    select o.order_id, min(n.courier) as courier
      from open_order o, unnest(o.deliveries) text
      left join delivery_name n using (text)
     group by o.order_id
    having count(distinct n.courier) = 1 and count(*) = count(n.courier)
), shaped as (
    -- A name in the attribute that is none of our couriers' says at least that it is not ours.
    select o.order_id, min(s.courier) as courier
      from open_order o, unnest(o.tracks) track
      join track_shape s on track ~ ('^(' || s.shape || ')$')
     where o.deliveries is null
     group by o.order_id
    having count(distinct s.courier) = 1
), placed as (
    select o.order_id, o.currency, o.open, o.shipped_on,
           coalesce(n.courier, r.courier, s.courier) as courier,
           case when n.courier is not null then 'attribute'
                when r.courier is not null then 'report'
                when s.courier is not null then 'track'
                else 'nobody' end as told_by,
           case when w.order_id is null then 'on_the_way'
                when w.says = 'coming_back' then 'coming_back'
                when w.settlement then 'reported'
                else w.says end as phase,
           d.day as delivered_on, w.day as told_on
      from open_order o
      left join word w using (order_id)
      left join delivered d using (order_id)
      left join named n using (order_id)
      left join reporter r using (order_id)
      left join shaped s using (order_id)
)
select order_id, courier, told_by, currency, open, phase, shipped_on,
       delivered_on,
       case phase when 'delivered' then delivered_on when 'lost' then told_on else shipped_on
       end as since
  from placed;
analyze watched;
