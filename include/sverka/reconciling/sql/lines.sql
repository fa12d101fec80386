-- The lines of the file that are judged now. A line with a document that somebody approved, sent
-- or saw refused keeps its verdict: its own payment already lowers what is open on the order.
-- Everything that is judged or posted begins here, so here it is held to settlements: an export of
-- statuses has sums too, and nobody transferred them.
create temp table judging on commit drop as
with written as (
    select l.*, r.courier, r.file_id, r.ordinal,
           row_number() over (order by r.ordinal, l.line_no, l.sheet, l.occurrence, l.id) as place,
           row(r.courier, l.identity, l.row_kind, l.outcome, l.occurred_on, l.order_key,
               l.track_key, l.currency, l.collected, l.payout, l.fee_delivery, l.fee_cod,
               l.fee_insurance, l.fee_return, l.fee_storage, l.fee_other)::text collate "C" as said
      from line l
      join report r on r.id = l.report_id
     where r.file_id = %(file_id)s
       and r.purpose = 'settlement'
       and l.accepted
), compared as (
    -- Where a row stands in its file must not change a verdict, and parsing counts occurrences from
    -- the top. So exact copies are counted here, by what they say, and `turn` is an order that
    -- only the content gives. Every row of the file counts, or booking one would change the rest.
    select *,
           row_number() over (partition by said order by place) as copy_no,
           row_number() over (order by said, place) as turn,
           row_number() over (partition by line_key order by place) as copy_of_key,
           min(said) over (partition by line_key) <> max(said) over (partition by line_key)
               as contradicted
      from written
)
select l.id as line_id, l.courier, l.file_id, l.row_kind, l.outcome, l.collected, l.payout,
       l.currency, l.order_ref, l.track_ref, l.order_key, l.track_key, l.line_key, l.copy_no,
       l.fee_delivery, l.fee_cod, l.fee_insurance, l.fee_return, l.fee_storage, l.fee_other,
       l.place, l.turn, l.contradicted, l.copy_of_key
  from compared l
 -- A corrected report speaks for these rows now, also for those that it leaves out.
 where not exists (select from supersession s
                    where s.old_file_id = l.file_id and s.old_ordinal = l.ordinal
                      and s.verdict = 'supersedes')
   and not exists (select from posting p
                    where p.line_id = l.id and p.state not in ('planned', 'reversed'))
   and not exists (select from posting_line c join posting p using (sync_id)
                    where c.line_id = l.id and p.state not in ('planned', 'reversed'));
create unique index on judging (line_id);
analyze judging;
