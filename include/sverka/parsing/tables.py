"""The records of a located table: where they end, the totals row, what is under them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sverka.errors import Refusal
from sverka.money import Minor
from sverka.parsing.cells import BadCell, is_nothing
from sverka.parsing.numbers import parse_money
from sverka.parsing.parsed import RejectedRow
from sverka.reading.raw import Row
from sverka.recognition.schema import Schema, TableLayout
from sverka.recognition.tables import LocatedTable
from sverka.recognition.texts import folded

Record = tuple[int, list[str | None]]


@dataclass(slots=True)
class TableRecords:
    """`records` have their row numbers and cells in the order of the schema's columns."""

    records: list[Record] = field(default_factory=list)
    totals: dict[str, Minor] = field(default_factory=dict)
    rejected: list[RejectedRow] = field(default_factory=list)
    notes: int = 0
    """Rows under the table that say nothing of money: signatures, remarks."""


def records_of(located: LocatedTable, schema: Schema) -> TableRecords:
    """Parts the rows under the header into records, the totals row and notes.

    Raises:
        Refusal: operations go on under the totals row, so the totals are not the table's.
    """
    return _Parting(located, schema).part()


class _Parting:
    def __init__(self, located: LocatedTable, schema: Schema) -> None:
        assert isinstance(schema.layout, TableLayout)
        self._located = located
        self._schema = schema
        self._words = schema.layout.totals
        self._order = [located.columns.get(name) for name in schema.columns]
        money = [name for name, column in schema.columns.items() if column.kind == "money"]
        self._money = {name: located.columns[name] for name in money if name in located.columns}
        self._money_indexes = tuple(self._money.values())
        self._header = [_folded(cell) for cell in located.table.rows[located.header]]

    def part(self) -> TableRecords:
        found = TableRecords()
        rows = self._located.table.rows
        totals_at: int | None = None
        pending: list[
            Record
        ] = []  # rows without money: notes if nothing follows, records if it does
        for index in range(self._located.first, len(rows)):
            row = rows[index]
            if self._is_blank(row) or self._is_furniture(row, index):
                continue
            line_no = self._located.table.first_line + index
            if self._is_totals(row):
                totals_at = totals_at or line_no
                self._take_totals(row, line_no, found)
                found.notes += len(pending)
                pending.clear()
                continue
            record = (line_no, self._cells(row))
            if not self._has_money(row):
                pending.append(record)
                continue
            if totals_at is not None:
                raise self._goes_on(totals_at, line_no)
            found.records += [*pending, record]
            pending.clear()
        found.notes += len(pending)
        return found

    def _is_blank(self, row: Row) -> bool:
        return not any(cell and not cell.isspace() for cell in row)

    def _is_furniture(self, row: Row, index: int) -> bool:
        """A header repeated on every page, or the numbering row `1 2 3` under the header."""
        if index == self._located.first and _is_numbering(row):
            return True
        first = self._header[0] if self._header else ""
        if row and first and _folded(row[0]) != first:
            return False
        return [_folded(cell) for cell in row] == self._header

    def _is_totals(self, row: Row) -> bool:
        if not self._words:
            return False
        money = self._money_indexes
        return any(
            cell
            and not cell[0].isdigit()
            and index not in money
            and folded(cell).startswith(self._words)
            for index, cell in enumerate(row)
        )

    def _has_money(self, row: Row) -> bool:
        width = len(row)
        return any(
            index < width and row[index] and not is_nothing(row[index])
            for index in self._money_indexes
        )

    def _cells(self, row: Row) -> list[str | None]:
        width = len(row)
        return [
            row[index] if index is not None and index < width else None for index in self._order
        ]

    def _take_totals(self, row: Row, line_no: int, found: TableRecords) -> None:
        for field_name, amount in self._schema.money.items():
            index = self._money.get(amount.column)
            if index is None or index >= len(row) or field_name in found.totals:
                continue
            try:
                total = parse_money(row[index], in_kopecks=self._schema.in_kopecks)
            except BadCell as bad:
                found.rejected.append(self._bad_total(line_no, index, row, bad))
                continue
            if total is not None:
                found.totals[field_name] = total

    def _bad_total(self, line_no: int, index: int, row: Row, bad: BadCell) -> RejectedRow:
        return RejectedRow(
            self._located.table.sheet,
            line_no,
            self._located.titles.get(index),
            row[index],
            bad.rule,
            f"строка «Итого»: {bad.reason}",
        )

    def _goes_on(self, totals_at: int, line_no: int) -> Refusal:
        return Refusal(
            f"под строкой «Итого» (строка {totals_at}) снова идут операции. Проверить общую сумму по такой "
            "таблице нельзя. Оставьте один итог в конце таблицы или разделите её на отдельные файлы.",
            sheet=self._located.table.sheet,
            line_no=line_no,
        )


def _folded(cell: str | None) -> str:
    return folded(cell) if cell else ""


def _is_numbering(row: Sequence[str | None]) -> bool:
    """`1 2 3 …` under the header: consecutive from one in every filled cell, three at least."""
    texts = [cell.strip().strip("()") for cell in row if cell and cell.strip()]
    return len(texts) >= 3 and texts == [str(number) for number in range(1, len(texts) + 1)]
