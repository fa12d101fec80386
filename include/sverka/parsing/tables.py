"""The records of a located table: what is a record, a total, a header again, or no operation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sverka.errors import Refusal
from sverka.parsing.cells import BadCell, begins, is_nothing
from sverka.parsing.dates import parse_date
from sverka.parsing.groups import Groups, Shared
from sverka.parsing.parsed import RejectedRow
from sverka.parsing.records import Records
from sverka.parsing.totals import TotalsRow
from sverka.reading.raw import Row
from sverka.recognition.schema import Schema, TableLayout
from sverka.recognition.tables import LocatedTable, one_line
from sverka.recognition.texts import folded, header_key

_HEADER_ROWS = 3
_SAYS_MONEY = re.compile(r"[0-9=#]")
_COLUMN_NUMBER = re.compile(r"\(?(\d{1,3})\)?(?:\s*=.*)?", re.ASCII)
_PART_OF_A_NUMBER = re.compile(r"[-/_]\w")
_SHOWN_ROWS = 20


@dataclass(slots=True)
class TableRecords:
    """`records` and `totals` have their row numbers and cells in the order of the schema's columns."""

    records: Records
    totals: list[TotalsRow] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: int = 0
    """Rows that say nothing of an order's money: titles of groups, signatures, remarks."""


def records_of(located: LocatedTable, schema: Schema) -> TableRecords:
    """Parts the rows under the header into records, totals rows and notes.

    Raises:
        Refusal: another table begins below.
    """
    return _Parting(located, schema).part()


