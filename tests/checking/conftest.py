"""A stored file to check: a report and its lines, put into the database directly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from psycopg2.extras import Json, execute_values

from sverka.money import Minor
from sverka.nouns import Line, Outcome, RowKind
from sverka.services import Services
from sverka.settings import Settings

REPORT_DAY = date(2026, 11, 18)

LINE_FIELDS = tuple(f.name for f in fields(Line))


def order_line(line_no: int, **changes: Any) -> Line:
    """A plain delivered order that fits: 1 000 ₽ taken, 120 ₽ kept, 880 ₽ transferred."""
    given: dict[str, Any] = {
        "sheet": "Реестр",
        "line_no": line_no,
        "row_kind": RowKind.ORDER,
        "order_ref": f"{10000 + line_no}",
        "track_ref": None,
        "outcome": Outcome.DELIVERED,
        "occurred_on": date(2026, 11, 16),
        "payment_method": None,
        "collected": Minor(100000),
        "fee_delivery": Minor(12000),
        "payout": Minor(88000),
        "identity": f"order {line_no}",
    }
    return Line(**{**given, **changes})


@dataclass
class Stored:
    """What to store of one report, and how it is stored."""

    lines: Sequence[Line]
    settlement: str | None = "net"
    totals: dict[str, int] = field(default_factory=dict)
    payment_order_sum: int | None = None
    report_date: date | None = REPORT_DAY
    unreadable: Sequence[str] = ()


@pytest.fixture
def services(database_url: str, tmp_path: Path, clock: Callable[[], Any]) -> Services:
    (tmp_path / "plain.yaml").write_text("schema: plain\n", encoding="utf-8")
    settings = Settings(
        database_url=database_url,
        storage_url=str(tmp_path),
        storage_options={},
        zones=(),
        moysklad=None,
        courier_schemas=tmp_path,
    )
    return Services(settings=settings, storage=None, moysklad=None, clock=clock)  # type: ignore[arg-type]


class Files:
    """Stores reports as files of the test's database, and reads back what checking left."""

    def __init__(self, url: str) -> None:
        self.url = url

    def store(self, *reports: Stored) -> int:
        with psycopg2.connect(self.url) as conn, conn.cursor() as cursor:
            cursor.execute(
                """
                insert into file (sha256, name, zone, size_bytes, partition_key, received_at)
                values (%(key)s, 'отчёт.xlsx', 'inbox', 1, %(key)s, now()) returning id
                """,
                {"key": uuid4().hex},
            )
            file_id = self._one(cursor)
            for ordinal, report in enumerate(reports):
                self._report(cursor, file_id, ordinal, report)
        return file_id

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg2.connect(self.url) as conn, conn.cursor() as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def accepted(self, file_id: int) -> dict[int, bool]:
        """Line number → accepted."""
        return dict(
            self.rows(
                "select line_no, accepted from line l join report r on r.id = report_id"
                " where file_id = %s",
                file_id,
            )
        )

    def reasons(self, file_id: int) -> list[tuple[int, str, str]]:
        """Line number, rule and reason of every line that checking rejected."""
        return self.rows(
            "select j.line_no, j.rule, j.reason from rejected j join report r on r.id = report_id"
            " where file_id = %s and j.line_id is not null order by j.line_no, j.rule",
            file_id,
        )

    @staticmethod
    def _one(cursor: Any) -> int:
        return int(cursor.fetchone()[0])

    def _report(self, cursor: Any, file_id: int, ordinal: int, report: Stored) -> None:
        cursor.execute(
            """
            insert into report (file_id, ordinal, courier, schema, schema_version, report_date,
                payment_order_sum, currency, settlement, totals, rows_read)
            values (%s, %s, 'gorod', 'plain', 1, %s, %s, 'RUB', %s, %s, %s) returning id
            """,
            (
                file_id,
                ordinal,
                report.report_date,
                report.payment_order_sum,
                report.settlement,
                Json(report.totals),
                len(report.lines) + len(report.unreadable),
            ),
        )
        report_id = self._one(cursor)
        execute_values(
            cursor,
            f"insert into line (report_id, line_key, {', '.join(LINE_FIELDS)}) values %s",
            [
                (report_id, str(uuid4()), *(getattr(line, name) for name in LINE_FIELDS))
                for line in report.lines
            ],
        )
        for reason in report.unreadable:
            cursor.execute(
                "insert into rejected (report_id, line_no, rule, reason) values (%s, 99, 'number', %s)",
                (report_id, reason),
            )


@pytest.fixture
def files(database_url: str) -> Files:
    return Files(database_url)
