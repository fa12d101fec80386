"""Mutations of XML and JSON reports."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from fuzz.books import Book
from fuzz.cells import amount
from fuzz.columns import ROWS, said_by, unseen_between, unseen_in
from fuzz.mutations import Did, mutation
from sverka.nouns import Settlement
from sverka.recognition.schema import TreeLayout

Node = dict[str, Any]
_PARTS = ("", "_inn", "_account")


def records(book: Book) -> list[list[Any]]:
    """The lists of records in the tree."""
    if book.tree is None or not isinstance(book.schema.layout, TreeLayout):
        return []
    return [found for found in _lists(book.tree, book.schema.layout.records[-1]) if found]


def _lists(node: Any, key: str) -> Iterator[list[Any]]:
    for name, value in node.items() if isinstance(node, dict) else ():
        if name == key and isinstance(value, list):
            yield value
        yield from _lists(value, key)
    for value in node if isinstance(node, list) else ():
        yield from _lists(value, key)


def _key(book: Book, rng: Random, kind: str | None = None) -> tuple[str, str] | None:
    """A column of the records and its key in them."""
    there = {key for found in records(book) for record in found for key in record}
    found = [
        (name, key)
        for name, column in book.schema.columns.items()
        for key in column.headers
        if key in there and (kind is None or column.kind == kind)
    ]
    return rng.choice(found) if found else None


def _every(book: Book) -> Iterator[Node]:
    yield from (record for found in records(book) for record in found)


@mutation
def tree_rename(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """A field of all records has another name."""
    if (found := _key(book, rng)) is None:
        return None
    new = rng.choice(
        [found[1] + "_new", found[1][:-1], "@value" if found[1][0] == "@" else "value"]
    )
    for record in _every(book):
        if found[1] in record:
            record[new] = record.pop(found[1])
    return Did(f"field {found[1]!r} became {new!r}", _absent(book, found[0]))


def _absent(book: Book, name: str) -> frozenset[str]:
    column = book.schema.columns[name]
    if book.schema.movement is not None:
        return frozenset({"number", "purpose", *(f"counterparty{part}" for part in _PARTS)})
    required = {name for group in book.schema.layout.require for name in group}
    return frozenset() if name in required else said_by(book.schema, column)


@mutation
def tree_remove(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """A field is gone from all records, or from one."""
    if (found := _key(book, rng)) is None:
        return None
    every = list(_every(book))
    some = every if rng.random() < 0.5 else [rng.choice(every)]
    for record in some:
        record.pop(found[1], None)
    return Did(f"field {found[1]!r} gone from {len(some)} records", _absent(book, found[0]))


@mutation
def tree_add_money(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """A new field with amounts."""
    if not records(book):
        return None
    name = rng.choice(["penalty_sum", "extra_fee", "discount"])
    name = f"@{name}" if book.container == "xml" else name
    for record in _every(book):
        record[name] = "12.50"
    harmless = book.schema.movement is not None
    return Did(f"new field {name!r}", frozenset() if harmless else frozenset({"must hold"}))


@mutation
def tree_add_text(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """A new field with a word."""
    for record in _every(book):
        record["@note" if book.container == "xml" else "note"] = "текст"
    return Did("new field note") if records(book) else None


@mutation
def tree_swap(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """Two fields change names in all records."""
    one, other = _key(book, rng), _key(book, rng)
    if one is None or other is None or one == other:
        return None
    for record in _every(book):
        first, second = record.get(one[1]), record.get(other[1])
        record[one[1]], record[other[1]] = second, first
        if book.container == "xml":
            for key in (one[1], other[1]):
                if record[key] is None:
                    del record[key]
    columns = book.schema.columns
    unseen = unseen_between(book.schema, columns[one[0]], columns[other[0]], model)
    return Did(f"fields {one[1]!r} and {other[1]!r} changed places", unseen)


@mutation
def tree_hundredfold(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """A money field in kopecks."""
    if (found := _key(book, rng, "money")) is None:
        return None
    for record in _every(book):
        if (value := amount(record.get(found[1]))) is not None:
            record[found[1]] = f"{value * Decimal(100):.0f}"
    return Did(
        f"field {found[1]!r} times 100",
        unseen_in(book.schema, book.schema.columns[found[0]], model),
    )


@mutation
def tree_shuffle(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """The records and their fields in another order."""
    for found in records(book):
        rng.shuffle(found)
        for index, record in enumerate(found):
            items = list(record.items())
            rng.shuffle(items)
            found[index] = dict(items)
    return Did("records shuffled") if records(book) else None


@mutation
def tree_cut_records(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """The last record of a report is gone."""
    if not records(book):
        return None
    rng.choice(records(book)).pop()
    return Did("the last record gone", ROWS | {"settlement"})
