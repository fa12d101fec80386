-- Money for people, as sverka.money.in_words_of_money writes it: −1 234,50 ₽. Both functions are not
-- `immutable`, or PostgreSQL would call them for each line instead of reading them into the query.
create or replace function pg_temp.in_words(amount bigint, currency text) returns text
language sql stable as $$
    select case when amount < 0 then '−' else '' end
        || replace(ltrim(to_char(abs(amount) / 100, 'FM999,999,999,999,999,990')), ',', U&'\00A0')
        || ',' || lpad((abs(amount) %% 100)::text, 2, '0') || U&'\00A0'
        || case when currency = 'RUB' then '₽' else currency end
$$;

-- The amount for its place in the sentence; most sentences have one of the six places.
create or replace function pg_temp.said(sentence text, place text, amount bigint, currency text)
returns text language sql stable as $$
    select case when strpos(sentence, place) > 0 then pg_temp.in_words(amount, currency) else '' end
$$;

insert into verdict (line_id, verdict, rule, clean, order_id, demand_id, expected, received,
                     difference, sentence, decided_at)
select j.line_id, r.verdict,
       case when j.order_id is null or j.rule in ('row.service', 'line.settled', 'line.repeated')
            then j.rule
            else j.found || '+' || j.rule end,
       r.clean, j.order_id, j.demand_id, j.expected, j.received, j.received - j.expected,
       replace(replace(replace(replace(replace(replace(replace(replace(r.sentence,
           '{open}', pg_temp.said(r.sentence, '{open}', coalesce(j.open, 0), l.currency)),
           '{total}', pg_temp.said(r.sentence, '{total}', coalesce(j.total, 0), l.currency)),
           '{apart}', pg_temp.said(r.sentence, '{apart}', abs(coalesce(j.total - j.open, 0)),
                                   l.currency)),
           '{expected}', pg_temp.said(r.sentence, '{expected}', coalesce(j.expected, 0), l.currency)),
           '{received}', pg_temp.said(r.sentence, '{received}', j.received, l.currency)),
           '{difference}', pg_temp.said(r.sentence, '{difference}',
                                        abs(j.received - coalesce(j.expected, 0)), l.currency)),
           '{order}', '«' || coalesce(o.name, l.order_ref, '—') || '»'),
           '{track}', '«' || coalesce(l.track_ref, '—') || '»'),
       %(now)s
  from judged j
  join rule r on r.name = j.rule
  join line l on l.id = j.line_id
  left join snapshot_order o on o.id = j.order_id
    on conflict (line_id) do update
   set verdict = excluded.verdict, rule = excluded.rule, clean = excluded.clean,
       order_id = excluded.order_id, demand_id = excluded.demand_id,
       expected = excluded.expected, received = excluded.received,
       difference = excluded.difference, sentence = excluded.sentence,
       decided_at = excluded.decided_at;

-- A line that checking no longer accepts has no verdict.
delete from verdict v
 using line l join report r on r.id = l.report_id
 where v.line_id = l.id and r.file_id = %(file_id)s and not l.accepted;
