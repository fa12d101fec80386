"""What became of reported lines: their sums in one currency, and the equation between them.

Money is minor units of the currency beside it. Sums of different currencies are never added.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add

from sverka.money import NO_MONEY, Minor
from sverka.sums import NO_LINES, Sums


@dataclass(frozen=True, slots=True)
class Parts:
    """What became of the reported lines: `reported` is the sum of the six parts after it.

    `reported` is counted from the lines alone, the parts from lines with their verdicts, so the
    equation is a real check. `posted` are the lines with all their documents in MoySklad and
    `stake` is the money in question in `discrepant`.
    """

    reported: Sums = NO_LINES
    matched: Sums = NO_LINES
    discrepant: Sums = NO_LINES
    service: Sums = NO_LINES
    repeated: Sums = NO_LINES
    rejected: Sums = NO_LINES
    unreconciled: Sums = NO_LINES
    posted: Sums = NO_LINES
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
class FilePart:
    """A file's lines of one courier in one currency."""

    courier: str
    courier_title: str
    currency: str
    parts: Parts


def rubles_first(currency: str) -> tuple[bool, str]:
    """The order of currencies wherever several stand together."""
    return currency != "RUB", currency


def money_by_currency(rows: Iterable[tuple[str, Minor]]) -> dict[str, Minor]:
    """Adds amounts up within their currency, rubles first."""
    sums: dict[str, Minor] = {}
    for currency, amount in sorted(rows, key=lambda row: rubles_first(row[0])):
        sums[currency] = Minor(sums.get(currency, NO_MONEY) + amount)
    return sums
