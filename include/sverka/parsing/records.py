"""The records of a table by their places: the cells are taken out when they are asked for."""

from array import array
from collections.abc import Iterable, Iterator, Sequence

from sverka.parsing.groups import Groups
from sverka.reading.raw import RawTable, Row

Record = tuple[int, list[str | None]]
"""The row's number and its cells in the order of the schema's columns."""


class Records:
    """Rows of a table; can be gone over again.

    Only places are kept: a second list of a million rows would take as much memory as the file.
    """

    def __init__(
        self,
        table: RawTable,
        order: Sequence[int | None],
        groups: Groups | None,
        places: Iterable[int] = (),
    ) -> None:
        self._table = table
        self._order = order
        self._groups = groups
        self._places = array("l", places)

    def add(self, index: int) -> None:
        """The row of the table at this index is a record."""
        self._places.append(index)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Record]:
        first = self._table.first_line
        for index in self._places:
            yield first + index, self._cells_at(index)

    def between(self, start: int, end: int) -> "Records":
        """The records from the ordinal `start` to that before `end`, counted from 0."""
        return Records(self._table, self._order, self._groups, self._places[start:end])

    @property
    def indexes(self) -> frozenset[int]:
        """The indexes of the records in the table's rows."""
        return frozenset(self._places)

    def column(self, place: int) -> Iterator[str | None]:
        """The cells of one of the schema's columns."""
        return (cells[place] for _, cells in self)

    def cells_of(self, row: Row) -> list[str | None]:
        """The row's cells in the order of the schema's columns; None where it has none."""
        width = len(row)
        return [
            row[index] if index is not None and index < width else None for index in self._order
        ]

    def _cells_at(self, index: int) -> list[str | None]:
        row = self._groups.filled(index) if self._groups is not None else self._table.rows[index]
        return self.cells_of(row)
