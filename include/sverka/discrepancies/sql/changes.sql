-- What facts and discrepancies differ in. `what` is null where only the place or the words moved.
create temp table discrepancy_change on commit drop as
select d.id as discrepancy_id, n.kind, n.key,
       case when d.id is null then 'opened'
            when w.same and (d.in_question or w.decided) then null
            when d.state = 'open' then 'changed'
            else 'reopened' end as what,
       case when d.id is null or d.state = 'open' then null
            when w.same and (d.in_question or w.decided) then null
            when d.in_question or w.decided then 'changed'
            else 'fact' end as how,
       d.state as from_state, d.verdict as from_verdict, d.stake as from_stake
  from discrepancy_fact n
  left join discrepancy d using (kind, key)
 cross join lateral (
       select (d.verdict, d.stake, d.currency) is not distinct from (n.verdict, n.stake, n.currency)
                  as same,
              coalesce(d.resolved_by in ('person', 'accepted_loss'), false) as decided) w
 where d.id is null
    or (d.in_question, d.verdict, d.stake, d.currency, d.courier, d.file_id, d.line_id, d.order_id,
        d.sentence)
       is distinct from
       (true, n.verdict, n.stake, n.currency, n.courier, n.file_id, n.line_id, n.order_id, n.sentence)
 union all
select d.id, d.kind, d.key, case when d.state <> 'resolved' then 'resolved' end, h.how, d.state,
       d.verdict, d.stake
  from discrepancy d
  left join file f on f.id = d.file_id
  left join owed_order w on d.kind = 'order' and w.order_id = d.key
  left join posting p on d.kind = 'document' and p.sync_id = d.key
 cross join lateral (
       select case when f.state in ('undone', 'quarantined') or p.state = 'reversed' then 'undo'
                   when d.kind = 'document' and p.state = 'posted' then 'booking'
                   when d.kind = 'document' then 'books'
                   when d.kind = 'order' and exists (
                        select from posting b
                         where b.state = 'posted' and b.posted_at >= d.opened_at
                           and b.order_id = d.key and b.kind = 'paymentin') then 'booking'
                   when d.kind = 'order' and w.phase in ('reported', 'coming_back') then 'report'
                   when d.kind = 'order' and w.order_id is not null then 'term'
                   when d.kind = 'order' then 'books'
                   when d.kind = 'payout' and d.verdict = 'unpaid' and exists (
                        select from payout o where o.key = d.key and o.state = 'waiting') then 'term'
                   when d.kind = 'payout' and exists (select from payout o where o.key = d.key
                                                       and o.state <> 'void') then 'bank'
                   when d.kind = 'line' and exists (
                        select from posting b
                         where b.state = 'posted' and b.posted_at >= d.opened_at
                           and b.line_key = d.line_key) then 'booking'
                   when d.kind = 'line' and exists (
                        select from posting b
                         where b.state = 'posted' and b.posted_at >= d.opened_at
                           and b.order_id = d.order_id and b.kind = 'paymentin'
                           and b.file_id <> d.file_id) then 'booking'
                   when d.kind = 'line' and d.verdict = 'unpaid' and exists (
                        select from line l join report r on r.id = l.report_id
                          join verdict v on v.line_id = l.id
                         where l.line_key = d.line_key and r.file_id = d.file_id
                           and v.verdict = 'unpaid') then 'bank'
                   when d.kind = 'line' and exists (
                        select from line l join report r on r.id = l.report_id
                          join verdict v on v.line_id = l.id
                         where l.line_key = d.line_key and r.file_id = d.file_id and l.accepted
                           and v.verdict <> 'already_settled')
                        and not exists (
                        select from line l join report r on r.id = l.report_id
                          join file g on g.id = r.file_id
                          join verdict v on v.line_id = l.id
                         where l.line_key = d.line_key and g.id <> d.file_id and l.accepted
                           and g.state not in ('undone', 'quarantined')
                           and (g.received_at, g.id) > (f.received_at, f.id)) then 'books'
                   else 'report' end as how) h
 where d.in_question and {asked_known}
   and not exists (select from discrepancy_fact n where (n.kind, n.key) = (d.kind, d.key))
   -- While its file is read and judged anew there is nothing to be said of it.
   and (h.how in ('booking', 'undo', 'bank')
        or f.state is null
        or f.state not in ('registered', 'processing', 'waiting', 'stalled'))
   and (d.kind <> 'document' or p.sync_id is null
        or p.state not in ('approved', 'sending', 'unsure'));
analyze discrepancy_change
