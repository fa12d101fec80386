"""A courier schema: the facts of one report layout, typed. `courier_schemas/schema.json` explains the YAML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from sverka.nouns import Outcome, PaymentMethod, Purpose, RowKind, Settlement

if TYPE_CHECKING:
    from sverka.recognition.statement_facts import MovementFacts

Kind = Literal["text", "id", "money", "number", "date"]
Required = tuple[tuple[str, ...], ...]
"""Of each inner group of columns at least one has to be there."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file; `headers` are header keys of a table or keys of a tree."""

    name: str
    headers: tuple[str, ...]
    kind: Kind
    in_kopecks: bool = False
    """The unit of a money column, which may differ from the rest of the file."""
    optional: str = ""
    """Not empty: some files of this layout do not have it. Columns with one mark come together."""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Where the records of a table are: the header row is found by content."""

    require: Required
    generic: bool
    totals: tuple[str, ...]
    """Folded words that begin a totals row; none: the layout has no totals row."""
    explanations: tuple[str, ...]
    """Folded words that begin a row which only explains a total («В том числе НДС»)."""
    sheets: frozenset[str] = frozenset()
    """Header keys of the sheets to look at; none: all of them."""
    beside: frozenset[str] = frozenset()
    """Header keys of columns that are known to carry nothing for the settlement."""


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
    inside: frozenset[str] = frozenset()
    """Sections inside a report that hold no records (the balances of an account)."""


@dataclass(frozen=True, slots=True)
class Term:
    """A money column with a sign: `-|x|` is the value without its sign, negated."""

    column: str
    negated: bool
    absolute: bool

    @classmethod
    def of(cls, text: str) -> "Term":
        """Reads `x`, `-x`, `|x|`, `-|x|`."""
        return cls(text.strip("-|"), text.startswith("-"), "|" in text)


@dataclass(frozen=True, slots=True)
class Amount:
    """The sum of one or more money columns, each with its sign."""

    terms: tuple[Term, ...]

    @classmethod
    def of(cls, given: str | list[str]) -> "Amount":
        """Reads one term, or a list of them."""
        return cls(tuple(Term.of(text) for text in ([given] if isinstance(given, str) else given)))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are summed."""
        return tuple(term.column for term in self.terms)


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

    when: tuple[Condition, ...] = ()
    ignore: str | None = None
    reject: str | None = None
    skip: bool = False
    """This part of the record has nothing here."""
    row_kind: RowKind | None = None
    outcome: Outcome | None = None
    payment_method: PaymentMethod | None = None
    money: dict[str, Amount] | None = None
    payout_of_ignored: Amount | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One of the operations that a record tells at once; `name` is empty when it tells one only."""

    name: str
    refs: dict[str, tuple[str, ...]]
    """order_ref, track_ref, occurred_on, reason: where to look, the first filled column counts."""
    money: dict[str, Amount]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A column whose words mean a row kind, an outcome, a payment method or a currency.

    A word whose meaning is None is known and says nothing.
    """

    column: str
    meanings: dict[str, str | None]
    reject_unknown: bool


@dataclass(frozen=True, slots=True)
class Head:
    """Where a fact of the report's head stands: a key, title rows, or a column all rows agree on."""

    key: str | None = None
    title: tuple[re.Pattern[str], ...] = ()
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Below:
    """A total in a line of text under a table: `Сумма возвратов: 400.00 RUB`; rows are folded."""

    rows: tuple[str, ...]
    negated: bool
    """The line has it without the sign that the money of the rows has."""


@dataclass(frozen=True, slots=True)
class Schema:
    """One layout; see `include/courier_schemas/schema.json` for the meaning of each part."""

    code: str
    version: int
    title: str
    courier: str | None
    purpose: Purpose
    in_kopecks: bool
    currency: str
    settlement: Settlement | None
    layout: TableLayout | TreeLayout
    columns: dict[str, Column]
    refs: dict[str, tuple[str, ...]]
    """order_ref, track_ref, occurred_on, reason of `line`; a part may have its own."""
    money: dict[str, Amount]
    words: dict[str, Words]
    rules: tuple[Rule, ...]
    parts: tuple[Part, ...]
    """What each record is read for, with the `line` and `rules` that hold for it; at least one."""
    identity: tuple[str, ...]
    head: dict[str, Head]
    totals: dict[str, str]
    """Money field → the key of a report node that holds its total."""
    movement: "MovementFacts | None" = None
    """How a record of a bank statement is read; None for every other purpose."""
    totals_below: Mapping[str, Below] = field(default_factory=dict)
    """Money field → the line under a table that prints its total."""
    expectations: tuple[Mapping[str, Any], ...] = ()
    """The checks of `expectations` as the file has them."""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    text: str = field(default="", repr=False, compare=False)
    """The YAML this schema was loaded from."""
