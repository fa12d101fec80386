"""What a sheet's own records tell beside its cells, whatever the container."""

from dataclasses import dataclass, field

from sverka.reading.raw import Merge, Row


@dataclass(slots=True)
class SheetFacts:
    """Of one sheet, all places as indexes from 0.

    `rows` and `columns`: the used rectangle; `texts`: cells that the fast reader does not tell,
    like `#N/A`; `padded`: cells whose number is shown with leading zeros, to this many digits.
    """

    rows: int = 0
    columns: int = 0
    hidden: set[int] = field(default_factory=set)
    merged: list[Merge] = field(default_factory=list)
    texts: list[tuple[int, int, str]] = field(default_factory=list)
    padded: list[tuple[int, int, int]] = field(default_factory=list)

    def cell_at(self, row: int, column: int) -> None:
        """Widens the used rectangle to this cell."""
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)

    def put_into(self, rows: list[Row], head: int | None) -> None:
        """Writes what the fast reader left out into `rows`, of which only `head` are wanted.

        The reader ends with its last full cell; a row of bare formulas lies beyond.
        """
        for row, column, text in self.texts:
            if head is None or row < head:
                rows.extend([] for _ in range(row + 1 - len(rows)))
                rows[row].extend([None] * (column + 1 - len(rows[row])))
                rows[row][column] = text
        for row, column, digits in self.padded:
            if row < len(rows) and column < len(rows[row]):
                cell = rows[row][column]
                if cell is not None and cell.isdigit():
                    rows[row][column] = cell.zfill(digits)
