"""The words of a discrepancy's life: what it is about, where it stands, how it got there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sverka.money import Minor


class Kind(StrEnum):
    """What a discrepancy is about."""

    LINE = "line"
    DOCUMENT = "document"
    PAYOUT = "payout"
    ORDER = "order"
    """Shipped, to be paid by the contract, and in no report. It has no file."""


class State(StrEnum):
    """Where it stands. `open` and `explained` are standing: their money is still in question."""

    OPEN = "open"
    EXPLAINED = "explained"
    """A person said why; the money is not there yet."""
    RESOLVED = "resolved"


STANDING = (State.OPEN, State.EXPLAINED)


class ResolvedBy(StrEnum):
    """What ended it: a fact, or a person."""

    REPORT = "report"
    """A later or corrected report says it differently."""
    BOOKING = "booking"
    """Its money is booked."""
    BANK = "bank"
    """The bank's statements answered it."""
    BOOKS = "books"
    """The shop's books were put right, and the line agrees with them now."""
    UNDO = "undo"
    """Its report was undone and counts no more."""
    PERSON = "person"
    ACCEPTED_LOSS = "accepted_loss"
    """A person gave the money up. Nothing is booked by that."""
    TERM = "term"
    """It is waited for again: its term has not passed."""


BY_PERSON = (ResolvedBy.PERSON, ResolvedBy.ACCEPTED_LOSS)


class What(StrEnum):
    """An event of its history."""

    OPENED = "opened"
    CHANGED = "changed"
    """Another verdict or stake while it was open."""
    EXPLAINED = "explained"
    RESOLVED = "resolved"
    REOPENED = "reopened"


class Why(StrEnum):
    """Why it was reopened."""

    FACT = "fact"
    """What had ended it does not hold any more."""
    CHANGED = "changed"
    """A person had decided about another verdict or stake."""
    PERSON = "person"


class Action(StrEnum):
    """What a person may decide."""

    EXPLAIN = "explain"
    RESOLVE = "resolve"
    ACCEPT_LOSS = "accept_loss"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One discrepancy as it stands. Money is minor units of `currency`.

    `updated` is the version that a decision has to name, `mark` what a workbook's key is
    signed with; `order` is the order's name in MoySklad
    where it is known. `file`, `sheet` and `line_no` lead to the row that was last seen with it; an
    order that is in no report has none, and no `courier` ("") where nobody knows who has it.
    """

    id: int
    kind: Kind
    key: UUID
    mark: UUID
    verdict: str
    courier: str
    currency: str
    stake: Minor
    file_id: int | None
    file: str | None
    line_id: int | None
    sheet: str | None
    line_no: int | None
    order_id: UUID | None
    order: str | None
    track_ref: str | None
    sentence: str
    in_question: bool
    state: State
    resolved_by: ResolvedBy | None
    accepted_amount: Minor | None
    comment: str | None
    decided_by: str | None
    opened_at: datetime
    changed_at: datetime
    times_reopened: int
    updated: int

    def age(self, now: datetime) -> int:
        """Whole days since it was first seen."""
        return max((now - self.opened_at).days, 0)
