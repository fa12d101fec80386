-- The upper rungs: the exact number, then the comparable one; beside them the parcel's number. The
-- first rung of a number that finds anything decides.
create temp table numbered on commit drop as
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
)
select line_id, order_id, 'order.exact' as rung from named
union all
select line_id, order_id, 'order.key' from keyed;
create index on numbered (line_id);
analyze numbered;

create temp table tracked on commit drop as
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
   and not d.deleted and d.applicable and not o.deleted and o.applicable;
create index on tracked (line_id);
analyze tracked;

-- The day a line speaks of; the day of its report or of its file where the row has none.
create temp table spoken on commit drop as
select j.line_id,
       coalesce(l.occurred_on, r.report_date, r.period_to,
                (f.received_at at time zone 'Europe/Moscow')::date) as day
  from judging j
  join line l on l.id = j.line_id
  join report r on r.id = l.report_id
  join file f on f.id = r.file_id;
create unique index on spoken (line_id);
analyze spoken;

-- Numbers that the books do not know at all. An order of this number that is a draft or in the bin
-- says that the number is whole: then nothing is taken off it.
create temp table unnamed on commit drop as
select j.line_id, j.courier, j.order_ref
  from judging j
 where j.order_key <> '' and j.row_kind in ('order', 'return')
   and not exists (select from snapshot_order o where o.name_key = j.order_key);
analyze unnamed;

-- Filled by sverka.reconciling.ladder: what the number may be without its place or prefix.
create temp table alike (line_id bigint not null, key text not null, rung text not null)
    on commit drop;
