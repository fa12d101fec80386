-- The postings of these lines, and which of the lines each stands for.
with own as (
    select p.sync_id, l.id as line_id
      from line l join posting p on p.line_key = l.line_key and p.line_id = l.id
     where l.id = any(%(lines)s)
     union all
    select c.sync_id, c.line_id from posting_line c where c.line_id = any(%(lines)s)
)
select o.line_id, p.sync_id::text, p.kind, p.state, p.amount, p.revision, p.dry_run, p.fingerprint,
       p.planned_at, p.approved_by, p.approved_at, p.attempts, p.sent_at, p.posted_at,
       p.moysklad_id::text, p.moysklad_name, p.error, p.depends_on::text,
       greatest(1, (select count(*) from posting_line c where c.sync_id = p.sync_id)) as stands_for
  from own o join posting p using (sync_id)
 where %(only)s::uuid is null or p.sync_id = %(only)s::uuid
 order by o.line_id, p.revision,
          array_position(array['paymentin', 'supply', 'paymentout', 'salesreturn',
                               'customerorder.state', 'demand.state'], p.kind), p.sync_id
