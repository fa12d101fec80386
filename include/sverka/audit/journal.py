"""The journal: every change of state is written down in the transaction that makes it.

The events wait in `journal_inbox` and are chained by the database when the transaction commits
(docs/decisions/0010-the-journal-is-chained-at-commit.md), so state and journal cannot disagree
and no call has to be the last one of its transaction.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sverka.database.connection import Connection

PARCEL = 10_000
"""Events per row of the inbox: a few megabytes, far from the gigabyte that a value may have."""


class Kind(StrEnum):
    """What can happen (a closed list; docs/trace.md)."""

    FILE_RECEIVED = "file.received"
    FILE_CLAIMED = "file.claimed"
    FILE_RECOGNISED = "file.recognised"
    FILE_ASKED = "file.asked"
    FILE_ANSWERED = "file.answered"
    FILE_RELEASED = "file.released"
    FILE_PARSED = "file.parsed"
    FILE_SETTLED = "file.settled"
    FILE_QUARANTINED = "file.quarantined"
    FILE_STALLED = "file.stalled"
    FILE_UNDONE = "file.undone"
    FILE_CONFIRMED = "file.confirmed"
    FILE_INHERITED = "file.inherited"
    """It was there before this installation had a journal."""
    DRAFT_MADE = "draft.made"
    LAYOUT_CONFIRMED = "layout.confirmed"
    LAYOUT_WITHDRAWN = "layout.withdrawn"
    COURIER_CONFIRMED = "courier.confirmed"
    PLAN_MADE = "plan.made"
    PLAN_WITHDRAWN = "plan.withdrawn"
    PLAN_ASKED = "plan.asked"
    PLAN_APPROVED = "plan.approved"
    PLAN_REFUSED = "plan.refused"
    PLAN_VOID = "plan.void"
    """An answer, or a question, to a plan that is another one by now."""
    PLAN_REOPENED = "plan.reopened"
    """What was refused is going to be asked about again."""
    POSTING_APPROVED = "posting.approved"
    POSTING_SENDING = "posting.sending"
    POSTING_POSTED = "posting.posted"
    POSTING_REJECTED = "posting.rejected"
    POSTING_FAILED = "posting.failed"
    POSTING_UNSURE = "posting.unsure"
    POSTING_UNSENT = "posting.unsent"
    """It is certainly not in the books and may be sent again."""
    POSTING_RETRIED = "posting.retried"
    POSTING_REVERSED = "posting.reversed"
    POSTING_KEPT = "posting.kept"
    """An undo left it standing and says why."""
    POSTING_INHERITED = "posting.inherited"
    UNDO_ASKED = "undo.asked"
    UNDO_DONE = "undo.done"
    REPORT_SUPERSEDED = "report.superseded"
    PAYOUT_MATCHED = "payout.matched"
    PAYOUT_UNMATCHED = "payout.unmatched"
    DISCREPANCY_OPENED = "discrepancy.opened"
    DISCREPANCY_CHANGED = "discrepancy.changed"
    DISCREPANCY_EXPLAINED = "discrepancy.explained"
    DISCREPANCY_RESOLVED = "discrepancy.resolved"
    DISCREPANCY_REOPENED = "discrepancy.reopened"
    DECISIONS_READ = "decisions.read"
    """A workbook with decisions: how many were applied, and how many not."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about; whatever is known of it."""

    file_id: int | None = None
    report_id: int | None = None
    line_key: UUID | None = None
    sync_id: UUID | None = None
    moysklad_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. Without `at` it is the database's present moment.

    `by` is a person, `policy`, or the part of Sverka that did it; `detail` holds JSON values only,
    money as minor units.
    """

    kind: str
    subject: Subject
    by: str
    detail: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def note(  # noqa: PLR0913 - one event, every part of it by name
    conn: Connection,
    *,
    kind: str,
    subject: Subject,
    detail: dict[str, Any],
    by: str,
    now: datetime | None = None,
) -> None:
    """Appends one event when the caller's transaction commits; see `notes`."""
    notes(conn, [Event(kind, subject, by, detail, now)])


def notes(conn: Connection, events: Iterable[Event]) -> None:
    """Appends the events, in this order, when the caller's transaction commits.

    A transaction that is rolled back leaves no event. The transaction must not be of isolation
    level REPEATABLE READ: its commit would not see the newest link, and be refused.

    Raises:
        ValueError: an event's kind is not one of `Kind`.
        TypeError: a detail is not JSON.
    """
    written = [_written(event) for event in events]
    for start in range(0, len(written), PARCEL):
        _deliver(conn, written[start : start + PARCEL])


def _deliver(conn: Connection, parcel: Sequence[str]) -> None:
    with conn.cursor() as cursor:
        cursor.execute(
            "insert into journal_inbox (events) values (%s::jsonb)", (f"[{','.join(parcel)}]",)
        )


def _written(event: Event) -> str:
    subject = event.subject
    return json.dumps(
        {
            "at": event.at.isoformat() if event.at else None,
            "kind": Kind(event.kind).value,
            "file_id": subject.file_id,
            "report_id": subject.report_id,
            "line_key": _text(subject.line_key),
            "sync_id": _text(subject.sync_id),
            "moysklad_id": _text(subject.moysklad_id),
            "by": event.by,
            "detail": event.detail,
        },
        ensure_ascii=False,
    )


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
