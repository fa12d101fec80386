-- What came and what was decided on a Moscow day. Figures of the debt are put in beside them.
update daily_figure set received = 0, opened = 0, resolved = 0 where day = %(day)s;
insert into daily_figure (day, courier, currency, received, opened, resolved)
select %(day)s, courier, currency, sum(received), sum(opened), sum(resolved)
  from (select courier, currency, received, 0 as opened, 0 as resolved
          from (select distinct on (movement_key) courier, currency, received
                  from payout where state = 'paid' and moved_on = %(day)s
                 order by movement_key, file_id, ordinal) m
         union all
        select d.courier, d.currency, 0, (e.what in ('opened', 'reopened'))::int,
               (e.what = 'resolved')::int
          from discrepancy_event e
          join discrepancy d on d.id = e.discrepancy_id
         where e.at >= %(day)s::timestamp at time zone 'Europe/Moscow'
           and e.at < (%(day)s::date + 1)::timestamp at time zone 'Europe/Moscow'
           and e.what in ('opened', 'reopened', 'resolved')) f
 group by courier, currency
    on conflict (day, courier, currency) do update
   set received = excluded.received, opened = excluded.opened, resolved = excluded.resolved
