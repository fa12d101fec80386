"""What checking found of one file: a finding per rule, and the rows that it puts aside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sverka.checking.rules import Rule

SAMPLE = 20
"""How many refused rows a finding names; the whole list is in `rejected`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule said: how many rows it spoke of, how many it refused, and some of those.

    `observed` is what a check of the whole file found where it names no rows.
    """

    rule: Rule
    passed: bool
    checked: int
    refused: int = 0
    sample: tuple[dict[str, Any], ...] = ()
    observed: Any = None


@dataclass(slots=True)
class Tally:
    """Grows into a finding while the file is gone through in parts."""

    refused: int = 0
    sample: list[dict[str, Any]] = field(default_factory=list)

    def add(self, rows: Sequence[dict[str, Any]]) -> None:
        """More refused rows; only the first few are kept."""
        self.refused += len(rows)
        self.sample.extend(rows[: SAMPLE - len(self.sample)])


def failed(findings: Sequence[Finding], *codes: str) -> Iterator[Finding]:
    """The failed findings of these rules, in the order of the codes."""
    by_code = {finding.rule.code: finding for finding in findings}
    yield from (by_code[code] for code in codes if code in by_code and not by_code[code].passed)
