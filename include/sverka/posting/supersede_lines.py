"""What a corrected report says differently: rows compared by their identity, not by their place."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.posting.rows import named
from sverka.posting.supersede_found import Edition

SAYS = (
    "row_kind, outcome, order_key, track_key, collected, payout, currency, fee_delivery, fee_cod, "
    "fee_insurance, fee_return, fee_storage, fee_other"
)
"""What a row says of the order and the money. Its date is left out: another day of the same
delivery changes no document."""


@dataclass(frozen=True, slots=True)
class Booking:
    """One live posting as it stands for one line; `shared` when it stands for several.

    `own` says that the line is the corrected file's: it was booked from it before.
    """

    sync_id: UUID
    file_id: int
    kind: str
    state: str
    line_key: UUID
    order_id: UUID | None
    shared: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines by key: booked ones that the new report says differently or leaves out, and the rest.

    `more` counts lines that the old report did not have; `other` says that the two reports differ
    at all, booked or not. `before` and `after` are the payouts of both, in minor units.
    """

    changed: frozenset[UUID]
    removed: frozenset[UUID]
    more: int
    other: bool
    before: Minor
    after: Minor
    bookings: tuple[Booking, ...] = field(repr=False, default=())

    @property
    def takes_back(self) -> bool:
        """Something booked would have to go."""
        return bool(self.changed or self.removed)

    @property
    def finished(self) -> bool:
        """Everything that was approved of the older reports stands in MoySklad."""
        return all(one.state == "posted" for one in self.bookings)


_FAMILY = """
    with recursive family (file_id, ordinal) as (
        select %(old_file)s::bigint, %(old_ordinal)s::int
         union
        select s.old_file_id, s.old_ordinal
          from supersession s join family f on f.file_id = s.file_id and f.ordinal = s.ordinal
         where s.verdict = 'supersedes'
    )
    select r.id from report r join family f on f.file_id = r.file_id and f.ordinal = r.ordinal
"""

_LINES = f"select line_key::text, payout, ({SAYS})::text as says from line where report_id = any(%s) and accepted"  # noqa: S608 - a constant

_BOOKINGS = f"""
    select p.sync_id::text, p.file_id, p.kind, p.state, l.line_key::text, p.order_id::text,
           false as shared, l.report_id = any(%(own)s) as own, (l.{SAYS.replace(", ", ", l.")})::text as says
      from posting p join line l on l.id = p.line_id
     where l.report_id = any(%(reports)s) and p.state <> 'reversed'
       and not (p.state = 'planned' and p.dry_run)
     union all
    select p.sync_id::text, p.file_id, p.kind, p.state, l.line_key::text, null,
           true, l.report_id = any(%(own)s), (l.{SAYS.replace(", ", ", l.")})::text
      from posting_line c join posting p using (sync_id) join line l on l.id = c.line_id
     where l.report_id = any(%(reports)s) and p.state <> 'reversed'
       and not (p.state = 'planned' and p.dry_run)
"""  # noqa: S608 - constants


def family(conn: Connection, old: Edition) -> list[int]:
    """The old report and all that it superseded itself, by id."""
    with conn.cursor() as cursor:
        cursor.execute(_FAMILY, {"old_file": old.file_id, "old_ordinal": old.ordinal})
        return [row[0] for row in cursor.fetchall()]


def report_of(conn: Connection, edition: Edition) -> int:
    """The id that the report has now.

    Raises:
        LookupError: the file has no such report.
    """
    with conn.cursor() as cursor:
        cursor.execute(
            "select id from report where file_id = %s and ordinal = %s",
            (edition.file_id, edition.ordinal),
        )
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"file {edition.file_id} has no report {edition.ordinal}")
    return int(row[0])


def difference(conn: Connection, new: Edition, old: Edition) -> Difference:
    """Compares the new report's lines with the old one's, and with what is booked of its family."""
    own, older = report_of(conn, new), report_of(conn, old)
    says, after = _lines(conn, [own])
    said, before = _lines(conn, [older])
    reports = [*family(conn, old), own]
    bookings, booked = _bookings(conn, reports, own)
    changed = {key for key, words in booked.items() if key in says and words != {says[key]}}
    return Difference(
        changed=frozenset(changed),
        removed=frozenset(booked.keys() - says.keys()),
        more=len(says.keys() - said.keys()),
        other=says != said,
        before=before,
        after=after,
        bookings=tuple(bookings),
    )


def _lines(conn: Connection, reports: Sequence[int]) -> tuple[dict[UUID, str], Minor]:
    with conn.cursor() as cursor:
        cursor.execute(_LINES, (list(reports),))
        rows = list(named(cursor))
    return {UUID(row.line_key): row.says for row in rows}, Minor(sum(row.payout for row in rows))


def _bookings(
    conn: Connection, reports: Iterable[int], own: int
) -> tuple[list[Booking], dict[UUID, set[str]]]:
    """The live postings, and by line what the row said that they were made of."""
    booked: dict[UUID, set[str]] = defaultdict(set)
    bookings = []
    with conn.cursor() as cursor:
        cursor.execute(_BOOKINGS, {"reports": list(reports), "own": [own]})
        for row in named(cursor):
            key = UUID(row.line_key)
            booked[key].add(row.says)
            order = UUID(row.order_id) if row.order_id else None
            bookings.append(
                Booking(
                    UUID(row.sync_id),
                    row.file_id,
                    row.kind,
                    row.state,
                    key,
                    order,
                    row.shared,
                    row.own,
                )
            )
    return bookings, booked
