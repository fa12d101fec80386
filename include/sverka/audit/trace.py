"""The way of one thing: file → row → verdict → documents → MoySklad, and back from any of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sverka.audit.find import Match, find
from sverka.database.connection import Connection
from sverka.money import Minor

SQL = Path(__file__).parent / "sql"
LINES = (SQL / "trace_lines.sql").read_text(encoding="utf-8")
POSTINGS = (SQL / "trace_postings.sql").read_text(encoding="utf-8")

SHOWN = 200
"""Lines of one trace unless the caller wants more; a file may have a hundred thousand."""


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the journal; `detail` as it was written down."""

    id: int
    at: datetime
    kind: str
    by: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PostingTrace:
    """One document or change of state; `stands_for` counts the lines it was made of.

    `link` opens it in MoySklad's pages, None while it is not there.
    """

    sync_id: UUID
    kind: str
    state: str
    amount: Minor
    revision: int
    dry_run: bool
    fingerprint: str
    planned_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    attempts: int
    sent_at: datetime | None
    posted_at: datetime | None
    moysklad_id: UUID | None
    moysklad_name: str | None
    error: str | None
    depends_on: UUID | None
    stands_for: int
    link: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class LineTrace:
    """One row of a file with its verdict. Money is minor units of `currency`.

    `verdict`, `rule` and `sentence` are None while nothing is judged; `rejected` says why a row
    was put aside. `suggestions` are words for a person; nothing is booked by them.
    """

    id: int
    line_key: UUID
    sheet: str | None
    line_no: int
    row_kind: str
    order_ref: str | None
    track_ref: str | None
    outcome: str | None
    collected: Minor
    payout: Minor
    currency: str
    accepted: bool
    rejected: str | None
    verdict: str | None
    rule: str | None
    clean: bool | None
    sentence: str | None
    decided_at: datetime | None
    order_name: str | None
    suggestions: tuple[str, ...]
    postings: tuple[PostingTrace, ...]


@dataclass(frozen=True, slots=True)
class ReportTrace:
    """One report of a file."""

    id: int
    ordinal: int
    report_no: str | None
    report_date: date | None
    payment_order_no: str | None
    payment_order_date: date | None
    lines: tuple[LineTrace, ...]


