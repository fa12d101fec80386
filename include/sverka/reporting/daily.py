"""The day's report as pure data: what the three renderings print and nothing else.

Money is minor units of the currency beside it. Sums of different currencies are never added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import add

from sverka.money import NO_MONEY, Minor
from sverka.nouns import FileState, PostingKind, PostingState, VerdictKind
from sverka.reporting.transfers import Transfer


@dataclass(frozen=True, slots=True)
class Sums:
    """How many lines and how much money of one currency."""

    lines: int = 0
    collected: Minor = NO_MONEY
    fees: Minor = NO_MONEY
    payout: Minor = NO_MONEY

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.lines + other.lines,
            Minor(self.collected + other.collected),
            Minor(self.fees + other.fees),
            Minor(self.payout + other.payout),
        )


@dataclass(frozen=True, slots=True)
class Parts:
    """What became of the reported lines: `reported` is the sum of the six parts after it.

    `reported` is counted from the lines alone, the parts from lines with their verdicts, so the
    equation is a real check. `posted` are the lines with all their documents in MoySklad and
    `stake` is the money in question in `discrepant`.
    """

    reported: Sums = Sums()
    matched: Sums = Sums()
    discrepant: Sums = Sums()
    service: Sums = Sums()
    repeated: Sums = Sums()
    rejected: Sums = Sums()
    unreconciled: Sums = Sums()
    posted: Sums = Sums()
    stake: Minor = NO_MONEY

    def __add__(self, other: "Parts") -> "Parts":
        return Parts(
            self.reported + other.reported,
            self.matched + other.matched,
            self.discrepant + other.discrepant,
            self.service + other.service,
            self.repeated + other.repeated,
            self.rejected + other.rejected,
            self.unreconciled + other.unreconciled,
            self.posted + other.posted,
            Minor(self.stake + other.stake),
        )

    @property
    def accounted(self) -> Sums:
        """The six parts together."""
        return reduce(
            add,
            (
                self.matched,
                self.discrepant,
                self.service,
                self.repeated,
                self.rejected,
                self.unreconciled,
            ),
        )

    @property
    def adds_up(self) -> bool:
        """No line and no kopeck was lost or counted twice."""
        return self.reported == self.accounted


@dataclass(frozen=True, slots=True)
class CourierDay:
    """One courier's lines of the day in one currency."""

    courier: str
    title: str
    currency: str
    dry_run: bool
    parts: Parts


@dataclass(frozen=True, slots=True)
class Ignored:
    """Rows of a file that are no lines by the schema's rules, and why; `payout` is their money."""

    reason: str
    rows: int
    payout: Minor = NO_MONEY


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file's lines of one courier in one currency."""

    courier: str
    courier_title: str
    currency: str
    parts: Parts


@dataclass(frozen=True, slots=True)
class FileDay:
    """One file and its way: read, ignored, rejected, reconciled, posted.

    `rejected_rows` could not be read as lines at all; rejected lines are in `parts`. `link` opens
    the run in the Airflow UI, "" where there is none.
    """

    file_id: int
    name: str
    zone: str
    state: FileState
    reason: str | None
    couriers: tuple[str, ...]
    received_at: datetime
    finished_at: datetime | None
    partition_key: str
    link: str
    rows_read: int = 0
    ignored: tuple[Ignored, ...] = ()
    rejected_rows: int = 0
    doubts: tuple[str, ...] = ()
    """What the checks found unusual without refusing it, in Russian sentences."""
    noted: tuple[str, ...] = ()
    """What was taken note of and settles no money, in Russian sentences."""
    parts: tuple[FilePart, ...] = ()

    @property
    def lines(self) -> int:
        """Rows that became lines."""
        return sum(part.parts.reported.lines for part in self.parts)

    @property
    def adds_up(self) -> bool:
        """Every row that was read is a line, or ignored with a reason, or rejected."""
        ignored = sum(entry.rows for entry in self.ignored)
        return self.rows_read == self.lines + ignored + self.rejected_rows


