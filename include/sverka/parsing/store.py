"""Parsed reports into the database: one COPY for all lines of a file."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from psycopg2.extras import Json

from sverka.audit.journal import Kind, Subject, note
from sverka.database.connection import Connection
from sverka.errors import Refusal
from sverka.nouns import Line, Movement, Purpose
from sverka.parsing.identity import line_keys
from sverka.parsing.parsed import ParsedReport
from sverka.parsing.statement import movement_keys
from sverka.reconciling.keys import order_key, track_key

_MANY = 10_000
"""Lines at once that change how PostgreSQL should go about the table."""
_LINE_COLUMNS = (
    "report_id", "line_no", "collected", "fee_delivery", "fee_cod", "fee_insurance", "fee_return",
    "fee_storage", "fee_other", "payout", "occurrence", "line_key",
    "sheet", "row_kind", "outcome", "occurred_on", "payment_method", "currency", "vat",
    "order_ref", "track_ref", "identity", "order_key", "track_key", "reason",
)  # fmt: skip
_REJECTED_COLUMNS = ("report_id", "sheet", "line_no", "column_name", "value", "rule", "reason")
_REPORT_COLUMNS = (
    "file_id", "ordinal", "courier", "schema", "schema_version", "report_no", "report_date",
    "period_from", "period_to", "payment_order_no", "payment_order_date", "payment_order_sum",
    "currency", "settlement", "totals", "ignored", "rows_read", "revision", "purpose", "warnings",
)  # fmt: skip
_MOVEMENT_COLUMNS = (
    "report_id", "line_no", "account", "direction", "number", "document_date", "moved_on", "amount",
    "currency", "counterparty", "counterparty_inn", "counterparty_account", "purpose",
    "movement_key",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of a file stands in the database."""

    reports: int
    lines: int
    rejected: int
    ignored: int


def store(conn: Connection, file_id: int, parsed: list[ParsedReport]) -> Counts:
    """Writes the file's reports, replacing a former parse of the same file.

    A file with approved postings keeps the parse they were planned from: a repeated step changes
    nothing. A plan that nobody approved goes with its parse.

    Raises:
        Refusal: the courier is not known, so the lines have no identity.
    """
    if not parsed or any(_is_nameless(one) for one in parsed):
        raise Refusal(
            "в файле не написано, чей это отчёт. Впишите название службы доставки над таблицей, в имя "
            "листа или в имя файла и положите файл ещё раз."
        )
    with conn.cursor() as cursor:
        cursor.execute("select id from file where id = %s for update", (file_id,))
        cursor.execute(
            "select exists (select from posting where file_id = %s and state <> 'planned')",
            (file_id,),
        )
        if not _one(cursor)[0]:
            cursor.execute(
                "delete from posting where file_id = %s and state = 'planned'", (file_id,)
            )
            withdrawn = cursor.rowcount
            cursor.execute("delete from report where file_id = %s", (file_id,))
            _write(cursor, file_id, parsed)
            if sum(len(one.lines) for one in parsed) >= _MANY:
                # Reconciling comes sooner than autovacuum, and with the figures of an empty table it
                # would join by nested loops.
                cursor.execute("analyze line")
            _note(conn, file_id, parsed, withdrawn)
        return _counts(cursor, file_id)


def _note(conn: Connection, file_id: int, parsed: Sequence[ParsedReport], withdrawn: int) -> None:
    heads = [
        {"report": one.report.report_no, "lines": len(one.lines), "rejected": len(one.rejected)}
        for one in parsed
    ]
    first = parsed[0].report
    detail = {"courier": first.courier, "schema": first.schema, "version": first.schema_version}
    subject = Subject(file_id)
    note(
        conn, kind=Kind.FILE_PARSED, subject=subject, detail=detail | {"reports": heads}, by="parse"
    )
    if withdrawn:
        gone = {"documents": withdrawn}
        note(conn, kind=Kind.PLAN_WITHDRAWN, subject=subject, detail=gone, by="parse")


def _is_nameless(one: ParsedReport) -> bool:
    """A statement is a bank's: no line of it needs a courier."""
    return one.report.courier is None and one.report.purpose is not Purpose.STATEMENT


def stored(conn: Connection, file_id: int) -> Counts:
    """How much of the file stands in the database."""
    with conn.cursor() as cursor:
        return _counts(cursor, file_id)


