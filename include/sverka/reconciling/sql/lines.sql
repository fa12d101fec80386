-- The lines of the file that are judged now. A line with a document that somebody approved, sent
-- or saw refused keeps its verdict: its own payment already lowers what is open on the order.
-- Everything that is judged or posted begins here, so here it is held to settlements: an export of
-- statuses has sums too, and nobody transferred them.
create temp table judging on commit drop as
select l.id as line_id, r.courier, r.file_id, l.row_kind, l.outcome, l.collected, l.payout,
       l.currency, l.order_ref, l.track_ref, l.order_key, l.track_key, l.line_key, l.occurrence,
       l.fee_delivery, l.fee_cod, l.fee_insurance, l.fee_return, l.fee_storage, l.fee_other,
       row_number() over (order by r.ordinal, l.line_no, l.sheet, l.occurrence, l.id) as place
  from line l
  join report r on r.id = l.report_id
 where r.file_id = %(file_id)s
   and r.purpose = 'settlement'
   and l.accepted
   -- A corrected report speaks for these rows now, also for those that it leaves out.
   and not exists (select from supersession s
                    where s.old_file_id = r.file_id and s.old_ordinal = r.ordinal
                      and s.verdict = 'supersedes')
   and not exists (select from posting p
                    where p.line_id = l.id and p.state not in ('planned', 'reversed'))
   and not exists (select from posting_line c join posting p using (sync_id)
                    where c.line_id = l.id and p.state not in ('planned', 'reversed'));
create unique index on judging (line_id);
analyze judging;
