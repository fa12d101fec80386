"""Rows of a query by the names of their columns."""

from collections.abc import Iterator
from types import SimpleNamespace

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class


def named(cursor: Cursor) -> Iterator[SimpleNamespace]:
    """The rows of the executed statement; `row.name` is the column `name`."""
    names = [column.name for column in cursor.description or ()]
    for row in cursor:
        yield SimpleNamespace(**dict(zip(names, row, strict=True)))
