-- A few rows per courier: by stage and age. The ages are those of sverka.watching.facts.AGES.
select coalesce(courier, '') as courier, currency,
       case when phase in ('coming_back', 'reported') then phase
            when due_on < %(today)s then 'overdue'
            when phase = 'on_the_way' then 'on_the_way'
            else 'not_due' end as stage,
       case when since > %(today)s - 8 then '0-7'
            when since > %(today)s - 15 then '8-14'
            when since > %(today)s - 31 then '15-30'
            when since > %(today)s - 61 then '31-60'
            else '61+' end as age,
       count(*) as orders, sum(open) as amount, min(since) as oldest
  from owed_order
 group by 1, 2, 3, 4
