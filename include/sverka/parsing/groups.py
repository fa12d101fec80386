"""Merged cells below the header: one text or one amount for several rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sverka.parsing.cells import is_nothing
from sverka.reading.raw import Row
from sverka.recognition.schema import Schema
from sverka.recognition.tables import LocatedTable


@dataclass(frozen=True, slots=True)
class Shared:
    """An amount that stands once for rows of different orders: whose it is nobody can say."""

    first: int
    last: int
    column: int


class Groups:
    """What vertically merged cells mean for the rows of a table; indexes are those of its rows.

    The number, the day or the status of a merged cell belongs to each of its rows. Its amount
    belongs once to the order of these rows, which stands in the first of them.
    """

    def __init__(self, located: LocatedTable, schema: Schema) -> None:
        self._rows = located.table.rows
        at = located.columns
        kinds = {index: schema.columns[name].kind for name, index in at.items()}
        self._refs = sorted(
            {
                at[name]
                for part in schema.parts
                for field in ("order_ref", "track_ref")
                for name in part.refs.get(field, ())
                if name in at
            }
        )
        self._tops: dict[int, dict[int, int]] = {}
        money: list[Shared] = []
        for first, left, last, right in located.table.merged:
            if first < located.first or first == last:
                continue
            for column in range(left, right + 1):
                if kinds.get(column) == "money":
                    money.append(Shared(first, last, column))
                elif column in kinds and column == left:
                    self._tops.setdefault(column, {}).update(
                        dict.fromkeys(range(first + 1, last + 1), first)
                    )
        self._shared: dict[int, Shared] = {}
        self._under: set[int] = set()
        for group in money:
            self._sort(group)

    def _sort(self, group: Shared) -> None:
        if is_nothing(_cell(self._rows[group.first], group.column)):
            return
        rows = range(group.first, min(group.last + 1, len(self._rows)))
        numbers = {number for index in rows if (number := self._number(index))}
        if len(numbers) > 1:
            self._shared |= {index: group for index in rows if self._number(index)}
        else:
            self._under |= set(rows[1:])

    def _number(self, index: int) -> tuple[str, ...] | None:
        row = self.filled(index)
        number = tuple((_cell(row, column) or "").strip() for column in self._refs)
        return number if any(number) else None

    def filled(self, index: int) -> Row:
        """The row with the texts of the merged cells that cover it; amounts are left alone."""
        row = self._rows[index]
        for column, tops in self._tops.items():
            if index in tops and is_nothing(_cell(row, column)):
                row = [*row, *[None] * (column + 1 - len(row))]
                row[column] = _cell(self._rows[tops[index]], column)
        return row

    def shared(self, index: int) -> Shared | None:
        """The amount that this row shares with other orders."""
        return self._shared.get(index)

    def is_under_money(self, index: int) -> bool:
        """True when an amount above covers this row too, for the same order."""
        return index in self._under


def _cell(row: Sequence[str | None], index: int) -> str | None:
    return row[index] if index < len(row) else None
