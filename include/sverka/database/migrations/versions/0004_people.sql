-- ---- discrepancies: their life -----------------------------------------------------------------
-- The driver reads a percent sign as a parameter, so there is none in this file.
create table discrepancy (
    id             bigint generated always as identity primary key,
    kind           text not null check (kind in ('line', 'document', 'payout', 'order')),
    key            uuid not null,
    mark           uuid not null default gen_random_uuid(),
    verdict        text not null,
    courier        text not null,
    currency       text not null,
    stake          bigint not null check (stake >= 0),
    file_id        bigint references file,
    line_key       uuid,
    line_id        bigint,
    sheet          text,
    line_no        int,
    order_id       uuid,
    order_ref      text,
    order_key      text,
    track_ref      text,
    track_key      text,
    sentence       text not null,
    in_question    boolean not null default true,
    state          text not null default 'open' check (state in ('open', 'explained', 'resolved')),
    resolved_by    text check (resolved_by in ('report', 'booking', 'bank', 'books', 'undo', 'person',
                                               'accepted_loss', 'term')),
    accepted_amount bigint,
    comment        text,
    decided_by     text,
    opened_at      timestamptz not null,
    changed_at     timestamptz not null,
    times_reopened int not null default 0,
    updated        int not null default 1,
    unique (kind, key),
    check ((state = 'resolved') = (resolved_by is not null)),
    check ((resolved_by is not distinct from 'accepted_loss') = (accepted_amount is not null)),
    check (in_question or state = 'resolved'),
    check ((kind = 'order') = (file_id is null))
);
comment on table discrepancy is 'What a person has to look at, once for the same money: its life from the first sight on.';
comment on column discrepancy.key is 'Of a line its line_key (the same money in another file has it), of a document its sync_id, of a payout its key, of an order its id.';
comment on column discrepancy.mark is 'Known here only: a workbook names a discrepancy by a checksum of it, so nobody else can write one.';
comment on column discrepancy.verdict is 'A line''s verdict, a document''s state (rejected, failed), a payout''s (unpaid, missing, differs, contested), overdue of an order.';
comment on column discrepancy.file_id is 'The file that it was last seen in; an order in no report has none.';
comment on column discrepancy.courier is 'Empty where nobody knows who has the parcel.';
comment on column discrepancy.line_key is 'As key, but for the second of two rows of one file that say the same.';
comment on column discrepancy.line_id is 'The line that was last seen with it; reading its file again gives the line another id.';
comment on column discrepancy.in_question is 'Whether lines, documents, payouts and orders say so now; a person may have resolved it all the same.';
comment on column discrepancy.accepted_amount is 'Minor units that a person gave up; nothing is booked by that.';
comment on column discrepancy.updated is 'Grows with every event; a decision names the one that was seen.';

-- By money: a list page is one range of an index. -stake makes the order of both columns ascending.
create index discrepancy_standing on discrepancy ((-stake), id) where state <> 'resolved';
create index discrepancy_stake on discrepancy ((-stake), id);
create index discrepancy_state on discrepancy (state, (-stake), id);
create index discrepancy_courier on discrepancy (courier, (-stake), id);
create index discrepancy_verdict on discrepancy (verdict, (-stake), id);
create index discrepancy_opened on discrepancy (opened_at, id) where state <> 'resolved';
create index discrepancy_age on discrepancy (opened_at, id);
create index discrepancy_file on discrepancy (file_id, (-stake), id);
create index discrepancy_line_key on discrepancy (line_key) where line_key is not null;
create index discrepancy_order on discrepancy (order_id) where order_id is not null;
create index discrepancy_order_key on discrepancy (order_key) where order_key is not null;
create index discrepancy_track_key on discrepancy (track_key) where track_key is not null;
create index discrepancy_sums on discrepancy (state, courier, verdict, currency) include (stake);
create index discrepancy_words on discrepancy using gin (to_tsvector('simple', sentence || ' ' || coalesce(comment, '')));

