"""Checking's part of the database: reading the rows to judge, keeping what was found."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg2.extras import execute_values

from sverka.checking.findings import SAMPLE, Finding
from sverka.checking.views import models_query
from sverka.checking.words import RejectedAs, Row
from sverka.clock import moscow_day
from sverka.database.connection import Connection
from sverka.errors import Misconfigured
from sverka.nouns import FEES, Purpose, Settlement

_FIELDS = (
    "row_kind",
    "order_ref",
    "track_ref",
    "outcome",
    "occurred_on",
    "payment_method",
    "collected",
    *FEES,
    "vat",
    "payout",
    "currency",
    "identity",
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: its schema, its lines, and the rows that parsing could not read.

    `models` is the settlement model of each report; a report without money has none. `received`
    is the Moscow day the file came; `totals` counts the printed totals of all reports.
    """

    file_id: int
    received: date
    schema: str
    purpose: Purpose
    reports: int
    models: dict[int, Settlement]
    currency: str
    lines: int
    totals: int
    unreadable: int
    first_unreadable: str | None


def contents(conn: Connection, file_id: int) -> Contents | None:
    """What was stored of the file; None when it has no report.

    Raises:
        Misconfigured: its reports were read with different schemas.
    """
    with conn.cursor() as cursor:
        cursor.execute(
            """
            select count(distinct r.schema), min(r.schema), min(r.purpose), min(r.currency), count(*),
                (select received_at from file where id = %(file)s),
                (select count(*) from line l join report o on o.id = l.report_id
                    where o.file_id = %(file)s),
                coalesce(sum((select count(*) from jsonb_object_keys(r.totals))), 0)::bigint
                    + count(r.payment_order_sum)
            from report r where r.file_id = %(file)s
            """,
            {"file": file_id},
        )
        schemas, schema, purpose, currency, reports, received, lines, totals = _one(cursor)
        cursor.execute(
            """
            select count(*), (array_agg(j.reason order by j.id))[1]
            from rejected j join report r on r.id = j.report_id
            where r.file_id = %s and j.line_id is null
            """,
            (file_id,),
        )
        unreadable, first = _one(cursor)
        cursor.execute(models_query(file_id))
        models = {report: Settlement(model) for report, model in cursor.fetchall() if model}
    if schemas > 1:
        raise Misconfigured(f"file {file_id}: its reports were read with {schemas} schemas")
    if not schemas:
        return None
    return Contents(
        file_id=file_id,
        received=moscow_day(received),
        schema=schema,
        purpose=Purpose(purpose),
        reports=reports,
        models=models,
        currency=currency,
        lines=lines,
        totals=totals,
        unreadable=unreadable,
        first_unreadable=first,
    )


def rows(
    conn: Connection, line_ids: Sequence[int], models: Mapping[int, Settlement]
) -> dict[int, Row]:
    """The lines with these ids, by id; `models` is the settlement model of their reports."""
    with conn.cursor() as cursor:
        cursor.execute(
            f"""
            select l.id, l.report_id, l.sheet, l.line_no,
                {", ".join(f"l.{field}" for field in _FIELDS)}
            from line l where l.id = any(%s)
            """,  # noqa: S608 - column names are constants
            (list(line_ids),),
        )
        found = [_row(row, models) for row in cursor.fetchall()]
    return {row.line_id: row for row in found}


def forget(conn: Connection, file_id: int) -> None:
    """Takes back what an earlier check of the file said, so that checking again is the same."""
    with conn.cursor() as cursor:
        cursor.execute("delete from check_result where file_id = %s", (file_id,))
        cursor.execute(
            """
            delete from rejected j using report r
            where r.id = j.report_id and r.file_id = %s and j.line_id is not null
            """,
            (file_id,),
        )
        cursor.execute(
            """
            update line l set accepted = true from report r
            where r.id = l.report_id and r.file_id = %s and not l.accepted
            """,
            (file_id,),
        )


