"""The totals rows of a table: subtotals are checked here, the grand total goes into the report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sverka.errors import Refusal
from sverka.money import Minor, in_words_of_money
from sverka.parsing.cells import BadCell, begins
from sverka.parsing.conversion import Conversion
from sverka.parsing.records import Records
from sverka.recognition.schema import Amount, Part, Schema, TableLayout

Cells = Sequence[str | None]
"""In the order of the schema's columns."""
Amounts = dict[int, Minor]
"""By the place of the column in the schema."""
Unread = Callable[[int, int, str, BadCell], None]
"""Told of a totals cell that cannot be read: row number, column, text, reason."""


@dataclass(frozen=True, slots=True)
class TotalsRow:
    """A totals row, and the records since the totals row before it."""

    line_no: int
    cells: Cells
    block: Records
    before: int
    """How many records of the table stand above it."""


def totals_of(
    rows: Sequence[TotalsRow],
    records: Records,
    schema: Schema,
    conversion: Conversion,
    unread: Unread,
) -> dict[str, Minor]:
    """What the table as a whole adds up to, as printed, by money field; subtotals are left out.

    Checking compares these with the lines. A printed total that belongs to no money field is
    compared here, with the cells of its column.

    Raises:
        Refusal: records go on under a total that is not theirs, two totals contradict, or a
            column does not come to its total.
    """
    if not rows:
        return {}
    totals = _Totals(schema, conversion, unread)
    grand = totals.grand(rows, len(records))
    by_field = _by_field(grand, schema)
    spoken_for = {
        column
        for part in schema.parts
        for field, amount in part.money.items()
        if field in by_field
        for column in amount.columns
    }
    names = list(schema.columns)
    for index, printed in grand.items():
        if names[index] not in spoken_for:
            totals.hold(index, printed, records, rows[-1].line_no)
    return by_field


class _Totals:
    def __init__(self, schema: Schema, conversion: Conversion, unread: Unread) -> None:
        assert isinstance(schema.layout, TableLayout)
        self._words = schema.layout.totals
        self._conversion = conversion
        self._unread = unread
        place = {name: index for index, name in enumerate(schema.columns)}
        self._columns = sorted(
            {
                place[column]
                for part in schema.parts
                for amount in part.money.values()
                for column in amount.columns
            }
        )

    def grand(self, rows: Sequence[TotalsRow], records: int) -> Amounts:
        """The amounts of the totals that are those of the whole table."""
        grand: Amounts = {}
        parted = False
        for row in rows:
            amounts = self._amounts(row)
            in_the_middle = 0 < row.before < records
            is_part = (in_the_middle or parted) and self._is_sum(row, amounts)
            if in_the_middle and not is_part:
                raise _goes_on(row.line_no)
            if in_the_middle or is_part:
                parted = True
                continue
            for column, amount in amounts.items():
                if grand.setdefault(column, amount) != amount:
                    raise _contradiction(row.line_no, grand[column], amount)
        if parted and not grand and rows[-1].before < records:
            raise _goes_on(rows[-1].line_no)
        return grand

    def _amounts(self, row: TotalsRow) -> Amounts:
        amounts: Amounts = {}
        for column in self._columns:
            cell = row.cells[column]
            if cell is None or begins(cell, self._words):
                continue  # the word itself may stand in a money column
            try:
                total = self._conversion.value(column, cell)
            except BadCell as bad:
                self._unread(row.line_no, column, cell, bad)
                continue
            if total is not None:
                amounts[column] = total
        return amounts

    def _is_sum(self, row: TotalsRow, amounts: Amounts) -> bool:
        """True when the row adds up the records since the totals row before it."""
        return len(row.block) > 0 and all(
            amount == self._sum(column, row.block) for column, amount in amounts.items()
        )

    def _sum(self, column: int, records: Records) -> int | None:
        """The sum of a column's cells; None when one of them cannot be read."""
        try:
            return sum(self._conversion.value(column, cell) or 0 for cell in records.column(column))
        except BadCell:
            return None

    def hold(self, column: int, printed: Minor, records: Records, line_no: int) -> None:
        """Raises: Refusal: all cells of the column can be read, and come to something else."""
        found = self._sum(column, records)
        if found is not None and found != printed:
            raise _misfit(line_no, printed, Minor(found))


def _by_field(grand: Amounts, schema: Schema) -> dict[str, Minor]:
    """The totals of the money fields, as far as those of the columns give them.

    A sum of columns without their signs is not the sum of the rows, and a rule with money of its
    own does not sum the columns at all: such a field has no printed total.
    """
    place = {name: index for index, name in enumerate(schema.columns)}
    fields = {field for part in schema.parts for field in part.money}
    totals = {}
    for field in sorted(fields):
        amounts = [part.money[field] for part in schema.parts if field in part.money]
        terms = [term for amount in amounts for term in amount.terms]
        printed = {place[term.column] for term in terms} & grand.keys()
        if not printed or any(_differs(part, field) for part in schema.parts):
            continue
        if any(term.absolute for term in terms) or len(printed) < len({t.column for t in terms}):
            continue
        totals[field] = Minor(
            sum(-grand[place[t.column]] if t.negated else grand[place[t.column]] for t in terms)
        )
    return totals


def _differs(part: Part, field: str) -> bool:
    def of(rule_money: dict[str, Amount] | None) -> Amount | None:
        return part.money.get(field) if rule_money is None else rule_money.get(field)

    return any(
        of(rule.money) != part.money.get(field)
        for rule in part.rules
        if rule.ignore is None and rule.reject is None
    )


def _goes_on(line_no: int) -> Refusal:
    return Refusal(
        "под строкой «Итого» снова идут операции, и этот итог не подтверждает ни строк над ним, ни всей "
        "таблицы: проверить деньги нельзя. Запросите у курьера исправленный отчёт или оставьте один "
        "верный итог в конце.",
        line_no=line_no,
    )


def _misfit(line_no: int, printed: Minor, found: Minor) -> Refusal:
    return Refusal(
        f"под таблицей напечатан итог {in_words_of_money(printed)}, а строки этой колонки дают "
        f"{in_words_of_money(found)}: часть строк пропала или сумма изменена. Скачайте отчёт ещё раз, "
        "целиком.",
        line_no=line_no,
    )


def _contradiction(line_no: int, first: Minor, second: Minor) -> Refusal:
    return Refusal(
        f"под таблицей два разных итога одной колонки: {in_words_of_money(first)} и "
        f"{in_words_of_money(second)}. Возможно, курьер удержал деньги, которых нет в строках. "
        "Уточните у него, за что, и попросите отчёт, где это удержание стоит строкой.",
        line_no=line_no,
    )
