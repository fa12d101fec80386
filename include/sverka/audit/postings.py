"""Events of postings, written by the database from the rows as they stand after the change."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sverka.audit.journal import PARCEL, Kind
from sverka.database.connection import Connection

SQL = Path(__file__).parent / "sql"
CHANGED = (SQL / "changed.sql").read_text(encoding="utf-8")
APPROVED = (SQL / "approved.sql").read_text(encoding="utf-8")

BECAME = {
    "approved": Kind.POSTING_UNSENT,
    "sending": Kind.POSTING_SENDING,
    "posted": Kind.POSTING_POSTED,
    "rejected": Kind.POSTING_REJECTED,
    "failed": Kind.POSTING_FAILED,
    "unsure": Kind.POSTING_UNSURE,
    "reversed": Kind.POSTING_REVERSED,
}
"""What a posting's new state is called in the journal, unless a person asked for the change."""


@dataclass(frozen=True, slots=True)
class Change:
    """A posting that has changed in this transaction; `extra` is what its row does not say."""

    sync_id: UUID
    kind: Kind
    extra: dict[str, Any] = field(default_factory=dict)


def note_changes(conn: Connection, changes: Iterable[Change], *, by: str, now: datetime) -> None:
    """Appends an event for each of these changes. Thousands are one statement per `PARCEL`."""
    listed = list(changes)
    for start in range(0, len(listed), PARCEL):
        some = listed[start : start + PARCEL]
        values = {
            "sync_ids": [str(one.sync_id) for one in some],
            "kinds": [one.kind.value for one in some],
            "extras": [json.dumps(one.extra, ensure_ascii=False) for one in some],
            "by": by,
            "now": now,
        }
        with conn.cursor() as cursor:
            cursor.execute(CHANGED, values)


def note_approved(
    conn: Connection, sync_ids: Sequence[UUID], *, by: str, seal: str | None, now: datetime
) -> None:
    """Appends who approved which documents, with their fingerprints, rows and rules.

    `seal` names the plan that a person looked at; None when the policy approved.
    """
    for start in range(0, len(sync_ids), PARCEL):
        some = [str(sync_id) for sync_id in sync_ids[start : start + PARCEL]]
        values = {"sync_ids": some, "by": by, "seal": seal, "now": now}
        with conn.cursor() as cursor:
            cursor.execute(APPROVED, values)