create table discrepancy_event (
    id             bigint generated always as identity primary key,
    discrepancy_id bigint not null references discrepancy,
    at             timestamptz not null,
    by             text not null check (by <> ''),
    what           text not null check (what in ('opened', 'changed', 'explained', 'resolved', 'reopened')),
    how            text,
    from_state     text,
    to_state       text not null,
    from_verdict   text,
    to_verdict     text not null,
    from_stake     bigint,
    to_stake       bigint not null,
    sentence       text not null,
    comment        text,
    check ((from_state is null) = (what = 'opened'))
);
create index discrepancy_event_of on discrepancy_event (discrepancy_id, id);
create index discrepancy_event_at on discrepancy_event (at, discrepancy_id);
comment on table discrepancy_event is 'The history of discrepancies: every change of state, verdict or stake, with who did it.';
comment on column discrepancy_event.how is 'What resolved it (as resolved_by), or why it was reopened: fact, changed, person.';

-- The predicate of sverka.discrepancies.definition, without which all lines would be read for the few.
create index verdict_in_question on verdict (line_id)
    where not (clean and verdict in ('matched', 'matched_within_tolerance', 'partially_delivered',
                                     'returned', 'return_not_booked', 'service_row'))
      and verdict not in ('already_settled', 'service_row');
create index payout_in_question on payout (key, file_id, ordinal)
    where state in ('waiting', 'missing', 'differs', 'contested');

alter table report drop constraint report_purpose_check;
alter table report add constraint report_purpose_check
    check (purpose in ('settlement', 'statuses', 'returns', 'statement', 'decisions'));
alter table report drop constraint report_check;
alter table report add constraint report_check
    check (courier is not null or purpose in ('statement', 'decisions'));

-- ---- pages: what their lists are read by -------------------------------------------------------
create index file_received on file (received_at desc, id desc);
create index file_by_state on file (state, received_at desc, id desc);
create index file_by_courier on file (courier, received_at desc, id desc);
create index line_of_report on line (report_id, id);
create index verdict_by_kind on verdict (verdict, line_id);
create index file_claimed_by on file (claimed_by) where claimed_by is not null;
create index posting_trouble on posting (file_id) where state in ('rejected', 'failed', 'unsure');
create index payout_of_courier on payout (courier, at desc);

alter table snapshot_order add column link text;
alter table snapshot_demand add column link text;
comment on column snapshot_order.link is 'Where a person opens it, as MoySklad gave it (meta.uuidHref); null until it is read anew.';
comment on column snapshot_demand.link is 'Where a person opens it, as MoySklad gave it (meta.uuidHref); null until it is read anew.';
create index rejected_line on rejected (line_id) where line_id is not null;
create index line_by_outcome on line (report_id, outcome, id) where outcome <> 'delivered';
create index line_put_aside on line (report_id, id) where not accepted;
drop index posting_file;
create index posting_file on posting (file_id, state, kind, sync_id);

create table funnel (
    file_id    bigint primary key references file on delete cascade,
    counted_at timestamptz not null,
    unread     int not null
);
comment on table funnel is 'What became of the rows of a file, counted at the end of every run, so that a page counts nothing; it may be emptied and counted anew.';
comment on column funnel.unread is 'Rows that could not be read as lines.';

create table funnel_step (
    file_id   bigint not null references funnel on delete cascade,
    currency  text not null,
    step      text not null,
    lines     int not null,
    collected bigint not null,
    fees      bigint not null,
    payout    bigint not null,
    primary key (file_id, currency, step)
);
comment on column funnel_step.step is 'Where the lines ended (sverka.pages.funnel.STEPS), or all: counted on its own, so that a hole shows.';

create table funnel_document (
    file_id  bigint not null references funnel on delete cascade,
    kind     text not null,
    state    text not null,
    dry_run  boolean not null,
    currency text not null,
    count    int not null,
    amount   bigint not null,
    primary key (file_id, kind, state, dry_run, currency)
);

-- No key on the file: two transactions that change documents of one file must not wait for each other.
create table funnel_change (
    id      bigint generated always as identity primary key,
    file_id bigint not null
);
create index funnel_change_file on funnel_change (file_id);
comment on table funnel_change is 'Files whose documents or verdicts changed after they were counted: a correction, an undo, the bank''s money.';

