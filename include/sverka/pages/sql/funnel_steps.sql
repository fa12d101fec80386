-- The lines of a file by what they ended as; `matched` is told apart by whether its documents stand.
-- `all` is counted without that, so that a hole shows. `in (select …)` is one hash table; a join goes
-- quadratic on tables that were filled a moment ago.
insert into funnel_step (file_id, currency, step, lines, collected, fees, payout)
with made as (
    select p.line_id, p.state from posting p
     where p.file_id = %(id)s and p.line_id is not null
     union all
    select w.line_id, p.state
      from posting p join posting_line w on w.sync_id = p.sync_id
     where p.file_id = %(id)s
), standing as (
    select line_id from made where state <> 'reversed'
     group by line_id having bool_and(state = 'posted')
), judged as (
    select l.id, l.currency, l.collected, {fees} as fees, l.payout, {part} as part
      from report r
      join line l on l.report_id = r.id
      left join verdict v on v.line_id = l.id
     where r.file_id = %(id)s and r.purpose = 'settlement'
)
select %(id)s, currency,
       case when part <> 'matched' then part
            when id in (select line_id from standing) then 'posted'
            else 'waiting' end,
       count(*), sum(collected), sum(fees), sum(payout)
  from judged
 group by 2, 3
 union all
select %(id)s, l.currency, 'all', count(*), sum(l.collected), sum({fees}), sum(l.payout)
  from report r
  join line l on l.report_id = r.id
 where r.file_id = %(id)s and r.purpose = 'settlement'
 group by 2
