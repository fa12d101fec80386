-- Every line with its order, the demand it is about, what is open on the order, and its neighbours:
-- the other lines of the same order in this file, which consume the residual in the file's order.
create temp table weighed on commit drop as
with worth as not materialized (
    -- What a line leaves to the shop, whatever the courier does not transfer at once.
    select *, collected - (fee_delivery + fee_cod + fee_insurance
                           + fee_return + fee_storage + fee_other) as left_over
      from line
), shipped as (
    -- The demand is known when it is the only one or the only one with the parcel's number.
    -- Whether an order's payedSum holds what was paid to its demands is not documented, so the
    -- larger of the two is what is paid.
    select l.line_id,
           count(*) as demands,
           sum(d.payed_sum) as paid,
           case when count(*) = 1 then (array_agg(d.id))[1]
                when count(*) filter (where d.track_key = j.track_key and j.track_key <> '') = 1
                then (array_agg(d.id) filter (where d.track_key = j.track_key))[1]
           end as demand_id
      from located l
      join judging j using (line_id)
      join snapshot_demand d on d.order_id = l.order_id
     where not d.deleted and d.applicable
     group by l.line_id
), orders as materialized (
    select distinct order_id from located where order_id is not null
), own as (
    -- Our payments that the snapshot cannot show yet; those of the judged lines are not yet due.
    select p.order_id, sum(p.amount) as paid
      from posting p
      join snapshot_order o on o.id = p.order_id
     where p.order_id in (select order_id from orders)
       and p.kind = 'paymentin'
       and (p.state in ('approved', 'sending', 'unsure')
            or (p.state = 'planned' and (not p.dry_run or (select bool_or(dry_run) from contract)))
            or (p.state = 'posted' and p.posted_at > o.fetched_at))
       and not exists (select from judging j where j.line_id = p.line_id)
     group by p.order_id
), came_back as (
    select demand_id,
           sum(sum) filter (where applicable) as returned,
           bool_or(not applicable) as draft
      from snapshot_salesreturn
     where not deleted and demand_id in (select demand_id from shipped)
     group by demand_id
), own_returns as (
    select p.demand_id, sum(p.amount) as returned
      from posting p
     where p.demand_id in (select demand_id from shipped)
       and p.kind = 'salesreturn'
       and (p.state in ('approved', 'sending', 'unsure', 'posted')
            or (p.state = 'planned' and (not p.dry_run or (select bool_or(dry_run) from contract))))
       and not exists (select from snapshot_salesreturn s where s.id = p.moysklad_id)
       and not exists (select from judging j where j.line_id = p.line_id)
     group by p.demand_id
), order_returns as (
    -- Whatever came back of any demand of the order: money for it is a contradiction.
    select order_id, sum(sum) as came_back
      from (select d.order_id, s.sum
              from snapshot_salesreturn s join snapshot_demand d on d.id = s.demand_id
             where s.applicable and not s.deleted and d.order_id in (select order_id from orders)
             union all
            select p.order_id, p.amount
              from posting p
             where p.order_id in (select order_id from orders) and p.kind = 'salesreturn'
               and (p.state in ('approved', 'sending', 'unsure', 'posted')
                    or (p.state = 'planned'
                        and (not p.dry_run or (select bool_or(dry_run) from contract))))
               and not exists (select from snapshot_salesreturn s where s.id = p.moysklad_id)
               and not exists (select from judging j where j.line_id = p.line_id)) as gone
     group by order_id
), elsewhere as (
    -- What a dry run planned is no claim on the money, except in another dry run.
    select j.line_id, min(c.line_id) as other_id
      from judging j
      join contract t using (courier)
      join (select line_key, line_id, dry_run and state = 'planned' as dry
              from posting where state <> 'reversed'
             union all
            select c.line_key, c.line_id, p.dry_run and p.state = 'planned'
              from posting_line c join posting p using (sync_id) where p.state <> 'reversed') c
        on c.line_key = j.line_key and c.line_id <> j.line_id
     where not c.dry or t.dry_run
     group by j.line_id
), settled as (
    -- The same identity is the same money only while the row says the same: a corrected act, or
    -- a number that came round again a year later, is a question.
    select e.line_id, j.left_over, o.left_over as settled_left,
           case when j.left_over < o.left_over then 'settled.less'
                when j.left_over > o.left_over then 'settled.more'
                when j.collected <> o.collected or j.payout <> o.payout
                     or j.row_kind <> o.row_kind or j.outcome <> o.outcome
                     or abs(j.occurred_on - o.occurred_on) > 100 then 'settled.other'
                else 'line.settled'
           end as settled_rule
      from elsewhere e
      join worth j on j.id = e.line_id
      join worth o on o.id = e.other_id
), billed as (
    -- Fees by order: of lines in other files that have a supply, and of this file's own lines.
    select p.order_id, p.courier, p.line_id, null::bigint as turn
      from posting p
      join contract t using (courier)
     where p.order_id in (select order_id from orders) and p.kind = 'supply'
       and p.state <> 'reversed' and (p.state <> 'planned' or not p.dry_run or t.dry_run)
       and not exists (select from judging j where j.line_id = p.line_id)
     union all
    select v.order_id, p.courier, v.line_id, null
      from verdict v
      join posting_line c using (line_id)
      join posting p using (sync_id)
      join contract t using (courier)
     where v.order_id in (select order_id from orders) and p.kind = 'supply'
       and p.state <> 'reversed' and (p.state <> 'planned' or not p.dry_run or t.dry_run)
       and not exists (select from judging j where j.line_id = v.line_id)
     union all
    select l.order_id, j.courier, j.line_id, j.turn
      from located l join judging j using (line_id)
     where l.order_id is not null
), billed_again as (
    -- Without money nothing but the number of the act tells a second charge from a first one.
    select distinct j.line_id
      from judging j
      join located x using (line_id)
      join billed b on b.order_id = x.order_id and b.courier = j.courier
       and b.line_id <> j.line_id
      join line o on o.id = b.line_id
     where j.collected = 0 and o.row_kind = j.row_kind
       -- In one file the row with the money is the first charge; two other sums are both a question.
       and (b.turn is null or o.collected <> 0 or b.turn < j.turn
            or (o.fee_delivery, o.fee_cod, o.fee_insurance, o.fee_return, o.fee_storage, o.fee_other)
               <> (j.fee_delivery, j.fee_cod, j.fee_insurance, j.fee_return, j.fee_storage,
                   j.fee_other))
       and coalesce(o.track_key = j.track_key, true)
       and (o.fee_delivery <> 0 and j.fee_delivery <> 0 or o.fee_cod <> 0 and j.fee_cod <> 0
            or o.fee_insurance <> 0 and j.fee_insurance <> 0
            or o.fee_return <> 0 and j.fee_return <> 0
            or o.fee_storage <> 0 and j.fee_storage <> 0
            or o.fee_other <> 0 and j.fee_other <> 0)
), facts as (
    select j.*, l.order_id, l.found, l.weak, s.demand_id, coalesce(s.demands, 0) as demands,
           e.line_id is not null as elsewhere, e.settled_rule,
           e.settled_left, e.left_over,
           a.line_id is not null as billed_again,
           coalesce(g.came_back, 0) as came_back,
           j.row_kind = 'return' or coalesce(j.outcome in ('refused', 'returned'), false)
               as comes_back,
           o.sum as order_sum, o.currency as order_currency,
           o.sum - greatest(o.payed_sum, s.paid) - coalesce(w.paid, 0) as open,
           greatest(o.payed_sum, s.paid) + coalesce(w.paid, 0) as paid,
           t.state_type = 'Unsuccessful' and t.name <> all (c.returned_states) as cancelled,
           d.sum as demand_sum,
           coalesce(b.returned, 0) + coalesce(r.returned, 0) as returned,
           coalesce(b.draft, false) as draft,
           c.tolerance,
           (select coalesce(sum(fee), 0) from unnest(%(fee_names)s::text[],
                                        array[j.fee_delivery, j.fee_cod, j.fee_insurance,
                                              j.fee_return, j.fee_storage, j.fee_other])
                                 as part(name, fee) where name = any (c.netted)) as netted,
           least(j.fee_delivery, j.fee_cod, j.fee_insurance,
                 j.fee_return, j.fee_storage, j.fee_other) as lowest_fee
      from judging j
      join contract c using (courier)
      left join located l using (line_id)
      left join shipped s using (line_id)
      left join settled e using (line_id)
      left join billed_again a using (line_id)
      left join order_returns g on g.order_id = l.order_id
      left join snapshot_order o on o.id = l.order_id
      left join snapshot_state t on t.id = o.state_id
      left join snapshot_demand d on d.id = s.demand_id
      left join own w on w.order_id = l.order_id
      left join came_back b on b.demand_id = s.demand_id
      left join own_returns r on r.demand_id = s.demand_id
), told as (
    -- `money`: this line takes part in paying its order.
    select *,
           order_id is not null and row_kind in ('order', 'return')
           and not elsewhere and (copy_of_key = 1 or contradicted)
           and currency = order_currency
           and not comes_back and collected >= 0
           and coalesce(outcome not in ('lost', 'destroyed'), true) as money
      from facts
), ranked as (
    -- Copies come last, so that they are the ones found to be too many; the second copies of all
    -- rows fit together or not at all, because nothing tells which of them would be the right one.
    select *,
           sum(collected) filter (where money)
               over (partition by order_id order by copy_no) as taken_with_it
      from told
), kept as (
    select *,
           money and copy_no > 1
           and (collected = 0
                or taken_with_it > open + case when open > 0 then tolerance else 0 end) as extra
      from ranked
)
select *,
       coalesce(sum(collected) filter (where money and not extra) over same_order, 0) as total,
       count(*) filter (where money and not extra) over same_order as money_lines,
       count(*) filter (where money and outcome = 'partially_delivered') over same_order
           as partial_lines,
       count(*) filter (where money and outcome in ('delivered', 'partially_delivered'))
           over same_demand as delivered_lines,
       coalesce(sum(collected) filter (where money and not extra)
           over (same_order order by turn rows between unbounded preceding and 1 preceding), 0)
           as taken_before,
       coalesce(sum(1) filter (where money and not extra)
           over (same_order order by turn desc
                 rows between unbounded preceding and 1 preceding), 0) = 0 as last_line
  from kept
window same_order as (partition by order_id),
       same_demand as (partition by order_id, demand_id);
create unique index on weighed (line_id);
analyze weighed;