create function funnel_of_postings() returns trigger language plpgsql as $$
begin
    insert into funnel_change (file_id) select distinct file_id from changed;
    return null;
end $$;
create trigger funnel_posting_new after insert on posting
    referencing new table as changed
    for each statement execute function funnel_of_postings();
create trigger funnel_posting after update on posting
    referencing new table as changed
    for each statement execute function funnel_of_postings();

create function funnel_of_verdicts() returns trigger language plpgsql as $$
begin
    insert into funnel_change (file_id)
    select r.file_id from report r
     where r.id in (select l.report_id from line l
                     where l.id in (select c.line_id from changed c join was w using (line_id)
                                     where (c.verdict, c.rule, c.clean)
                                           is distinct from (w.verdict, w.rule, w.clean)));
    return null;
end $$;
create trigger funnel_verdict after update on verdict
    referencing old table as was new table as changed
    for each statement execute function funnel_of_verdicts();


-- ---- watching: what each courier owes, and how old it is ---------------------------------------
alter table snapshot_order add column delivery text;
alter table snapshot_demand add column delivery text;
comment on column snapshot_order.delivery is 'The courier as the shop wrote it into the attribute for it; null where there is none.';

create table owed_order (
    order_id     uuid primary key,
    courier      text,
    told_by      text not null check (told_by in ('attribute', 'report', 'track', 'nobody')),
    currency     text not null,
    open         bigint not null check (open > 0),
    phase        text not null check (phase in ('on_the_way', 'delivered', 'lost', 'coming_back',
                                                'reported')),
    shipped_on   date not null,
    delivered_on date,
    since        date not null,
    due_on       date,
    check ((courier is null) = (told_by = 'nobody')),
    check ((due_on is null) = (phase in ('coming_back', 'reported')))
);
create index owed_order_listed on owed_order (coalesce(courier, ''), currency, since, order_id)
    include (due_on, open, phase);
create index owed_order_due on owed_order (due_on, order_id) where due_on is not null;
comment on table owed_order is 'Shipped orders with money to collect, as the newest look at books and reports has them.';
comment on column owed_order.open is 'What the courier has still to collect, minor units.';
comment on column owed_order.since is 'The day its age is counted from: delivery, or hand-over where nobody told of a delivery.';
comment on column owed_order.due_on is 'The last day on which it may be missing in the courier''s reports; null where it is not waited for: reported orders are the verdicts'' matter.';

create table daily_figure (
    day          date not null,
    courier      text not null,
    currency     text not null,
    owed         bigint,
    overdue      bigint,
    reported     bigint,
    received     bigint not null default 0,
    opened       int not null default 0,
    resolved     int not null default 0,
    primary key (day, courier, currency)
);
comment on table daily_figure is 'The figures of a day as its report had them, so that history is never computed anew; courier is empty where nobody knows it.';
comment on column daily_figure.owed is 'As of the day''s last report, minor units; null when the day was published only afterwards.';

alter table payout add column due_on date;
comment on column payout.due_on is 'The last day on which its money may be missing by the contract, as the newest look has it; null where it is not waited for.';

create function day_in_words(day date, months text[]) returns text
language sql immutable parallel safe as $$
    select extract(day from day) || ' ' || months[extract(month from day)::int] || ' '
           || extract(year from day)
$$;
comment on function day_in_words is 'A date as people write it: 14 мая 2027.';

create index posting_unseen on posting (order_id) where kind in ('paymentin', 'salesreturn') and state <> 'reversed';
create index line_came_back on line (occurred_on) where row_kind = 'return' or outcome in ('refused', 'returned');

-- ---- economics: what an order cost and what was left of it -------------------------------------
alter table snapshot_order add column region text;
comment on column snapshot_order.region is 'The region that the delivery address names; null where it names none.';

alter table line add column reason text;
comment on column line.reason is 'Why it was not handed over, in the courier''s words; null where the report does not say it.';
create index line_reason_order on line (order_key) where reason is not null;
create index line_reason_track on line (track_key) where reason is not null;

