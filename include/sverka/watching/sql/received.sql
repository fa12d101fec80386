-- Bank movements that are couriers' payouts, each once: reports of one payment order share it.
select courier, currency, count(*)::int as transfers, sum(received) as amount
  from (select distinct on (movement_key) courier, currency, received
          from payout
         where state = 'paid' and moved_on > %(since)s and moved_on <= %(until)s
         order by movement_key, file_id, ordinal) m
 group by courier, currency
 order by sum(received) desc, courier, currency