def spans(conn: Connection, file_id: int, size: int) -> list[tuple[int, int]]:
    """First and last line id of consecutive parts of the file, `size` lines each."""
    with conn.cursor() as cursor:
        cursor.execute(
            """
            select min(id), max(id) from (
                select l.id, (row_number() over (order by l.id) - 1) / %s as part
                from line l join report r on r.id = l.report_id where r.file_id = %s
            ) numbered group by part order by part
            """,
            (size, file_id),
        )
        return [(int(first), int(last)) for first, last in cursor.fetchall()]


def reject(conn: Connection, refused: Sequence[tuple[Row, RejectedAs]]) -> int:
    """Puts the lines aside with their reasons; returns how many of them were not aside before."""
    with conn.cursor() as cursor:
        cursor.execute(
            "update line set accepted = false where accepted and id = any(%s)",
            (list({row.line_id for row, _ in refused}),),
        )
        newly = cursor.rowcount
        execute_values(
            cursor,
            """
            insert into rejected
                (report_id, line_id, sheet, line_no, column_name, value, rule, reason) values %s
            """,
            [
                (
                    row.report_id,
                    row.line_id,
                    row.sheet,
                    row.line_no,
                    a.column,
                    a.value,
                    a.rule,
                    a.reason,
                )
                for row, a in refused
            ],
            page_size=1000,
        )
    return int(newly)


def asked(conn: Connection, query: str, columns: Sequence[str]) -> dict[str, int]:
    """How many rows of the query have a value in each column: those that a rule speaks of."""
    if not columns:
        return {}
    counts = ", ".join(f"count({column})" for column in columns)
    with conn.cursor() as cursor:
        cursor.execute(f"select {counts} from ({query}) asked")  # noqa: S608 - columns of the views
        return dict(zip(columns, map(int, _one(cursor)), strict=True))


def counted(conn: Connection, file_id: int) -> tuple[int, int]:
    """How many lines of the file go on and how many were put aside, as the last check left it."""
    with conn.cursor() as cursor:
        cursor.execute(
            """
            select count(*) filter (where l.accepted), count(*) filter (where not l.accepted)
            from line l join report r on r.id = l.report_id where r.file_id = %s
            """,
            (file_id,),
        )
        accepted, rejected = _one(cursor)
    return int(accepted), int(rejected)


def hold(conn: Connection, file_id: int) -> None:
    """Accepts nothing of the file."""
    with conn.cursor() as cursor:
        cursor.execute(
            """
            update line l set accepted = false from report r
            where r.id = l.report_id and r.file_id = %s and l.accepted
            """,
            (file_id,),
        )


def keep(conn: Connection, file_id: int, findings: Sequence[Finding], now: datetime) -> None:
    """Keeps the findings for the validation page: one row per rule, with a few refused rows."""
    with conn.cursor() as cursor:
        execute_values(
            cursor,
            """
            insert into check_result (file_id, rule, severity, passed, rows_checked, rows_refused,
                sentence, sample, checked_at) values %s
            """,
            [
                (
                    file_id,
                    finding.rule.code,
                    finding.rule.severity,
                    finding.passed,
                    finding.checked,
                    finding.refused,
                    finding.rule.sentence,
                    json.dumps(finding.sample[:SAMPLE], ensure_ascii=False, default=str),
                    now,
                )
                for finding in findings
            ],
        )


def _row(found: tuple[Any, ...], models: Mapping[int, Settlement]) -> Row:
    line_id, report_id, sheet, line_no, *values = found
    return Row(
        line_id=line_id,
        report_id=report_id,
        sheet=sheet,
        line_no=line_no,
        settlement=models.get(report_id),
        values=dict(zip(_FIELDS, values, strict=True)),
    )


def _one(cursor: Any) -> tuple[Any, ...]:
    found: tuple[Any, ...] = cursor.fetchone()
    return found