def _write(cursor: Any, file_id: int, parsed: list[ParsedReport]) -> None:
    first = parsed[0].report
    cursor.execute(
        "update file set courier = %s, schema = %s, schema_version = %s where id = %s",
        (first.courier, first.schema, first.schema_version, file_id),
    )
    ids = [_insert_report(cursor, file_id, n, one) for n, one in enumerate(parsed, 1)]
    lines = (
        _line_row(report_id, line, key)
        for report_id, one in zip(ids, parsed, strict=True)
        for line, key in zip(one.lines, line_keys(str(one.report.courier), one.lines), strict=True)
    )
    _copy(cursor, "line", _LINE_COLUMNS, lines)
    rejected = (
        (report_id, row.sheet, row.line_no, row.column, row.value, row.rule, row.reason)
        for report_id, one in zip(ids, parsed, strict=True)
        for row in one.rejected
    )
    _copy(cursor, "rejected", _REJECTED_COLUMNS, map(_row, rejected))
    movements = (
        _row(row)
        for report_id, one in zip(ids, parsed, strict=True)
        for row in _movement_rows(report_id, one.movements)
    )
    _copy(cursor, "bank_movement", _MOVEMENT_COLUMNS, movements)


def _insert_report(cursor: Any, file_id: int, ordinal: int, parsed: ParsedReport) -> int:
    report = parsed.report
    values = (
        file_id,
        ordinal,
        report.courier,
        report.schema,
        report.schema_version,
        report.report_no,
        report.report_date,
        report.period_from,
        report.period_to,
        report.payment_order_no,
        report.payment_order_date,
        report.payment_order_sum,
        report.currency,
        report.settlement,
        Json(report.totals),
        Json([asdict(rows) for rows in parsed.ignored]),
        parsed.rows_read,
        report.revision,
        report.purpose,
        Json(parsed.warnings),
    )
    places = ", ".join(["%s"] * len(values))
    cursor.execute(
        f"insert into report ({', '.join(_REPORT_COLUMNS)}) values ({places}) returning id",  # noqa: S608 - constants only
        values,
    )
    return int(_one(cursor)[0])


def _line_row(report_id: int, line: Line, key: str) -> str:
    """The line as COPY reads it; numbers need no look at their signs."""
    numbers = (
        f"{report_id}\t{line.line_no}\t{line.collected}\t{line.fee_delivery}\t{line.fee_cod}\t"
        f"{line.fee_insurance}\t{line.fee_return}\t{line.fee_storage}\t{line.fee_other}\t"
        f"{line.payout}\t{line.occurrence}\t{key}"
    )
    said = (
        line.sheet,
        line.row_kind,
        line.outcome,
        line.occurred_on,
        line.payment_method,
        line.currency,
        line.vat,
    )
    own = (
        line.order_ref,
        line.track_ref,
        line.identity,
        (order_key(line.order_ref) or None) if line.order_ref else None,
        (track_key(line.track_ref) or None) if line.track_ref else None,
        line.reason,
    )
    return "\t".join((numbers, *map(_repeated, said), *map(_field, own)))


def _movement_rows(report_id: int, movements: Sequence[Movement]) -> Iterator[tuple[Any, ...]]:
    for movement, key in zip(movements, movement_keys(movements), strict=True):
        yield (
            report_id,
            movement.line_no,
            movement.account,
            movement.direction,
            movement.number,
            movement.document_date,
            movement.moved_on,
            movement.amount,
            movement.currency,
            movement.counterparty,
            movement.counterparty_inn,
            movement.counterparty_account,
            movement.purpose,
            key,
        )


def _copy(cursor: Any, table: str, columns: tuple[str, ...], rows: Iterable[str]) -> None:
    cursor.copy_expert(f"copy {table} ({', '.join(columns)}) from stdin", _Lines(rows))


class _Lines(io.RawIOBase):
    """Rows as COPY's text format, produced while PostgreSQL reads: 100,000 rows need no big buffer."""

    def __init__(self, rows: Iterable[str]) -> None:
        self._chunks: Iterator[bytes] = (f"{row}\n".encode("utf-8", "replace") for row in rows)
        self._left = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, have = [self._left], len(self._left)
        while size < 0 or have < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            parts.append(chunk)
            have += len(chunk)
        data = b"".join(parts)
        if size < 0:
            size = len(data)
        self._left = data[size:]
        return data[:size]


_SPECIAL = re.compile(r"[\\\t\n\r\0]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})


def _row(values: Iterable[Any]) -> str:
    return "\t".join(map(_field, values))


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    text = value if type(value) is str else str(value)
    return text.translate(_ESCAPES) if _SPECIAL.search(text) else text


_repeated = lru_cache(maxsize=1024)(_field)
"""For what is the same in most rows."""


def _one(cursor: Any) -> Any:
    row = cursor.fetchone()
    assert row is not None
    return row


def _counts(cursor: Any, file_id: int) -> Counts:
    cursor.execute(
        """
        select count(*),
               coalesce(sum((select count(*) from line where report_id = report.id)), 0),
               coalesce(sum((select count(*) from rejected
                             where report_id = report.id and line_id is null)), 0),
               coalesce(sum((select sum((part ->> 'rows')::int)
                             from jsonb_array_elements(ignored) part)), 0)
        from report where file_id = %s
        """,
        (file_id,),
    )
    reports, lines, rejected, ignored = _one(cursor)
    return Counts(int(reports), int(lines), int(rejected), int(ignored))
