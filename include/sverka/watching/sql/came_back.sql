-- A parcel that several files or rows tell of came back once, on the first day that any names.
with told as (
    select r.courier, coalesce(l.order_key, l.track_key, l.identity) as parcel,
           min(l.occurred_on) as day
      from line l
      join report r on r.id = l.report_id
      join file f on f.id = r.file_id
     where (l.row_kind = 'return' or l.outcome in ('refused', 'returned'))
       and l.occurred_on > %(since)s and l.occurred_on <= %(until)s
       and l.accepted and r.courier is not null and f.state not in ('undone', 'quarantined')
     group by r.courier, coalesce(l.order_key, l.track_key, l.identity)
)
select day, courier, count(*)::int as parcels
  from told group by day, courier order by day, courier
