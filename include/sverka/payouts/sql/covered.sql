-- Which days of which account the statements have. A statement of several accounts has the same days
-- of each of them.
select distinct b.account, b.currency, r.period_from as since, r.period_to as until
  from bank_movement b
  join report r on r.id = b.report_id
  join bank_statement s on s.file_id = r.file_id
  join file f on f.id = r.file_id
 where f.state not in ('undone', 'quarantined')
