# ruff: noqa: S608 - only conditions of `filtering` are put together here; values are bound
"""What people decide about discrepancies, one or a hundred thousand at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from psycopg2.extras import execute_values

from sverka.database.connection import Connection
from sverka.discrepancies.filtering import Filter, condition
from sverka.discrepancies.nouns import Action
from sverka.discrepancies.refresh import LOCK, last_event, write_down

SQL = Path(__file__).parent / "sql"
WANTED, DECIDED = (
    (SQL / f"{name}.sql").read_text(encoding="utf-8") for name in ("wanted", "decided")
)
_CLEAN = "drop table if exists discrepancy_decision, discrepancy_wanted"
_DECISIONS = (
    "create temp table discrepancy_decision (place int, id bigint, seen int, action text, "
    "comment text) on commit drop"
)
NAMED = 1000
"""Refusals that are named one by one; the rest are counted."""


class Why(StrEnum):
    """Why a decision was not applied."""

    SAME = "same"
    """It stands so already: nothing to do, and nothing wrong."""
    MISSING = "missing"
    """There is no such discrepancy."""
    STALE = "stale"
    """It changed after the person saw it."""
    RESOLVED = "resolved"
    """It is resolved; reopen it first."""
    OPEN = "open"
    """It is open anyway."""
    ANSWERED = "answered"
    """Nothing is in question any more, so there is nothing to open."""
    SILENT = "silent"
    """An explanation without a word."""
    TWICE = "twice"
    """Two decisions about one discrepancy that say different things."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says of one discrepancy; `seen` is `Discrepancy.updated` as it was shown."""

    id: int
    seen: int
    action: Action
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A decision that was not applied; `place` is its place among those that were given."""

    place: int
    id: int
    why: Why


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of it: how many were applied, how many stood so already, and what was refused.

    `refused` names the first thousand of `refusals`.
    """

    applied: int = 0
    same: int = 0
    refused: tuple[Refused, ...] = ()
    refusals: int = 0


def decide(conn: Connection, decisions: Sequence[Decision], by: str, now: datetime) -> Decided:
    """Applies what may be applied, all in the caller's transaction; the rest is named.

    An accepted loss records the amount; nothing is booked by it. Repeating changes nothing.
    """
    early = tuple(_early(decisions))
    held = {one.place for one in early}
    rows = [
        (place, one.id, one.seen, one.action.value, _words(one.comment))
        for place, one in _firsts(decisions)
        if place not in held
    ]
    with conn.cursor() as cursor:
        _open(cursor)
        execute_values(cursor, "insert into discrepancy_decision values %s", rows, page_size=10_000)
        decided = _apply(cursor, by, now)
    refused = tuple(sorted((*early, *decided.refused), key=lambda one: one.place))
    repeated = len(decisions) - len(held) - len(rows)
    return Decided(
        decided.applied,
        decided.same + repeated,
        refused[:NAMED],
        decided.refusals + len(early),
    )


def decide_all(  # noqa: PLR0913 - a decision, every part of it by name
    conn: Connection,
    wanted: Filter,
    action: Action,
    comment: str | None,
    *,
    by: str,
    now: datetime,
    seen_at: datetime,
) -> Decided:
    """Decides the same of everything that the filter finds and that has not changed since `seen_at`,
    when the person saw the list.
    """
    if action is Action.EXPLAIN and _words(comment) is None:
        raise ValueError("an explanation needs words")
    where, values = condition(wanted, seen_at)
    values |= {"action": action.value, "comment": _words(comment), "seen_at": seen_at}
    with conn.cursor() as cursor:
        _open(cursor)
        cursor.execute(
            f"""insert into discrepancy_decision
                select row_number() over (order by -d.stake, d.id), d.id,
                       case when d.changed_at <= %(seen_at)s then d.updated else -1 end,
                       %(action)s, %(comment)s
                  from discrepancy d where {where}""",
            values,
        )
        return _apply(cursor, by, now)


def _open(cursor: Any) -> None:
    cursor.execute(LOCK)
    cursor.execute(_CLEAN)
    cursor.execute(_DECISIONS)


def _apply(cursor: Any, by: str, now: datetime) -> Decided:
    cursor.execute("analyze discrepancy_decision")
    cursor.execute(WANTED)
    cursor.execute("select why, count(*) from discrepancy_wanted group by why")
    counts = dict(cursor.fetchall())
    applied, same = counts.pop(None, 0), counts.pop(Why.SAME.value, 0)
    if applied:
        after = last_event(cursor)
        cursor.execute(DECIDED, {"by": by, "now": now})
        write_down(cursor, after)
    cursor.execute(
        "select place, id, why from discrepancy_wanted where why <> 'same' order by place limit %s",
        (NAMED,),
    )
    refused = tuple(Refused(place, id_, Why(why)) for place, id_, why in cursor.fetchall())
    cursor.execute(_CLEAN)
    return Decided(applied, same, refused, sum(counts.values()))


def _early(decisions: Sequence[Decision]) -> Iterable[Refused]:
    """What needs no look at the database: explanations without words, and contradictions."""
    said: dict[int, set[Decision]] = {}
    for one in decisions:
        said.setdefault(one.id, set()).add(one)
    for place, one in enumerate(decisions):
        if len(said[one.id]) > 1:
            yield Refused(place, one.id, Why.TWICE)
        elif one.action is Action.EXPLAIN and _words(one.comment) is None:
            yield Refused(place, one.id, Why.SILENT)


def _firsts(decisions: Sequence[Decision]) -> Iterable[tuple[int, Decision]]:
    """Each discrepancy once; what is said twice in the same words is said once."""
    seen: set[int] = set()
    for place, one in enumerate(decisions):
        if one.id not in seen:
            seen.add(one.id)
            yield place, one


def _words(comment: str | None) -> str | None:
    return (comment or "").strip() or None
