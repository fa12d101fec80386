-- All claims. Of a payout of several reports none counts once one of them is superseded: what the
-- transfer comes to is not known any more.
select p.file_id, p.ordinal, p.key::text, p.courier, p.currency, p.expected, p.together, p.number,
       p.ordered_on, p.day,
       f.state in ('undone', 'quarantined')
       or (p.file_id, p.key) in (
              select q.file_id, q.key
                from payout q
                join supersession s on s.old_file_id = q.file_id and s.old_ordinal = q.ordinal
               where s.verdict = 'supersedes') as void
  from payout p
  join file f on f.id = p.file_id
