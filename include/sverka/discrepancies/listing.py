# ruff: noqa: S608 - only conditions of `filtering` are put together here; values are bound
"""Lists, sums and histories of discrepancies, for the pages and the report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from psycopg2.extras import RealDictCursor

from sverka.database.connection import Connection
from sverka.discrepancies.filtering import Filter, condition
from sverka.discrepancies.nouns import Discrepancy, Kind, ResolvedBy, State, What
from sverka.money import Minor

LIMIT = 100
"""Discrepancies of one page."""

SELECT = """
    select d.id, d.kind, d.key::text, d.mark::text, d.verdict, d.courier, d.currency, d.stake, d.file_id,
           f.name as file, d.line_id, d.sheet, d.line_no, d.order_id::text,
           coalesce(o.name, d.order_ref) as order, d.track_ref, d.sentence, d.in_question, d.state,
           d.resolved_by, d.accepted_amount, d.comment, d.decided_by, d.opened_at, d.changed_at,
           d.times_reopened, d.updated
      from discrepancy d
      left join file f on f.id = d.file_id
      left join snapshot_order o on o.id = d.order_id
"""

By = Literal["stake", "age"]
"""The most money first, or the oldest first."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last discrepancy of a page; the next page begins behind it."""

    stake: Minor
    opened_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some discrepancies, and where the next ones begin; None at the end."""

    items: tuple[Discrepancy, ...]
    after: Cursor | None


@dataclass(frozen=True, slots=True)
class Total:
    """Sums of one courier, verdict and currency; `stake` is minor units."""

    courier: str
    verdict: str
    currency: str
    count: int
    stake: Minor


@dataclass(frozen=True, slots=True)
class Age:
    """Discrepancies that are `since` to `until` days old (`until` excluded; None: any age above)."""

    since: int
    until: int | None
    currency: str
    count: int
    stake: Minor


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a history. `how` says what resolved it (`ResolvedBy`) or why it was reopened
    (`Why`); stakes are minor units. `by` is a person or `discrepancies`.
    """

    id: int
    at: datetime
    by: str
    what: What
    how: str | None
    from_state: State | None
    to_state: State
    from_verdict: str | None
    to_verdict: str
    from_stake: Minor | None
    to_stake: Minor
    sentence: str
    comment: str | None


def open_ones(  # noqa: PLR0913 - what to show, and which page of it
    conn: Connection,
    wanted: Filter,
    now: datetime,
    *,
    after: Cursor | None = None,
    limit: int = LIMIT,
    by: By = "stake",
) -> Page:
    """One page, the most money (or the oldest) first; `after` is what the page before gave."""
    where, values = condition(wanted, now)
    order = "-d.stake, d.id" if by == "stake" else "d.opened_at, d.id"
    if after is not None:
        where += f" and ({order}) > (%(last)s, %(id)s)"
        last = -after.stake if by == "stake" else after.opened_at
        values |= {"last": last, "id": after.id}
    rows = _rows(
        conn,
        f"{SELECT} where {where} order by {order} limit %(limit)s",
        values | {"limit": limit + 1},
    )
    found = tuple(map(discrepancy_of, rows[:limit]))
    more = len(rows) > limit
    return Page(found, cursor_of(found[-1]) if more else None)


def one(conn: Connection, discrepancy_id: int) -> Discrepancy | None:
    """The discrepancy with this id."""
    rows = _rows(conn, f"{SELECT} where d.id = %(id)s", {"id": discrepancy_id})
    return discrepancy_of(rows[0]) if rows else None


def about_lines(conn: Connection, file_id: int) -> dict[int, Discrepancy]:
    """The discrepancies last seen in a file, by the id of their line."""
    query = f"{SELECT} where d.file_id = %(file)s and d.kind = 'line'"
    found = map(discrepancy_of, _rows(conn, query, {"file": file_id}))
    return {each.line_id: each for each in found if each.line_id is not None}


def cursor_of(last: Discrepancy) -> Cursor:
    """Where a page begins that follows this discrepancy."""
    return Cursor(last.stake, last.opened_at, last.id)


def totals(conn: Connection, wanted: Filter, now: datetime) -> tuple[Total, ...]:
    """Sums by courier, verdict and currency, the most money first; currencies are never added."""
    where, values = condition(wanted, now)
    rows = _rows(
        conn,
        f"""select d.courier, d.verdict, d.currency, count(*) as count, sum(d.stake)::bigint as stake
              from discrepancy d where {where}
             group by d.courier, d.verdict, d.currency
             order by sum(d.stake) desc, d.courier, d.verdict, d.currency""",
        values,
    )
    return tuple(Total(**row) for row in rows)


AGES = (0, 2, 8, 31, 91)
"""Days at which an age bucket begins."""


def ages(conn: Connection, wanted: Filter, now: datetime) -> tuple[Age, ...]:
    """Sums by age and currency, the youngest first; empty buckets are left out."""
    where, values = condition(wanted, now)
    bounds = [now - timedelta(days=days) for days in reversed(AGES[1:])]
    rows = _rows(
        conn,
        f"""select width_bucket(-extract(epoch from d.opened_at),
                                (select array_agg(-extract(epoch from b)  order by b desc)
                                   from unnest(%(bounds)s::timestamptz[]) b)) as bucket,
                   d.currency, count(*) as count, sum(d.stake)::bigint as stake
              from discrepancy d where {where} group by 1, 2 order by 1, 2""",
        values | {"bounds": bounds},
    )
    ends = (*AGES[1:], None)
    return tuple(
        Age(AGES[row["bucket"]], ends[row["bucket"]], row["currency"], row["count"], row["stake"])
        for row in rows
    )


def history(conn: Connection, discrepancy_id: int) -> tuple[Event, ...]:
    """Everything that happened to a discrepancy, the oldest first."""
    rows = _rows(
        conn,
        """select id, at, by, what, how, from_state, to_state, from_verdict, to_verdict, from_stake,
                  to_stake, sentence, comment
             from discrepancy_event where discrepancy_id = %(id)s order by id""",
        {"id": discrepancy_id},
    )
    return tuple(_event(row) for row in rows)


def _event(row: Mapping[str, Any]) -> Event:
    before = row["from_state"]
    return Event(
        **{
            **row,
            "what": What(row["what"]),
            "from_state": State(before) if before else None,
            "to_state": State(row["to_state"]),
        }
    )


def discrepancy_of(row: Mapping[str, Any]) -> Discrepancy:
    """A row of `SELECT`."""
    order_id, how = row["order_id"], row["resolved_by"]
    return Discrepancy(
        **{
            **row,
            "kind": Kind(row["kind"]),
            "key": UUID(row["key"]),
            "mark": UUID(row["mark"]),
            "order_id": UUID(order_id) if order_id else None,
            "state": State(row["state"]),
            "resolved_by": ResolvedBy(how) if how else None,
        }
    )


def _rows(conn: Connection, query: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    with conn.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(query, values)
        return [dict(row) for row in cursor.fetchall()]
