-- Which order a line is about: the first rung of the ladder that finds anything decides, and what
-- the parcel's number says beside it must agree (docs/matching.md).

-- A number without its place or prefix. The order must have been shipped in the 90 days before, and
-- the shop must not number like that itself: where `1042-2` is an order, `1042-1` is no place.
create temp table loose on commit drop as
select distinct on (a.line_id, o.id) a.line_id, o.id as order_id, a.rung
  from alike a
  join spoken s using (line_id)
  join snapshot_order o on o.name_key = a.key
 where not o.deleted and o.applicable
   and exists (select from snapshot_demand d
                where d.order_id = o.id and not d.deleted and d.applicable
                  and (d.moment at time zone 'Europe/Moscow')::date
                      between s.day - 90 and s.day + 1)
   and not (a.rung = 'order.place'
            and exists (select from snapshot_order sibling
                         -- An array, or the index of names would not be used.
                         where sibling.name_key = any ((
                             select array_agg(a.key || sign || place)
                               from unnest(array['-', '/']) sign, generate_series(1, 9) place
                         )::text[])))
 order by a.line_id, o.id, a.rung;
analyze loose;

create temp table tallied on commit drop as
with pair as (
    select line_id, order_id, n.rung, n.rung is not null as by_number, t.found as by_track
      from (select * from numbered union all select * from loose) n
      full join (select line_id, order_id, true as found from tracked) t using (line_id, order_id)
)
select line_id,
       count(*) filter (where by_number) as numbers,
       count(*) filter (where by_track) as tracks,
       count(*) filter (where by_number and by_track) as agreeing,
       max(rung) as rung,
       coalesce(max(rung) in ('order.place', 'order.prefix'), false) as bare,
       (array_agg(order_id) filter (where by_number and by_track))[1] as agreed,
       (array_agg(order_id))[1] as any_order,
       count(*) as orders
  from pair
 group by line_id;

analyze tallied;

-- Where the number alone speaks: an order whose parcel has another number of the same form (numbers
-- of two carriers differ in form), or of another year, is perhaps not this one.
create temp table doubted on commit drop as
with alone as (
    select t.line_id, t.any_order as order_id, j.track_key, j.row_kind, s.day
      from tallied t
      join judging j using (line_id)
      join spoken s using (line_id)
     where t.orders = 1 and t.tracks = 0
), seen as (
    select a.*, o.moment, o.track_key as known from alone a join snapshot_order o on o.id = a.order_id
     union all
    select a.*, d.moment, d.track_key
      from alone a join snapshot_demand d using (order_id)
     where not d.deleted and d.applicable
)
select line_id,
       min(abs((moment at time zone 'Europe/Moscow')::date - day)) > 180 as long_ago,
       -- A return travels as a parcel of its own.
       coalesce(bool_or(
           row_kind <> 'return'
           and regexp_replace(regexp_replace(known, '[0-9]', '9', 'g'), '[[:alpha:]]', 'A', 'g')
             = regexp_replace(regexp_replace(track_key, '[0-9]', '9', 'g'), '[[:alpha:]]', 'A', 'g')
       ), false) as other_parcel
  from seen
 group by line_id;
analyze doubted;

-- Orders that another row means beyond doubt: with the parcel's number too, or by a whole number.
create temp table meant on commit drop as
select order_id, bool_or(sure) as sure
  from (select agreed as order_id, true as sure from tallied where agreeing = 1
         union all
        select any_order, false from tallied where orders = 1 and not bare) m
 group by order_id;
create unique index on meant (order_id);
analyze meant;

-- `weak`: only a bare number leads to the order; judging asks for more before it is clean.
create temp table located on commit drop as
with weighted as (
    select t.*, coalesce(d.long_ago, false) as long_ago, t.bare and t.agreeing = 0 as weak,
           -- Another place of the same order may have the parcel number that the books know.
           coalesce(d.other_parcel, false) and not coalesce(m.sure, false) as other_parcel,
           -- Who names the order goes before a number like it, also in another courier's file.
           m.order_id is not null
           or t.bare and exists (select from verdict v
                                   join line l on l.id = v.line_id
                                   join report r on r.id = l.report_id
                                  where v.order_id = t.any_order
                                    and r.courier <> (select j.courier from judging j
                                                       where j.line_id = t.line_id)) as claimed
      from tallied t
      left join doubted d using (line_id)
      left join meant m on m.order_id = t.any_order
)
select line_id, weak,
       case when agreeing = 1 then agreed
            when orders > 1 or long_ago or other_parcel or weak and claimed then null
            else any_order
       end as order_id,
       case when agreeing = 1 then rung || '+track.agrees'
            when numbers > 0 and tracks > 0 and agreeing = 0 then 'order.conflict'
            when weak and (orders > 1 or claimed or other_parcel or long_ago) then 'order.alike'
            when orders > 1 then 'order.several'
            when other_parcel then 'track.differs'
            when long_ago then 'order.long_ago'
            when numbers = 1 then rung
            else 'track.unique'
       end as found
  from weighted;
create unique index on located (line_id);
analyze located;
