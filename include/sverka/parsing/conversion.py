"""The cells of a record to typed values, column by column."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from sverka.money import Minor
from sverka.parsing import dates, numbers
from sverka.parsing.cells import BadCell, is_nothing
from sverka.parsing.identifiers import parse_id
from sverka.parsing.reasons import MISSING
from sverka.parsing.styles import date_order, group_sign
from sverka.recognition.schema import Column

_REMEMBERED = 20_000
"""Different texts of a column whose values are kept: days, statuses and fees repeat, numbers do not."""

Convert = Callable[[Any], "str | Minor | Decimal | date | None"]
Texts = Callable[[int], Iterable[Any]]
"""All the cells of a column as the file has them."""


class BadField(BadCell):
    """A bad cell with its place among the columns."""

    def __init__(self, index: int, bad: BadCell) -> None:
        self.index = index
        super().__init__(bad.rule, bad.reason)


class Conversion:
    """Converts records; what a doubtful cell means is asked of its whole column, once."""

    def __init__(self, columns: Sequence[Column], texts: Texts) -> None:
        self._columns = columns
        self._texts = texts
        self._convert = [_converter(column) for column in columns]
        self._known: list[dict[str, Any]] = [{} for _ in columns]
        self._asked: set[int] = set()

    def typed(self, record: Sequence[Any]) -> list[Any]:
        """The values of the record.

        Raises:
            BadField: a cell is not what its column needs.
        """
        cells: list[Any] = []
        try:
            for text, convert, known in zip(record, self._convert, self._known, strict=True):
                if type(text) is not str:
                    cells.append(None if text is None else convert(text))
                elif text in known:
                    cells.append(known[text])
                else:
                    cells.append(convert(text))
                    if len(known) < _REMEMBERED:
                        known[text] = cells[-1]
        except BadCell as bad:
            index = len(cells)
            if self._settled(index, bad):
                return self.typed(record)
            raise BadField(index, bad) from None
        return cells

    def value(self, index: int, text: Any) -> Any:
        """The value of one cell.

        Raises:
            BadField: it is not what its column needs.
        """
        if text is None:
            return None
        try:
            return self._convert[index](text)
        except BadCell as bad:
            if self._settled(index, bad):
                return self.value(index, text)
            raise BadField(index, bad) from None

    def _settled(self, index: int, bad: BadCell) -> bool:
        """True when the column's other cells prove how such a cell is read."""
        if bad.rule not in {numbers.AMBIGUOUS, dates.AMBIGUOUS} or index in self._asked:
            return False
        self._asked.add(index)
        column = self._columns[index]
        if column.kind == "date":
            order = date_order(self._texts(index))
            if order is not None:
                self._known[index].clear()
                self._convert[index] = _dates(partial(dates.parse_date, order=order))
            return order is not None
        group = group_sign(self._texts(index))
        if group is not None:
            self._known[index].clear()
            self._convert[index] = _converter(column, group)
        return group is not None


def _converter(column: Column, group: str | None = None) -> Convert:
    if column.kind == "money":
        return _money(column.in_kopecks, group)
    if column.kind == "number":
        return lambda text: _number(_plain(text), group)
    if column.kind == "date":
        return _dates(dates.parse_date)
    return _id if column.kind == "id" else _text


def _money(in_kopecks: bool, group: str | None) -> Convert:  # noqa: FBT001 - private, two places
    parse = partial(numbers.parse_money, in_kopecks=in_kopecks, group=group)
    return lambda text: parse(text if type(text) is str else _plain(text))


def _dates(parse: Callable[[str], date | None]) -> Convert:
    return lambda text: parse(text if type(text) is str else _plain(text))


def _id(text: Any) -> str | None:
    return parse_id(text if type(text) is str else _plain(text))


def _number(text: str, group: str | None) -> Decimal | None:
    return None if is_nothing(text) else numbers.parse_number(text, group=group)


def _text(text: Any) -> str | None:
    plain = _plain(text)
    return None if is_nothing(plain) else " ".join(plain.split())


def _plain(text: Any) -> str:
    """Only XML and JSON can hold something else than text where a value is due."""
    if isinstance(text, str):
        return text
    if text is MISSING:
        raise BadCell("missing_field", "в записи нет обязательного поля; уточните её у курьера")
    what = "отметка «да/нет»" if isinstance(text, bool) else "вложенный раздел"
    raise BadCell(
        "not_a_value", f"вместо простого значения в поле стоит {what}; уточните его у курьера"
    )
