"""Files for people: the list with its filters, and one file with everything beside its lines."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sverka.clock import MOSCOW
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.pages.reading import (
    PAGE,
    Listed,
    column,
    listed,
    moment_mark,
    moment_of,
    read,
    read_one,
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file in a list; `courier` is a code, `run_id` the run of Airflow that took it."""

    id: int
    name: str
    state: str
    reason: str | None
    courier: str | None
    received_at: datetime
    finished_at: datetime | None
    run_id: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files a list has; None is all of them. `day` is a Moscow day of arrival."""

    state: str | None = None
    courier: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file as such. `sha256` names the bytes in the archive."""

    id: int
    name: str
    zone: str
    size_bytes: int
    sha256: str
    state: str
    reason: str | None
    courier: str | None
    schema: str | None
    schema_version: int | None
    received_at: datetime
    finished_at: datetime | None
    run_id: str | None


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """One report of a file with what is known of its transfer. Money is minor units."""

    id: int
    ordinal: int
    courier: str | None
    purpose: str
    report_no: str | None
    report_date: date | None
    period_from: date | None
    period_to: date | None
    payment_order_no: str | None
    payment_order_date: date | None
    payment_order_sum: Minor | None
    currency: str
    warnings: list[str]
    transfer: str | None
    transfer_state: str | None


@dataclass(frozen=True, slots=True)
class Undone:
    """Somebody took back what the file booked, or what file `because_of` changed."""

    asked_by: str
    reason: str | None
    asked_at: datetime
    finished_at: datetime | None
    because_of: int | None
    because_of_name: str | None


@dataclass(frozen=True, slots=True)
class Relation:
    """Another file with a report of the same number. `newer` says that the other one came later."""

    file_id: int
    name: str
    newer: bool
    verdict: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class FileView:
    """Everything of a file but its lines and its funnel."""

    facts: FileFacts
    reports: tuple[ReportFacts, ...]
    undone: tuple[Undone, ...]
    relations: tuple[Relation, ...]
    doubts: tuple[str, ...]
    """Sentences of checks that were not kept and reject nothing."""
    dropped: int
    """How often the content was dropped."""


def files(
    conn: Connection, wanted: Wanted, after: str | None = None, *, limit: int = PAGE
) -> Listed[FileRow]:
    """The newest first."""
    position = moment_of(after)
    values: dict[str, Any] = {"limit": limit + 1, **_bounds(wanted)}
    conditions = [words for field, words in _CONDITIONS.items() if values.get(field) is not None]
    if position:
        values |= {"moment": position[0], "id": position[1]}
        conditions.append("(received_at, id) < (%(moment)s, %(id)s)")
    found = read(conn, FileRow, _FILES.format(where=" and ".join(conditions) or "true"), values)
    return listed(found, limit, lambda row: moment_mark(row.received_at, row.id))


def file_view(conn: Connection, file_id: int) -> FileView | None:
    """The file, None when there is none of this number."""
    values = {"id": file_id}
    facts = read_one(conn, FileFacts, _FACTS, values)
    if facts is None:
        return None
    return FileView(
        facts=facts,
        reports=tuple(read(conn, ReportFacts, _REPORTS, values)),
        undone=tuple(read(conn, Undone, _UNDONE, values)),
        relations=tuple(read(conn, Relation, _RELATIONS, values)),
        doubts=tuple(column(conn, _DOUBTS, values)),
        dropped=sum(column(conn, _DROPPED, values)),
    )


def file_name(conn: Connection, file_id: int) -> str | None:
    """What the file is called, None when there is none of this number."""
    statement = "select name from file where id = %(id)s"
    return next(iter(column(conn, statement, {"id": file_id})), None)


def file_of_run(conn: Connection, run_id: str) -> int | None:
    """The file that a run of Airflow took."""
    return next(iter(column(conn, _OF_RUN, {"run": run_id})), None)


def _bounds(wanted: Wanted) -> dict[str, Any]:
    start = datetime.combine(wanted.day, time(), MOSCOW) if wanted.day else None
    return {
        "state": wanted.state,
        "courier": wanted.courier,
        "start": start,
        "finish": start + timedelta(days=1) if start else None,
    }


_CONDITIONS = {
    "state": "state = %(state)s",
    "courier": "courier = %(courier)s",
    "start": "received_at >= %(start)s and received_at < %(finish)s",
}
_FILES = """
    select id, name, state, reason, courier, received_at, finished_at, claimed_by as run_id
      from file where {where} order by received_at desc, id desc limit %(limit)s
"""
_OF_RUN = "select id from file where claimed_by = %(run)s order by id desc limit 1"
_FACTS = """
    select id, name, zone, size_bytes, sha256, state, reason, courier, schema, schema_version,
           received_at, finished_at, claimed_by as run_id
      from file where id = %(id)s
"""
_REPORTS = """
    select r.id, r.ordinal, r.courier, r.purpose, r.report_no, r.report_date, r.period_from,
           r.period_to, r.payment_order_no, r.payment_order_date, r.payment_order_sum, r.currency,
           r.warnings, nullif(p.sentence, '') as transfer, p.state as transfer_state
      from report r
      left join payout p on p.file_id = r.file_id and p.ordinal = r.ordinal
                        and p.state not in ('void', 'nothing')
     where r.file_id = %(id)s order by r.ordinal
"""
_UNDONE = """
    select u.asked_by, u.reason, u.asked_at, u.finished_at, u.because_of,
           f.name as because_of_name
      from undo u left join file f on f.id = u.because_of
     where u.file_id = %(id)s order by u.id
"""
_RELATIONS = """
    select f.id as file_id, f.name, other.newer, other.verdict, other.decided_by
      from (select old_file_id as file_id, false as newer, verdict, decided_by
              from supersession where file_id = %(id)s
             union
            select file_id, true, verdict, decided_by
              from supersession where old_file_id = %(id)s) other
      join file f on f.id = other.file_id
     order by f.received_at, f.id
"""
_DOUBTS = """
    select sentence from check_result
     where file_id = %(id)s and not passed and severity = 'warning' order by id
"""
_DROPPED = "select count(*) as dropped from sighting where file_id = %(id)s"
