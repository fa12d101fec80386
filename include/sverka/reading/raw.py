"""What reading gives: cells as the file has them, in text, with their places."""

from dataclasses import dataclass
from typing import Any

Row = list[str | None]


@dataclass(frozen=True, slots=True)
class RawTable:
    """A sheet: `rows[0]` is row number `first_line` as Excel shows it.

    `sheet` is the sheet's name, the member's name for a CSV inside a ZIP, else None.
    """

    sheet: str | None
    rows: list[Row]
    first_line: int = 1


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file after reading. Tables have `tables`, XML and JSON have `tree`.

    In a `tree` every number is the text of the file. An XML element is a dict: attributes under
    `@name`, child elements under their tag as a list, text under `#text`; the tree is
    `{root tag: [root]}`.
    """

    name: str
    container: str
    tables: tuple[RawTable, ...] = ()
    tree: Any | None = None
