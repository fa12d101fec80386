"""What the reports of a file claim, written down once the file has passed its checks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from psycopg2.extras import RealDictCursor, execute_values

from sverka.database.connection import Connection
from sverka.payouts.facts import bare_number

SPACE = UUID("2f5d2a0e-6c0b-5a3f-9d53-7d1f0f1f6c21")
_REPORTS = (Path(__file__).parent / "sql" / "reports.sql").read_text(encoding="utf-8")

Row = dict[str, Any]


def claim(conn: Connection, file_id: int, waits: Mapping[str, bool], now: datetime) -> None:
    """Writes down what every settlement report of the file says that the courier transfers.

    `waits` says of each courier whether its scheme books only paid reports. What was matched
    before stays until `rematch`. Repeating changes nothing.
    """
    reports = _reports(conn, file_id)
    rows = [
        _row(file_id, report, group, waits=waits[report["courier"]], now=now)
        for group in _together(reports)
        for report in group
    ]
    with conn.cursor() as cursor:
        cursor.execute(
            "delete from payout where file_id = %s and not ordinal = any(%s::int[])",
            (file_id, [report["ordinal"] for report in reports]),
        )
        execute_values(
            cursor,
            "insert into payout (file_id, ordinal, key, courier, currency, own, expected, together, "
            "number, ordered_on, day, at, waits) values %s on conflict (file_id, ordinal) do update "
            "set key = excluded.key, courier = excluded.courier, currency = excluded.currency, "
            "own = excluded.own, expected = excluded.expected, together = excluded.together, "
            "number = excluded.number, ordered_on = excluded.ordered_on, day = excluded.day, "
            "waits = excluded.waits",
            rows,
        )


def _reports(conn: Connection, file_id: int) -> list[Row]:
    with conn.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(_REPORTS, {"file": file_id})
        return [dict(row) for row in cursor.fetchall()]


def _together(reports: Sequence[Row]) -> list[list[Row]]:
    """Reports that one payment order pays: the same number and day of the same courier."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for report in reports:
        number = bare_number(report["number"])
        alone = report["ordinal"] if number is None else None
        place = (report["courier"], report["currency"], number, report["ordered_on"], alone)
        groups[place].append(report)
    return list(groups.values())


def _row(
    file_id: int, report: Row, group: Sequence[Row], *, waits: bool, now: datetime
) -> tuple[Any, ...]:
    owns = [one["own"] for one in group]
    expected = None if None in owns else sum(owns)
    return (
        file_id,
        report["ordinal"],
        str(_key(group, expected)),
        report["courier"],
        report["currency"],
        report["own"],
        expected,
        len(group),
        report["number"],
        report["ordered_on"],
        report["day"],
        now,
        waits,
    )


def _key(group: Sequence[Row], expected: int | None) -> UUID:
    """Named by the rows: the same report in another file or format is the same payout."""
    first = group[0]
    digests = ",".join(sorted(one["digest"] for one in group))
    return uuid5(SPACE, f"{first['courier']}|{first['currency']}|{expected}|{digests}")
