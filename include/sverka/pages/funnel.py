"""Where every row and every kopeck of a file went, as it was counted (`counting`)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.pages.reading import read
from sverka.sums import NO_LINES, Sums

STEPS = ("posted", "waiting", "discrepant", "service", "repeated", "rejected", "unreconciled")
"""What a line ended as: the closed list whose sums are the file's."""

ALL = "all"
"""The step that is counted on its own: every line of the file."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """The lines of one currency by step; `all` is counted on its own, so that a hole shows."""

    currency: str
    all: Sums
    steps: dict[str, Sums] = field(default_factory=dict)

    @property
    def adds_up(self) -> bool:
        """Whether the steps have every line and every kopeck."""
        return sum(self.steps.values(), NO_LINES) == self.all


@dataclass(frozen=True, slots=True)
class Ignored:
    """Rows that are no lines; `payout` is the money that stands in them."""

    reason: str
    rows: int
    payout: Minor


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents of one kind and state; `dry_run` ones are never sent."""

    kind: str
    state: str
    dry_run: bool
    currency: str
    count: int
    amount: Minor


@dataclass(frozen=True, slots=True)
class FileFunnel:
    """A file from the rows that were read to what became of them."""

    rows_read: int
    ignored: tuple[Ignored, ...]
    unread: int
    """Rows that could not be read as lines."""
    currencies: tuple[Funnel, ...]
    begun: bool
    """Whether reading got as far as a report; nothing has to add up before."""
    documents: tuple[Documents, ...]
    counted_at: datetime | None
    """None when it was never counted: see `counting.count`."""

    @property
    def lines(self) -> int:
        return sum(one.all.lines for one in self.currencies)

    @property
    def adds_up(self) -> bool:
        """Whether every row that was read is somewhere, and so is every kopeck."""
        rows = self.lines + self.unread + sum(one.rows for one in self.ignored)
        return rows == self.rows_read and all(one.adds_up for one in self.currencies)


@dataclass(frozen=True, slots=True)
class _Head:
    reports: int
    rows_read: int
    unread: int | None
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Step:
    currency: str
    step: str
    lines: int
    collected: int
    fees: int
    payout: int

    @property
    def sums(self) -> Sums:
        return Sums(self.lines, Minor(self.collected), Minor(self.fees), Minor(self.payout))


def file_funnel(conn: Connection, file_id: int) -> FileFunnel:
    """The funnel of a file's settlement reports; others are noted and settle nothing."""
    values = {"id": file_id}
    [head] = read(conn, _Head, _HEAD, values)
    return FileFunnel(
        rows_read=head.rows_read,
        ignored=tuple(read(conn, Ignored, _IGNORED, values)),
        unread=head.unread or 0,
        currencies=tuple(_by_currency(read(conn, _Step, _STEPS, values))),
        begun=head.reports > 0,
        documents=tuple(read(conn, Documents, _DOCUMENTS, values)),
        counted_at=head.counted_at,
    )


def _by_currency(counted: Iterable[_Step]) -> Iterable[Funnel]:
    found: dict[str, dict[str, Sums]] = defaultdict(dict)
    for one in counted:
        found[one.currency][one.step] = one.sums
    for currency, own in found.items():
        steps = {step: own[step] for step in STEPS if step in own}
        yield Funnel(currency, own.get(ALL, NO_LINES), steps)


_HEAD = """
    select count(r.id) as reports, coalesce(sum(r.rows_read), 0)::bigint as rows_read,
           (select unread from funnel where file_id = %(id)s) as unread,
           (select counted_at from funnel where file_id = %(id)s) as counted_at
      from report r where r.file_id = %(id)s and r.purpose = 'settlement'
"""
_IGNORED = """
    select e ->> 'reason' as reason, sum((e ->> 'rows')::int)::int as rows,
           sum(coalesce((e ->> 'payout')::bigint, 0))::bigint as payout
      from report r, jsonb_array_elements(r.ignored) e
     where r.file_id = %(id)s and r.purpose = 'settlement'
     group by 1 order by 1
"""
_STEPS = """
    select currency, step, lines, collected, fees, payout
      from funnel_step where file_id = %(id)s order by currency
"""
_DOCUMENTS = """
    select kind, state, dry_run, currency, count, amount
      from funnel_document where file_id = %(id)s
     order by array_position(array['paymentin', 'supply', 'paymentout', 'salesreturn',
                                   'customerorder.state', 'demand.state'], kind), state, 3, 4
"""
