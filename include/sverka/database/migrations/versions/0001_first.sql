-- Money is bigint minor units everywhere; every moment is timestamptz.

create table file (
    id            bigint generated always as identity primary key,
    sha256        text not null unique,
    name          text not null,
    zone          text not null,
    size_bytes    bigint not null,
    partition_key text not null unique,
    state         text not null default 'registered'
                  check (state in ('registered', 'processing', 'settled', 'quarantined', 'stalled')),
    reason        text,
    claimed_by    text,
    courier       text,
    schema        text,
    schema_version int,
    received_at   timestamptz not null,
    offered_at    timestamptz,
    claimed_at    timestamptz,
    finished_at   timestamptz,
    check (state not in ('quarantined', 'stalled') or reason is not null)
);
create index file_open on file (state) where state in ('registered', 'stalled');
comment on table file is 'One row per content; the same bytes under another name are a sighting.';
comment on column file.offered_at is 'When a run was last asked for; it is asked for again if nobody claims the file.';

create table sighting (
    id         bigint generated always as identity primary key,
    file_id    bigint not null references file,
    zone       text not null,
    name       text not null,
    signature  text not null,
    seen_at    timestamptz not null,
    unique (zone, name, signature)
);
comment on table sighting is 'Where and when a content was dropped; signature is the zone''s size and time or ETag.';

create table arrival (
    zone       text not null,
    name       text not null,
    signature  text not null,
    first_seen timestamptz not null,
    primary key (zone, name, signature)
);
comment on table arrival is 'Files in a zone that look cut off and are given time, by this clock and no server''s.';

create table report (
    id                 bigint generated always as identity primary key,
    file_id            bigint not null references file,
    ordinal            int not null,
    courier            text not null,
    schema             text not null,
    schema_version     int not null,
    report_no          text,
    report_date        date,
    period_from        date,
    period_to          date,
    payment_order_no   text,
    payment_order_date date,
    payment_order_sum  bigint,
    currency           text not null,
    settlement         text check (settlement in ('net', 'agent_fee_netted', 'gross')),
    totals             jsonb not null default '{}',
    ignored            jsonb not null default '[]',
    rows_read          int not null,
    revision           int not null default 1,
    supersedes         bigint references report,
    unique (file_id, ordinal)
);
comment on column report.ignored is '[{"reason": ru, "rows": n, "payout": minor}]: rows that are no lines, and why.';

create table line (
    id             bigint generated always as identity primary key,
    report_id      bigint not null references report on delete cascade,
    sheet          text,
    line_no        int not null,
    row_kind       text not null,
    order_ref      text,
    track_ref      text,
    outcome        text,
    occurred_on    date,
    payment_method text,
    collected      bigint not null,
    fee_delivery   bigint not null,
    fee_cod        bigint not null,
    fee_insurance  bigint not null,
    fee_return     bigint not null,
    fee_storage    bigint not null,
    fee_other      bigint not null,
    vat            bigint,
    payout         bigint not null,
    currency       text not null,
    identity       text not null,
    occurrence     int not null,
    line_key       uuid not null,
    order_key      text,
    track_key      text,
    accepted       boolean not null default true
);
create index line_report on line (report_id);
create index line_line_key on line (line_key);
comment on column line.line_key is 'UUIDv5 of courier, identity and occurrence: the same money in two files has one key.';
comment on column line.order_key is 'order_ref normalised for matching (sverka.reconciling.keys).';

create table rejected (
    id          bigint generated always as identity primary key,
    report_id   bigint not null references report on delete cascade,
    line_id     bigint references line on delete cascade,
    sheet       text,
    line_no     int not null,
    column_name text,
    value       text,
    rule        text not null,
    reason      text not null
);
create index rejected_report on rejected (report_id);
comment on table rejected is 'Rows and lines that did not pass parsing or checking, each with a reason in words.';

create table check_result (
    id           bigint generated always as identity primary key,
    file_id      bigint not null references file,
    rule         text not null,
    severity     text not null check (severity in ('critical', 'warning')),
    passed       boolean not null,
    rows_checked bigint not null,
    rows_refused bigint not null,
    sentence     text not null,
    sample       jsonb not null default '[]',
    checked_at   timestamptz not null,
    unique (file_id, rule)
);
comment on table check_result is 'What the last check of a file found, rule by rule; sample names a few refused rows.';

create table account (
    id       uuid primary key,
    currency text not null
);
create unique index account_only on account ((true));
comment on table account is 'The MoySklad account that this database is for, and its currency of account (ISO 4217).';

create table snapshot_cursor (
    entity       text primary key,
    updated_upto timestamptz not null,
    loaded_at    timestamptz not null
);
comment on column snapshot_cursor.updated_upto is 'Everything MoySklad changed up to this moment is mirrored.';

