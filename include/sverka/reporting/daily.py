"""The day's report as pure data: what the renderings print and nothing else.

Money is minor units of the currency beside it. Sums of different currencies are never added.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import add

from sverka.discrepancies import Changed
from sverka.discrepancies.listing import Total
from sverka.money import NO_MONEY, Minor
from sverka.nouns import FileState, PostingKind, PostingState
from sverka.reporting.parts import CourierDay, FilePart, Parts, money_by_currency, rubles_first
from sverka.reporting.standing import Standing
from sverka.reporting.transfers import Transfer
from sverka.watching import CameBack, Change, Figure, Owed, Part, Received


@dataclass(frozen=True, slots=True)
class Ignored:
    """Rows of a file that are no lines by the schema's rules, and why; `payout` is their money."""

    reason: str
    rows: int
    payout: Minor = NO_MONEY


@dataclass(frozen=True, slots=True)
class FileDay:
    """One file and its way: read, ignored, rejected, reconciled, posted.

    `rejected_rows` could not be read as lines at all; rejected lines are in `parts`. `link` opens
    the run in the Airflow UI, "" where there is none; `page` is the file's page.
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
    page: str
    rows_read: int = 0
    ignored: tuple[Ignored, ...] = ()
    rejected_rows: int = 0
    doubts: tuple[str, ...] = ()
    """What the checks found unusual without refusing it."""
    noted: tuple[str, ...] = ()
    """What was taken note of and settles no money."""
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
class Service:
    """A service or fine without an order: nothing is wrong, a person checks the contract."""

    file_id: int
    file: str
    sheet: str | None
    line_no: int
    row_page: str | None
    courier: str
    courier_title: str
    order_ref: str | None
    track_ref: str | None
    currency: str
    stake: Minor
    rule: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """A document that MoySklad has not confirmed yet: Sverka looks it up by itself."""

    file_id: int
    file: str
    sheet: str | None
    line_no: int | None
    order_ref: str | None
    courier_title: str
    kind: PostingKind
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
class Carried:
    """What earlier days left behind, apart from discrepancies."""

    files: tuple[FileDay, ...] = ()
    documents: tuple[DocumentCount, ...] = ()
    """Documents of earlier days' files that are on their way."""


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """A file's documents that wait for a person's word; `stake` is minor units.

    `page` shows what would be created in MoySklad.
    """

    file_id: int
    file: str
    documents: int
    stake: Minor
    currency: str
    since: datetime
    page: str


@dataclass(frozen=True, slots=True)
class FinishedLater:
    """A file of an earlier day that was finished on this one; its own day reports it."""

    name: str
    came_on: date


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands as of the report's moment, whatever day it came from.

    `questions` are the sums of all discrepancies; `shown` are those with the most money, each with
    its evidence. `changed` is what became of them since the day began. `owed` is what couriers
    owe; `change` compares it with the last day before. `plans` wait for a person's word. The figures are of the 30 days that end
    with the day. `first` says that no day before has a report.
    """

    questions: tuple[Total, ...] = ()
    shown: tuple[Standing, ...] = ()
    changed: tuple[Changed, ...] = ()
    owed: tuple[Owed, ...] = ()
    change: tuple[Change, ...] = ()
    trend: tuple[Figure, ...] = ()
    payouts: tuple[Received, ...] = ()
    returns: tuple[CameBack, ...] = ()
    plans: tuple[OpenPlan, ...] = ()
    first: bool = False

    @property
    def count(self) -> int:
        """How many discrepancies stand."""
        return sum(one.count for one in self.questions)

    @property
    def stake(self) -> dict[str, Minor]:
        """Their money in question."""
        return money_by_currency((one.currency, one.stake) for one in self.questions)

    def of(self, *verdicts: str) -> tuple[int, dict[str, Minor]]:
        """How many discrepancies have one of these verdicts, and their money."""
        some = [one for one in self.questions if one.verdict in verdicts]
        return (
            sum(one.count for one in some),
            money_by_currency((one.currency, one.stake) for one in some),
        )

    @property
    def owing(self) -> tuple["Debt", ...]:
        """Who owes anything, the most first."""
        debts = (debt_of(one) for one in self.owed)
        return tuple(sorted((one for one in debts if one.money), key=lambda one: -one.money))

    @property
    def debt(self) -> dict[str, Minor]:
        """What all couriers owe."""
        return nonzero((one.currency, one.money) for one in self.owing)

    @property
    def late(self) -> dict[str, Minor]:
        """The part of it whose term has passed."""
        return nonzero((one.currency, one.late) for one in self.owing)


@dataclass(frozen=True, slots=True)
class Debt:
    """What one courier owes in one currency: orders in no report, and reported money that is not in
    the bank (`transfers`); `late` is the part of both whose term has passed. Minor units.
    """

    courier: str | None
    currency: str
    money: Minor
    late: Minor
    transfers: Minor
    ages: Mapping[str, Part]
    oldest: date | None


def debt_of(one: Owed) -> Debt:
    """The courier's debt as the first screen tells it."""
    return Debt(
        one.courier,
        one.currency,
        Minor(one.total.amount + one.transfers),
        Minor(one.stages["overdue"].amount + one.late_transfers),
        one.transfers,
        one.ages,
        one.oldest,
    )


def nonzero(rows: Iterable[tuple[str, Minor]]) -> dict[str, Minor]:
    """Sums by currency, without currencies that have none."""
    return {currency: amount for currency, amount in money_by_currency(rows).items() if amount}


@dataclass(frozen=True, slots=True)
class Daily:
    """Everything the report of one Moscow day says.

    A file belongs to exactly one day, the one it came on; its page is renewed when it is
    finished. So the days' figures can be added up. `stand` is no figure of the day: it is what
    stands at `as_of`.
    """

    day: date
    as_of: datetime
    titles: Mapping[str, str]
    """Couriers' titles by code."""
    files: tuple[FileDay, ...]
    couriers: tuple[CourierDay, ...]
    documents: tuple[DocumentCount, ...]
    stand: Stand
    services: tuple[Service, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    unsure: tuple[Unsure, ...] = ()
    dropped_again: tuple[DroppedAgain, ...] = ()
    carried: Carried = field(default_factory=Carried)
    finished_later: tuple[FinishedLater, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    """Reports and their money in the bank; those of earlier days as long as it is not there."""
    left_out: tuple[str, ...] = ()
    """Stored layouts and couriers that do not load, in sentences."""
    undelivered: tuple[str, ...] = ()
    """Notices that were given up on this day, in sentences."""

    def title(self, courier: str | None) -> str:
        """How people call the courier; a code that nobody knows stays what it is."""
        return self.titles.get(courier or "", courier or "")

    def totals(self) -> dict[str, Parts]:
        """All couriers together by currency, rubles first."""
        currencies = sorted({c.currency for c in self.couriers}, key=rubles_first)
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
