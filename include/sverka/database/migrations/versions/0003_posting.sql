-- ---- audit: the journal ------------------------------------------------------------------------
-- The driver reads a percent sign as a parameter, so there is none in this file.
create table journal (
    id          bigint primary key check (id > 0),
    at          timestamptz not null,
    kind        text not null check (kind ~ '^[a-z]+\.[a-z_]+$'),
    file_id     bigint,
    report_id   bigint,
    line_key    uuid,
    sync_id     uuid,
    moysklad_id uuid,
    by          text not null check (by <> ''),
    detail      jsonb not null check (jsonb_typeof(detail) = 'object'),
    previous    bytea not null check (octet_length(previous) = 32),
    hash        bytea not null check (octet_length(hash) = 32)
);
create index journal_file on journal (file_id) where file_id is not null;
create index journal_sync_id on journal (sync_id) where sync_id is not null;
create index journal_moysklad_id on journal (moysklad_id) where moysklad_id is not null;
comment on table journal is 'Every change of state, chained by hashes; ids have no gaps. Rows refer to nothing, so that they outlive it.';
comment on column journal.by is 'A person, ''policy'', or the part of Sverka that did it.';
comment on column journal.hash is 'SHA-256 of previous and journal_words (docs/trace.md).';

create function journal_refuse() returns trigger language plpgsql as $$
begin
    raise insufficient_privilege
          using message = 'the journal is append-only: ' || lower(tg_op) || ' is refused';
end $$;
create trigger journal_append_only before update or delete or truncate on journal
    for each statement execute function journal_refuse();

-- What a hash covers: one JSON array of strings, so no two rows can read the same. sverka.audit
-- writes it a second time in Python: a changed function cannot hide a changed row.
create function journal_words(id bigint, at timestamptz, kind text, file_id bigint, report_id bigint,
                              line_key uuid, sync_id uuid, moysklad_id uuid, by text, detail jsonb)
returns text language sql stable as $$
    select jsonb_build_array(id::text, (extract(epoch from at) * 1000000)::bigint::text, kind,
                             file_id::text, report_id::text, line_key::text, sync_id::text,
                             moysklad_id::text, by, detail::text)::text
$$;

create function journal_link(state bytea, head bytea, words text) returns bytea
language sql immutable as $$
    select sha256(coalesce(state, head) || convert_to(words, 'UTF8'))
$$;
create aggregate journal_chain(head bytea, words text) (sfunc = journal_link, stype = bytea);

-- Events wait here inside their own transaction and are chained when it commits; to everybody else
-- this table is always empty, so a crash that empties it loses nothing.
create unlogged table journal_inbox (
    id     bigint generated always as identity primary key,
    events jsonb not null
);
alter table journal_inbox alter column events set storage external;

-- Deferred: the lock of the chain is the last one a transaction takes, so two can never wait for
-- each other, and it is held for the commit alone, however long the transaction was.
create function journal_deliver() returns trigger language plpgsql as $$
declare
    head_id bigint;
    head_hash bytea;
begin
    perform pg_advisory_xact_lock(1246579282, 1);
    select j.id, j.hash into head_id, head_hash from journal j order by j.id desc limit 1;
    head_id := coalesce(head_id, 0);
    head_hash := coalesce(head_hash, decode(repeat('00', 32), 'hex'));
    insert into journal (id, at, kind, file_id, report_id, line_key, sync_id, moysklad_id, by, detail,
                         previous, hash)
    select c.id, c.at, c.kind, c.file_id, c.report_id, c.line_key, c.sync_id, c.moysklad_id, c.by,
           c.detail, coalesce(lag(c.hash) over (order by c.id), head_hash), c.hash
      from (select e.*, journal_chain(head_hash, journal_words(
                       e.id, e.at, e.kind, e.file_id, e.report_id, e.line_key, e.sync_id,
                       e.moysklad_id, e.by, e.detail)) over (order by e.id) as hash
              from (select head_id + r.place as id,
                           coalesce(r.at, transaction_timestamp()) as at, r.kind, r.file_id,
                           r.report_id, r.line_key, r.sync_id, r.moysklad_id, r.by, r.detail
                      from rows from (jsonb_to_recordset(new.events) as (
                               at timestamptz, kind text, file_id bigint, report_id bigint,
                               line_key uuid, sync_id uuid, moysklad_id uuid, by text, detail jsonb))
                           with ordinality as r (at, kind, file_id, report_id, line_key, sync_id,
                                                 moysklad_id, by, detail, place)) e) c;
    delete from journal_inbox where id = new.id;
    return null;
