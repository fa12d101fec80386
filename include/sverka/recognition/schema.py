"""A courier schema: the facts of one report layout, typed. `courier_schemas/schema.json` explains the YAML."""

import re
from dataclasses import dataclass
from typing import Literal

from sverka.nouns import Outcome, PaymentMethod, RowKind, Settlement

Kind = Literal["text", "id", "money", "date"]
Required = tuple[tuple[str, ...], ...]
"""Of each inner group of columns at least one has to be there."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file; `headers` are header keys of a table or keys of a tree."""

    name: str
    headers: tuple[str, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Where the records of a table are: the header row is found by content."""

    require: Required
    generic: bool
    totals: tuple[str, ...]
    """Folded words that begin a totals row; none: the layout has no totals row."""
    explanations: tuple[str, ...]
    """Folded words that begin a row which only explains a total («В том числе НДС»)."""


@dataclass(frozen=True, slots=True)
class TreeLayout:
    """Where the reports and their records are in an XML or JSON tree."""

    container: str
    reports: tuple[tuple[str, ...], ...]
    """Paths from the root to the reports, the first that fits; `.` is the root itself."""
    records: tuple[str, ...]
    require: Required
    require_head: tuple[str, ...]
    beside: frozenset[str]
    nothing: frozenset[str]
    """Folded phrases by which the courier answers that there are no reports."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A money column with a sign: `-|x|` is the value without its sign, negated."""

    column: str
    negated: bool
    absolute: bool

    @classmethod
    def of(cls, text: str) -> "Amount":
        """Reads `x`, `-x`, `|x|`, `-|x|`."""
        return cls(text.strip("-|"), text.startswith("-"), "|" in text)


@dataclass(frozen=True, slots=True)
class Condition:
    """What a rule asks of one column; only the given parts are asked."""

    column: str
    words: frozenset[str] | None = None
    starts: tuple[str, ...] | None = None
    contains: tuple[str, ...] | None = None
    present: bool | None = None
    sign: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What a row is when all conditions hold."""

    when: tuple[Condition, ...]
    ignore: str | None
    reject: str | None
    row_kind: RowKind | None
    outcome: Outcome | None
    payment_method: PaymentMethod | None
    money: dict[str, Amount] | None
    payout_of_ignored: Amount | None


@dataclass(frozen=True, slots=True)
class Words:
    """A column whose words mean a row kind, an outcome or a payment method."""

    column: str
    meanings: dict[str, str]
    reject_unknown: bool


@dataclass(frozen=True, slots=True)
class Head:
    """Where a fact of the report's head stands: a key, title rows, or a column all rows agree on."""

    key: str | None = None
    title: tuple[re.Pattern[str], ...] = ()
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """One layout; see `include/courier_schemas/schema.json` for the meaning of each part."""

    code: str
    version: int
    title: str
    courier: str | None
    in_kopecks: bool
    currency: str
    settlement: Settlement | None
    layout: TableLayout | TreeLayout
    columns: dict[str, Column]
    refs: dict[str, tuple[str, ...]]
    """order_ref, track_ref, occurred_on: the columns to look in, the first filled one counts."""
    money: dict[str, Amount]
    words: dict[str, Words]
    rules: tuple[Rule, ...]
    identity: tuple[str, ...]
    head: dict[str, Head]
    totals: dict[str, str]
