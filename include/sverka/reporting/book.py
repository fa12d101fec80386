"""A workbook that is written row by row: sums with their values, text that stays text.

XlsxWriter, because it stores the value beside a formula (programs that do not compute show it),
and holds one row in memory, however many there are. Text comes from files of strangers: a cell that
begins with `=`, `+`, `-` or `@` would be a formula to Excel («CSV injection», OWASP), so every
text is written as a string, and such text gets the quote prefix that keeps it one after editing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sverka.money import NO_MONEY, Minor, to_major
from sverka.reporting.sheets import A4, STYLES, SUM_VISIBLE, Column

MOST_ROWS = 1_048_576
"""Rows of a sheet (Excel specifications and limits)."""

MOST_LINKS = 60_000
"""Links of a sheet; Excel opens a sheet with at most 65 530."""

LONGEST = 32_767
"""Characters of a cell."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Sum:
    """A formula of ours with its value, so that it shows without being computed."""

    formula: str
    value: int | Decimal


@dataclass(frozen=True, slots=True)
class Link:
    """A word that opens an address of Sverka or MoySklad."""

    address: str
    words: str


Value = Sum | Link | str | int | Decimal | datetime | None
Cell = tuple[Value, str]
"""A value and the name of its style."""


class Book:
    """A workbook in a file; `moment` is when it was made. Close it, or it is none."""

    def __init__(self, path: Path, moment: datetime) -> None:
        from xlsxwriter import Workbook

        self.book = Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.book.set_properties({"created": moment.replace(tzinfo=None, microsecond=0)})
        self.styles = {
            (name, quoted): self.book.add_format(_look(look, quoted=quoted))
            for name, look in STYLES.items()
            for quoted in (False, True)
        }

    def sheet(self, title: str, columns: Sequence[Column]) -> "Sheet":
        """The next sheet."""
        return Sheet(self, title, columns)

    def close(self) -> None:
        """Writes it down."""
        self.book.close()


class Sheet:
    """One worksheet; rows go out as they come, from the first on."""

    def __init__(self, book: Book, title: str, columns: Sequence[Column]) -> None:
        self.styles = book.styles
        self.sheet = book.book.add_worksheet(title)
        self.row = 0
        self.links = 0
        for place, column in enumerate(columns):
            self.sheet.set_column(place, place, column.width)
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)

    def line(self, *cells: Cell) -> int:
        """Writes a row; returns its number as people count."""
        for place, (value, style) in enumerate(cells):
            self._write(place, value, style)
        self.row += 1
        return self.row

    def head(self, columns: Sequence[Column]) -> None:
        """The row of headings."""
        self.line(*((column.title, "head") for column in columns))

    def frame(self, columns: Sequence[Column], count: int, frozen: int = 0) -> tuple[int, int]:
        """Freezes the heading of a table of `count` rows that begins here, and lets it be filtered.

        The sums stand in the next row, the heading below it. Returns the first and the last row
        of the table as people count.
        """
        first = self.row + 3
        last = max(first + count - 1, first)
        self.sheet.freeze_panes(first - 1, frozen)
        self.sheet.repeat_rows(first - 2)
        self.sheet.autofilter(first - 2, 0, last - 1, len(columns) - 1)
        return first, last

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Value]], total: str) -> None:
        """A filterable table: sums of the visible rows above the frozen heading."""
        rows = list(rows)
        first, last = self.frame(columns, len(rows))
        added = [
            _sum(row[place] for row in rows) if column.adds_up else Decimal(0)
            for place, column in enumerate(columns)
        ]
        self.sums(columns, added, first, last, total)
        self.head(columns)
        for row in rows:
            self.line(*((value, column.kind) for value, column in zip(row, columns, strict=True)))

    def sums(
        self,
        columns: Sequence[Column],
        values: Sequence[int | Decimal],
        first: int,
        last: int,
        *words: str,
    ) -> None:
        """A row of SUBTOTALs over the rows first…last, behind its `words`."""
        named: list[Cell] = [(word, "total_text") for word in words]
        self.line(
            *named,
            *(
                (subtotal(place, first, last, values[place]), f"total_{column.kind}")
                if column.adds_up
                else (None, "total_text")
                for place, column in enumerate(columns[len(named) :], start=len(named))
            ),
        )

    def _write(self, place: int, value: Value, style: str) -> None:
        looks = self.styles[style, False]
        match value:
            case None:
                self.sheet.write_blank(self.row, place, None, looks)
            case Sum():
                self.sheet.write_formula(self.row, place, value.formula, looks, value.value)
            case Link():
                self._link(place, value, style)
            case str():
                text = printable(value)
                quoted = self.styles[style, is_like_formula(text)]
                self.sheet.write_string(self.row, place, text, quoted)
            case datetime():
                self.sheet.write_datetime(self.row, place, value, looks)
            case _:
                self.sheet.write_number(self.row, place, value, looks)

    def _link(self, place: int, link: Link, style: str) -> None:
        if self.links >= MOST_LINKS:
            self._write(place, link.address, style)
            return
        self.links += 1
        words = printable(link.words)
        looks = self.styles[style, is_like_formula(words)]
        self.sheet.write_url(self.row, place, link.address, looks, words)


def _sum(values: Iterable[Value]) -> Decimal:
    return sum((Decimal(one) for one in values if isinstance(one, (int, Decimal))), Decimal(0))


def letter(place: int) -> str:
    """0 → A, 26 → AA."""
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(place))


def subtotal(place: int, first: int, last: int, value: int | Decimal) -> Sum:
    """The sum of the rows that the filter leaves visible."""
    column = letter(place)
    return Sum(f"=SUBTOTAL({SUM_VISIBLE},{column}{first}:{column}{last})", value)


def printable(text: str) -> str:
    """Without the control characters that XML 1.0 cannot carry, and not longer than a cell."""
    return _UNPRINTABLE.sub("\ufffd", text)[:LONGEST]


def is_like_formula(text: str) -> bool:
    """Whether a text would be a formula if somebody typed it."""
    return text.lstrip()[:1] in {"=", "+", "-", "@"} and bool(text.strip())


def major(amount: Minor | None) -> Decimal | None:
    """Major units for a cell; an absent amount stays an empty cell."""
    return None if amount is None else to_major(amount)


def nothing() -> Decimal:
    """0,00."""
    return to_major(NO_MONEY)


def _look(look: dict[str, Any], *, quoted: bool) -> dict[str, Any]:
    return {
        "font_name": "Arial",
        "font_size": look.get("size", 10),
        "bold": look.get("bold", False),
        "valign": {"top": "top", "center": "vcenter"}[look["vertical"]],
        "text_wrap": look.get("wrap", False),
        "num_format": look.get("number_format", "General"),
        "quote_prefix": quoted,
        **({"bg_color": f"#{look['fill']}"} if "fill" in look else {}),
    }
