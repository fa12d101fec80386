-- What each decision comes to. The first reason counts; `same` asks for nothing new.
create temp table discrepancy_wanted on commit drop as
select w.place, w.id, w.action, w.comment, d.id is null as missing,
       case when d.id is null then 'missing'
            when s.same then 'same'
            when d.updated <> w.seen then 'stale'
            when w.action <> 'reopen' and d.state = 'resolved' then 'resolved'
            when w.action = 'reopen' and d.state = 'open' then 'open'
            when w.action = 'reopen' and not d.in_question then 'answered'
       end as why,
       d.state as from_state, d.verdict, d.stake, d.sentence
  from discrepancy_decision w
  left join discrepancy d using (id)
 cross join lateral (
       select (w.comment is null or w.comment is not distinct from d.comment)
              and (w.action = 'explain' and d.state = 'explained'
                   or w.action = 'resolve' and d.resolved_by = 'person'
                   or w.action = 'accept_loss' and d.resolved_by = 'accepted_loss'
                   or w.action = 'reopen' and d.state = 'open' and d.decided_by is not null) as same) s
