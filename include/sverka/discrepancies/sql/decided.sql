update discrepancy d
   set state = case w.action when 'explain' then 'explained' when 'reopen' then 'open'
                             else 'resolved' end,
       resolved_by = case w.action when 'resolve' then 'person'
                                   when 'accept_loss' then 'accepted_loss' end,
       accepted_amount = case when w.action = 'accept_loss' then d.stake end,
       comment = coalesce(w.comment, d.comment),
       decided_by = %(by)s,
       changed_at = %(now)s,
       times_reopened = d.times_reopened + (w.action = 'reopen')::int,
       updated = d.updated + 1
  from discrepancy_wanted w
 where d.id = w.id and w.why is null;

insert into discrepancy_event (discrepancy_id, at, by, what, how, from_state, to_state, from_verdict,
                               to_verdict, from_stake, to_stake, sentence, comment)
select d.id, %(now)s, %(by)s,
       case w.action when 'explain' then 'explained' when 'reopen' then 'reopened'
                     else 'resolved' end,
       case w.action when 'reopen' then 'person' else d.resolved_by end,
       w.from_state, d.state, d.verdict, d.verdict, d.stake, d.stake, d.sentence, w.comment
  from discrepancy_wanted w join discrepancy d using (id)
 where w.why is null
 order by d.id;