create table order_economics (
    order_id      uuid primary key,
    name          text not null,
    currency      text not null,
    courier       text not null,
    day           date not null,
    shipped_on    date,
    delivered_on  date,
    returned_on   date,
    paid_on       date,
    banked_on     date,
    outcome       text check (outcome in ('delivered', 'partially_delivered', 'refused', 'returned',
                                          'lost', 'destroyed')),
    shipped       bigint not null,
    returned      bigint not null,
    collected     bigint not null,
    fee_delivery  bigint not null,
    fee_cod       bigint not null,
    fee_insurance bigint not null,
    fee_return    bigint not null,
    fee_storage   bigint not null,
    fee_other     bigint not null,
    region        text,
    reason        text,
    fees          bigint not null generated always as
                  (fee_delivery + fee_cod + fee_insurance + fee_return + fee_storage + fee_other) stored,
    remainder     bigint not null generated always as
                  (shipped - returned - fee_delivery - fee_cod - fee_insurance - fee_return
                   - fee_storage - fee_other) stored
);
create index order_economics_day on order_economics (day desc, order_id);
create index order_economics_courier on order_economics (courier, day desc, order_id);
create index order_economics_outcome on order_economics (outcome, day desc, order_id);
create index order_economics_region on order_economics (region, day desc, order_id)
    where region is not null;
create index order_economics_reason on order_economics (reason, day desc, order_id)
    where reason is not null;
create index order_economics_remainder on order_economics (remainder, order_id);
comment on table order_economics is 'One row per order of which something is booked; derived from documents in state posted and from the snapshot, so it may be emptied and filled anew (docs/economics.md).';
comment on column order_economics.courier is 'Who carried it: of several couriers the one that charges most for carrying.';
comment on column order_economics.day is 'The newest day of its documents: the period that the whole order is counted in.';
comment on column order_economics.shipped is 'Minor units, as all money here: the sum of its demands. remainder is before the cost of the goods.';

create table order_cost (
    order_id      uuid not null references order_economics,
    courier       text not null,
    currency      text not null,
    day           date not null,
    shipped       bigint not null,
    collected     bigint not null,
    fee_delivery  bigint not null,
    fee_cod       bigint not null,
    fee_insurance bigint not null,
    fee_return    bigint not null,
    fee_storage   bigint not null,
    fee_other     bigint not null,
    primary key (order_id, courier)
);
create index order_cost_day on order_cost (day);
comment on table order_cost is 'What each courier took and charged for an order: a gateway and a courier may share one.';
comment on column order_cost.day is 'That of the order, so that both tables cut periods alike; so is shipped.';

-- Both tables added up by day and by month, so that no page reads a million rows: a period is the
-- days before its first whole month, its months, and the days after the last one.
create table economics_sum (
    cut          text not null check (cut in ('order', 'region', 'reason', 'cost')),
    grain        text not null check (grain in ('day', 'month')),
    day          date not null,
    courier      text not null,
    currency     text not null,
    outcome      text not null,
    key          text not null,
    orders       bigint not null,
    shipped      bigint not null,
    returned     bigint not null,
    collected    bigint not null,
    fee_delivery bigint not null,
    fee_cod      bigint not null,
    fee_insurance bigint not null,
    fee_return   bigint not null,
    fee_storage  bigint not null,
    fee_other    bigint not null,
    remainder    bigint not null,
    lost_orders  bigint not null,
    lost         bigint not null,
    back_days    bigint not null,
    back_timed   bigint not null,
    primary key (cut, grain, day, courier, currency, outcome, key)
);
comment on table economics_sum is 'Sums of order_economics (cuts order and region; reason of those that came back) and of order_cost (cut cost); kept in the transaction that changes them.';
comment on column economics_sum.day is 'Of a month its first day.';
comment on column economics_sum.key is 'The region or the reason; empty where nobody names one. outcome is empty where it is unknown.';
comment on column economics_sum.back_days is 'Days from shipping to return over back_timed orders.';

