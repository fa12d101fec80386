"""A workbook with decisions at the door: it is no report, its decisions are applied once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg2.extras import Json, execute_values

from sverka.audit.journal import Kind, Subject, note
from sverka.database.connection import Connection
from sverka.discrepancies.deciding import Decided, Decision, Why, decide
from sverka.discrepancies.words import refusal_in_words
from sverka.discrepancies.workbook import Said, Unclear, read_decisions
from sverka.nouns import Purpose
from sverka.reading.raw import RawFile
from sverka.texts import Texts

SCHEMA = "sverka_decisions"
"""The layout's code in the register of files (`sverka.settling.DECISIONS`); nobody described it, the
workbook is Sverka's own."""

SHOWN = 1000
"""Refused rows that are stored with their words."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Decisions of a workbook: applied now, standing so already, not applied."""

    applied: int
    same: int
    refused: int


@dataclass(frozen=True, slots=True)
class _Known:
    mark: UUID
    comment: str | None


def take(conn: Connection, file_id: int, name: str, raw: RawFile, now: datetime) -> Taken:
    """Applies the workbook's decisions as its sender's and stores what came of them.

    `name` goes into every history: the file's partition key, because all days' reports are called
    the same. All in the caller's transaction, and once per file: repeated, it tells what came of it then.
    """
    if (taken := _taken(conn, file_id)) is not None:
        return taken
    say = Texts()  # stored sentences are Russian, as all of them
    said = list(read_decisions(raw, say))
    known = _known(conn, [one.key.id for one in said if isinstance(one, Said)])
    rows = [_checked(one, known, say) for one in said if not _is_old_comment(one, known)]
    asked = [(one, one.action) for one in rows if isinstance(one, Said) and one.action]
    decisions = [Decision(one.key.id, one.key.seen, action, one.comment) for one, action in asked]
    decided = decide(conn, decisions, _by(name), now)
    unclear = [one for one in rows if isinstance(one, Unclear)]
    unclear += _refused([one for one, _ in asked], decided, say)
    refusals = decided.refusals + sum(isinstance(one, Unclear) for one in rows)
    taken = Taken(decided.applied, decided.same, refusals)
    _store(conn, file_id, len(said), taken, unclear)
    _note(conn, file_id, name, taken, now)
    return taken


def _by(name: str) -> str:
    return f"из файла «{name}»"


def _known(conn: Connection, ids: Sequence[int]) -> dict[int, _Known]:
    with conn.cursor() as cursor:
        cursor.execute(
            "select id, mark::text, comment from discrepancy where id = any(%s)", (list(ids),)
        )
        return {id_: _Known(UUID(mark), comment) for id_, mark, comment in cursor.fetchall()}


def _is_old_comment(one: Said | Unclear, known: Mapping[int, _Known]) -> bool:
    """A comment without a decision that the workbook itself had brought."""
    if isinstance(one, Unclear) or one.action is not None:
        return False
    there = known.get(one.key.id)
    return there is not None and there.comment == one.comment


def _checked(one: Said | Unclear, known: Mapping[int, _Known], say: Texts) -> Said | Unclear:
    if isinstance(one, Unclear):
        return one
    there = known.get(one.key.id)
    if there is None or not one.key.is_of(there.mark):
        reason = refusal_in_words(say, Why.MISSING)
        return Unclear(one.place, None, "decision.missing", reason)
    if one.action is None:
        reason = say("Есть комментарий, но нет решения. Выберите решение из списка.")
        return Unclear(one.place, one.comment, "decision.none", reason)
    return one


def _refused(asked: Sequence[Said], decided: Decided, say: Texts) -> Iterable[Unclear]:
    for one in decided.refused:
        place = asked[one.place].place
        yield Unclear(place, None, f"decision.{one.why}", refusal_in_words(say, one.why))


def _taken(conn: Connection, file_id: int) -> Taken | None:
    with conn.cursor() as cursor:
        cursor.execute("select id from file where id = %s for update", (file_id,))
        cursor.execute(
            "select totals from report where file_id = %s and purpose = %s",
            (file_id, Purpose.DECISIONS.value),
        )
        row = cursor.fetchone()
    return Taken(**row[0]) if row else None


def _store(
    conn: Connection, file_id: int, rows: int, taken: Taken, unclear: Sequence[Unclear]
) -> None:
    counts = {"applied": taken.applied, "same": taken.same, "refused": taken.refused}
    with conn.cursor() as cursor:
        cursor.execute(
            "insert into report (file_id, ordinal, schema, schema_version, currency, totals, "
            "rows_read, purpose) values (%s, 1, %s, 1, 'RUB', %s, %s, %s) returning id",
            (file_id, SCHEMA, Json(counts), rows, Purpose.DECISIONS.value),
        )
        report_id = _first(cursor)
        ordered = sorted(unclear, key=lambda one: (one.place.sheet or "", one.place.line_no))
        execute_values(
            cursor,
            "insert into rejected (report_id, sheet, line_no, column_name, value, rule, reason) "
            "values %s",
            [_rejected(report_id, one) for one in ordered[:SHOWN]],
        )


def _rejected(report_id: int, one: Unclear) -> tuple[Any, ...]:
    place = one.place
    value = None if one.value is None else one.value[:1000]
    return (report_id, place.sheet, place.line_no, place.column, value, one.rule, one.reason)


def _first(cursor: Any) -> int:
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def _note(conn: Connection, file_id: int, name: str, taken: Taken, now: datetime) -> None:
    note(
        conn,
        kind=Kind.DECISIONS_READ,
        subject=Subject(file_id),
        detail={"applied": taken.applied, "same": taken.same, "refused": taken.refused},
        by=_by(name),
        now=now,
    )