@dataclass(frozen=True, slots=True)
class DocumentCount:
    """Documents of one file, courier, kind, state and currency."""

    file_id: int
    file: str
    courier: str
    courier_title: str
    kind: PostingKind
    state: PostingState
    currency: str
    count: int
    amount: Minor


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a person may look at, in Russian: an order by its id in MoySklad, or a set of goods."""

    kind: str
    order_id: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One line on which the courier and the books disagree, with its place in the file.

    `stake` is the money in question: the difference, or the whole amount where there is nothing
    to compare with. `booked` says that documents were posted nevertheless. `order_name` is the
    order's number in MoySklad where it was found, also by the parcel's number alone.
    `suggestions`, the likeliest first, are for a person alone: nothing is booked by them.
    """

    file_id: int
    file: str
    sheet: str | None
    line_no: int
    courier: str
    courier_title: str
    order_ref: str | None
    track_ref: str | None
    order_name: str | None
    currency: str
    verdict: VerdictKind
    rule: str
    expected: Minor | None
    received: Minor
    difference: Minor | None
    stake: Minor
    sentence: str
    booked: bool
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that could not be taken: the column, its value as the file has it, and why."""

    file_id: int
    file: str
    sheet: str | None
    line_no: int
    column: str | None
    value: str | None
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A document that MoySklad did not take, or has not yet confirmed (`unsure`)."""

    file_id: int
    file: str
    sheet: str | None
    line_no: int | None
    order_ref: str | None
    courier_title: str
    kind: PostingKind
    state: PostingState
    currency: str
    amount: Minor
    error: str


@dataclass(frozen=True, slots=True)
class DroppedAgain:
    """A content that had been taken before: nothing is booked for it a second time."""

    name: str
    zone: str
    seen_at: datetime
    accepted_as: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class OpenDiscrepancies:
    """Discrepancies of earlier days that nobody resolved yet."""

    courier: str
    courier_title: str
    verdict: VerdictKind
    currency: str
    count: int
    stake: Minor
    oldest: date


@dataclass(frozen=True, slots=True)
class Carried:
    """What is still open from earlier days."""

    files: tuple[FileDay, ...] = ()
    discrepancies: tuple[OpenDiscrepancies, ...] = ()
    documents: tuple[DocumentCount, ...] = ()
    """Documents of earlier days' files that are waiting or were refused."""


@dataclass(frozen=True, slots=True)
class FinishedLater:
    """A file of an earlier day that was finished on this one; its own day reports it."""

    name: str
    came_on: date


@dataclass(frozen=True, slots=True)
class Daily:
    """Everything the report of one Moscow day says.

    A file belongs to exactly one day, the one it came on; its page is renewed when it is
    finished. So the days' figures can be added up.
    """

    day: date
    as_of: datetime
    files: tuple[FileDay, ...]
    couriers: tuple[CourierDay, ...]
    documents: tuple[DocumentCount, ...]
    discrepancies: tuple[Discrepancy, ...]
    services: tuple[Discrepancy, ...]
    """Services and fines without an order: nothing is wrong, a person checks the contract."""
    rejected: tuple[RejectedRow, ...]
    troubles: tuple[Trouble, ...]
    dropped_again: tuple[DroppedAgain, ...]
    carried: Carried
    finished_later: tuple[FinishedLater, ...]
    transfers: tuple[Transfer, ...] = ()
    """Reports and their money in the bank; those of earlier days as long as it is not there."""
    left_out: tuple[str, ...] = ()
    """Stored layouts and couriers that do not load, in Russian sentences."""

    def totals(self) -> dict[str, Parts]:
        """All couriers together by currency, rubles first."""
        currencies = sorted({c.currency for c in self.couriers}, key=lambda c: (c != "RUB", c))
        return {
            currency: reduce(
                add, (c.parts for c in self.couriers if c.currency == currency), Parts()
            )
            for currency in currencies
        }

    def files_in(self, *states: FileState) -> tuple[FileDay, ...]:
        """The day's files in these states."""
        return tuple(file for file in self.files if file.state in states)

    @property
    def adds_up(self) -> bool:
        """Every line, kopeck and row is accounted for."""
        return all(courier.parts.adds_up for courier in self.couriers) and all(
            file.adds_up for file in self.files
        )


def money_by_currency(rows: Sequence[tuple[str, Minor]]) -> dict[str, Minor]:
    """Adds amounts up within their currency, rubles first."""
    sums: dict[str, Minor] = {}
    for currency, amount in sorted(rows, key=lambda row: (row[0] != "RUB", row[0])):
        sums[currency] = Minor(sums.get(currency, NO_MONEY) + amount)
    return sums