end $$;
create constraint trigger journal_delivery after insert on journal_inbox
    deferrable initially deferred for each row execute function journal_deliver();

-- A shop that booked before it had a journal: what stands then is where its chain begins.
insert into journal_inbox (events)
select jsonb_agg(event order by place, number)
  from (select 1 as place, id as number, jsonb_build_object(
                   'at', transaction_timestamp(), 'kind', 'file.inherited', 'file_id', id,
                   'by', 'migration',
                   'detail', jsonb_build_object('state', state, 'name', name, 'sha256', sha256))
               as event
          from file
         union all
        select 2, row_number() over (order by file_id, sync_id), jsonb_build_object(
                   'at', transaction_timestamp(), 'kind', 'posting.inherited', 'file_id', file_id,
                   'report_id', report_id, 'line_key', line_key, 'sync_id', sync_id,
                   'moysklad_id', moysklad_id, 'by', 'migration',
                   'detail', jsonb_build_object('state', state, 'document', kind, 'amount', amount,
                                                'fingerprint', fingerprint,
                                                'approved_by', approved_by))
          from posting where state <> 'planned') as inherited
having count(*) > 0;

-- ---- trace: from any end ---------------------------------------------------------------------
create index posting_moysklad_id on posting (moysklad_id) where moysklad_id is not null;
create index posting_moysklad_name on posting (moysklad_name) where moysklad_name is not null;
create index posting_report on posting (report_id);
create index line_order_key on line (order_key) where order_key is not null;
create index line_track_key on line (track_key) where track_key is not null;
create index file_name on file (name);

-- ---- undo and supersede --------------------------------------------------------------------------
alter table file drop constraint file_state_check;
alter table file add constraint file_state_check
    check (state in ('registered', 'processing', 'waiting', 'settled', 'quarantined', 'stalled', 'undone'));

create table undo (
    id          bigint generated always as identity primary key,
    file_id     bigint not null references file,
    because_of  bigint references file,
    asked_by    text not null check (asked_by <> ''),
    reason      text,
    asked_at    timestamptz not null,
    finished_at timestamptz
);
create index undo_file on undo (file_id);
comment on table undo is 'Somebody asked to take back what a file booked: all of it, or what a corrected report changes.';
comment on column undo.because_of is 'The file whose report supersedes; null when the whole file is undone.';

create table reversal (
    sync_id    uuid primary key references posting,
    undo_id    bigint not null references undo,
    state      text not null check (state in ('planned', 'sending', 'unsure', 'done', 'kept')),
    words      text,
    link       text,
    attempts   int not null default 0,
    planned_at timestamptz not null,
    sent_at    timestamptz,
    settled_at timestamptz,
    check (state <> 'kept' or words is not null)
);
create index reversal_undo on reversal (undo_id);
comment on table reversal is 'Taking back one posting. sending is committed before the call; kept: it stands in MoySklad, words say why.';
comment on column reversal.link is 'Where a person opens the document, as MoySklad gave it (meta.uuidHref).';

create table supersession (
    file_id     bigint not null references file,
    ordinal     int not null,
    old_file_id bigint not null references file,
    old_ordinal int not null,
    verdict     text not null check (verdict in ('supersedes', 'separate')),
    decided_by  text not null check (decided_by <> ''),
    decided_at  timestamptz not null,
    primary key (file_id, ordinal, old_file_id, old_ordinal),
    check (file_id <> old_file_id)
);
create index supersession_old on supersession (old_file_id, old_ordinal);
comment on table supersession is 'What was decided of two reports of one number: the newer takes the place of the older, whose lines are not judged any more, or they are separate.';
comment on column supersession.ordinal is 'Reports by file and ordinal: reading a file again gives its reports new ids.';

alter table report drop constraint report_supersedes_fkey;
alter table report add constraint report_supersedes_fkey
    foreign key (supersedes) references report on delete set null;

