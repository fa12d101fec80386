"""«Таблица XML 2003» (SpreadsheetML), often saved under the name `.xls`."""

import re

from sverka.reading.formats import number_text, padded_to
from sverka.reading.limits import MAX_COLUMNS, MAX_ROWS, Allowance, hold_columns, hold_rows
from sverka.reading.raw import Merge, RawTable, Row
from sverka.reading.workbooks import sheets_of_xml
from sverka.reading.xmls import local

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"

_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?Z?$")
_FRACTION = re.compile(r"\.\d+Z?$")
_TIME_ONLY = re.compile(r"(?:1899-12-3[01]|1904-01-01)T")


def read_spreadsheetml(data: bytes, head: int | None, allowance: Allowance) -> tuple[RawTable, ...]:
    """The visible sheets, from row 1 and column A on.

    Raises:
        Refusal: cut off, not XML, with entities, too big, or with data on hidden sheets only.
    """
    return sheets_of_xml(data, _Sheets, allowance, head)


class _Sheets:
    """Builds the tables from the parser's events."""

    def __init__(self, allowance: Allowance, head: int | None) -> None:
        self._allowance = allowance
        self._head = head
        self._found: list[tuple[bool, RawTable]] = []
        self._padded: dict[str, int] = {}
        self._style = ""
        self._path: list[str] = []
        self._open_sheet({})
        self._row: Row | None = None
        self._next_column = 0
        self._cell: dict[str, str] = {}
        self._type = ""
        self._texts: list[str] = []

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        name = local(tag)
        given = {local(key): value for key, value in attrs.items()}
        match name:
            case "Style":
                self._style = given.get("ID", "")
            case "NumberFormat":
                if digits := padded_to(given.get("Format", "")):
                    self._padded[self._style] = digits
            case "Worksheet":
                self._open_sheet(given)
            case "Row":
                self._open_row(given)
            case "Cell":
                self._cell, self._type, self._texts = given, "", []
            case "Data" if self._path[-1:] == ["Cell"]:
                self._type = given.get("Type", "String")
        self._path.append(name)

    def data(self, data: str) -> None:
        # Rich text is HTML inside of Data; the Data of a comment is not the cell's.
        if "Data" in self._path and "Comment" not in self._path:
            self._texts.append(data)
        elif self._path[-1:] == ["Visible"] and "Hidden" in data:
            self._visible = False

    def end(self, tag: str) -> None:
        self._path.pop()
        match local(tag):
            case "Cell":
                self._close_cell()
            case "Row" if self._row is not None:
                self._row = None
                self._next_row += 1 + self._span
            case "Worksheet":
                self._close_sheet()

    def close(self) -> list[tuple[bool, RawTable]]:
        return self._found

    def _open_sheet(self, given: dict[str, str]) -> None:
        self._name = given.get("Name") or None
        self._visible = True
        self._rows: list[Row] = []
        self._hidden: set[int] = set()
        self._merged: list[Merge] = []
        self._next_row = self._span = 0

    def _open_row(self, given: dict[str, str]) -> None:
        self._next_row = _number(given.get("Index"), self._next_row + 1) - 1
        self._span = _number(given.get("Span"), 0)
        hold_rows(self._next_row + 1 + self._span, self._name)
        if given.get("Hidden") == "1":
            self._hidden.update(range(self._next_row, self._next_row + 1 + self._span))
        self._row, self._next_column = [], 0

    def _close_cell(self) -> None:
        if self._row is None:
            return
        column = _number(self._cell.get("Index"), self._next_column + 1) - 1
        hold_columns(column + 1, self._name, self._next_row + 1)
        across = _number(self._cell.get("MergeAcross"), 0)
        down = _number(self._cell.get("MergeDown"), 0)
        if across or down:
            self._merged.append((self._next_row, column, self._next_row + down, column + across))
        self._next_column = column + 1 + across
        text = self._cell_text()
        if text is not None:
            self._put(column, text)

    def _put(self, column: int, text: str) -> None:
        row = self._row
        if row is None or (self._head is not None and self._next_row >= self._head):
            return
        missing = self._next_row - len(self._rows)
        if missing >= 0:
            self._allowance.take_cells(missing, self._name)
            self._rows.extend([] for _ in range(missing))
            self._rows.append(row)
        elif self._rows[self._next_row] is not row:
            # Two rows with one number: the later one's cells join the earlier one.
            row = self._row = self._rows[self._next_row]
        if column >= len(row):
            self._allowance.take_cells(column + 1 - len(row), self._name)
            row.extend([None] * (column + 1 - len(row)))
        row[column] = text

    def _cell_text(self) -> str | None:
        text = "".join(self._texts)
        match self._type:
            case "Number":
                shown = number_text(text)
                digits = self._padded.get(self._cell.get("StyleID", ""))
                return (shown.zfill(digits) if digits and shown.isdigit() else shown) or None
            case "DateTime":
                return _moment(text.strip()) or None
            case "Boolean":
                return "ИСТИНА" if text.strip() == "1" else "ЛОЖЬ"
            case "" if formula := self._cell.get("Formula"):
                # Nobody has calculated it; empty money would be read as zero.
                return f"={formula.removeprefix('=')}"
            case _:
                return text or None

    def _close_sheet(self) -> None:
        hidden = frozenset(row for row in self._hidden if row < len(self._rows))
        table = RawTable(self._name, self._rows, hidden=hidden, merged=tuple(self._merged))
        self._found.append((self._visible, table))


def _moment(text: str) -> str:
    if _TIME_ONLY.match(text):
        text = text.partition("T")[2]
    return _FRACTION.sub("", _MIDNIGHT.sub("", text))


def _number(text: str | None, otherwise: int) -> int:
    """A place or a count; one beyond any sheet is left to the limits."""
    if text is None or not text.isdecimal() or len(text) > 9:
        return otherwise
    return min(int(text), MAX_ROWS + MAX_COLUMNS)
