insert into discrepancy (kind, key, verdict, courier, currency, stake, file_id, line_key, line_id,
                         sheet, line_no, order_id, order_ref, order_key, track_ref, track_key,
                         sentence, opened_at, changed_at)
select kind, key, n.verdict, n.courier, n.currency, n.stake, n.file_id, n.line_key, n.line_id,
       n.sheet, n.line_no, n.order_id, n.order_ref, n.order_key, n.track_ref, n.track_key,
       n.sentence, n.opened_at, %(now)s
  from discrepancy_change c join discrepancy_fact n using (kind, key)
 where c.what = 'opened'
 order by n.stake desc, n.opened_at, n.line_id;

update discrepancy d
   set verdict = n.verdict, courier = n.courier, currency = n.currency, stake = n.stake,
       file_id = n.file_id, line_key = n.line_key, line_id = n.line_id, sheet = n.sheet,
       line_no = n.line_no, order_id = n.order_id, order_ref = n.order_ref,
       order_key = n.order_key, track_ref = n.track_ref, track_key = n.track_key,
       sentence = n.sentence, in_question = true,
       state = case when c.what = 'reopened' then 'open' else d.state end,
       resolved_by = case when c.what = 'reopened' then null else d.resolved_by end,
       accepted_amount = case when c.what = 'reopened' then null else d.accepted_amount end,
       times_reopened = d.times_reopened + (c.what is not distinct from 'reopened')::int,
       changed_at = case when c.what is null then d.changed_at else %(now)s end,
       updated = d.updated + (c.what is not null)::int
  from discrepancy_change c join discrepancy_fact n using (kind, key)
 where c.discrepancy_id = d.id;

update discrepancy d
   set in_question = false,
       state = 'resolved',
       resolved_by = coalesce(d.resolved_by, c.how),
       changed_at = case when c.what is null then d.changed_at else %(now)s end,
       updated = d.updated + (c.what is not null)::int
  from discrepancy_change c
 where c.discrepancy_id = d.id
   and not exists (select from discrepancy_fact n where (n.kind, n.key) = (c.kind, c.key));

insert into discrepancy_event (discrepancy_id, at, by, what, how, from_state, to_state, from_verdict,
                               to_verdict, from_stake, to_stake, sentence)
select d.id, %(now)s, %(by)s, c.what, c.how, c.from_state, d.state, c.from_verdict, d.verdict,
       c.from_stake, d.stake, d.sentence
  from discrepancy_change c join discrepancy d using (kind, key)
 where c.what is not null
 order by d.id;
