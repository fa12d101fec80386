"""The end of a text table: whether the last row is whole."""

from sverka.errors import Refusal
from sverka.recognition.schema import Schema
from sverka.recognition.tables import LocatedTable


def hold_cut(located: LocatedTable, schema: Schema) -> None:
    """A text that ends within a row: the amount it ends with may have lost digits.

    Reading compares the rows with each other; only here it is known which row is the header.

    Raises:
        Refusal: the last row names an order and has fewer cells than the header.
    """
    rows = located.table.rows
    last = rows[-1] if len(rows) > located.first else []
    numbers = [
        located.columns[name]
        for name, column in schema.columns.items()
        if column.kind == "id" and name in located.columns
    ]
    names_order = any(index < len(last) and _is_one_number(last[index]) for index in numbers)
    if names_order and len(last) < len(rows[located.header]):
        raise Refusal(
            "файл обрывается посередине строки: последняя сумма могла потерять цифры. Скачайте его ещё "
            "раз; если он целый, сохраните его как XLSX.",
            sheet=located.table.sheet,
            line_no=located.table.first_line + len(rows) - 1,
        )


def _is_one_number(cell: str | None) -> bool:
    """A number of an order, not a remark with a number in it."""
    text = (cell or "").strip()
    return any(map(str.isdigit, text)) and not any(map(str.isspace, text))
