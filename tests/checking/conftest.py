"""A stored file to check: a report and its lines, put into the database directly."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from psycopg2.extras import Json, execute_values

from sverka.intake.storage import Storage
from sverka.money import Minor
from sverka.nouns import Line, Outcome, PaymentMethod, RowKind
from sverka.parsing.identity import line_key
from sverka.services import Services
from sverka.settings import INCLUDE, Settings

REPORT_DAY = date(2026, 11, 18)

LINE_FIELDS = tuple(f.name for f in fields(Line))


RECEIVED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

PLAIN = """
language: 1
schema: plain
version: 1
title: Реестр
courier: null
provenance: {kind: convention, sources: [a test]}
layout: {table: {require: [order]}}
columns:
  order: {headers: [Заказ], as: id}
  taken: {headers: [Взято], as: money}
  status: {headers: [Статус]}
line: {order_ref: order, collected: taken}
words:
  outcome: {column: status, vocabulary: outcomes}
  row_kind: {column: status, vocabulary: row_kinds}
  payment_method: {column: status, vocabulary: payment_methods}
identity: [order]
"""
"""A layout in which a row may be of any kind; what a test adds goes under it."""

_VOCABULARY = "\n".join(
    f"{name}:\n" + "\n".join(f"  {noun.value}: [{noun.value}]" for noun in nouns)
    for name, nouns in (
        ("outcomes", Outcome),
        ("row_kinds", RowKind),
        ("payment_methods", PaymentMethod),
    )
)


def write_schema(folder: Path, more: str = "", plain: str = PLAIN) -> Path:
    """A folder of schemas with the plain one and what a test adds to it."""
    (folder / "vocabulary.yaml").write_text(_VOCABULARY, encoding="utf-8")
    (folder / "plain.yaml").write_text(plain + more, encoding="utf-8")
    shutil.copy(INCLUDE / "courier_schemas" / "schema.json", folder)
    return folder


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
    ignored: int = 0
    rows_read: int | None = None
    """By default what adds up."""
    head: dict[str, Any] = field(default_factory=dict)
    """Further columns of the report: period, payment order, purpose."""


@pytest.fixture
def services(database_url: str, tmp_path: Path, clock: Callable[[], Any]) -> Services:
    schemas = tmp_path / "schemas"
    schemas.mkdir()
    settings = Settings(
        database_url=database_url,
        storage_url=str(tmp_path),
        storage_options={},
        zones=(),
        moysklad=None,
        courier_schemas=write_schema(schemas),
    )
    storage = Storage(str(tmp_path), {})
    return Services(settings=settings, storage=storage, moysklad=None, clock=clock)  # type: ignore[arg-type]


class Files:
    """Stores reports as files of the test's database, and reads back what checking left."""

    def __init__(self, url: str) -> None:
        self.url = url

    def store(self, *reports: Stored) -> int:
        with psycopg2.connect(self.url) as conn, conn.cursor() as cursor:
            cursor.execute(
                """
                insert into file (sha256, name, zone, size_bytes, partition_key, received_at)
                values (%(key)s, 'отчёт.xlsx', 'inbox', 1, %(key)s, %(received)s) returning id
                """,
                {"key": uuid4().hex, "received": RECEIVED},
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
        read = len(report.lines) + len(report.unreadable) + report.ignored
        values = {
            "file_id": file_id,
            "ordinal": ordinal,
            "courier": "gorod",
            "schema": "plain",
            "schema_version": 1,
            "report_date": report.report_date,
            "payment_order_sum": report.payment_order_sum,
            "currency": "RUB",
            "settlement": report.settlement,
            "totals": Json(report.totals),
            "ignored": Json([{"reason": "не операция", "rows": report.ignored, "payout": 500}]),
            "rows_read": read if report.rows_read is None else report.rows_read,
            **report.head,
        }
        cursor.execute(
            f"insert into report ({', '.join(values)}) values %s returning id",
            (tuple(values.values()),),
        )
        report_id = self._one(cursor)
        execute_values(
            cursor,
            f"insert into line (report_id, line_key, {', '.join(LINE_FIELDS)}) values %s",
            [
                (
                    report_id,
                    str(line_key("gorod", line.identity, line.occurrence)),
                    *(getattr(line, name) for name in LINE_FIELDS),
                )
                for line in report.lines
            ],
        )
        for number, reason in enumerate(report.unreadable):
            cursor.execute(
                "insert into rejected (report_id, line_no, rule, reason)"
                " values (%s, %s, 'number', %s)",
                (report_id, 900 + number, reason),
            )


@pytest.fixture
def files(database_url: str) -> Files:
    return Files(database_url)
