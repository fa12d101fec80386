-- Orders that by the contract should be in a report and are in none. The words, with places in
-- braces, are those of sverka.watching.words.
select 'order' as kind, w.order_id as key, 'overdue' as verdict, coalesce(w.courier, '') as courier,
       w.currency, w.open as stake, w.order_id, o.name as order_ref, o.name_key as order_key,
       w.due_on, %(today)s::date - w.due_on as days, c.claim_by,
       %(today)s::date >= (w.shipped_on + make_interval(months => %(warning_months)s))::date as hard,
       (w.due_on + 1)::timestamp at time zone 'Europe/Moscow' as opened_at,
       replace(replace(replace(replace(
           p.words, '{order}', o.name),
           '{since}', day_in_words(w.since, %(months)s::text[])),
           '{due}', day_in_words(w.due_on, %(months)s::text[])),
           '{claim}', day_in_words(c.claim_by, %(months)s::text[])) as sentence
  from owed_order w
  join snapshot_order o on o.id = w.order_id
 cross join lateral (select (w.shipped_on + make_interval(months => %(claim_months)s))::date
                                as claim_by) c
  join unnest(%(phases)s::text[], %(in_time)s::boolean[], %(words)s::text[])
           as p (phase, in_time, words)
       on p.phase = w.phase and p.in_time = (c.claim_by >= %(today)s::date)
 where w.due_on < %(today)s::date
