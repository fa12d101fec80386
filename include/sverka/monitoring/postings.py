"""Documents by state, the money that does not stand in MoySklad yet, and how long it waits."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import Metric

from sverka.database.connection import Connection
from sverka.monitoring.families import age, every, gauge
from sverka.monitoring.looking import Look
from sverka.nouns import PostingKind, PostingState
from sverka.pages.reading import read

GOING = (
    PostingState.PLANNED,
    PostingState.APPROVED,
    PostingState.SENDING,
    PostingState.UNSURE,
)


@dataclass(frozen=True, slots=True)
class _Open:
    """Documents that do not stand; `amount` is minor units, `since` is when the state began."""

    courier: str
    currency: str
    kind: str
    state: str
    documents: int
    amount: int
    planned: datetime
    since: datetime


def postings(look: Look) -> Iterator[Metric]:
    """Documents by state, and the money that waits."""
    found = read(look.conn, _Open, _OPEN, {})
    counts = Counter(_ended(look.conn))
    for one in found:
        counts[one.state] += one.documents
    yield gauge("sverka_postings", "Documents by state.", ("state",), every(PostingState, counts))
    since = {
        state: age(look.now, min(one.since for one in found if one.state == state))
        for state in {one.state for one in found}
    }
    yield gauge(
        "sverka_postings_oldest_age_seconds",
        "Since the oldest document came into an unfinished state.",
        ("state",),
        every(GOING, since),
    )
    yield from _money(found, look.now)


def _ended(conn: Connection) -> dict[str, int]:
    with conn.cursor() as cursor:
        cursor.execute(_ENDED)
        return dict(cursor.fetchall())


def _money(found: list[_Open], now: datetime) -> Iterator[Metric]:
    incoming = [one for one in found if one.kind == PostingKind.PAYMENTIN]
    waiting: Counter[tuple[str, str, str]] = Counter()
    oldest: dict[tuple[str, str], datetime] = {}
    for one in incoming:
        waiting[one.courier, one.currency, one.state] += one.amount
        key = one.courier, one.currency
        oldest[key] = min(one.planned, oldest.get(key, one.planned))
    yield gauge(
        "sverka_money_waiting_minor_units",
        "Money that agrees with the books and is not booked in MoySklad yet.",
        ("courier", "currency", "state"),
        ((*key, amount) for key, amount in sorted(waiting.items())),
    )
    yield gauge(
        "sverka_money_waiting_oldest_age_seconds",
        "Since the oldest of this money was planned.",
        ("courier", "currency"),
        ((*key, age(now, moment)) for key, moment in sorted(oldest.items())),
    )


# Two halves, so that each has a partial index with exactly its states. What a dry run planned is no
# claim on money; what an undone file has left behind is nobody's trouble.
_OPEN = """
    select p.courier, r.currency, p.kind, p.state, sum(p.documents)::bigint as documents,
           sum(p.amount)::bigint as amount, min(p.planned) as planned, min(p.since) as since
      from (select courier, report_id, file_id, kind, state, count(*) as documents,
                   sum(amount) as amount, min(planned_at) as planned,
                   min(case state when 'planned' then planned_at
                                  when 'approved' then coalesce(approved_at, planned_at)
                                  else coalesce(sent_at, approved_at, planned_at) end) as since
              from posting
             where state in ('planned', 'approved', 'sending', 'unsure') and not dry_run
             group by courier, report_id, file_id, kind, state
             union all
            select courier, report_id, file_id, kind, state, count(*), sum(amount),
                   min(planned_at), min(coalesce(sent_at, approved_at, planned_at))
              from posting
             where state in ('rejected', 'failed') and not dry_run
             group by courier, report_id, file_id, kind, state) p
      join report r on r.id = p.report_id
      join file f on f.id = p.file_id
     where p.state not in ('rejected', 'failed') or f.state not in ('undone', 'quarantined')
     group by p.courier, r.currency, p.kind, p.state
"""
# There are millions of these: they are taken as counted for the files' pages (sverka.pages.counting),
# and only of files that changed since, or are in work, they are counted here.
_ENDED = """
    with unsettled as (
        select f.id from file f left join funnel n on n.file_id = f.id
         where n.file_id is null or f.state in ('processing', 'waiting')
            or n.counted_at < f.finished_at
            or exists (select from funnel_change c where c.file_id = f.id)
    )
    select state, sum(documents)::bigint
      from (select state, count as documents from funnel_document
             where state in ('posted', 'reversed') and file_id not in (select id from unsettled)
             union all
            select state, count(*) from posting
             where state in ('posted', 'reversed') and file_id in (select id from unsettled)
             group by state) counted
     group by state
"""
