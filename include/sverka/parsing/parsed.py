"""What parsing gives: reports with lines, and every row that became no line, with the reason."""

from dataclasses import dataclass, field

from sverka.money import NO_MONEY, Minor
from sverka.nouns import Line, Movement, Report


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that could not become a line; the other rows of the file go on without it.

    `rule` is a stable English word for machines, `reason` is Russian for the accountant.
    """

    sheet: str | None
    line_no: int
    column: str | None
    value: str | None
    rule: str
    reason: str


@dataclass(slots=True)
class IgnoredRows:
    """Rows that are no operations by the schema's rules, counted by reason.

    `payout` is the money they speak of, in minor units, so that a person can see its size.
    """

    reason: str
    rows: int = 0
    payout: Minor = NO_MONEY


@dataclass(frozen=True, slots=True)
class ParsedReport:
    """One report of a file. rows_read = lines + rejected + ignored rows.

    A bank statement has `movements` instead of lines; `warnings` are Russian sentences of what a
    person should know and what stops nothing.
    """

    report: Report
    lines: list[Line]
    rejected: list[RejectedRow] = field(default_factory=list)
    ignored: list[IgnoredRows] = field(default_factory=list)
    rows_read: int = 0
    movements: list[Movement] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
