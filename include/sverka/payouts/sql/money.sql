-- Incoming movements that could be somebody's payout, each once. Which of two statements tells of it
-- must not depend on which came first.
select distinct on (b.movement_key)
       b.movement_key::text as key, b.account, b.currency, b.amount, b.number, b.document_date,
       b.moved_on, b.counterparty, b.counterparty_inn as inn
  from bank_movement b
  join report r on r.id = b.report_id
  join bank_statement s on s.file_id = r.file_id
  join file f on f.id = r.file_id
 where b.direction = 'in' and b.amount > 0
   and f.state not in ('undone', 'quarantined')
   and ((b.currency, b.amount) in (select currency, expected from payout where expected > 0)
        or ltrim(b.number, '0') in (select ltrim(number, '0') from payout where number is not null))
 order by b.movement_key, b.counterparty_inn nulls last, b.counterparty nulls last,
          b.document_date nulls last
