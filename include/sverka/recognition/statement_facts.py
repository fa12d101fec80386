"""`movement:` of a schema: how a record of a bank statement becomes a movement on an account."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sverka.recognition.yamls import Document, Place

Path = tuple[str, ...]
"""Keys from a report node or a record down to a value; where a list stands, to its items."""
Columns = tuple[str, ...]
"""Columns to look in, the first filled one counts."""

_KINDS = {"amount": "money", "document_date": "date", "moved_on": "date"}
"""Facts that need a column of one kind."""


@dataclass(frozen=True, slots=True)
class ByAccount:
    """Money comes in when the column `into` names an account of the holder, goes out by `out_of`."""

    into: Columns
    out_of: Columns


@dataclass(frozen=True, slots=True)
class ByWord:
    """The column tells by its word; `reversal` is a column that is `true` for a taken back entry.

    The word is that of the entry itself; the parties of a reversal are those of the original.
    """

    column: str
    into: str
    out_of: str
    reversal: str | None


@dataclass(frozen=True, slots=True)
class Side:
    """Where the other party and the day stand, for money that comes in or goes out."""

    moved_on: Columns
    counterparty: Columns
    counterparty_inn: Columns
    counterparty_account: Columns


@dataclass(frozen=True, slots=True)
class Booked:
    """The status of an entry: `words` stand on the account, `not_yet` do not (they are ignored)."""

    column: str
    words: frozenset[str]
    not_yet: frozenset[str]


@dataclass(frozen=True, slots=True)
class Split:
    """The payments that one entry bundles; they count one by one when they add up to the entry."""

    each: Path
    amount: str
    currency: str


@dataclass(frozen=True, slots=True)
class Turnovers:
    """Balances as sections of account, period, opening, received, spent, closing (1C)."""

    section: Path
    account: str
    since: str
    until: str
    opening: str
    received: str
    spent: str
    closing: str


@dataclass(frozen=True, slots=True)
class Marked:
    """Balances as single amounts, each with a mark that says which it is (camt)."""

    section: Path
    mark: Path
    opening: frozenset[str]
    closing: frozenset[str]
    day: tuple[Path, ...]
    amount: Path
    sign: Path
    minus: str


@dataclass(frozen=True, slots=True)
class MovementFacts:
    """How the records of a statement are read; the names are columns of the schema."""

    accounts: tuple[Path, ...]
    """From a report to the numbers of the holder's accounts."""
    direction: ByAccount | ByWord
    amount: str
    currency: str | None
    """None: it stands in the account's own number."""
    number: Columns
    document_date: Columns
    purpose: Columns
    purpose_parts: Columns
    """The pieces of a purpose that was cut into lines; they count when `purpose` is empty."""
    into: Side
    out_of: Side
    booked: Booked | None
    split: Split | None
    balances: Turnovers | Marked


def movement_facts(document: Document) -> MovementFacts:
    """The facts from the `movement:` mapping of a document that `schema.json` has passed.

    Raises:
        Misconfigured: a column is named that the schema has not, or one of another kind.
    """
    given = document.given["movement"]
    booked, split = given.get("booked"), given.get("split")
    facts = MovementFacts(
        accounts=tuple(_path(path) for path in given["accounts"]),
        direction=_direction(given["direction"]),
        amount=given["amount"],
        currency=given.get("currency"),
        number=_names(given.get("number", ())),
        document_date=_names(given.get("document_date", ())),
        purpose=_names(given.get("purpose", ())),
        purpose_parts=_names(given.get("purpose_parts", ())),
        into=_side(given["in"]),
        out_of=_side(given["out"]),
        booked=booked and Booked(booked["column"], _set(booked, "words"), _set(booked, "not_yet")),
        split=split and Split(_path(split["each"]), split["amount"], split["currency"]),
        balances=_balances(given["balances"]),
    )
    _hold_columns(document, facts)
    return facts


def _hold_columns(document: Document, facts: MovementFacts) -> None:
    columns = document.given["columns"]
    for place, name in _mentioned(facts):
        if name not in columns:
            known = ", ".join(columns)
            raise document.wrong(("movement", *place), f"no column {name!r}; known: {known}")
        kind, needed = columns[name].get("as", "text"), _KINDS.get(str(place[-1]))
        if needed and kind != needed:
            raise document.wrong(
                ("movement", *place), f"column {name!r} is not {needed} but {kind}"
            )


def _path(text: str) -> Path:
    return tuple(text.split("/"))


def _names(given: str | list[str] | tuple[str, ...]) -> Columns:
    return (given,) if isinstance(given, str) else tuple(given)


def _set(given: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(given.get(name, ()))


def _direction(given: Mapping[str, Any]) -> ByAccount | ByWord:
    if "column" in given:
        return ByWord(given["column"], given["in"], given["out"], given.get("reversal"))
    return ByAccount(_names(given["in"]), _names(given["out"]))


def _side(given: Mapping[str, Any]) -> Side:
    return Side(**{field.name: _names(given.get(field.name, ())) for field in fields(Side)})


def _balances(given: Mapping[str, Any]) -> Turnovers | Marked:
    section = _path(given["section"])
    if "mark" not in given:
        return Turnovers(section, **{name: key for name, key in given.items() if name != "section"})
    return Marked(
        section,
        mark=_path(given["mark"]),
        opening=frozenset(given["opening"]),
        closing=frozenset(given["closing"]),
        day=tuple(_path(path) for path in _names(given["day"])),
        amount=_path(given["amount"]),
        sign=_path(given["sign"]),
        minus=given["minus"],
    )


def _mentioned(facts: MovementFacts) -> Iterator[tuple[Place, str]]:
    """Every column that is spoken of, with its place in the mapping."""
    yield ("amount",), facts.amount
    if facts.currency:
        yield ("currency",), facts.currency
    for name in ("number", "document_date", "purpose", "purpose_parts"):
        yield from (((name,), column) for column in getattr(facts, name))
    for place, side in (("in", facts.into), ("out", facts.out_of)):
        for field in fields(Side):
            yield from (((place, field.name), column) for column in getattr(side, field.name))
    yield from _of_direction(facts.direction)
    if facts.booked:
        yield ("booked", "column"), facts.booked.column
    if facts.split:
        yield ("split", "amount"), facts.split.amount
        yield ("split", "currency"), facts.split.currency


def _of_direction(direction: ByAccount | ByWord) -> Iterator[tuple[Place, str]]:
    if isinstance(direction, ByAccount):
        yield from ((("direction",), column) for column in direction.into + direction.out_of)
        return
    yield ("direction", "column"), direction.column
    if direction.reversal:
        yield ("direction", "reversal"), direction.reversal
