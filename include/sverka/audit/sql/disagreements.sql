-- Postings and journal compared both ways. The last event that tells a state must tell the present
-- one; who approved must have approved this content and sum; a document in the books must be the
-- one that was written down when it got there.
with told as (
    select distinct on (sync_id) sync_id, id, detail ->> 'state' as state
      from journal
     where sync_id is not null and detail ? 'state'
     order by sync_id, id desc
), approved as (
    select distinct on (sync_id) sync_id, id, detail ->> 'fingerprint' as fingerprint,
           (detail ->> 'amount')::bigint as amount
      from journal
     where sync_id is not null and kind in ('posting.approved', 'posting.inherited')
     order by sync_id, id desc
), posted as (
    select distinct on (sync_id) sync_id, id, moysklad_id
      from journal
     where sync_id is not null and kind in ('posting.posted', 'posting.inherited')
     order by sync_id, id desc
), compared as (
    select coalesce(p.sync_id, t.sync_id) as sync_id, p.kind, p.state, t.state as told,
           case when p.sync_id is null then 'no_posting'
                when t.sync_id is null then case when p.state <> 'planned' then 'no_event' end
                when t.state <> p.state then 'state'
                when a.sync_id is null then 'not_approved'
                when a.fingerprint <> p.fingerprint or a.amount <> p.amount then 'content'
                when p.state in ('posted', 'reversed')
                     and o.moysklad_id is distinct from p.moysklad_id then 'moysklad_id'
           end as what,
           coalesce(case when t.state <> p.state then t.id end,
                    case when a.fingerprint <> p.fingerprint or a.amount <> p.amount then a.id end,
                    o.id, t.id) as event
      from posting p
      full join told t using (sync_id)
      left join approved a on a.sync_id = p.sync_id
      left join posted o on o.sync_id = p.sync_id
)
select sync_id::text, kind, what, state, told, event
  from compared
 where what is not null
 order by event nulls first, sync_id
