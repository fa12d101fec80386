-- The clean lines that were judged in this transaction, with all that their documents need.
-- An order with any line in doubt keeps its state: closing it would hide the doubt.
with clean as (
    select j.*, r.verdict, false as fees_only
      from judged j join rule r on r.name = j.rule
     where r.clean
    union all
    -- An unchanged row of a corrected report keeps its documents, but the supply it shared with a
    -- row that differs is gone: its fees are in the new one.
    select j.*, 'matched', true
      from judged j join line l on l.id = j.line_id
     where j.rule = 'line.settled' and j.order_id is not null
       and exists (select from posting_line c join reversal v using (sync_id)
                     join undo u on u.id = v.undo_id
                    where c.line_key = l.line_key and c.kind = 'supply'
                      and v.state = 'done' and u.because_of = %(file_id)s)
       and not exists (select from posting_line c join posting p using (sync_id)
                        where c.line_key = l.line_key and c.kind = 'supply'
                          and p.state <> 'reversed')
), doubtful as (
    select distinct v.order_id
      from verdict v
      join line l on l.id = v.line_id
      join report r on r.id = l.report_id
     where r.file_id = %(file_id)s and not v.clean and v.order_id is not null
       and (v.verdict not in ('duplicate_in_report', 'already_settled', 'service_row')
            or v.rule like '%%line.contradicted')
), demands as (
    select d.order_id, count(*) as number,
           (array_agg(d.id order by d.moment, d.id))[1] as first
      from snapshot_demand d
     where d.order_id in (select order_id from clean) and not d.deleted and d.applicable
     group by d.order_id
), undone as (
    select line_key, max(revision) as revision
      from (select line_key, revision from posting where state = 'reversed'
             union all
            select c.line_key, c.revision from posting_line c join posting p using (sync_id)
             where p.state = 'reversed') as gone
     group by line_key
)
select c.line_id, c.fees_only, c.courier, c.verdict, c.collected, c.payout, c.open_before,
       l.sheet, l.line_no, l.line_key::text, l.outcome, l.occurred_on,
       array[l.fee_delivery, l.fee_cod, l.fee_insurance,
             l.fee_return, l.fee_storage, l.fee_other] as fees,
       r.id as report_id, r.ordinal, r.report_no, r.report_date,
       r.payment_order_no, r.payment_order_date,
       f.name as file_name, f.sha256, f.received_at,
       c.order_id::text, o.name as order_name, o.agent_id::text, o.state_id::text as order_state,
       c.demand_id::text, d.state_id::text as demand_state, d.agent_id::text as demand_agent,
       p.organization_id::text, p.store_id::text,
       s.number as demands, c.order_id in (select order_id from doubtful) as doubtful,
       t.dry_run, coalesce(u.revision, 0) + 1 as revision
  from clean c
  join contract t on t.courier = c.courier
  join line l on l.id = c.line_id
  join report r on r.id = l.report_id
  join file f on f.id = r.file_id
  join snapshot_order o on o.id = c.order_id
  join demands s on s.order_id = c.order_id
  left join snapshot_demand d on d.id = c.demand_id
  join snapshot_demand p on p.id = coalesce(c.demand_id, s.first)
  left join undone u on u.line_key = l.line_key
 order by c.place