@dataclass(frozen=True, slots=True)
class FileTrace:
    """One content that was taken; `steps` are its own events, without those of its documents."""

    id: int
    sha256: str
    name: str
    zone: str
    received_at: datetime
    state: str
    reason: str | None
    courier: str | None
    schema: str | None
    schema_version: int | None
    reports: tuple[ReportTrace, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything about what was asked for. `left_out` counts the lines beyond the limit."""

    query: str
    found: Match
    files: tuple[FileTrace, ...]
    lines: int
    left_out: int


_LINES_OF = {
    "file": "select l.id from line l join report r on r.id = l.report_id where r.file_id = %(key)s::bigint",
    "order": """select id from line where order_key = %(key)s
                union
                select v.line_id from verdict v join snapshot_order o on o.id = v.order_id
                 where o.name_key = %(key)s""",
    "parcel": "select id from line where track_key = %(key)s",
    "posting": """select line_id from posting where sync_id = %(key)s::uuid and line_id is not null
                  union
                  select line_id from posting_line where sync_id = %(key)s::uuid""",
}
_FILES = """
    select id, sha256, name, zone, received_at, state, reason, courier, schema, schema_version
      from file where id = any(%s) order by received_at, id
"""
_REPORTS = """
    select id, file_id, ordinal, report_no, report_date, payment_order_no, payment_order_date
      from report where {where} order by file_id, ordinal
"""
_STEPS_OF_FILES = """
    select file_id as subject, id, at, kind, by, detail from journal
     where file_id = any(%s) and sync_id is null order by id
"""
_STEPS_OF_POSTINGS = """
    select sync_id::text as subject, id, at, kind, by, detail from journal
     where sync_id = any(%s::uuid[]) order by id
"""


def trace(conn: Connection, query: str, *, limit: int = SHOWN) -> Trace:
    """The way of what `query` names: a MoySklad id, a document's number, a syncId, an order's or
    parcel's number, a file's name or the beginning of its SHA-256.

    At most `limit` lines are read; the rest is counted.

    Raises:
        Untraceable: nothing, or several things, are named so.
    """
    found = find(conn, query)
    inner, key = _LINES_OF[found.what], {"key": found.key}
    [counted] = _rows(conn, f"select count(*) as lines from ({inner}) as own", key)  # noqa: S608 - a constant
    lines = _rows(conn, LINES.format(lines=inner), key | {"limit": limit})
    # A document of many rows is shown alone; one of a single row with all that the row became.
    only = found.key if found.what == "posting" and counted.lines > 1 else None
    postings = _postings(conn, [row.id for row in lines], only)
    files = _files(conn, found, lines, postings)
    return Trace(query, found, files, counted.lines, counted.lines - len(lines))


def _postings(
    conn: Connection, lines: Sequence[int], only: str | None
) -> dict[int, list[PostingTrace]]:
    rows = _rows(conn, POSTINGS, {"lines": list(lines), "only": only})
    steps = _steps(conn, _STEPS_OF_POSTINGS, sorted({row.sync_id for row in rows}))
    found: dict[int, list[PostingTrace]] = defaultdict(list)
    for row in rows:
        found[row.line_id].append(_posting(row, steps[row.sync_id]))
    return found


def _posting(row: SimpleNamespace, steps: Sequence[Step]) -> PostingTrace:
    values = dict(vars(row))
    del values["line_id"]
    for name in ("sync_id", "moysklad_id", "depends_on"):
        values[name] = UUID(values[name]) if values[name] else None
    links = [step.detail["link"] for step in steps if step.detail.get("link")]
    return PostingTrace(**values, link=links[-1] if links else None, steps=tuple(steps))


def _files(
    conn: Connection,
    found: Match,
    lines: Sequence[SimpleNamespace],
    postings: Mapping[int, Sequence[PostingTrace]],
) -> tuple[FileTrace, ...]:
    of_report: dict[int, list[LineTrace]] = defaultdict(list)
    for row in lines:
        of_report[row.report_id].append(_line(row, postings.get(row.id, ())))
    file_ids = sorted(
        {row.file_id for row in lines} | ({int(found.key)} if found.what == "file" else set())
    )
    where = "file_id = any(%s)" if found.what == "file" else "id = any(%s)"
    wanted = file_ids if found.what == "file" else sorted(of_report)
    reports: dict[int, list[ReportTrace]] = defaultdict(list)
    for row in _rows(conn, _REPORTS.format(where=where), (wanted,)):
        values = dict(vars(row))
        of_file = values.pop("file_id")
        reports[of_file].append(ReportTrace(**values, lines=tuple(of_report[row.id])))
    steps = _steps(conn, _STEPS_OF_FILES, file_ids)
    return tuple(
        FileTrace(**vars(row), reports=tuple(reports[row.id]), steps=tuple(steps[row.id]))
        for row in _rows(conn, _FILES, (file_ids,))
    )


def _line(row: SimpleNamespace, postings: Iterable[PostingTrace]) -> LineTrace:
    values = dict(vars(row))
    del values["report_id"], values["file_id"]
    values |= {"line_key": UUID(row.line_key), "suggestions": tuple(row.suggestions or ())}
    return LineTrace(**values, postings=tuple(postings))


def _steps(conn: Connection, statement: str, subjects: Sequence[Any]) -> dict[Any, list[Step]]:
    found: dict[Any, list[Step]] = defaultdict(list)
    for row in _rows(conn, statement, (list(subjects),)):
        found[row.subject].append(Step(row.id, row.at, row.kind, row.by, row.detail))
    return found


def _rows(conn: Connection, statement: str, values: Any) -> list[SimpleNamespace]:
    with conn.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description or ()]
        return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in cursor]