-- ---- client: the request budget ----------------------------------------------------------------
-- Unlogged: it describes the last three seconds, a crash may empty it.
create unlogged table moysklad_budget (
    user_key text primary key,
    capacity int not null check (capacity > 0),
    units    int not null,
    opened   double precision not null,
    full_at  double precision not null,
    flying   int not null default 0,
    waiting  boolean not null default false
) with (fillfactor = 50);
comment on table moysklad_budget is 'What is left of MoySklad''s request limit, one row per user; who is in flight holds an advisory lock.';
comment on column moysklad_budget.opened is 'Seconds since 1970 by this server''s clock, as full_at, when the bucket is full again.';
comment on column moysklad_budget.flying is 'Bits of the places whose requests are under way, or whose process died with them.';
comment on column moysklad_budget.waiting is 'Somebody waits to be told that a place became free.';

-- ---- reconciling: the ladder of keys and suggestions -------------------------------------------
-- What is left of a number when everything is dropped that people and couriers add to it: letters
-- in front, leading zeros, one place number behind; O and З among digits read as 0 and 3. It only
-- suggests: two orders may share it.
create function number_core(key text) returns text language sql immutable parallel safe as $$
    select regexp_replace(
               regexp_replace(
                   regexp_replace(
                       regexp_replace(key, '(?<=[0-9])O|O(?=[0-9])', '0', 'g'),
                       '(?<=[0-9])З|З(?=[0-9])', '3', 'g'),
                   '^[^0-9]*0*', ''),
               '([0-9])[-/_.][0-9]{1,2}$', '\1')
$$;
create index snapshot_order_core on snapshot_order (number_core(name_key));
create index snapshot_order_open on snapshot_order ((sum - payed_sum), moment)
    where not deleted and applicable;

create table suggestion (
    line_id  bigint not null references line on delete cascade,
    rank     int not null check (rank > 0),
    kind     text not null check (kind in ('order', 'goods')),
    order_id uuid,
    words    text not null check (words <> ''),
    primary key (line_id, rank)
);
comment on table suggestion is 'What a person may look at where a line was not booked. For eyes only: posting never reads it.';
comment on column suggestion.kind is 'order: another order the line may be about; goods: a set of goods that may have come back.';

-- ---- plan: what would be created, with names ---------------------------------------------------
create table snapshot_counterparty (
    id         uuid primary key,
    name       text not null,
    deleted    boolean not null default false,
    updated    timestamptz not null,
    fetched_at timestamptz not null
);
comment on table snapshot_counterparty is 'Names of counterparties, for people to read a plan by; nothing is matched by them.';

-- ---- payouts: is the money of a report in the bank? --------------------------------------------
create table bank_statement (
    file_id  bigint primary key references file,
    noted_at timestamptz not null
);
comment on table bank_statement is 'Statements that passed every check: only their movements may pay for a report.';

create table payout (
    file_id      bigint not null references file,
    ordinal      int not null,
    key          uuid not null,
    courier      text not null,
    currency     text not null,
    own          bigint,
    expected     bigint,
    together     int not null check (together > 0),
    number       text,
    ordered_on   date,
    day          date,
    state        text not null default 'waiting'
                 check (state in ('paid', 'waiting', 'missing', 'differs', 'contested', 'owed',
                                  'nothing', 'unknown', 'void')),
    rule         text,
    movement_key uuid,
    moved_on     date,
    bank_number  text,
    received     bigint,
    sentence     text not null default '',
    at           timestamptz not null,
    waits        boolean not null default false,
    run_for      uuid,
    primary key (file_id, ordinal),
    check ((state = 'paid') = (movement_key is not null))
);
create index payout_key on payout (key);
create index payout_money on payout (currency, expected);
comment on table payout is 'What a settlement report says the courier transfers, and the one bank movement that is it.';
comment on column payout.ordinal is 'Reports by file and ordinal: reading a file again gives its reports new ids.';
comment on column payout.key is 'UUIDv5 of the rows and the sum: reports of one payment order share it, and so do copies of a report.';
comment on column payout.own is 'The report''s part in minor units; null when rows of it could not be read. expected: of all reports of its payment order, together is how many.';
comment on column payout.day is 'What the window of days is counted from: payment order, report, end of its period, last row.';
comment on column payout.received is 'What the movement of moved_on and bank_number brings; also of one that only has the number in common.';
comment on column payout.waits is 'The courier''s scheme books only when the bank has the money.';
comment on column payout.run_for is 'The movement that the file''s last planning knew; another one now gives the file another run.';
