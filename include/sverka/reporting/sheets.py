"""Spreadsheet building blocks: typed columns, sums that follow the filter, text that stays text.

Text comes from files of strangers. A cell that starts with `=`, `+`, `-` or `@` would be a
formula to Excel («CSV injection», OWASP), so text is always written as a string and such text
gets the quote prefix that keeps it one after editing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sverka.clock import MOSCOW
from sverka.money import Minor, to_major

Kind = Literal["text", "wrap", "money", "count", "moment"]


class Formula(str):
    """A formula of ours; any other text is never one."""

    __slots__ = ()


Value = Formula | str | int | Decimal | datetime | None

SUM_VISIBLE = 109
"""SUBTOTAL's function number for the sum of the rows that the filter leaves visible."""

A4 = 9
"""The paper's number in Office Open XML (ST paperSize)."""

STYLES: dict[str, dict[str, Any]] = {
    "text": {"vertical": "top"},
    "wrap": {"vertical": "top", "wrap": True},
    "money": {"vertical": "top", "number_format": "#,##0.00"},
    "count": {"vertical": "top", "number_format": "#,##0"},
    "moment": {"vertical": "top", "number_format": "dd.mm.yyyy hh:mm"},
    "head": {"vertical": "center", "wrap": True, "bold": True, "fill": "E8ECE6"},
    "total_text": {"vertical": "center", "bold": True},
    "total_money": {"vertical": "center", "bold": True, "number_format": "#,##0.00"},
    "total_count": {"vertical": "center", "bold": True, "number_format": "#,##0"},
    "title": {"vertical": "center", "bold": True, "size": 16},
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, width in characters, what its cells hold, and whether it adds up."""

    title: str
    width: int
    kind: Kind = "text"
    adds_up: bool = False


class Sheet:
    """One worksheet of a workbook in write-only mode: rows go out as they come."""

    def __init__(self, book: Any, title: str, widths: Sequence[int]) -> None:
        from openpyxl.utils import get_column_letter

        self.sheet = book.create_sheet(title)
        self.letter = get_column_letter
        self.row = 0
        for number, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[get_column_letter(number)].width = width
        self.sheet.page_setup.orientation = "landscape"
        self.sheet.page_setup.paperSize = A4
        self.sheet.page_setup.fitToHeight = 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def line(self, *cells: tuple[Value, str]) -> int:
        """Writes a row of values with their styles; returns its number."""
        self.sheet.append([self._cell(value, style) for value, style in cells])
        self.row += 1
        return self.row

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Value]], total: str) -> None:
        """A filterable table: sums of the visible rows above the frozen heading."""
        rows = list(rows)
        first, last = self.row + 3, max(self.row + 2 + len(rows), self.row + 3)
        self.sheet.freeze_panes = f"A{first}"
        self.sheet.print_title_rows = f"{first - 1}:{first - 1}"
        self.sheet.auto_filter.ref = f"A{first - 1}:{self.letter(len(columns))}{last}"
        self.line((total, "total_text"), *self.sums(columns, first, last)[1:])
        self.head(columns)
        for row in rows:
            self.line(*((value, column.kind) for value, column in zip(row, columns, strict=True)))

    def head(self, columns: Sequence[Column]) -> None:
        """The row of headings."""
        self.line(*((column.title, "head") for column in columns))

    def sums(self, columns: Sequence[Column], first: int, last: int) -> list[tuple[Value, str]]:
        """SUBTOTAL formulas over the rows first…last, empty where a column does not add up."""
        return [
            (self._subtotal(number, first, last), f"total_{column.kind}")
            if column.adds_up
            else (None, "total_text")
            for number, column in enumerate(columns, start=1)
        ]

    def _subtotal(self, number: int, first: int, last: int) -> Formula:
        letter = self.letter(number)
        return Formula(f"=SUBTOTAL({SUM_VISIBLE},{letter}{first}:{letter}{last})")

    def _cell(self, value: Value, style: str) -> Any:
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self.sheet)
        cell.style = style
        if isinstance(value, Formula):
            cell.value = str(value)
        elif isinstance(value, str):
            cell.value = printable(value)
            cell.data_type = "s"
            if value.lstrip()[:1] in {"=", "+", "-", "@"}:
                cell.quotePrefix = True
        else:
            cell.value = value
        return cell


def printable(text: str) -> str:
    """Without the control characters that XML 1.0 cannot carry."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return str(ILLEGAL_CHARACTERS_RE.sub("\ufffd", text))


def rubles(amount: Minor | None) -> Decimal | None:
    """Major units for a cell; an absent amount stays an empty cell."""
    return None if amount is None else to_major(amount)


def moment(value: datetime | None) -> datetime | None:
    """Moscow time without a zone: spreadsheets have none."""
    return None if value is None else value.astimezone(MOSCOW).replace(tzinfo=None, microsecond=0)


def new_book() -> Any:
    """An empty workbook in write-only mode that knows the styles above."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill

    book = Workbook(write_only=True)
    for name, look in STYLES.items():
        style = NamedStyle(
            name,
            font=Font(name="Arial", size=look.get("size", 10), bold=look.get("bold", False)),
            alignment=Alignment(vertical=look["vertical"], wrap_text=look.get("wrap", False)),
            number_format=look.get("number_format", "General"),
        )
        if "fill" in look:
            style.fill = PatternFill("solid", fgColor=look["fill"])
        book.add_named_style(style)
    return book
