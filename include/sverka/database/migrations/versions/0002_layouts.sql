alter table file drop constraint file_state_check;
alter table file add constraint file_state_check
    check (state in ('registered', 'processing', 'waiting', 'settled', 'quarantined', 'stalled'));
comment on column file.state is 'waiting: its layout is drafted and a person is asked to confirm it.';

alter table report add column purpose text not null default 'settlement'
    check (purpose in ('settlement', 'statuses', 'returns', 'statement'));
comment on column report.purpose is 'What the report is for; only a settlement is reconciled and posted.';

create table draft (
    file_id    bigint primary key references file,
    schema     text not null,
    sha256     text not null,
    drafted_at timestamptz not null
);
comment on table draft is 'The layout proposed for a file that waits, as YAML; an answer is bound to its hash.';

create table confirmed_schema (
    id           bigint generated always as identity primary key,
    code         text not null,
    version      int not null,
    schema       text not null,
    file_id      bigint references file,
    confirmed_by text not null,
    confirmed_at timestamptz not null,
    withdrawn_at timestamptz,
    unique (code, version)
);
comment on table confirmed_schema is 'Layouts that a person confirmed, as YAML; the newest version that is not withdrawn counts.';

create table confirmed_courier (
    code         text primary key,
    terms        text not null,
    confirmed_by text not null,
    confirmed_at timestamptz not null
);
comment on table confirmed_courier is 'Couriers that a person named when confirming a layout, as YAML; a file in include/couriers wins.';

create table bank_movement (
    id                   bigint generated always as identity primary key,
    report_id            bigint not null references report on delete cascade,
    line_no              int not null,
    account              text not null,
    direction            text not null check (direction in ('in', 'out')),
    number               text,
    document_date        date,
    moved_on             date not null,
    amount               bigint not null check (amount >= 0),
    currency             text not null,
    counterparty         text,
    counterparty_inn     text,
    counterparty_account text,
    purpose              text,
    movement_key         uuid not null
);
create index bank_movement_report on bank_movement (report_id);
create index bank_movement_key on bank_movement (movement_key);
comment on column bank_movement.amount is 'Minor units, unsigned; direction is the account holder''s.';
comment on column bank_movement.movement_key is 'The same movement has it in every statement (account, direction, number, day, amount, INN, occurrence).';
