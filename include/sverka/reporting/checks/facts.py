"""What the page of checks says, as pure data; money is minor units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sverka.money import Minor
from sverka.nouns import FileState, Purpose, Settlement


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with what it found; `sample` are refused rows or totals as checking stored them."""

    code: str
    sentence: str
    severity: str
    passed: bool
    checked: int
    refused: int
    sample: tuple[Mapping[str, Any], ...]

    @property
    def broken(self) -> bool:
        """It failed and that has consequences."""
        return not self.passed and self.severity == "critical"

    @property
    def rows(self) -> tuple[Mapping[str, Any], ...]:
        """The refused rows that can be found in the file."""
        return tuple(row for row in self.sample if "line_no" in row)


@dataclass(frozen=True, slots=True)
class Total:
    """A total as the file prints it beside the sum of the rows."""

    report_no: str | None
    field: str
    currency: str
    printed: int
    counted: int | None

    @property
    def difference(self) -> int | None:
        """Printed − counted; None when nothing can be counted."""
        return None if self.counted is None else self.printed - self.counted


@dataclass(frozen=True, slots=True)
class Report:
    """One report of the file and the equation of its rows.

    Of the `paid` rows, those with money, `fitting` obey the model to the kopeck and `rounded`
    within a ruble.
    """

    report_no: str | None
    report_date: date | None
    model: Settlement | None
    paid: int
    fitting: int
    rounded: int


@dataclass(frozen=True, slots=True)
class Part:
    """What became of some rows, with their money in one currency."""

    rows: int
    collected: Minor
    payout: Minor
    currency: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """Rows that are no operations, and why."""

    reason: str
    rows: int
    payout: Minor


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that parsing could not read."""

    sheet: str | None
    line_no: int
    column: str | None
    value: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """Everything the page says of one file.

    `parts` are `accepted`, `aside` (put aside one by one) and `held` (kept back with the whole
    file), each by currency. `provenance` is how the layout became known, Russian.
    """

    file_id: int
    name: str
    state: FileState
    reason: str | None
    courier: str
    layout: str
    version: int
    provenance: str
    purpose: Purpose
    received_at: datetime
    checked_at: datetime | None
    rows_read: int
    ignored: tuple[Ignored, ...]
    unread_rows: int
    unread: tuple[Unread, ...]
    movements: int
    parts: Mapping[str, tuple[Part, ...]]
    rules: tuple[Rule, ...]
    totals: tuple[Total, ...]
    reports: tuple[Report, ...]

    def rows(self, part: str) -> int:
        """Rows of a part in all currencies; the movements of a statement are accepted ones."""
        movements = self.movements if part == "accepted" else 0
        return sum(one.rows for one in self.parts.get(part, ())) + movements

    @property
    def held(self) -> bool:
        """The file as a whole was kept back."""
        return bool(self.rows("held")) or self.state is FileState.QUARANTINED

    @property
    def broken(self) -> tuple[Rule, ...]:
        """Rules whose failure has consequences, the worst first."""
        found = (rule for rule in self.rules if rule.broken)
        return tuple(sorted(found, key=lambda rule: -rule.refused))

    @property
    def warnings(self) -> tuple[Rule, ...]:
        """What is unusual and rejects nothing, the most frequent first."""
        found = (rule for rule in self.rules if not rule.passed and not rule.broken)
        return tuple(sorted(found, key=lambda rule: -rule.refused))

    @property
    def kept(self) -> tuple[Rule, ...]:
        """Rules that hold for the rows they speak of."""
        return tuple(rule for rule in self.rules if rule.passed and rule.checked)

    @property
    def idle(self) -> tuple[Rule, ...]:
        """Rules that speak of no row of this file."""
        return tuple(rule for rule in self.rules if rule.passed and not rule.checked)
