-- Which order a line is about. The first rung of the ladder that finds anything decides: the exact
-- number, then the comparable number; the parcel's number beside it must agree.
create temp table located on commit drop as
with named as (
    select j.line_id, o.id as order_id
      from judging j
      join snapshot_order o on o.name = j.order_ref
     where not o.deleted and o.applicable
), keyed as (
    select j.line_id, o.id as order_id
      from judging j
      join snapshot_order o on o.name_key = j.order_key
     where j.order_key <> ''
       and not o.deleted and o.applicable
       and not exists (select from named n where n.line_id = j.line_id)
), numbered as (
    select line_id, order_id, 'order.exact' as rung from named
    union all
    select line_id, order_id, 'order.key' from keyed
), tracked as (
    select j.line_id, o.id as order_id
      from judging j
      join snapshot_order o on o.track_key = j.track_key
     where j.track_key <> '' and not o.deleted and o.applicable
    union
    select j.line_id, o.id
      from judging j
      join snapshot_demand d on d.track_key = j.track_key
      join snapshot_order o on o.id = d.order_id
     where j.track_key <> ''
       and not d.deleted and d.applicable and not o.deleted and o.applicable
), pair as (
    select line_id, order_id, n.rung, n.rung is not null as by_number, t.found as by_track
      from numbered n
      full join (select line_id, order_id, true as found from tracked) t using (line_id, order_id)
), tally as (
    select line_id,
           count(*) filter (where by_number) as numbers,
           count(*) filter (where by_track) as tracks,
           count(*) filter (where by_number and by_track) as agreeing,
           max(rung) as rung,
           (array_agg(order_id) filter (where by_number and by_track))[1] as agreed,
           (array_agg(order_id))[1] as any_order,
           count(*) as orders
      from pair
     group by line_id
)
select line_id,
       case when numbers > 0 and tracks > 0 and agreeing = 1 then agreed
            when orders = 1 then any_order
       end as order_id,
       case when numbers > 0 and tracks > 0 and agreeing = 1 then rung || '+track.agrees'
            when numbers > 0 and tracks > 0 and agreeing = 0 then 'order.conflict'
            when orders > 1 then 'order.several'
            when numbers = 1 then rung
            else 'track.unique'
       end as found
  from tally;
create unique index on located (line_id);
analyze located;
