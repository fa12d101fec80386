"""The totals rows of a table: subtotals are checked here, the grand total goes into the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sverka.errors import Refusal
from sverka.money import Minor, in_words_of_money
from sverka.parsing.cells import BadCell
from sverka.parsing.numbers import parse_money
from sverka.reading.raw import Row

Amounts = dict[str, Minor]


@dataclass(frozen=True, slots=True)
class TotalsRow:
    """A totals row with its amounts, and the records since the totals row before it."""

    line_no: int
    amounts: Amounts
    block: Sequence[Row]
    before: int
    """How many records of the table stand above it."""


def grand_total(
    rows: Sequence[TotalsRow], fields: Mapping[str, int], records: int, *, in_kopecks: bool
) -> Amounts:
    """What the table as a whole adds up to, as printed; subtotals of its parts are left out.

    `fields` are the columns of the money fields, `records` is the number of records of the table.

    Raises:
        Refusal: records go on under a total that is not theirs, or two totals contradict.
    """
    grand: Amounts = {}
    parted = False
    for row in rows:
        is_part = bool(row.block) and row.amounts == _sums(row, fields, in_kopecks=in_kopecks)
        in_the_middle = 0 < row.before < records
        if in_the_middle and not is_part:
            raise _goes_on(row.line_no)
        if in_the_middle or (parted and is_part):
            parted = True
            continue
        for field, amount in row.amounts.items():
            if grand.setdefault(field, amount) != amount:
                raise _contradiction(row.line_no, grand[field], amount)
    if parted and not grand and rows[-1].before < records:
        raise _goes_on(rows[-1].line_no)
    return grand


def _sums(row: TotalsRow, fields: Mapping[str, int], *, in_kopecks: bool) -> Amounts | None:
    """The block's sums of the printed fields; None when a cell cannot be read."""
    try:
        return {
            field: Minor(
                sum(
                    parse_money(cells[fields[field]], in_kopecks=in_kopecks) or 0
                    for cells in row.block
                    if fields[field] < len(cells)
                )
            )
            for field in row.amounts
        }
    except BadCell:
        return None


def _goes_on(line_no: int) -> Refusal:
    return Refusal(
        "под строкой «Итого» снова идут операции, и этот итог не подтверждает ни строк над ним, ни всей "
        "таблицы: проверить деньги нельзя. Запросите у курьера исправленный отчёт или оставьте один "
        "верный итог в конце.",
        line_no=line_no,
    )


def _contradiction(line_no: int, first: Minor, second: Minor) -> Refusal:
    return Refusal(
        f"под таблицей два разных итога одной колонки: {in_words_of_money(first)} и "
        f"{in_words_of_money(second)}. Возможно, курьер удержал деньги, которых нет в строках. "
        "Уточните у него, за что, и попросите отчёт, где это удержание стоит строкой.",
        line_no=line_no,
    )
