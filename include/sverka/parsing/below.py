"""Totals in lines of text under a table: `Сумма принятых платежей: 3500.50 RUB`."""

from sverka.errors import Refusal
from sverka.money import Minor
from sverka.parsing.cells import BadCell
from sverka.parsing.numbers import parse_money
from sverka.recognition.schema import Below, Schema
from sverka.recognition.tables import LocatedTable, one_line
from sverka.recognition.texts import folded


def totals_below(located: LocatedTable, schema: Schema) -> dict[str, Minor]:
    """What the lines under the header print as totals, by money field.

    Raises:
        Refusal: a total cannot be read, or its line is not there: the file was cut off.
    """
    return {
        name: _total(located, below, in_kopecks=schema.in_kopecks)
        for name, below in schema.totals_below.items()
    }


def _total(located: LocatedTable, below: Below, *, in_kopecks: bool) -> Minor:
    amounts = _amounts(located, below, in_kopecks=in_kopecks)
    if not amounts:
        raise Refusal(
            f"под таблицей нет строки «{below.rows[0].capitalize()}», которой такой реестр кончается: "
            "похоже, файл обрывается и части операций в нём нет. Скачайте его ещё раз целиком.",
            sheet=located.table.sheet,
            line_no=located.table.first_line + len(located.table.rows) - 1,
        )
    # A register of a period prints a total for each day.
    return Minor(-sum(amounts) if below.negated else sum(amounts))


def _amounts(located: LocatedTable, below: Below, *, in_kopecks: bool) -> list[Minor]:
    found = []
    for index in range(located.first, len(located.table.rows)):
        text = one_line(" ".join(cell for cell in located.table.rows[index] if cell))
        label, colon, value = text.partition(":")
        if not colon or folded(label) not in below.rows:
            continue
        try:
            amount = parse_money(value, in_kopecks=in_kopecks)
        except BadCell as bad:
            raise Refusal(
                f"итог «{text}» не читается: {bad.reason}. Проверить по нему строки нельзя; попросите "
                "исправленный реестр.",
                sheet=located.table.sheet,
                line_no=located.table.first_line + index,
            ) from bad
        if amount is not None:
            found.append(amount)
    return found
