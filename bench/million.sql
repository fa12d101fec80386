-- A shop of some years: a hundred settled files, one order per line, one more in ten still owed.
set session_replication_role = replica;
insert into snapshot_state values (md5('sent')::uuid, 'customerorder', 'Отгружен', 'Regular');
insert into file (sha256, name, zone, size_bytes, partition_key, state, received_at, finished_at)
select 's' || i, 'реестр ' || i || '.xlsx', 'inbox', 1, 'k' || i, 'settled',
       %(now)s::timestamptz - (100 - i) * interval '1 day', %(now)s::timestamptz
  from generate_series(1, 100) i;
insert into report (file_id, ordinal, courier, schema, schema_version, currency, rows_read)
select id, 1, (array['cdek', 'dalli', 'gorod'])[1 + id %% 3], 's', 1, 'RUB', %(rows)s / 100 from file;
insert into line (report_id, sheet, line_no, row_kind, order_ref, collected, fee_delivery, fee_cod,
                  fee_insurance, fee_return, fee_storage, fee_other, payout, currency, identity,
                  occurrence, line_key, order_key, track_key)
select r.id, 'Лист', i, 'order', 'N' || n, 100000, 0, 0, 0, 0, 0, 0, 100000, 'RUB', 'x', 1,
       md5('l' || n)::uuid, 'N' || n, 'T' || n
  from report r, generate_series(1, %(rows)s / 100) i,
       lateral (select (r.file_id - 1) * (%(rows)s / 100) + i as n) x;
insert into verdict (line_id, verdict, rule, clean, order_id, expected, received, difference, sentence,
                     decided_at)
select id, case when asks then (array['underpaid', 'unknown_order', 'not_shipped', 'overpaid'])
                               [1 + (line_no / %(one_in)s) %% 4] else 'matched' end,
       'r', not asks, md5('o' || substr(order_ref, 2))::uuid, 100000, 100000 - id %% 90000,
       -(id %% 90000) - 1,
       'По заказу ' || order_ref || ' ждали 1 000,00 ₽, курьер передал меньше: не хватает денег. '
       'Запросите у курьера остаток.', %(now)s
  from (select l.*, l.line_no %% %(one_in)s = 0 as asks from line l) l;
insert into snapshot_order (id, name, name_key, moment, organization_id, agent_id, sum, payed_sum,
                            currency, state_id, applicable, updated, fetched_at)
select md5('o' || n)::uuid, 'N' || n, 'N' || n, %(now)s::timestamptz - (n %% 90) * interval '1 day',
       md5('x')::uuid, md5('y')::uuid, 100000, case when n <= %(rows)s then 100000 else 0 end, 'RUB',
       md5('sent')::uuid, true, %(now)s, %(now)s
  from generate_series(1, %(rows)s + %(rows)s / 10) n;
insert into snapshot_demand (id, name, order_id, moment, organization_id, agent_id, sum, payed_sum,
                             currency, applicable, delivery, updated, fetched_at)
select md5('d' || n)::uuid, 'D' || n, md5('o' || n)::uuid,
       %(now)s::timestamptz - (n %% 90) * interval '1 day', md5('x')::uuid, md5('y')::uuid, 100000, 0,
       'RUB', true, (array['cdek', 'dalli', 'gorod'])[1 + n %% 3], %(now)s, %(now)s
  from generate_series(1, %(rows)s + %(rows)s / 10) n;
set session_replication_role = origin;