class _Parting:
    def __init__(self, located: LocatedTable, schema: Schema) -> None:
        assert isinstance(schema.layout, TableLayout)
        self._located = located
        self._sheet = located.table.sheet
        self._layout = schema.layout
        self._order = [located.columns.get(name) for name in schema.columns]
        self._known = {key for column in schema.columns.values() for key in column.headers}
        self._money_indexes = _columns_as("money", located, schema)
        self._id_indexes = _columns_as("id", located, schema)
        self._fact_indexes = [
            index
            for name, index in located.columns.items()
            if schema.columns[name].kind in {"id", "text", "date"}
        ]
        rows = located.table.rows
        above = rows[max(0, located.first - _HEADER_ROWS) : located.first]
        self._header_rows = {tuple(map(_folded, row)) for row in above if _filled(row)}
        self._header_starts = {_folded(_filled(row)[0]) for row in above if _filled(row)}
        self._width = max(len(rows[located.header]), max(located.columns.values(), default=0) + 1)
        self._groups = Groups(located, schema) if located.table.merged else None
        self._found = TableRecords(Records(located.table, self._order, self._groups))

    def part(self) -> TableRecords:
        found = self._found
        since = 0
        under_header = True
        for index in range(self._located.first, len(self._located.table.rows)):
            row = self._located.table.rows[index]
            line_no = self._located.table.first_line + index
            filled = _filled(row)
            if not filled or (under_header and _is_numbering(filled)):
                continue
            under_header = self._is_header(row, filled)
            if under_header:
                continue
            if self._is_totals(row, filled):
                above = len(found.records)
                block = found.records.between(since, above)
                found.totals.append(TotalsRow(line_no, found.records.cells_of(row), block, above))
                since = above
            elif self._is_record(row, filled, index):
                self._record(row, line_no, index)
            else:
                found.notes += 1
        self._tell_hidden()
        return found

    def _record(self, row: Row, line_no: int, index: int) -> None:
        if self._is_too_long(row):
            self._found.rejected.append(self._too_long(row, line_no))
            return
        if self._groups is not None and (shared := self._groups.shared(index)):
            self._found.rejected.append(self._shared(shared, line_no))
            return
        self._found.records.add(index)

    def _is_header(self, row: Row, filled: Sequence[str]) -> bool:
        """A page repeats the header; most rows are told from it by their first cell."""
        return (
            _folded(filled[0]) in self._header_starts
            and tuple(map(_folded, row)) in self._header_rows
        )

    def _is_totals(self, row: Row, filled: Sequence[str]) -> bool:
        """A row that begins with a totals word, or has one somewhere and no order's number."""
        words = self._layout.totals
        if not words:
            return False
        if begins(filled[0], words):
            return not self._is_order_called(filled[0], row)
        for index in self._id_indexes:
            if self._text(row, index):
                return False
        return any(
            index not in self._money_indexes and cell and begins(cell, words)
            for index, cell in enumerate(row)
        )

    def _is_order_called(self, first: str, row: Row) -> bool:
        """«Итого-17» with a day or a track beside it is an order of the shop «Итого», no total."""
        return (
            any(self._text(row, index) == first.strip() for index in self._id_indexes)
            and " " not in first.strip()
            and _PART_OF_A_NUMBER.search(first) is not None
            and sum(bool(self._text(row, index)) for index in self._fact_indexes) > 1
        )

    def _is_record(self, row: Row, filled: Sequence[str], index: int) -> bool:
        if self._layout.explanations and begins(filled[0], self._layout.explanations):
            return False
        for at in self._money_indexes:
            if _SAYS_MONEY.search(self._text(row, at)):
                # «Страница 1 из 3» may stand alone under a column of money.
                return len(filled) > 1 or not filled[0].lstrip()[0].isalpha()
        if self._groups is not None and self._groups.is_under_money(index):
            return False
        self._hold_to_one_table(row, self._located.table.first_line + index)
        return any(self._is_number(row, at) for at in self._id_indexes)

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
        if cell is None or cell.isdigit():
            return cell or ""
        return "" if is_nothing(cell) else cell.strip()

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

    def _shared(self, shared: Shared, line_no: int) -> RejectedRow:
        first = self._located.table.first_line
        return RejectedRow(
            self._sheet,
            line_no,
            self._located.titles.get(shared.column),
            self._located.table.rows[shared.first][shared.column],
            "shared_money",
            f"одна сумма на разные заказы (объединённая ячейка, строки {first + shared.first}–"
            f"{first + shared.last}): сколько из неё чьё, по файлу не видно. Попросите у курьера отчёт с "
            "суммой в каждой строке",
        )

    def _tell_hidden(self) -> None:
        table = self._located.table
        if not table.hidden:
            return
        hidden = sorted(table.hidden & self._found.records.indexes)
        if hidden:
            shown = ", ".join(str(table.first_line + index) for index in hidden[:_SHOWN_ROWS])
            more = " и другие" if len(hidden) > _SHOWN_ROWS else ""
            sheet = f"на листе «{self._sheet}» " if self._sheet else ""
            self._found.warnings.append(
                f"{sheet}есть скрытые строки с операциями ({len(hidden)}): {shown}{more}. Они прочитаны "
                "вместе с остальными. Если их скрыли, чтобы не учитывать, удалите их из файла"
            )


def _columns_as(kind: str, located: LocatedTable, schema: Schema) -> tuple[int, ...]:
    at = located.columns
    return tuple(at[c.name] for c in schema.columns.values() if c.kind == kind and c.name in at)


def _filled(row: Sequence[str | None]) -> list[str]:
    return [cell for cell in row if cell and not cell.isspace()]


def _folded(cell: str | None) -> str:
    return folded(cell) if cell else ""


def _is_numbering(filled: Sequence[str]) -> bool:
    """`1 2 3 …` under the header, also `А 1 2 3` and `7=4-6`: consecutive, three at least."""
    numbers: list[int] = []
    for cell in filled:
        found = _COLUMN_NUMBER.fullmatch(cell.strip())
        if found:
            numbers.append(int(found[1]))
        elif numbers or len(cell.strip()) > 1:
            return False
    return len(numbers) >= 3 and numbers == list(range(1, len(numbers) + 1))
