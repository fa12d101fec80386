"""What is compared: a report's claim on a transfer, and money that came to the shop's account."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sverka.money import Minor

BEFORE = timedelta(days=3)
"""A transfer may be older than its report: the register is often sent after the payment order."""
AFTER = timedelta(days=30)
"""A payment order is valid for ten days (Civil Code, Bank of Russia 762-P), contracts give more."""


class PayoutState(StrEnum):
    """Where the money of a report is (docs/glossary.md has the Russian)."""

    PAID = "paid"
    WAITING = "waiting"
    """Not in the bank, and not all statements of the days it may come in are there."""
    MISSING = "missing"
    """The statements have all those days, and it is in none."""
    DIFFERS = "differs"
    """The payment order came with another sum."""
    CONTESTED = "contested"
    """Several movements fit, or one fits several reports: nobody gets it."""
    OWED = "owed"
    """The shop owes the courier."""
    NOTHING = "nothing"
    """The report comes to zero: nothing is transferred."""
    UNKNOWN = "unknown"
    """Rows could not be read, so nobody knows the sum; or no day to look around."""
    VOID = "void"
    """The file is undone or held, or a corrected report took the report's place."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One report's claim. Claims with one `key` are one payout: `expected` minor units together.

    `number` and `ordered_on` are the payment order's; `day` is what the window is counted from.
    """

    file_id: int
    ordinal: int
    key: UUID
    courier: str
    currency: str
    expected: Minor | None
    together: int
    number: str | None
    ordered_on: date | None
    day: date | None
    void: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """An incoming movement of the bank; `amount` is minor units."""

    key: UUID
    account: str
    currency: str
    amount: Minor
    number: str | None
    document_date: date | None
    moved_on: date
    counterparty: str | None
    inn: str | None


@dataclass(frozen=True, slots=True)
class Covered:
    """Days of an account that a statement has; None where the statement does not say them."""

    account: str
    currency: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the bank says of a payout. `money` is the movement that pays it, or nearly does."""

    state: PayoutState
    rule: str | None = None
    money: Money | None = None
    rivals: tuple[Money, ...] = ()


def bare_number(text: str | None) -> str | None:
    """A payment order's number as banks and couriers both write it: «№ 000077» → `77`."""
    if text is None:
        return None
    bare = "".join(text.replace("№", "").split()).casefold().lstrip("0")
    return bare or None


def is_order_number(bare: str | None) -> bool:
    """Whether it can be the number of a payment order: up to six digits (Bank of Russia, 762-P).

    camt.053 has references of the bank in the same place; they contradict nothing.
    """
    return bare is not None and bare.isascii() and bare.isdigit() and len(bare) <= 6
