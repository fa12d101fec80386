-- One rule per line; the first that fits decides. `look_inside` marks the lines whose verdict needs
-- the goods of the demand, which only MoySklad knows.
create temp table judged on commit drop as
with first_ruled as (
    select *,
           case
           when row_kind not in ('order', 'return') then 'row.service'
           when elsewhere then settled_rule
           when contradicted then 'line.contradicted'
           when copy_of_key > 1 then 'line.repeated'
           when found is null then 'order.unknown'
           when order_id is null then found
           when currency <> order_currency then 'currency.differs'
           when currency <> (select a.currency from account a) then 'currency.foreign'
           when cancelled then 'order.cancelled'
           when demands = 0 then 'demand.none'
           when outcome in ('lost', 'destroyed') then 'outcome.lost'
           when collected < 0 then 'return.money_back'
           when comes_back then
               case
               when collected > 0 then 'return.with_money'
               when paid > 0 or total > 0 then 'return.already_paid'
               when demand_id is null then 'demand.several'
               when copy_no > 1 then 'copy.extra'
               when delivered_lines > 0 then 'return.and_delivered'
               when draft then 'return.draft'
               when returned = 0 then 'return.whole'
               when returned = demand_sum then 'return.booked'
               else 'return.partly_booked'
               end
           when extra then 'copy.extra'
           when partial_lines = 0
                and (total > 0 and came_back > 0
                     or outcome = 'delivered'
                        and case when demand_id is null then came_back else returned end > 0)
               then 'order.came_back'
           when open < 0 then 'residual.negative'
           when partial_lines > 0 then
               case
               when total > open then 'residual.above'
               when total = 0 and open > 0 then 'residual.no_money'
               when money_lines > 1 then 'partial.several_rows'
               when total = open then 'partial.nothing_missing'
               when demand_id is null then 'demand.several'
               when demand_sum <> order_sum then 'partial.order_differs'
               when draft then 'return.draft'
               when returned = 0 then 'partial.explained'
               when returned = open - total then 'partial.booked'
               else 'return.partly_booked'
               end
           when total = open and open = 0 then 'residual.prepaid'
           when total = open then 'residual.exact'
           when total = 0 then 'residual.no_money'
           when open = 0 then 'residual.already_paid'
           when abs(total - open) <= tolerance then 'residual.tolerance'
           when total < open then 'residual.below'
           else 'residual.above'
           end as first_rule
      from weighed
), believed as (
    -- A bare number is believed together with its money: all its rows pay exactly what is open.
    select *,
           case when weak and order_id is not null
                     and first_rule not in ('row.service', 'line.settled', 'settled.less',
                                            'settled.more', 'settled.other', 'line.contradicted',
                                            'line.repeated')
                     and not bool_and(first_rule in ('residual.exact', 'line.settled',
                                                     'line.repeated'))
                             over (partition by order_id)
                then 'order.alike' else first_rule
           end as believed_rule
      from first_ruled
), ruled as (
    select f.*,
           case when f.billed_again and r.clean then 'fees.repeated' else f.believed_rule end as rule
      from believed f join rule r on r.name = f.believed_rule
), priced as (
    select *,
           case
           when rule in ('settled.less', 'settled.more', 'settled.other') then settled_left
           when rule in ('row.service', 'line.settled', 'line.contradicted', 'line.repeated',
                         'currency.differs', 'currency.foreign', 'order.alike')
                or order_id is null then null
           when rule = 'order.came_back' then greatest(open - came_back, 0)
           when rule = 'residual.already_paid' then 0
           when extra or comes_back or collected < 0 or rule = 'copy.extra' then 0
           when not money then greatest(open, 0)
           when last_line then greatest(open, 0) - taken_before
           else collected
           end as expected
      from ruled
)
-- A sum of bigint is numeric; money is bigint.
select line_id, place, courier,
       case when rule <> 'order.alike' then order_id end as order_id,
       case when rule <> 'order.alike' then demand_id end as demand_id, found, rule, expected::bigint,
       case when rule in ('settled.less', 'settled.more', 'settled.other') then left_over
            else collected end as received,
       collected, payout, netted::bigint, lowest_fee,
       (open - taken_before)::bigint as open_before, open::bigint as open, total::bigint as total,
       demand_sum,
       rule in ('partial.explained', 'return.whole') as look_inside,
       (expected - collected)::bigint as missing
  from priced;
create unique index on judged (line_id);
analyze judged;
