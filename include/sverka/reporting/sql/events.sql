-- The histories of these discrepancies, each from its beginning.
select discrepancy_id, id, at, by, what, how, from_state, to_state, from_verdict, to_verdict,
       from_stake, to_stake, sentence, comment
  from discrepancy_event
 where discrepancy_id = any(%(ids)s)
 order by discrepancy_id, id