create table snapshot_state (
    id         uuid primary key,
    entity     text not null,
    name       text not null,
    state_type text not null
);

create table snapshot_order (
    id              uuid primary key,
    name            text not null,
    external_code   text,
    moment          timestamptz not null,
    organization_id uuid not null,
    agent_id        uuid not null,
    sum             bigint not null,
    payed_sum       bigint not null,
    currency        text not null,
    state_id        uuid,
    applicable      boolean not null,
    track           text,
    name_key        text not null,
    track_key       text,
    deleted         boolean not null default false,
    updated         timestamptz not null,
    fetched_at      timestamptz not null
);
create index snapshot_order_name on snapshot_order (name);
create index snapshot_order_name_key on snapshot_order (name_key);
create index snapshot_order_track_key on snapshot_order (track_key) where track_key is not null;

create table snapshot_demand (
    id              uuid primary key,
    name            text not null,
    order_id        uuid,
    moment          timestamptz not null,
    organization_id uuid not null,
    agent_id        uuid not null,
    store_id        uuid,
    sum             bigint not null,
    payed_sum       bigint not null,
    currency        text not null,
    state_id        uuid,
    applicable      boolean not null,
    track           text,
    track_key       text,
    deleted         boolean not null default false,
    updated         timestamptz not null,
    fetched_at      timestamptz not null
);
create index snapshot_demand_order on snapshot_demand (order_id);
create index snapshot_demand_track_key on snapshot_demand (track_key) where track_key is not null;

create table snapshot_salesreturn (
    id         uuid primary key,
    demand_id  uuid,
    sum        bigint not null,
    applicable boolean not null,
    deleted    boolean not null default false,
    updated    timestamptz not null,
    fetched_at timestamptz not null
);
create index snapshot_salesreturn_demand on snapshot_salesreturn (demand_id);

create table verdict (
    line_id    bigint primary key references line on delete cascade,
    verdict    text not null,
    rule       text not null,
    clean      boolean not null,
    order_id   uuid,
    demand_id  uuid,
    expected   bigint,
    received   bigint not null,
    difference bigint,
    sentence   text not null,
    decided_at timestamptz not null
);
create index verdict_order on verdict (order_id);
comment on column verdict.clean is 'Only a clean line may be posted; the rule decides.';
comment on column verdict.sentence is 'One Russian sentence a shop owner understands.';

create table posting (
    sync_id           uuid primary key,
    account           uuid not null,
    courier           text not null,
    kind              text not null check (kind in ('paymentin', 'supply', 'paymentout', 'salesreturn',
                                                    'customerorder.state', 'demand.state')),
    file_id           bigint not null references file,
    report_id         bigint not null references report,
    line_id           bigint references line,
    line_key          uuid,
    revision          int not null default 1,
    order_id          uuid,
    demand_id         uuid,
    amount            bigint not null,
    depends_on        uuid references posting,
    document          jsonb not null,
    fingerprint       text not null,
    state             text not null default 'planned'
                      check (state in ('planned', 'approved', 'sending', 'posted', 'unsure',
                                       'rejected', 'failed', 'reversed')),
    moysklad_id       uuid,
    moysklad_name     text,
    previous_state_id uuid,
    dry_run           boolean not null default false,
    error             text,
    attempts          int not null default 0,
    approved_by       text,
    planned_at        timestamptz not null,
    approved_at       timestamptz,
    sent_at           timestamptz,
    posted_at         timestamptz,
    check (state <> 'posted' or moysklad_id is not null)
);
create index posting_file on posting (file_id, state);
create index posting_line_key on posting (line_key);
create index posting_order on posting (order_id);
create index posting_open on posting (state) where state in ('planned', 'approved', 'sending', 'unsure');
comment on column posting.previous_state_id is 'The state of the order or demand when it was judged, then when it was changed.';
comment on column posting.dry_run is 'Planned while the courier was in dry run: never sent, and no claim on the money.';
comment on table posting is 'One intended document or state change in MoySklad; sync_id is deterministic.';

create table posting_line (
    line_key uuid not null,
    kind     text not null,
    revision int not null,
    sync_id  uuid not null references posting on delete cascade,
    line_id  bigint not null references line,
    primary key (line_key, kind, revision)
);
create index posting_line_sync_id on posting_line (sync_id);
create index posting_line_line on posting_line (line_id);
comment on table posting_line is 'Which lines a document that is made per report stands for; a line''s fees are in one at most.';

create table published_report (
    day          date primary key,
    as_of        timestamptz not null,
    path         text not null,
    summary      jsonb not null
);
comment on column published_report.as_of is 'Everything committed before this moment is in the published report.';
