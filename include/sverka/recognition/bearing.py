"""Which columns of a schema the money of a file hangs on, and how people know them."""

from collections.abc import Collection, Iterator

from sverka.recognition.schema import Amount, Part, Schema
from sverka.recognition.texts import header_key
from sverka.recognition.vocabulary import Vocabulary
from sverka.recognition.yamls import document_of

_WORD_COLUMNS = {
    "outcome": "status",
    "row_kind": "operation",
    "payment_method": "paid_by",
    "currency": "currency",
}
_NUMBERS = ("order_ref", "track_ref")
_REF_COLUMNS = {"order_ref": "order", "track_ref": "track", "occurred_on": "delivered"}


def bearing(schema: Schema, found: Collection[str]) -> frozenset[str]:
    """The columns whose loss would change money: amounts, what rules and words ask, the
    identity, the numbers by which orders are found.

    `found` are the columns that the file has. A column of which the layout requires one of several
    may be absent, and so may an optional one when none of the same mark is there.
    """
    names = {words.column for words in schema.words.values()}
    names |= {part.strip("|") for part in schema.identity} & schema.columns.keys()
    for part in schema.parts:
        names |= set(_of_part(part))
        names |= {name for ref in _NUMBERS for name in part.refs.get(ref, ())}
    names |= {group[0] for group in schema.layout.require if len(group) == 1}
    either = {name for group in schema.layout.require if len(group) > 1 for name in group}
    marks = {"", *(schema.columns[name].optional for name in found)}
    return frozenset(name for name in names - either if schema.columns[name].optional in marks)


def _of_part(part: Part) -> Iterator[str]:
    for amount in part.money.values():
        yield from amount.columns
    for rule in part.rules:
        yield from (asked.column for asked in rule.when)
        amounts: list[Amount] = [*(rule.money or {}).values()]
        for amount in [*amounts, *([rule.payout_of_ignored] if rule.payout_of_ignored else [])]:
            yield from amount.columns


def canonical(schema: Schema) -> dict[str, str]:
    """Column → the column of the vocabulary that means the same, as far as the schema tells."""
    found = {words.column: _WORD_COLUMNS[field] for field, words in schema.words.items()}
    for part in schema.parts:
        for field, column in _REF_COLUMNS.items():
            for name in part.refs.get(field, ()):
                found.setdefault(name, column)
        for field, amount in part.money.items():
            for name in amount.columns:
                found.setdefault(name, field)
    return found


def titles(schema: Schema, vocabulary: Vocabulary) -> dict[str, str]:
    """Column → its first header as the schema writes it, for people."""
    given = document_of(schema.text, schema.code).given["columns"] if schema.text else {}
    shared = {key: column for column, keys in vocabulary.headers.items() for key in keys}
    return {
        name: next(
            iter(given.get(name, {}).get("headers", ())), _capital(column.headers[0], shared)
        )
        for name, column in schema.columns.items()
    }


def _capital(header: str, shared: dict[str, str]) -> str:
    return header[:1].upper() + header[1:] if header in shared else header


def column_named(schema: Schema, title: str) -> str | None:
    """The schema's column that has this text among its headers; an attribute also without its `@`."""
    keys = {title, f"@{title}", header_key(title)}
    return next((n for n, column in schema.columns.items() if keys & set(column.headers)), None)
