-- A line that is right about its order must also be right about the courier's own share: what it
-- kept is what the contract lets it keep. A row without money keeps nothing, its fees are invoiced
-- elsewhere (docs/decisions/0002).
with share as (
    select j.line_id, j.collected - j.netted as due,
           case when j.lowest_fee < 0 then 'contract.negative_fee'
                when j.payout < j.collected - j.netted then 'contract.kept_more'
                else 'contract.kept_less'
           end as rule
      from judged j
      join rule r on r.name = j.rule
     where r.clean
       and (j.lowest_fee < 0
            or (j.payout <> j.collected - j.netted and (j.collected <> 0 or j.payout <> 0)))
)
update judged j
   set rule = s.rule, expected = s.due, received = j.payout
  from share s
 where s.line_id = j.line_id;
