# ruff: noqa: S608 - only constants of this module are put together here; values are bound
"""The SQL of the daily report: every question is one pass over sets, never one per line.

All take `start` and `finish`, the bounds of the Moscow day.
"""

from sverka.discrepancies.definition import FEES, PART, STAKE

OF_THE_DAY = "f.received_at >= %(start)s and f.received_at < %(finish)s"
"""A file belongs to the day it came, whenever it is finished: so days can be added up."""

BEFORE_THE_DAY = "f.received_at < %(start)s"

SETTLES = "r.purpose = 'settlement'"
"""Other reports (statuses, returns, statements) are noted; their money is no part of a day's."""

FILES = f"""
    select f.id, f.name, f.zone, f.state, f.reason, f.courier, f.partition_key, f.claimed_by,
           f.received_at, f.finished_at
      from file f where {OF_THE_DAY} order by f.received_at, f.id
"""

FINISHED_LATER = f"""
    select f.name, f.state, f.received_at from file f
     where {BEFORE_THE_DAY} and f.state = 'settled'
       and f.finished_at >= %(start)s and f.finished_at < %(finish)s
     order by f.received_at, f.id
"""

DOUBTS = f"""
    select c.file_id, c.sentence from check_result c join file f on f.id = c.file_id
     where not c.passed and c.severity = 'warning' and {OF_THE_DAY}
     order by c.file_id, c.id
"""

REPORTS = f"""
    select r.file_id, r.courier, r.rows_read, r.ignored
      from report r join file f on f.id = r.file_id where {SETTLES} and {OF_THE_DAY}
     order by r.file_id, r.ordinal
"""

NOTED = f"""
    select r.file_id, r.purpose, count(l.id) + count(m.id) as rows
      from report r join file f on f.id = r.file_id
      left join line l on l.report_id = r.id
      left join bank_movement m on m.report_id = r.id
     where not {SETTLES} and r.purpose <> 'decisions' and {OF_THE_DAY}
     group by r.file_id, r.purpose order by r.file_id, r.purpose
"""

DECISIONS_READ = f"""
    select r.file_id, r.totals,
           (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]')
              from (select id, sheet, line_no, reason from rejected
                     where report_id = r.id order by id limit 20) x) as refused
      from report r join file f on f.id = r.file_id
     where r.purpose = 'decisions' and {OF_THE_DAY}
     order by r.file_id
"""

REJECTED_ROWS = f"""
    select r.file_id, count(distinct (r.id, x.sheet, x.line_no)) as rows
      from rejected x join report r on r.id = x.report_id join file f on f.id = r.file_id
     where x.line_id is null and {SETTLES} and {OF_THE_DAY}
     group by r.file_id
"""

REPORTED = f"""
    select r.file_id, r.courier, l.currency, count(*) as lines, sum(l.collected) as collected,
           sum({FEES}) as fees, sum(l.payout) as payout
      from line l join report r on r.id = l.report_id join file f on f.id = r.file_id
     where {SETTLES} and {OF_THE_DAY}
     group by r.file_id, r.courier, l.currency
"""

# `in (select …)` is always one hash table. A join here went quadratic (36 s for 40,000 documents) on
# tables that were filled a moment before, because PostgreSQL has no statistics of them yet.
PARTS = f"""
    with made as (
        select p.line_id, p.state from posting p join file f on f.id = p.file_id
         where p.line_id is not null and {OF_THE_DAY}
         union all
        select pl.line_id, p.state
          from posting_line pl
          join posting p on p.sync_id = pl.sync_id
          join file f on f.id = p.file_id
         where {OF_THE_DAY}
    ), document as (
        select line_id, bool_and(state = 'posted') as posted
          from made where state <> 'reversed' group by line_id
    )
    select r.file_id, r.courier, l.currency, {PART} as part,
           l.id in (select line_id from document where posted) as posted,
           count(*) as lines, sum(l.collected) as collected, sum({FEES}) as fees,
           sum(l.payout) as payout, sum({STAKE}) as stake
      from line l
      join report r on r.id = l.report_id
      join file f on f.id = r.file_id
      left join verdict v on v.line_id = l.id
     where {SETTLES} and {OF_THE_DAY}
     group by r.file_id, r.courier, l.currency, 4, 5
     order by r.file_id, r.courier, l.currency, 4, 5
"""

