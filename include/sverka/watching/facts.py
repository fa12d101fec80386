"""What watching says: money owed by couriers, how old it is, and what is late."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from sverka.money import NO_MONEY, Minor


class Phase(StrEnum):
    """Where a shipped order with money to collect is (docs/glossary.md has the Russian)."""

    ON_THE_WAY = "on_the_way"
    """Handed over; nobody told of a delivery."""
    DELIVERED = "delivered"
    LOST = "lost"
    """Lost or destroyed by the courier's own word: its value is owed."""
    COMING_BACK = "coming_back"
    """Refused by the buyer: goods are owed, no money."""
    REPORTED = "reported"
    """In a settlement report that stands: from here on the line's verdict speaks."""


OWED_PHASES = (Phase.ON_THE_WAY, Phase.DELIVERED, Phase.LOST)
"""What `Owed.total` counts."""


@dataclass(frozen=True, slots=True)
class Age:
    """A bucket of ages in days, both ends included; `until` None is «and older»."""

    code: str
    since: int
    until: int | None


AGES = (
    Age("0-7", 0, 7),
    Age("8-14", 8, 14),
    Age("15-30", 15, 30),
    Age("31-60", 31, 60),
    Age("61+", 61, None),
)

STAGES = ("on_the_way", "not_due", "overdue")
"""The other way to cut `Owed.total` into buckets; a late parcel on its way is overdue."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the orders: how many, and their money in minor units."""

    orders: int = 0
    amount: Minor = NO_MONEY


@dataclass(frozen=True, slots=True)
class Owed:
    """What one courier owes in one currency; minor units.

    `total` is money to collect for shipped orders that are in no settlement report; it is cut
    into `stages` (by `STAGES`) and into `ages` (by `AGES` codes), each sums up to it. `oldest` is
    the day the oldest of them is counted from. `transfers` is reported money that is not in the
    bank, `late_transfers` the part of it whose term has passed; neither is in `total`.
    `reported` and `coming_back` are open orders that nobody waits for, for the whole sum to agree
    with the books. `courier` is None where nobody knows whose parcels they are.
    """

    courier: str | None
    currency: str
    total: Part = Part()
    stages: dict[str, Part] = field(default_factory=dict)
    ages: dict[str, Part] = field(default_factory=dict)
    oldest: date | None = None
    transfers: Minor = NO_MONEY
    late_transfers: Minor = NO_MONEY
    reported: Part = Part()
    coming_back: Part = Part()


@dataclass(frozen=True, slots=True)
class Behind:
    """One order behind a number; `age` is days, `link` opens it in MoySklad."""

    order_id: UUID
    name: str
    link: str | None
    courier: str | None
    told_by: str
    currency: str
    open: Minor
    phase: Phase
    shipped_on: date
    delivered_on: date | None
    since: date
    due_on: date | None
    age: int


Place = tuple[date, UUID]
"""Where a page of orders ended: `since` and the order."""


@dataclass(frozen=True, slots=True)
class Orders:
    """A page of orders, the oldest first; `after` asks for the next one, None when it is the last."""

    orders: tuple[Behind, ...]
    after: Place | None


@dataclass(frozen=True, slots=True)
class Late:
    """Something due by the contract that did not come; `verdict` is `overdue` or `unpaid`.

    `subject` is `order:<uuid>` or `payout:<uuid>`; `days` is since the term; `hard` says that
    the last day of the claim is near. `sentence` says what to do and by when.
    """

    subject: str
    verdict: str
    courier: str | None
    currency: str
    stake: Minor
    order_id: UUID | None
    file_id: int | None
    due_on: date
    days: int
    claim_by: date
    hard: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One courier's figures of one day in one currency; minor units.

    `owed`, `overdue` and `reported` are None for a day that no report was published on.
    """

    day: date
    courier: str | None
    currency: str
    owed: Minor | None
    overdue: Minor | None
    reported: Minor | None
    received: Minor
    opened: int
    resolved: int


@dataclass(frozen=True, slots=True)
class Change:
    """What changed since the last day that has figures; minor units.

    `before` is that day, None when this is the first; then the owed sums do not compare.
    """

    currency: str
    before: date | None
    owed: Minor
    owed_before: Minor | None
    overdue: Minor
    overdue_before: Minor | None
    received: Minor
    opened: int
    resolved: int


@dataclass(frozen=True, slots=True)
class Received:
    """Money that came from a courier in a period, minor units."""

    courier: str
    currency: str
    transfers: int
    amount: Minor


@dataclass(frozen=True, slots=True)
class CameBack:
    """Parcels that a courier reported as refused or returned on a day."""

    day: date
    courier: str
    parcels: int
