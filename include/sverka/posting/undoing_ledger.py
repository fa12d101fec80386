"""The tables `undo` and `reversal`: every change of state is one committed transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg2.extras import execute_values

from sverka.audit.journal import Kind, Subject, note
from sverka.audit.postings import Change, note_changes
from sverka.database.connection import Connection
from sverka.services import Services

BECAME = {"done": Kind.POSTING_REVERSED, "kept": Kind.POSTING_KEPT}
"""What the end of a reversal is called in the journal."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody's wish to take back what a file booked.

    `because_of` is the file whose corrected report needs it, None when the whole file is undone.
    """

    file_id: int
    by: str
    reason: str | None = None
    because_of: int | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one reversal: `done`, `kept` with words, `unsure`, or `planned` again."""

    sync_id: UUID
    state: str
    words: str | None = None
    link: str | None = None


def begin(conn: Connection, asked: Asked, now: datetime) -> int:
    """The id of this undo; one that was interrupted goes on."""
    values = (asked.file_id, asked.because_of)
    with conn.cursor() as cursor:
        cursor.execute(
            "select id from undo where file_id = %s and because_of is not distinct from %s "
            "and finished_at is null order by id limit 1",
            values,
        )
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "insert into undo (file_id, because_of, asked_by, reason, asked_at) "
                "values (%s, %s, %s, %s, %s) returning id",
                (*values, asked.by, asked.reason, now),
            )
            row = cursor.fetchone()
    assert row is not None, "the statement always gives a row"
    undo_id = int(row[0])
    detail = {"undo": undo_id, "reason": asked.reason, "because_of": asked.because_of}
    _note(conn, Kind.UNDO_ASKED, asked, detail, now)
    return undo_id


def finish(conn: Connection, undo_id: int, asked: Asked, now: datetime) -> None:
    """Everything that could be taken back is."""
    with conn.cursor() as cursor:
        cursor.execute("update undo set finished_at = %s where id = %s", (now, undo_id))
        cursor.execute(
            "select state, count(*) from reversal where undo_id = %s group by 1", (undo_id,)
        )
        detail = {"undo": undo_id, "reversals": dict(cursor.fetchall())}
    _note(conn, Kind.UNDO_DONE, asked, detail, now)


def _note(
    conn: Connection, kind: Kind, asked: Asked, detail: dict[str, Any], now: datetime
) -> None:
    subject = Subject(file_id=asked.file_id)
    note(conn, kind=kind, subject=subject, detail=detail, by=asked.by, now=now)


def approved_of(conn: Connection, file_id: int) -> list[UUID]:
    """The file's postings that were approved once and are not taken back."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select sync_id::text from posting "
            "where file_id = %s and state not in ('planned', 'reversed') order by sync_id",
            (file_id,),
        )
        return [UUID(row[0]) for row in cursor.fetchall()]


def intend(conn: Connection, undo_id: int, postings: Sequence[UUID], now: datetime) -> None:
    """Writes down what is to be taken back; what an earlier undo kept is looked at again."""
    with conn.cursor() as cursor:
        execute_values(
            cursor,
            "insert into reversal (sync_id, undo_id, state, planned_at) values %s "
            "on conflict (sync_id) do update set undo_id = excluded.undo_id, words = null, "
            "state = case when reversal.state = 'kept' then 'planned' else reversal.state end "
            "where reversal.state <> 'done'",
            [(str(one), undo_id, "planned", now) for one in postings],
            page_size=1000,
        )


def take_back_unsent(conn: Connection, undo_id: int, by: str, now: datetime) -> None:
    """Ends the undo's postings that are certainly not in MoySklad: no call is needed for them."""
    with conn.cursor() as cursor:
        cursor.execute(
            """with unsent as (
                   update posting p set state = 'reversed'
                     from reversal r
                    where r.sync_id = p.sync_id and r.undo_id = %(undo)s
                      and (p.state in ('approved', 'rejected')
                           or p.state = 'failed' and p.moysklad_id is null)
                   returning p.sync_id)
               update reversal set state = 'done', settled_at = %(now)s
                where sync_id in (select sync_id from unsent)
            returning sync_id::text""",
            {"undo": undo_id, "now": now},
        )
        unsent = [
            Change(UUID(row[0]), Kind.POSTING_REVERSED, {"undo": undo_id})
            for row in cursor.fetchall()
        ]
    note_changes(conn, unsent, by=by, now=now)


