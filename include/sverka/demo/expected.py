"""What must come of the demo reports, as their author meant it.

Written down while the reports are planned, from the plan alone: nothing here is computed by the
code whose results it is compared with.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from sverka.money import NO_MONEY, Minor
from sverka.nouns import PostingKind, VerdictKind


class Fate(StrEnum):
    """What becomes of a dropped file."""

    SETTLED = "settled"
    HELD = "held"
    """Quarantined: its control totals do not add up."""
    REPEATED = "repeated"
    """The same bytes under another name: noticed and removed, nothing else happens."""
    NO_REPORT = "no_report"
    """Quarantined: it is no settlement report."""


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """One line of a file; `ordinal` counts the file's lines from 1, reports after each other.

    Amounts are minor units. `returned` is the value of the goods that come back; `clean` lines
    are booked without a person.
    """

    file: str
    ordinal: int
    order_ref: str | None
    track_ref: str | None
    verdict: VerdictKind
    clean: bool
    collected: Minor
    fees: Minor
    payout: Minor
    returned: Minor = NO_MONEY


@dataclass(frozen=True, slots=True)
class ExpectedFile:
    """A file and its lines; of a held or refused file no line is accepted."""

    name: str
    fate: Fate
    courier: str | None = None
    reports: int = 0
    ignored: int = 0
    """Forecast rows; notes under a table are not counted."""
    lines: tuple[ExpectedLine, ...] = ()


@dataclass(frozen=True)
class Expected:
    """The ground truth of one demo, if its files are taken in this order."""

    files: tuple[ExpectedFile, ...] = field(repr=False)

    @cached_property
    def lines(self) -> tuple[ExpectedLine, ...]:
        """The lines of all settled files."""
        return tuple(
            line for file in self.files if file.fate == Fate.SETTLED for line in file.lines
        )

    def verdicts(self) -> dict[VerdictKind, int]:
        """Settled lines per verdict."""
        counts: dict[VerdictKind, int] = defaultdict(int)
        for line in self.lines:
            counts[line.verdict] += 1
        return dict(counts)

    def sums(self) -> dict[str, dict[PostingKind, Minor]]:
        """Courier → kind of document → the sum of all documents of clean lines, minor units."""
        return {
            courier: _sums(
                line
                for file in self.files
                if file.courier == courier and file.fate == Fate.SETTLED
                for line in file.lines
                if line.clean
            )
            for courier in sorted({file.courier for file in self.files if file.courier})
        }

    def unbooked(self) -> Minor:
        """The money collected in settled files that waits for a person's decision, minor units.

        Lines settled by an earlier file are left out, their money is booked.
        """
        return Minor(
            sum(
                line.collected
                for line in self.lines
                if not line.clean and line.verdict != VerdictKind.ALREADY_SETTLED
            )
        )


def _sums(lines: Iterable[ExpectedLine]) -> dict[PostingKind, Minor]:
    """paymentin: what was collected; supply: all fees; paymentout: what the courier kept."""
    sums: dict[PostingKind, int] = defaultdict(int)
    for line in lines:
        sums[PostingKind.PAYMENTIN] += line.collected
        sums[PostingKind.SUPPLY] += line.fees
        sums[PostingKind.PAYMENTOUT] += line.collected - line.payout
        sums[PostingKind.SALESRETURN] += line.returned
    return {kind: Minor(amount) for kind, amount in sums.items()}
