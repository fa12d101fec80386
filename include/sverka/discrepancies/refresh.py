"""Brings the discrepancies up to what lines, documents, payouts and late orders say now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sverka.audit.journal import PARCEL
from sverka.database.connection import Connection
from sverka.discrepancies.definition import BOOKED_SINCE, IN_QUESTION, STAKE
from sverka.discrepancies.nouns import What
from sverka.payouts.bank import COVERED
from sverka.payouts.facts import BEFORE
from sverka.texts import Texts
from sverka.watching.late import LATE, late_parameters
from sverka.watching.look import CONCERNED
from sverka.watching.words import unpaid_words

SQL = Path(__file__).parent / "sql"
ASKED, TRANSFERS, FACTS, CHANGES, WRITE, JOURNAL = (
    (SQL / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("asked", "transfers", "facts", "changes", "write", "journal")
)
LOCK = "select pg_advisory_xact_lock(hashtext('discrepancies'))"
_CLEAN = (
    "drop table if exists discrepancy_asked, discrepancy_asked_order, discrepancy_asked_known, "
    "discrepancy_transfer, discrepancy_fact, discrepancy_change"
)
BY = "discrepancies"
"""Who did it, in history and journal, when no person did."""

_EVERYTHING = dict.fromkeys(("asked_line", "asked_file", "asked_order", "asked_known"), "true")
_SOME = {
    "asked_line": "l.line_key in (select line_key from discrepancy_asked)",
    "asked_file": "p.file_id = any(%(files)s)",
    "asked_order": "w.order_id in (select order_id from discrepancy_asked_order)",
    "asked_known": "d.id in (select id from discrepancy_asked_known)",
}


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many discrepancies were opened, changed, resolved and reopened."""

    opened: int = 0
    changed: int = 0
    resolved: int = 0
    reopened: int = 0


def refresh(conn: Connection, now: datetime, file_ids: Sequence[int] | None = None) -> Refreshed:
    """Opens, updates, resolves and reopens what changed; all that concerns `file_ids`, or everything.

    What a person decided stands as long as verdict and stake are the ones it was decided about.
    Repeating changes nothing. Which orders are waited for is what the newest
    `sverka.watching.refresh` wrote; which of them are late is asked of `now`. The lock is held until the caller's transaction ends, which must not
    be REPEATABLE READ, or it would not see what the one before it did.
    """
    parts = _EVERYTHING if file_ids is None else _SOME
    shared = {
        "stake": STAKE,
        "in_question": IN_QUESTION,
        "booked_since": BOOKED_SINCE,
        "late": LATE,
    }
    with conn.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute(_CLEAN)
        known = late_parameters(now) | {
            "now": now,
            "by": BY,
            "files": _touched(cursor, file_ids or ()),
            "unpaid": unpaid_words(Texts()),
            "before": BEFORE.days,
        }
        if file_ids is not None:
            cursor.execute(ASKED.format(concerned=CONCERNED), known)
        cursor.execute(TRANSFERS.format(covered=COVERED), known)
        cursor.execute(FACTS.format(**shared, **parts), known)
        cursor.execute(CHANGES.format(**parts), known)
        cursor.execute("select what, count(*) from discrepancy_change group by what")
        counts = dict(cursor.fetchall())
        if counts:
            after = last_event(cursor)
            cursor.execute(WRITE, known)
            write_down(cursor, after)
        cursor.execute(_CLEAN)
    named = (What.OPENED, What.CHANGED, What.RESOLVED, What.REOPENED)
    return Refreshed(**{what.value: counts.get(what.value, 0) for what in named})


def _touched(cursor: Any, file_ids: Sequence[int]) -> list[int]:
    """These files, and those whose reports they correct or that correct theirs."""
    cursor.execute(
        "select old_file_id from supersession where file_id = any(%(files)s) union "
        "select file_id from supersession where old_file_id = any(%(files)s)",
        {"files": list(file_ids)},
    )
    return sorted({*file_ids, *(file_id for (file_id,) in cursor.fetchall())})


def write_down(cursor: Any, after: int) -> None:
    """Puts the events of the history behind this one into the journal."""
    cursor.execute(JOURNAL, {"after": after, "parcel": PARCEL})


def last_event(cursor: Any) -> int:
    """The id of the newest event; the caller holds the lock, so what comes after is its own."""
    cursor.execute("select coalesce(max(id), 0) from discrepancy_event")
    return int(cursor.fetchone()[0])
