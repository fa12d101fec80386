"""Reported lines and their money, added up within one currency."""

from dataclasses import dataclass

from sverka.money import NO_MONEY, Minor


@dataclass(frozen=True, slots=True)
class Sums:
    """How many lines and how much money; who adds sums up sees to it that the currency is one."""

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


NO_LINES = Sums()