def without_call(conn: Connection, file_id: int) -> tuple[int, int]:
    """How many approved postings of the file never got to MoySklad, and how many nobody knows of."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select count(*) filter (where state in ('approved', 'rejected') "
            "or state = 'failed' and moysklad_id is null), "
            "count(*) filter (where state in ('sending', 'unsure')) "
            "from posting where file_id = %s",
            (file_id,),
        )
        row = cursor.fetchone()
    assert row is not None, "the statement always gives a row"
    return int(row[0]), int(row[1])


def files_in_doubt(conn: Connection, undo_id: int) -> list[int]:
    """The files of postings whose outcome has to be looked up before they can be taken back."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select distinct p.file_id from reversal r join posting p using (sync_id) "
            "where r.undo_id = %s and p.state in ('sending', 'unsure') order by 1",
            (undo_id,),
        )
        return [row[0] for row in cursor.fetchall()]


def left(conn: Connection, undo_id: int) -> bool:
    """Whether this undo has still to look at something in MoySklad."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select exists (select from reversal where undo_id = %s and state <> 'done')",
            (undo_id,),
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def taken_back(conn: Connection, undo_id: int) -> set[UUID]:
    """The MoySklad ids of what this undo has taken back already."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select p.moysklad_id::text from reversal r join posting p using (sync_id) "
            "where r.undo_id = %s and r.state = 'done' and p.moysklad_id is not null",
            (undo_id,),
        )
        return {UUID(row[0]) for row in cursor.fetchall()}


def mark_sending(services: Services, postings: Sequence[UUID]) -> set[UUID]:
    """Commits that these are about to be taken back; returns those that are ours to take back.

    The lock of the account falls with its connection, so somebody else may have settled some.
    """
    now = services.clock()
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute(
            "update reversal r set state = 'sending', sent_at = %s, attempts = r.attempts + 1 "
            "from posting p where p.sync_id = r.sync_id and r.sync_id = any(%s::uuid[]) "
            "and r.state <> 'done' and p.state in ('posted', 'failed') returning r.sync_id::text",
            (now, [str(one) for one in postings]),
        )
        return {UUID(row[0]) for row in cursor.fetchall()}


def settle(services: Services, settled: Sequence[Settled], *, by: str) -> None:
    """Commits what became of these reversals, and of their postings; `by` asked for them.

    A return that is gone leaves the snapshot at once: mistaken for one that stands there, the next
    plan would not make another.
    """
    if not settled:
        return
    now = services.clock()
    rows = [(str(one.sync_id), one.state, one.words, one.link, now) for one in settled]
    done = [str(one.sync_id) for one in settled if one.state == "done"]
    with services.connect() as conn, conn.cursor() as cursor:
        execute_values(
            cursor,
            "update reversal r set state = v.state, words = v.words, link = v.link, "
            "settled_at = case when v.state in ('done', 'kept') then v.at::timestamptz end "
            "from (values %s) as v (sync_id, state, words, link, at) "
            "where r.sync_id = v.sync_id::uuid",
            rows,
            page_size=1000,
        )
        cursor.execute(
            "update posting set state = 'reversed' where sync_id = any(%s::uuid[])", (done,)
        )
        cursor.execute(
            "update snapshot_salesreturn s set deleted = true from posting p "
            "where p.sync_id = any(%s::uuid[]) and p.kind = 'salesreturn' and s.id = p.moysklad_id",
            (done,),
        )
        changes = [
            Change(one.sync_id, BECAME[one.state], {"words": one.words} if one.words else {})
            for one in settled
            if one.state in BECAME
        ]
        note_changes(conn, changes, by=by, now=now)
