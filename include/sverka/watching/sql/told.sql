-- What the couriers' files say of these orders. A settlement's row is about the order that its
-- verdict found; a row of another file is about the one order that its numbers lead to, and only if
-- that was shipped within half a year before: numbers come round again.
create temp table tracked_parcel on commit drop as
select o.order_id, o.shipped_on, track from open_order o, unnest(o.tracks) track
 where track is not null;
create index on tracked_parcel (track);
analyze tracked_parcel;

create temp table told on commit drop as
with standing as materialized (
    select r.id, r.courier, r.purpose,
           coalesce(r.report_date, r.period_to,
                    (f.received_at at time zone 'Europe/Moscow')::date) as day
      from report r
      join file f on f.id = r.file_id
     where r.purpose in ('settlement', 'statuses', 'returns')
       and f.state not in ('undone', 'quarantined')
       and not exists (select from supersession s
                        where s.old_file_id = r.file_id and s.old_ordinal = r.ordinal
                          and s.verdict = 'supersedes')
), pair as (
    select l.id as line_id, o.order_id, o.shipped_on
      from open_order o join line l on l.order_key = o.name_key
     where l.accepted and l.order_key <> ''
     union
    select l.id, o.order_id, o.shipped_on
      from tracked_parcel o join line l on l.track_key = o.track
     where l.accepted and l.track_key <> ''
), noted as (
    select p.line_id, (array_agg(p.order_id))[1] as order_id
      from pair p
      join line l on l.id = p.line_id
      join standing r on r.id = l.report_id
     where r.purpose <> 'settlement'
       and coalesce(l.occurred_on, r.day) between p.shipped_on - 1 and p.shipped_on + 180
     group by p.line_id
    having count(*) = 1
), settled as (
    select v.line_id, v.order_id
      from open_order o
      join verdict v on v.order_id = o.order_id
     where v.verdict not in ('unknown_order', 'ambiguous_order', 'service_row')
)
select m.order_id, r.courier, r.purpose = 'settlement' as settlement, l.id as line_id,
       coalesce(l.occurred_on, r.day) as day, l.collected > 0 as pays,
       case when l.outcome in ('lost', 'destroyed') then 'lost'
            when l.row_kind = 'return' or r.purpose = 'returns'
                 or l.outcome in ('refused', 'returned') then 'coming_back'
            when l.outcome in ('delivered', 'partially_delivered') then 'delivered'
       end as says
  from (select * from noted union all select * from settled) m
  join line l on l.id = m.line_id
  join standing r on r.id = l.report_id;
create index on told (order_id);
analyze told;
