"""The figures of days, written down when a day is published; and what the report's charts show."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg2.extras import RealDictCursor, execute_values

from sverka.clock import moscow_day
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.watching.facts import CameBack, Change, Figure, Received
from sverka.watching.owed import owed

SQL = Path(__file__).parent / "sql"
_NOTE, _RECEIVED, _CAME_BACK = (
    (SQL / f"{name}.sql").read_text(encoding="utf-8") for name in ("note", "received", "came_back")
)
Row = dict[str, Any]


def note_day(conn: Connection, couriers: Couriers, day: date, now: datetime) -> None:
    """Writes down the figures of a Moscow day; repeating it renews them.

    What is owed is known of the present alone: a day that is published later gets what came in and
    what was opened and resolved on it, and keeps what it knew of the debt.
    """
    with conn.cursor() as cursor:
        cursor.execute(_NOTE, {"day": day})
        if day != moscow_day(now):
            return
        cursor.execute(
            "update daily_figure set owed = 0, overdue = 0, reported = 0 where day = %s", (day,)
        )
        execute_values(
            cursor,
            "insert into daily_figure (day, courier, currency, owed, overdue, reported) values %s "
            "on conflict (day, courier, currency) do update set owed = excluded.owed, "
            "overdue = excluded.overdue, reported = excluded.reported",
            [
                (
                    day,
                    one.courier or "",
                    one.currency,
                    one.total.amount,
                    one.stages["overdue"].amount,
                    one.transfers,
                )
                for one in owed(conn, couriers, now)
            ],
        )


def trend(conn: Connection, until: date, days: int = 30) -> list[Figure]:
    """The figures of the days that end with `until`, oldest first; only days that have some."""
    rows = _rows(
        conn,
        "select * from daily_figure where day > %(since)s and day <= %(until)s "
        "order by day, courier, currency",
        {"since": until - timedelta(days=days), "until": until},
    )
    return [Figure(**row | {"courier": row["courier"] or None}) for row in rows]


def since_yesterday(conn: Connection, day: date) -> list[Change]:
    """What changed on the day since the last one before it that knows the debt, by currency."""
    rows = _rows(
        conn,
        "with earlier as (select max(day) as day from daily_figure where day < %(day)s "
        "                    and owed is not null) "
        "select f.currency, e.day as before, "
        "       coalesce(sum(f.owed) filter (where f.day = %(day)s), 0) as owed, "
        "       sum(f.owed) filter (where f.day = e.day) as owed_before, "
        "       coalesce(sum(f.overdue) filter (where f.day = %(day)s), 0) as overdue, "
        "       sum(f.overdue) filter (where f.day = e.day) as overdue_before, "
        "       coalesce(sum(f.received) filter (where f.day = %(day)s), 0) as received, "
        "       coalesce(sum(f.opened) filter (where f.day = %(day)s), 0) as opened, "
        "       coalesce(sum(f.resolved) filter (where f.day = %(day)s), 0) as resolved "
        "  from daily_figure f cross join earlier e where f.day in (%(day)s, e.day) "
        " group by f.currency, e.day order by f.currency",
        {"day": day},
    )
    return [_change(row) for row in rows]


def payouts_by_courier(conn: Connection, until: date, days: int = 30) -> list[Received]:
    """Couriers' money that came to the bank in the days that end with `until`, the most first."""
    rows = _rows(conn, _RECEIVED, {"since": until - timedelta(days=days), "until": until})
    return [Received(**row | {"amount": Minor(int(row["amount"]))}) for row in rows]


def returns_by_day(conn: Connection, until: date, days: int = 30) -> list[CameBack]:
    """Parcels reported as refused or returned in the days that end with `until`, each once."""
    rows = _rows(conn, _CAME_BACK, {"since": until - timedelta(days=days), "until": until})
    return [CameBack(**row) for row in rows]


def _change(row: Row) -> Change:
    def minor(name: str) -> Minor | None:
        return None if row[name] is None else Minor(int(row[name]))

    # A currency that nobody owed anything in on that day was owed nothing in.
    known = row["before"] is not None
    return Change(
        currency=row["currency"],
        before=row["before"],
        owed=Minor(int(row["owed"])),
        owed_before=minor("owed_before") or (Minor(0) if known else None),
        overdue=Minor(int(row["overdue"])),
        overdue_before=minor("overdue_before") or (Minor(0) if known else None),
        received=Minor(int(row["received"])),
        opened=int(row["opened"]),
        resolved=int(row["resolved"]),
    )


def _rows(conn: Connection, query: str, given: Row) -> list[Row]:
    with conn.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(query, given)
        return [dict(row) for row in cursor.fetchall()]
