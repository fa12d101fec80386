"""What each courier owes, by how old it is; and the orders behind every number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg2.extras import RealDictCursor

from sverka.clock import moscow_day
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.watching.facts import (
    AGES,
    OWED_PHASES,
    STAGES,
    Behind,
    Orders,
    Owed,
    Part,
    Phase,
    Place,
)
from sverka.watching.transfers import Transfer, transfers

SQL = Path(__file__).parent / "sql"
_OWED, _BEHIND, _ABOUT = (
    (SQL / f"{name}.sql").read_text(encoding="utf-8") for name in ("owed", "behind", "about")
)

BUCKETS = (
    "all",
    *STAGES,
    *(age.code for age in AGES),
    Phase.COMING_BACK,
    Phase.REPORTED,
    Phase.LOST,
)
"""What `orders_behind` takes: everything owed, a stage, an age, or a phase."""

Row = dict[str, Any]


def owed(conn: Connection, couriers: Couriers, now: datetime) -> list[Owed]:
    """What each courier owes in each currency on the Moscow day of `now`, the most first.

    Reads what the last `sverka.watching.look.refresh` wrote; nothing is written.
    """
    today = moscow_day(now)
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in _rows(conn, _OWED, {"today": today}):
        rows[row["courier"], row["currency"]].append(row)
    waiting: dict[tuple[str, str], list[Transfer]] = defaultdict(list)
    for one in transfers(conn, couriers, today):
        waiting[one.courier, one.currency].append(one)
    found = [
        _owed(key, rows.get(key, ()), waiting.get(key, ())) for key in sorted({*rows, *waiting})
    ]
    return sorted(found, key=lambda one: -one.total.amount)


def orders_behind(  # noqa: PLR0913 - every argument is a part of the question
    conn: Connection,
    courier: str | None,
    bucket: str,
    after: Place | None = None,
    limit: int = 100,
    *,
    now: datetime,
    currency: str = "RUB",
) -> Orders:
    """A page of the orders behind a number of `owed`, the oldest first.

    `bucket` is one of `BUCKETS`; `courier` None asks for those of nobody knows whom.

    Raises:
        ValueError: there is no such bucket.
    """
    today = moscow_day(now)
    since, order_id = after or (date.min, UUID(int=0))
    given = _bounds(bucket, today) | {
        "courier": courier or "",
        "currency": currency,
        "today": today,
        "since": since,
        "order_id": str(order_id),
        "limit": limit + 1,
    }
    found = [_behind(row) for row in _rows(conn, _BEHIND, given)]
    page = tuple(found[:limit])
    more = len(found) > limit
    return Orders(page, (page[-1].since, page[-1].order_id) if more and page else None)


def about(conn: Connection, order_id: UUID, now: datetime) -> Behind | None:
    """What is waited for of one order; None when nothing is."""
    rows = _rows(conn, _ABOUT, {"today": moscow_day(now), "order_id": str(order_id)})
    return _behind(rows[0]) if rows else None


def _bounds(bucket: str, today: date) -> Row:
    if bucket not in BUCKETS:
        raise ValueError(f"no bucket {bucket!r}; there are {', '.join(BUCKETS)}")
    age = next((age for age in AGES if age.code == bucket), None)
    phase = bucket in (Phase.COMING_BACK, Phase.REPORTED, Phase.LOST)
    return {
        "phases": [bucket] if phase else list(OWED_PHASES),
        "stage": bucket if bucket in STAGES else None,
        "first": today - timedelta(days=age.until) if age and age.until else date.min,
        "last": today - timedelta(days=age.since) if age and age.since else date.max,
    }


def _owed(key: tuple[str, str], rows: Iterable[Row], waiting: Sequence[Transfer]) -> Owed:
    parts: dict[str, Part] = defaultdict(Part)
    ages = {age.code: Part() for age in AGES}
    oldest = []
    for row in rows:
        part = Part(row["orders"], Minor(int(row["amount"])))
        parts[row["stage"]] = _sum(parts[row["stage"]], part)
        if row["stage"] in STAGES:
            ages[row["age"]] = _sum(ages[row["age"]], part)
            oldest.append(row["oldest"])
    courier, currency = key
    return Owed(
        courier=courier or None,
        currency=currency,
        total=reduce(_sum, ages.values()),
        stages={stage: parts[stage] for stage in STAGES},
        ages=ages,
        oldest=min(oldest, default=None),
        transfers=Minor(sum(one.amount for one in waiting)),
        late_transfers=Minor(sum(one.amount for one in waiting if one.late)),
        reported=parts[Phase.REPORTED],
        coming_back=parts[Phase.COMING_BACK],
    )


def _sum(one: Part, other: Part) -> Part:
    return Part(one.orders + other.orders, Minor(one.amount + other.amount))


def _behind(row: Row) -> Behind:
    given = row | {"order_id": UUID(row["order_id"]), "phase": Phase(row["phase"])}
    return Behind(**given)


def _rows(conn: Connection, query: str, given: Mapping[str, Any]) -> list[Row]:
    with conn.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(query, given)
        return [dict(row) for row in cursor.fetchall()]
