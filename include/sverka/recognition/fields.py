"""Compares the fields of an XML or JSON report with the layout it was located by."""

from collections.abc import Iterator, Sequence
from typing import Any

from sverka.recognition import arithmetic, values
from sverka.recognition.bearing import bearing, canonical
from sverka.recognition.changes import misfit
from sverka.recognition.drift import Changed, Drift, Inserted, Renamed
from sverka.recognition.likeness import Unknown, guesses
from sverka.recognition.schema import Schema, TreeLayout
from sverka.recognition.trees import LocatedReport, lost_fields
from sverka.recognition.vocabulary import Vocabulary

Field = tuple[str, str | None]
"""The key of a field, with the keys above it, and its value when that is a text."""


def drift_of_reports(
    reports: Sequence[LocatedReport], schema: Schema, vocabulary: Vocabulary
) -> Drift:
    """The difference between the reports and their layout; `holds` says whether it matters.

    New and lost fields of a statement do not: its movements are found by paths, and its balances
    prove them.
    """
    layout = schema.layout
    assert isinstance(layout, TreeLayout)
    records = [
        record for report in reports for record in report.records if isinstance(record, dict)
    ]
    unknown = _unknown(_by_key(records), _known(schema))
    gone = _gone(records, schema)
    heads = {key for report in reports for key in lost_fields(report.node, schema)}
    found = guesses(gone, unknown, schema, vocabulary)
    absent = [] if not records else _absent(records, schema, gone)
    found += guesses(absent, unknown, schema, vocabulary, always=False)
    renamed = {guess.column for guess in found}
    beside = _unknown(_by_key([_head(report, layout) for report in reports]), _known(schema))
    taken = {guess.unknown.title for guess in found}
    money = [one for one in (*unknown, *beside) if one.title not in taken]
    return Drift(
        schema=schema,
        renamed=tuple(
            Renamed(_title(schema, guess.column), guess.unknown.title, guess.why) for guess in found
        ),
        spoiled=() if schema.movement else tuple(_spoiled(records, schema)),
        inserted=tuple(
            Inserted(
                one.title,
                None,
                "в нём суммы, а что они значат, неизвестно",
                arithmetic.below_zero(one.cells),
            )
            for one in money
            if schema.movement is None and _holds_amounts(one, vocabulary)
        ),
        removed=tuple(
            Changed(title, "без него деньги не прочитать")
            for title in (
                *(key.lstrip("@") for key in layout.require_head if key in heads),
                *(_title(schema, name) for name in gone if name not in renamed),
            )
        ),
    )


def _spoiled(records: Sequence[dict[str, Any]], schema: Schema) -> Iterator[Changed]:
    """Fields whose values are of another kind than their names say."""
    cells = _by_key(records)
    for name, column in schema.columns.items():
        texts = [text for key in column.headers for text in cells.get(key, ())]
        if why := misfit(column.kind, texts):
            yield Changed(_title(schema, name), why)


def _absent(records: Sequence[dict[str, Any]], schema: Schema, gone: Sequence[str]) -> list[str]:
    """The fields that no record has and that records may lack."""
    keys = set(_by_key(records)) | {key for record in records for key in record}
    return [
        name
        for name, column in schema.columns.items()
        if name not in gone and not keys & set(column.headers)
    ]


def _title(schema: Schema, column: str) -> str:
    return schema.columns[column].headers[0].lstrip("@")


def _gone(records: Sequence[dict[str, Any]], schema: Schema) -> list[str]:
    """The fields that no record has. A text or date that is empty may be left out of every record."""
    keys = {key for record in records for key in record}
    required = {group[0] for group in schema.layout.require}
    there = [n for n, column in schema.columns.items() if keys & set(column.headers)]
    weighty = {n for n in bearing(schema, there) if schema.columns[n].kind == "money"} | required
    either = {n for group in schema.layout.require if len(group) > 1 for n in group}
    means = canonical(schema)
    return [
        name
        for name, column in schema.columns.items()
        if records
        and name in weighty - either
        and not keys & set(column.headers)
        and (name in required or means.get(name) is not None)
    ]


def _known(schema: Schema) -> frozenset[str]:
    layout = schema.layout
    assert isinstance(layout, TreeLayout)
    heads = [head.key for head in schema.head.values() if head.key]
    columns = [key for column in schema.columns.values() for key in column.headers]
    return frozenset(
        [
            *heads,
            *columns,
            *schema.totals.values(),
            *layout.require_head,
            *layout.beside,
            *layout.inside,
        ]
    )


def _head(report: LocatedReport, layout: TreeLayout) -> dict[str, Any]:
    return {key: value for key, value in report.node.items() if key != layout.records[0]}


def _by_key(nodes: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in nodes:
        for key, text in _fields(node, ""):
            found.setdefault(key, []).extend(
                [] if text is None or not values.filled(text) else [text]
            )
    return found


def _fields(node: Any, path: str) -> Iterator[Field]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _fields(
                value, "/".join(step for step in (path, key) if step not in ("", "#text"))
            )
    elif isinstance(node, list):
        for value in node:
            yield from _fields(value, path)
    else:
        yield path, node if isinstance(node, str) else None


def _unknown(found: dict[str, list[str]], known: frozenset[str]) -> list[Unknown]:
    return [
        Unknown(index, key, cells)
        for index, (key, cells) in enumerate(found.items())
        if key not in known and key.split("/")[0] not in known
    ]


def _holds_amounts(one: Unknown, vocabulary: Vocabulary) -> bool:
    """In a tree every field has a name, so a whole number under a name without money is none."""
    name = one.title.rpartition("/")[2].lstrip("@")
    return values.holds_amounts(name, one.cells, vocabulary) and (
        values.sounds_like_money(name, vocabulary) or values.most(one.cells, values.is_fraction)
    )
