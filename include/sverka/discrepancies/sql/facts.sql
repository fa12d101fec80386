-- Everything that is in question now: rows, documents, transfers, and orders that are in no report.
-- The newest report that says anything of a line is the one that
-- counts; two rows of one file with one key are two questions, the second under a key of its own.
create temp table discrepancy_fact on commit drop as
select 'line' as kind,
       case when c.copy = 1 then l.line_key else md5(l.line_key::text || '/' || c.copy)::uuid end as key,
       v.verdict, r.courier, l.currency, {stake} as stake, f.id as file_id, l.line_key,
       l.id as line_id, l.sheet, l.line_no, v.order_id, l.order_ref, l.order_key, l.track_ref,
       l.track_key, v.sentence, least(f.received_at, %(now)s) as opened_at
  from verdict v
  join line l on l.id = v.line_id
  join report r on r.id = l.report_id
  join file f on f.id = r.file_id
 cross join lateral (
       select count(*) as copy
         from line x join report y on y.id = x.report_id
        where x.line_key = l.line_key and y.file_id = f.id and x.id <= l.id) c
 where {in_question} and l.accepted and r.purpose = 'settlement'
   and f.state not in ('undone', 'quarantined')
   and {asked_line}
   and not {booked_since}
   -- What waits for the bank is one question, the transfer's, however many rows the report has.
   and not (v.verdict = 'unpaid' and v.rule like '%%bank.%%' and exists (
            select from payout y
             where y.file_id = f.id and y.ordinal = r.ordinal
               and (y.state = 'paid' or y.key in (select key from discrepancy_transfer))))
   and not exists (
       select from line n
         join report nr on nr.id = n.report_id
         join file nf on nf.id = nr.file_id
         join verdict nv on nv.line_id = n.id
        where n.line_key = l.line_key and n.accepted and nv.verdict <> 'already_settled'
          and nf.state not in ('undone', 'quarantined')
          and (nf.received_at, nf.id) > (f.received_at, f.id))
 union all
select 'document', p.sync_id, p.state, p.courier, r.currency, abs(p.amount), p.file_id, null,
       p.line_id, l.sheet, l.line_no, p.order_id, l.order_ref, l.order_key, l.track_ref, l.track_key,
       coalesce(p.error, ''), least(f.received_at, %(now)s)
  from posting p
  join report r on r.id = p.report_id
  join file f on f.id = p.file_id
  left join line l on l.id = p.line_id
 where p.state in ('rejected', 'failed') and f.state not in ('undone', 'quarantined')
   and {asked_file}
 union all
select 'payout', key, verdict, courier, currency, stake, file_id, null, null, null, null, null, null,
       null, null, null, sentence, opened_at
  from discrepancy_transfer
 union all
select w.kind, w.key, w.verdict, w.courier, w.currency, w.stake, null, null, null, null, null, w.order_id,
       w.order_ref, w.order_key, null, null, w.sentence, w.opened_at
  from ({late}) w
 where {asked_order};
create unique index on discrepancy_fact (kind, key);
analyze discrepancy_fact