create index posting_waiting on posting (courier, kind) include (report_id, amount)
    where state in ('planned', 'approved', 'sending', 'unsure', 'rejected', 'failed') and not dry_run
      and kind in ('paymentin', 'supply', 'salesreturn');

-- No key on the order: two transactions that note the same orders must not wait for each other.
create table economics_queue (
    id       bigint generated always as identity primary key,
    order_id uuid not null
);
create index economics_queue_order on economics_queue (order_id);
comment on table economics_queue is 'Orders whose row of order_economics has to be worked out anew.';

create function economics_of_postings() returns trigger language plpgsql as $$
begin
    insert into economics_queue (order_id)
    select order_id from changed
     where order_id is not null
       and (state = 'posted' or state = 'reversed' and posted_at is not null)
    union
    select v.order_id
      from changed p
      join posting_line c on c.sync_id = p.sync_id
      join verdict v on v.line_id = c.line_id
     where p.order_id is null and v.order_id is not null
       and (p.state = 'posted' or p.state = 'reversed' and p.posted_at is not null);
    return null;
end $$;
create trigger economics_posting after update on posting
    referencing new table as changed
    for each statement execute function economics_of_postings();

-- Only orders that are known or queued: a queued one may be under work right now, with what the
-- books said before this change.
create function economics_of_books() returns trigger language plpgsql as $$
declare
    orders uuid[];
begin
    if tg_table_name = 'snapshot_order' then
        select array_agg(c.id) into orders from changed c;
    elsif tg_table_name = 'snapshot_demand' then
        select array_agg(distinct c.order_id) into orders from changed c where c.order_id is not null;
    else
        select array_agg(distinct d.order_id) into orders
          from changed c join snapshot_demand d on d.id = c.demand_id where d.order_id is not null;
    end if;
    insert into economics_queue (order_id)
    select o.id from unnest(orders) as o (id)
     where exists (select from order_economics e where e.order_id = o.id)
        or exists (select from economics_queue q where q.order_id = o.id);
    return null;
end $$;
create trigger economics_order after update on snapshot_order
    referencing new table as changed
    for each statement execute function economics_of_books();
create trigger economics_demand_new after insert on snapshot_demand
    referencing new table as changed
    for each statement execute function economics_of_books();
create trigger economics_demand after update on snapshot_demand
    referencing new table as changed
    for each statement execute function economics_of_books();
create trigger economics_salesreturn_new after insert on snapshot_salesreturn
    referencing new table as changed
    for each statement execute function economics_of_books();
create trigger economics_salesreturn after update on snapshot_salesreturn
    referencing new table as changed
    for each statement execute function economics_of_books();

create function economics_of_payouts() returns trigger language plpgsql as $$
begin
    insert into economics_queue (order_id)
    select distinct p.order_id
      from changed c join former f using (file_id, ordinal)
      join report r using (file_id, ordinal)
      join posting p on p.file_id = c.file_id and p.state = 'posted' and p.report_id = r.id
     where (c.state, c.moved_on) is distinct from (f.state, f.moved_on)
       and (c.state = 'paid' or f.state = 'paid') and p.order_id is not null;
    return null;
end $$;
create trigger economics_payout after update on payout
    referencing old table as former new table as changed
    for each statement execute function economics_of_payouts();

-- An export of orders says why parcels came back; it counts while its file is not undone.
create function economics_of_files() returns trigger language plpgsql as $$
begin
    insert into economics_queue (order_id)
    select e.order_id
      from report r join line l on l.report_id = r.id and l.reason is not null
      join snapshot_order o on o.name_key = l.order_key
      join order_economics e on e.order_id = o.id
     where r.file_id = new.id
     union
    select e.order_id
      from report r join line l on l.report_id = r.id and l.reason is not null
      join snapshot_order o on o.track_key = l.track_key
      join order_economics e on e.order_id = o.id
     where r.file_id = new.id
     union
    select e.order_id
      from report r join line l on l.report_id = r.id and l.reason is not null
      join snapshot_demand d on d.track_key = l.track_key
      join order_economics e on e.order_id = d.order_id
     where r.file_id = new.id;
    return null;
