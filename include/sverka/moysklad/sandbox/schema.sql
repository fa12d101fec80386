-- Everything the sandbox knows. Applied at every start; nothing here may fail the second time.
create schema if not exists sandbox;

create table if not exists sandbox.object (
    id            uuid primary key,
    type          text not null,
    sync_id       uuid,
    created       timestamp(3) not null,   -- Moscow time without a zone, as the API shows it
    updated       timestamp(3) not null,
    deleted       timestamp(3),
    body          jsonb not null,
    touched       boolean not null default true,  -- changed since the baseline was taken
    name          text generated always as (body ->> 'name') stored,
    external_code text generated always as (body ->> 'externalCode') stored,
    moment        text collate "C" generated always as (body ->> 'moment') stored
);
alter table sandbox.object add column if not exists touched boolean not null default true;
create index if not exists object_touched on sandbox.object (id) where touched;
-- Two creates with one syncId can only ever make one object.
create unique index if not exists object_sync_id on sandbox.object (type, sync_id) where sync_id is not null;
create index if not exists object_type on sandbox.object (type, id) where deleted is null;
create index if not exists object_updated on sandbox.object (type, updated, id);
create index if not exists object_moment on sandbox.object (type, moment, id);
create index if not exists object_name on sandbox.object (type, name);
create index if not exists object_external_code on sandbox.object (type, external_code);
create index if not exists object_agent on sandbox.object (type, (body ->> 'agent'));

-- Links between documents, derived from the bodies: payments to what they pay (with linkedSum),
-- demands to orders, returns to demands.
create table if not exists sandbox.link (
    source uuid not null references sandbox.object (id) on delete cascade,
    field  text not null,
    target uuid not null,
    sum    bigint,
    primary key (source, field, target)
);
create index if not exists link_target on sandbox.link (target);

create table if not exists sandbox.numbering (
    type text not null,
    year integer not null,
    last integer not null,
    primary key (type, year)
);

create table if not exists sandbox.token (
    token text primary key,
    login text not null
);

create table if not exists sandbox.account (
    only_row boolean primary key default true check (only_row),
    id       uuid not null
);

-- The state that a reset goes back to: what the shop was when it had been loaded.
create table if not exists sandbox.baseline (
    id      uuid primary key,
    type    text not null,
    sync_id uuid,
    created timestamp(3) not null,
    updated timestamp(3) not null,
    deleted timestamp(3),
    body    jsonb not null
);
create table if not exists sandbox.baseline_link (
    source uuid not null,
    field  text not null,
    target uuid not null,
    sum    bigint
);
create index if not exists baseline_link_source on sandbox.baseline_link (source);
create table if not exists sandbox.baseline_numbering (
    type text not null,
    year integer not null,
    last integer not null
);
