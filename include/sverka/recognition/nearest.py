"""The known layout that a file nearly is, when none fits."""

from collections.abc import Iterator
from dataclasses import dataclass

from sverka.reading.raw import RawFile, Row
from sverka.recognition.schema import Schema, TableLayout
from sverka.recognition.schemas import Schemas
from sverka.recognition.tables import LocatedTable, candidates, is_looked_at, located, matched

_NEARLY = 0.6
"""With this share of its columns a file is a known layout that has changed, not an unknown one."""


@dataclass(frozen=True, slots=True)
class Near:
    """A layout, the table that looks like it, and the share of its columns that are there."""

    schema: Schema
    located: LocatedTable
    share: float


def nearest(raw: RawFile, schemas: Schemas) -> Near | None:
    """The special table layout with the greatest share of its columns in one header row."""
    found = sorted(_all(raw, schemas), key=lambda near: -near.share)
    return found[0] if found else None


def _all(raw: RawFile, schemas: Schemas) -> Iterator[Near]:
    for table in raw.tables:
        rows = candidates(table)
        for schema in schemas:
            layout = schema.layout
            if not isinstance(layout, TableLayout) or layout.generic:
                continue
            if not is_looked_at(table, layout):
                continue
            shares = [(_share(matched(row, schema), schema), row) for row in rows]
            share, best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
            if best is not None and share >= _NEARLY:
                yield Near(schema, located(table, best, schema), share)


def header_above(read: LocatedTable, schema: Schema) -> LocatedTable | None:
    """A header of this layout above the one that was found, with rows between: it was changed.

    A header is repeated on every page; when only the first one is spoiled, the second one fits, and
    the rows of the first page would be lost.
    """
    for row in candidates(read.table):
        between = read.table.rows[row.header + 1 : read.header]
        alike = len(matched(row, schema)) >= _NEARLY * len(read.columns)
        if alike and any(map(_has_digit, between)):
            return located(read.table, row, schema)
    return None


def _has_digit(cells: Row) -> bool:
    return any(any(map(str.isdigit, cell)) for cell in cells if cell)


def _share(found: dict[str, list[int]], schema: Schema) -> float:
    """Of the columns that every file has, how many are there; optional ones found count as well."""
    always = [n for n, column in schema.columns.items() if not column.optional or n in found]
    return len(found) / len(always) if len(found) > 1 else 0.0
