-- The newest event of each of these discrepancies, as parcels for the journal in the order of ids.
insert into journal_inbox (events)
select jsonb_agg(jsonb_build_object(
           'at', e.at, 'kind', 'discrepancy.' || e.what,
           'line_key', d.line_key, 'sync_id', case when d.kind = 'document' then d.key end,
           'by', e.by,
           'detail', jsonb_strip_nulls(jsonb_build_object(
               'discrepancy', d.id, 'about', d.kind, 'key', d.key, 'file', d.file_id, 'how', e.how,
               'from', e.from_state, 'to', e.to_state, 'verdict', e.to_verdict, 'stake', e.to_stake,
               'was', case when (e.from_verdict, e.from_stake) is distinct from
                                (e.to_verdict, e.to_stake)
                           then jsonb_build_object('verdict', e.from_verdict, 'stake', e.from_stake)
                      end,
               'currency', d.currency, 'accepted', d.accepted_amount, 'words', e.comment)))
       order by e.id)
  from (select x.*, (row_number() over (order by x.id) - 1) / %(parcel)s as parcel
          from discrepancy_event x where x.id > %(after)s) e
  join discrepancy d on d.id = e.discrepancy_id
 group by e.parcel
 order by e.parcel
