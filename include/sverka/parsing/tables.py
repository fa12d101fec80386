"""The records of a located table: what is a record, a total, a header again, or no operation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sverka.errors import Refusal
from sverka.money import Minor
from sverka.parsing.cells import BadCell, is_nothing
from sverka.parsing.dates import parse_date
from sverka.parsing.numbers import parse_money
from sverka.parsing.parsed import RejectedRow
from sverka.parsing.totals import TotalsRow, grand_total
from sverka.reading.raw import Row
from sverka.recognition.schema import Schema, TableLayout
from sverka.recognition.tables import LocatedTable, one_line
from sverka.recognition.texts import folded, header_key

Record = tuple[int, list[str | None]]

_HEADER_ROWS = 3
_SAYS_MONEY = re.compile(r"[0-9=#]")
_COLUMN_NUMBER = re.compile(r"\(?(\d{1,3})\)?(?:\s*=.*)?", re.ASCII)


@dataclass(slots=True)
class TableRecords:
    """`records` have their row numbers and cells in the order of the schema's columns."""

    records: list[Record] = field(default_factory=list)
    totals: dict[str, Minor] = field(default_factory=dict)
    rejected: list[RejectedRow] = field(default_factory=list)
    notes: int = 0
    """Rows that say nothing of an order's money: titles of groups, signatures, remarks."""


def records_of(located: LocatedTable, schema: Schema) -> TableRecords:
    """Parts the rows under the header into records, totals rows and notes.

    Raises:
        Refusal: the totals contradict the rows or each other, or another table begins below.
    """
    return _Parting(located, schema).part()


