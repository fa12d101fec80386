-- Transfers that are not in the bank, each once: reports of one payment order share a key, and so do
-- copies of a report. Of one that came short only the rest is owed.
select distinct on (p.key)
       p.key::text as key, p.courier, p.currency, p.file_id, p.day, p.state,
       p.expected - case when p.state = 'differs' then coalesce(p.received, 0) else 0 end as amount,
       r.report_no, f.name as file, (f.received_at at time zone 'Europe/Moscow')::date as received_on
  from payout p
  join file f on f.id = p.file_id
  join report r on r.file_id = p.file_id and r.ordinal = p.ordinal
 where p.state in ('waiting', 'missing', 'differs', 'contested')
   and p.expected > 0 and p.day is not null
 order by p.key, p.file_id, p.ordinal
