-- What a person may look at where nothing was booked: orders that the line may be about, three at
-- most, the likeliest first. For eyes only: posting never reads the table `suggestion`.
create temp table asked on commit drop as
select g.line_id, g.order_id, g.rule, j.order_key, j.track_key, j.collected, s.day,
       number_core(j.order_key) as core,
       -- With the right order and the wrong money only an order that fits exactly is worth a look.
       g.rule like 'residual.%%' as exactly,
       count(*) over () as together
  from judged g
  join judging j using (line_id)
  join spoken s using (line_id)
 where g.rule in ('order.unknown', 'order.alike', 'order.several', 'order.conflict',
                  'track.differs', 'order.long_ago')
    or g.rule in ('residual.below', 'residual.above', 'residual.already_paid') and j.collected > 0;
analyze asked;

create temp table possible on commit drop as
with taken as materialized (
    select distinct order_id from judged where order_id is not null
), same_number as (
    select a.line_id, o.id as order_id, 1 as place,
           case when o.deleted then 'тот же номер, но заказ в корзине'
                when not o.applicable then 'тот же номер, но заказ не проведён'
                when extract(year from o.moment at time zone 'Europe/Moscow')
                     <> extract(year from a.day) then 'тот же номер в другом году'
                else 'тот же номер'
           end as reason
      from asked a
      join snapshot_order o on o.name_key = a.order_key
     where a.order_key <> '' and a.order_key is not null
), same_parcel as (
    select a.line_id, t.order_id, 1, 'тот же трек-номер'
      from asked a join tracked t using (line_id)
), without_affixes as (
    select a.line_id, o.id, 2,
           case when l.rung = 'order.place' then 'номер без номера места' else 'номер без приставки' end
      from asked a
      join alike l using (line_id)
      join snapshot_order o on o.name_key = l.key
     where abs((o.moment at time zone 'Europe/Moscow')::date - a.day) <= 90
), same_core as (
    select a.line_id, o.id, 3,
           case when ltrim(o.name_key, '0') = ltrim(a.order_key, '0') then 'номер без нулей'
                when translate(o.name_key, 'OЗ', '03') = translate(a.order_key, 'OЗ', '03')
                    then 'номер, если О это ноль, а З это три'
                when regexp_replace(o.name_key, '[-/_.][0-9]{1,2}$', '')
                   = regexp_replace(a.order_key, '[-/_.][0-9]{1,2}$', '')
                    then 'номер без номера места'
                else 'номер без приставки и нулей'
           end
      from asked a
     cross join lateral (
        select o.id, o.name_key, o.moment from snapshot_order o
         where number_core(o.name_key) = a.core
         limit 30) o
     where a.core <> '' and o.name_key <> a.order_key
       and abs((o.moment at time zone 'Europe/Moscow')::date - a.day) <= 90
), one_digit as (
    -- Among numbers in a row each has dozens of such neighbours: only the one with the same money
    -- counts. A file of thousands of unknown numbers has another trouble than typing errors.
    select a.line_id, o.id, 4, 'номер отличается одной цифрой'
      from asked a
     cross join generate_series(1, least(length(a.order_key), 20)) as at
     cross join generate_series(0, 9) as digit
      join snapshot_order o on o.name_key = overlay(a.order_key placing digit::text from at)
     where a.together <= 2000 and a.collected > 0
       and substr(a.order_key, at, 1) between '0' and '9'
       and substr(a.order_key, at, 1) <> digit::text
       and o.sum - o.payed_sum = a.collected
), same_money as (
    select line_id, id, 5, 'та же сумма'
      from (select a.line_id, o.id, count(*) over (partition by a.line_id) as found
              from asked a
             cross join lateral (
                select o.id from snapshot_order o
                 where o.sum - o.payed_sum = a.collected and not o.deleted and o.applicable
                   and o.moment >= ((a.day - 30)::timestamp at time zone 'Europe/Moscow')
                   and o.moment < ((a.day + 1)::timestamp at time zone 'Europe/Moscow')
                 order by o.moment desc
                 limit 8) o
             where a.collected > 0 and o.id not in (select order_id from taken)) near
     where found <= 3
), every as (
    select * from same_number union all select * from same_parcel
     union all select * from without_affixes union all select * from same_core
     union all select * from one_digit union all select * from same_money
), best as (
    select distinct on (line_id, order_id) * from every order by line_id, order_id, place, reason
)
select b.line_id, b.order_id, b.place, b.reason, o.name, o.moment, a.exactly,
       not o.deleted and o.applicable and a.collected > 0
           and a.collected = o.sum - greatest(o.payed_sum, coalesce(d.paid, 0)) - coalesce(p.paid, 0)
           as fits,
       b.order_id in (select order_id from taken) as taken,
       abs((o.moment at time zone 'Europe/Moscow')::date - a.day) as days
  from best b
  join asked a using (line_id)
  join snapshot_order o on o.id = b.order_id
  left join lateral (
    select sum(payed_sum) as paid from snapshot_demand
     where order_id = o.id and not deleted and applicable) d on true
  left join lateral (
    select sum(amount) as paid from posting
     where order_id = o.id and kind = 'paymentin'
       and (state in ('approved', 'sending', 'unsure') or state = 'posted' and posted_at > o.fetched_at)
    ) p on true
 where b.order_id is distinct from a.order_id;
analyze possible;

delete from suggestion where line_id in (select line_id from judging);

with ranked as (
    select *,
           row_number() over (partition by line_id
                              order by place <= 3 desc, fits desc, place, taken, days, name, order_id)
               as rank
      from possible
     where (fits and not taken or not exactly)
       -- Money alone is a weak reason: it counts where it still fits and nothing else does.
       and (place < 4 or fits and not taken)
)
insert into suggestion (line_id, rank, kind, order_id, words)
select line_id, rank, 'order', order_id,
       'заказ «' || name || '» от ' || to_char(moment at time zone 'Europe/Moscow', 'DD.MM.YYYY')
       || ': ' || reason || case when fits and place <> 5 then ', сумма та же' else '' end
       || case when taken then ', о нём говорит другая строка' else '' end
  from ranked
 where rank <= 3;
