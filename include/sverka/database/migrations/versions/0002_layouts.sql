alter table file drop constraint file_state_check;
alter table file add constraint file_state_check
    check (state in ('registered', 'processing', 'waiting', 'settled', 'quarantined', 'stalled'));
comment on column file.state is 'waiting: its layout is drafted and a person is asked to confirm it.';

alter table report add column purpose text not null default 'settlement'
    check (purpose in ('settlement', 'statuses', 'returns', 'statement'));
comment on column report.purpose is 'What the report is for; only a settlement is reconciled and posted.';

alter table report alter column courier drop not null;
alter table report add check (courier is not null or purpose = 'statement');
comment on column report.courier is 'Null for a bank statement only.';

alter table report add column warnings jsonb not null default '[]';
comment on column report.warnings is 'Russian sentences of what a person should know of the file and what stops nothing (hidden rows).';

create table draft (
    file_id      bigint primary key references file,
    asks         text not null check (asks in ('layout', 'courier')),
    schema       text not null,
    sha256       text not null,
    question     jsonb not null,
    knowledge    text not null,
    drafted_at   timestamptz not null,
    asked_in     text,
    asked_sha256 text,
    answers      jsonb not null default '{}',
    courier      text
);
comment on table draft is 'What a waiting file asks: a layout, as YAML, or only whose report it is; an answer is bound to sha256.';
comment on column draft.knowledge is 'The mark of all layouts and couriers when it was drafted; another one may know the file.';
comment on column draft.asked_in is 'The run whose form shows the question, and asked_sha256 what that form shows.';
comment on column draft.answers is 'What was answered so far when an answer led to another question.';
comment on column draft.courier is 'Whose report it is, said by a person about this file alone.';

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
comment on table bank_movement is 'A movement stands once for each statement that has it: overlapping statements repeat its key.';

create view known_movement as
    select distinct on (movement_key) * from bank_movement order by movement_key, report_id desc;
comment on view known_movement is 'Every movement once, as the newest statement has it. Sum these, never bank_movement.';