class _Parting:
    def __init__(self, located: LocatedTable, schema: Schema) -> None:
        assert isinstance(schema.layout, TableLayout)
        self._located = located
        self._sheet = located.table.sheet
        self._schema = schema
        self._layout = schema.layout
        self._order = [located.columns.get(name) for name in schema.columns]
        self._known = {key for column in schema.columns.values() for key in column.headers}
        self._money_indexes = self._columns_as("money")
        self._id_indexes = self._columns_as("id")
        self._totals_at = {
            name: located.columns[amount.column]
            for name, amount in schema.money.items()
            if amount.column in located.columns
        }
        rows = located.table.rows
        above = rows[max(0, located.first - _HEADER_ROWS) : located.first]
        self._header_rows = {tuple(map(_folded, row)) for row in above if _filled(row)}
        self._width = len(rows[located.header])

    def _columns_as(self, kind: str) -> tuple[int, ...]:
        columns = self._schema.columns.values()
        at = self._located.columns
        return tuple(at[c.name] for c in columns if c.kind == kind and c.name in at)

    def part(self) -> TableRecords:
        found = TableRecords()
        totals: list[TotalsRow] = []
        block: list[Row] = []
        under_header = True
        for index in range(self._located.first, len(self._located.table.rows)):
            row = self._located.table.rows[index]
            line_no = self._located.table.first_line + index
            if not _filled(row) or (under_header and _is_numbering(row)):
                continue
            under_header = tuple(map(_folded, row)) in self._header_rows
            if under_header:
                continue
            if self._is_totals(row):
                amounts = self._amounts(row, line_no, found)
                totals.append(TotalsRow(line_no, amounts, block, len(found.records)))
                block = []
            elif self._is_record(row, line_no):
                if self._is_too_long(row):
                    found.rejected.append(self._too_long(row, line_no))
                    continue
                found.records.append((line_no, self._cells(row)))
                block.append(row)
            else:
                found.notes += 1
        found.totals = self._grand_total(totals, len(found.records))
        return found

    def _is_totals(self, row: Row) -> bool:
        """A row that begins with a totals word, or has one somewhere and no order's number."""
        words = self._layout.totals
        if not words:
            return False
        if _begins(_filled(row)[0], words):
            return True
        return not any(self._text(row, index) for index in self._id_indexes) and any(
            index not in self._money_indexes and cell and _begins(cell, words)
            for index, cell in enumerate(row)
        )

    def _is_record(self, row: Row, line_no: int) -> bool:
        if _begins(_filled(row)[0], self._layout.explanations):
            return False
        if any(_SAYS_MONEY.search(self._text(row, index)) for index in self._money_indexes):
            return True
        self._hold_to_one_table(row, line_no)
        return any(self._is_number(row, index) for index in self._id_indexes)

    def _hold_to_one_table(self, row: Row, line_no: int) -> None:
        """Another header below means other columns: its rows read by this header are other money."""
        names = [cell for cell in _filled(row) if header_key(cell) in self._known]
        if len(names) >= 2 and not any(sign.isdigit() for cell in names for sign in cell):
            shown = ", ".join(f"«{one_line(cell)}»" for cell in _filled(row))
            raise Refusal(
                f"под таблицей начинается другая таблица, с другими колонками: {shown}. Вместе их не "
                "прочитать: деньги попали бы не в свои колонки. Разнесите таблицы по разным файлам.",
                sheet=self._sheet,
                line_no=line_no,
            )

    def _is_number(self, row: Row, index: int) -> bool:
        """An order's number rather than the title of a day or of a page."""
        text = self._text(row, index)
        if not text or any(sign.isspace() for sign in text) or not re.search(r"\d", text):
            return False
        if len(_filled(row)) > 1:
            return True
        try:
            return text.isdigit() or parse_date(text) is None
        except BadCell:
            return True

    def _text(self, row: Row, index: int) -> str:
        cell = row[index] if index < len(row) else None
        return "" if cell is None or is_nothing(cell) else cell.strip()

    def _cells(self, row: Row) -> list[str | None]:
        width = len(row)
        return [
            row[index] if index is not None and index < width else None for index in self._order
        ]

    def _is_too_long(self, row: Row) -> bool:
        """Only a text table can have a longer row; rows of a sheet are all as wide as the sheet."""
        return len(row) > self._width and any(_filled(row[self._width :]))

    def _too_long(self, row: Row, line_no: int) -> RejectedRow:
        return RejectedRow(
            self._sheet,
            line_no,
            None,
            ", ".join(_filled(row[self._width :])),
            "too_many_cells",
            f"в строке {len(row)} значений, а колонок в шапке {self._width}: суммы могли сдвинуться "
            "(например, запятая в копейках разделила число надвое). Скачайте отчёт в XLSX",
        )

    def _amounts(self, row: Row, line_no: int, found: TableRecords) -> dict[str, Minor]:
        amounts: dict[str, Minor] = {}
        for name, index in self._totals_at.items():
            cell = row[index] if index < len(row) else None
            if cell and _begins(cell, self._layout.totals):
                continue  # the word itself stands in a money column
            try:
                total = parse_money(cell, in_kopecks=self._schema.in_kopecks)
            except BadCell as bad:
                title = self._located.titles.get(index)
                reason = f"строка «Итого»: {bad.reason}"
                found.rejected.append(
                    RejectedRow(self._sheet, line_no, title, cell, bad.rule, reason)
                )
                continue
            if total is not None:
                amounts[name] = total
        return amounts

    def _grand_total(self, totals: Sequence[TotalsRow], records: int) -> dict[str, Minor]:
        try:
            return grand_total(totals, self._totals_at, records, in_kopecks=self._schema.in_kopecks)
        except Refusal as refusal:
            raise Refusal(refusal.reason, sheet=self._sheet, line_no=refusal.line_no) from refusal


def _filled(row: Sequence[str | None]) -> list[str]:
    return [cell for cell in row if cell and not cell.isspace()]


def _folded(cell: str | None) -> str:
    return folded(cell) if cell else ""


def _begins(text: str, words: Sequence[str]) -> bool:
    """True when the text begins with one of the words, and the word ends there."""
    plain = folded(text)
    return any(
        plain.startswith(word) and not plain[len(word) : len(word) + 1].isalnum() for word in words
    )


def _is_numbering(row: Row) -> bool:
    """`1 2 3 …` under the header, also `А 1 2 3` and `7=4-6`: consecutive, three at least."""
    numbers: list[int] = []
    for cell in _filled(row):
        found = _COLUMN_NUMBER.fullmatch(cell.strip())
        if found:
            numbers.append(int(found[1]))
        elif numbers or len(cell.strip()) > 1:
            return False
    return len(numbers) >= 3 and numbers == list(range(1, len(numbers) + 1))
