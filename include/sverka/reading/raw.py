"""What reading gives: cells as the file has them, in text, with their places."""

from dataclasses import dataclass
from typing import Any

Row = list[str | None]

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells: indexes into `rows`, inclusive."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A sheet: `rows[0]` is row number `first_line` as Excel shows it.

    `sheet` is the sheet's name, the member's name for a CSV inside a ZIP, else None. A merged cell
    has its text in its first cell only. `hidden` are the indexes of rows that Excel does not show;
    they are read like all others.
    """

    sheet: str | None
    rows: list[Row]
    first_line: int = 1
    hidden: frozenset[int] = frozenset()
    merged: tuple[Merge, ...] = ()


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file after reading. Tables have `tables`; XML, JSON and 1C's bank exchange have `tree`.

    In a `tree` every number is the text of the file. An XML element is a dict: attributes under
    `@name`, child elements under their tag as a list, text under `#text`; the tree is
    `{root tag: [root]}`. `beside` are the members of an archive that are no reports (an act in PDF,
    a picture, a note) and were left alone.
    """

    name: str
    container: str
    tables: tuple[RawTable, ...] = ()
    tree: Any | None = None
    beside: tuple[str, ...] = ()
