-- Which lines a refresh of some files is about: theirs, those that were last seen in them, and those of
-- orders that they booked; which orders; and which discrepancies may be about any of that. A union each,
-- not an `or`: so that indexes find the few.
create temp table discrepancy_asked on commit drop as
select l.line_key
  from report r join line l on l.report_id = r.id
 where r.file_id = any(%(files)s)
 union
select d.line_key from discrepancy d where d.file_id = any(%(files)s) and d.line_key is not null
 union
select d.line_key
  from posting p join discrepancy d on d.order_id = p.order_id
 where p.file_id = any(%(files)s) and d.line_key is not null;
create unique index on discrepancy_asked (line_key);
analyze discrepancy_asked;
create temp table discrepancy_asked_order on commit drop as {concerned};
create unique index on discrepancy_asked_order (order_id);
analyze discrepancy_asked_order;
create temp table discrepancy_asked_known on commit drop as
select id from discrepancy where file_id = any(%(files)s)
 union
select id from discrepancy join discrepancy_asked using (line_key)
 union
select d.id from discrepancy d join discrepancy_asked_order o on d.kind = 'order' and d.key = o.order_id
 union
select id from discrepancy where kind = 'payout';
create unique index on discrepancy_asked_known (id);
analyze discrepancy_asked_known