SERVICES = f"""
    select f.id as file_id, f.name as file, r.ordinal, l.id as line_id, l.sheet, l.line_no, r.courier,
           l.order_ref, l.track_ref, l.currency, {STAKE} as stake, v.rule, v.sentence
      from line l
      join report r on r.id = l.report_id
      join file f on f.id = r.file_id
      join verdict v on v.line_id = l.id
     where {PART} = 'service' and {OF_THE_DAY}
     order by stake desc, r.courier, f.received_at, f.id, l.id
"""

REJECTED = f"""
    select f.id as file_id, f.name as file, x.sheet, x.line_no, x.column_name as column, x.value,
           x.rule, x.reason
      from rejected x
      join report r on r.id = x.report_id
      join file f on f.id = r.file_id
     where {SETTLES} and {OF_THE_DAY}
     order by f.received_at, f.id, r.ordinal, x.line_no, x.id
"""

DOCUMENTS = f"""
    select p.file_id, f.name as file, p.courier, p.kind, p.state, r.currency, count(*) as count,
           sum(p.amount) as amount
      from posting p join report r on r.id = p.report_id join file f on f.id = p.file_id
     where {OF_THE_DAY}
     group by p.file_id, f.name, p.courier, p.kind, p.state, r.currency
     order by p.file_id, p.courier, p.kind, p.state, r.currency
"""

UNSURE = f"""
    select f.id as file_id, f.name as file, l.sheet, l.line_no, l.order_ref, p.courier, p.kind,
           r.currency, p.amount, coalesce(p.error, '') as error
      from posting p
      join report r on r.id = p.report_id
      join file f on f.id = p.file_id
      left join line l on l.id = p.line_id
     where p.state = 'unsure' and {OF_THE_DAY}
     order by p.amount desc, f.id, l.id, p.kind, p.sync_id
"""

# A shop that gives Sverka no statements is not told every day that they have no money.
TRANSFERS = f"""
    select p.file_id, f.name as file, p.courier, r.report_no, r.report_date, p.currency, p.own,
           p.expected, p.state, p.moved_on as came_on, p.bank_number, p.received, p.sentence, p.day
      from payout p
      join file f on f.id = p.file_id
      join report r on r.file_id = p.file_id and r.ordinal = p.ordinal
     where p.state not in ('void', 'nothing')
       and (p.waits or exists (select from bank_statement))
       and ({OF_THE_DAY}
            or {BEFORE_THE_DAY} and f.received_at > %(start)s - interval '92 days'
               and (p.state <> 'paid' or p.at >= %(start)s and p.at < %(finish)s))
     order by p.state = 'paid', f.received_at, f.id, p.ordinal
"""

DROPPED_AGAIN = """
    select s.name, s.zone, s.seen_at, f.name as accepted_as, f.received_at as accepted_at
      from sighting s join file f on f.id = s.file_id
     where s.seen_at >= %(start)s and s.seen_at < %(finish)s
       and s.seen_at > f.received_at
     order by s.seen_at, s.id
"""

CARRIED_FILES = f"""
    select f.id, f.name, f.zone, f.state, f.reason, f.courier, f.partition_key, f.claimed_by,
           f.received_at, f.finished_at
      from file f where f.state not in ('settled', 'undone') and {BEFORE_THE_DAY}
     order by f.received_at desc, f.id desc
"""

CARRIED_DOCUMENTS = f"""
    select p.file_id, f.name as file, p.courier, p.kind, p.state, r.currency, count(*) as count,
           sum(p.amount) as amount
      from posting p join report r on r.id = p.report_id join file f on f.id = p.file_id
     where p.state not in ('posted', 'reversed', 'rejected', 'failed') and {BEFORE_THE_DAY}
       and (p.state <> 'planned' or f.state = 'processing' or not p.dry_run)
     group by p.file_id, f.name, p.courier, p.kind, p.state, r.currency
     order by p.file_id, p.courier, p.kind, p.state, r.currency
"""

HAS_EARLIER = "select exists (select from published_report where day < %(day)s) as found"

PLANS = """
    select q.file_id, f.name as file, q.documents, q.stake, q.since,
           coalesce((select currency from account), 'RUB') as currency
      from plan_question q join file f on f.id = q.file_id
     where q.answer is null
     order by q.since, q.file_id
"""