end $$;
create trigger economics_file after update of state on file for each row
    when (new.state is distinct from old.state and new.state in ('settled', 'undone'))
    execute function economics_of_files();

insert into economics_queue (order_id)
select order_id from posting where state = 'posted' and order_id is not null
 union
select v.order_id
  from posting p join posting_line c using (sync_id) join verdict v on v.line_id = c.line_id
 where p.state = 'posted' and v.order_id is not null;

-- ---- approvals: what a person is asked about a plan --------------------------------------------
create table plan_question (
    file_id     bigint not null references file,
    seal        text not null check (seal <> ''),
    documents   int not null check (documents > 0),
    stake       bigint not null check (stake >= 0),
    reasons     text[] not null,
    since       timestamptz not null,
    asked_at    timestamptz not null,
    asked_in    text,
    answer      text check (answer in ('post', 'refuse', 'void')),
    answered_by text,
    answered_at timestamptz,
    comment     text,
    primary key (file_id, seal),
    check ((answer is null) = (answered_at is null)),
    check ((answer is null) = (answered_by is null))
);
create unique index plan_question_open on plan_question (file_id) where answer is null;
comment on table plan_question is 'Plans that a person was asked about: at most one question of a file is open. No answer is no approval.';
comment on column plan_question.seal is 'Names exactly the plan that was shown.';
comment on column plan_question.stake is 'Minor units: the largest sum of documents of one kind; the sides of one sale are not added up.';
comment on column plan_question.since is 'When the file began to wait; a question that takes the place of a void one keeps it.';
comment on column plan_question.asked_in is 'The run whose form shows it; Airflow keeps the first form of a run, so another question needs another run.';

create table refused_posting (
    sync_id     uuid not null,
    fingerprint text not null,
    file_id     bigint not null,
    seal        text not null,
    primary key (sync_id, fingerprint),
    foreign key (file_id, seal) references plan_question
);
create index refused_posting_file on refused_posting (file_id, seal);
comment on table refused_posting is 'Documents that a person decided not to post: planning leaves them out as long as they would be the same.';

-- ---- notices: what is sent to people, once ------------------------------------------------------
create table notice (
    id          bigint generated always as identity primary key,
    key         uuid not null default gen_random_uuid(),
    kind        text not null check (kind in ('report', 'no_report', 'discrepancies', 'quarantined',
                                              'stalled', 'waiting', 'unpaid', 'failed')),
    title       text not null,
    body        text not null,
    next_step   text not null,
    path        text not null,
    attachments text[] not null,
    noted_at    timestamptz not null
);
comment on table notice is 'What people are told by e-mail and Telegram (docs/notices.md), in words.';
comment on column notice.key is 'Part of the Message-ID: a mail server may drop what it has already.';
comment on column notice.path is 'Under settings.public_url.';
comment on column notice.attachments is 'Paths in the storage.';

create table notice_subject (
    kind      text not null,
    subject   text not null,
    version   text not null,
    notice_id bigint not null references notice,
    primary key (kind, subject, version)
);
create index notice_subject_of on notice_subject (notice_id);
comment on table notice_subject is 'What a notice is about; no version of a subject is told twice.';

create table notice_delivery (
    notice_id bigint not null references notice,
    channel   text not null,
    recipient text not null,
    state     text not null default 'waiting' check (state in ('waiting', 'sent', 'given_up', 'void')),
    attempts  int not null default 0,
    try_at    timestamptz not null,
    error     text,
    done_at   timestamptz,
    primary key (notice_id, channel, recipient),
    check ((state = 'waiting') = (done_at is null))
);
create index notice_due on notice_delivery (try_at, notice_id) where state = 'waiting';
create index notice_given_up on notice_delivery (done_at) where state = 'given_up';
comment on column notice_delivery.try_at is 'Not before; whoever takes it moves it on first, so nobody else takes it meanwhile.';
create index file_finished on file (finished_at) where finished_at is not null;
