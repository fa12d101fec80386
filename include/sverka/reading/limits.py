"""How much one file may hold. A limit that is reached refuses the file in words, never half-reads it.

All limits are tested before the thing they limit is loaded, or while it is being loaded.
"""

from dataclasses import dataclass

from sverka.errors import Refusal

MEGABYTE = 1024 * 1024

MAX_BYTES = 300 * MEGABYTE
"""A million lines of 25 columns are about 250 MB of text."""
MAX_UNPACKED = 1024 * MEGABYTE
MAX_RATIO = 300
"""Real workbooks compress 5 to 60 times; a bomb compresses 1000 times."""
RATIO_MATTERS_FROM = 20 * MEGABYTE
MAX_ROWS = 1_048_576
"""Excel's own limit."""
MAX_COLUMNS = 16_384
"""Excel's own limit."""
MAX_CELLS = 30_000_000
"""Of one file, over all its sheets; an empty cell inside a sheet's used rectangle counts."""
MAX_LINE = 8 * MEGABYTE
"""One line of a text table: 16,384 columns of 500 characters."""
MAX_NAME = 1000
"""Characters of the name of an archive's member; no file system allows more than 255 a part."""
MAX_MEMBERS = 200
MAX_PARTS = 5000
"""Members of a workbook: pictures of goods may be in it."""
MAX_ARCHIVES = 2
"""A ZIP in a ZIP is a weekly report of some marketplaces; deeper ones are not reports."""
MAX_DEPTH = 50
"""Levels of XML elements or JSON brackets."""
MAX_NODES = 3_000_000
"""Elements and attributes of an XML, values of a JSON, tags of a web page: about 300 bytes each."""


@dataclass(slots=True)
class Allowance:
    """What is left of the limits for one file, whatever is nested in it."""

    unpacked: int = MAX_UNPACKED
    cells: int = MAX_CELLS

    def unpack(self, size: int) -> None:
        """Takes `size` bytes that an archive will unfold into."""
        self.unpacked -= size
        if self.unpacked < 0:
            raise bomb()

    def take_cells(self, cells: int, sheet: str | None) -> None:
        """Takes cells that will be held in memory; empty ones count."""
        self.cells -= cells
        if self.cells < 0:
            raise Refusal(
                f"в файле больше {_grouped(MAX_CELLS)} ячеек. Разделите отчёт на части или запросите "
                "более короткий период.",
                sheet=sheet,
            )

    def take_area(self, rows: int, columns: int, sheet: str | None) -> None:
        """Takes the used rectangle of a sheet, which is held in memory whole."""
        hold_rows(rows, sheet)
        if rows * columns > self.cells:
            raise Refusal(
                f"занятая область листа слишком велика: {_grouped(rows)} строк на "
                f"{_grouped(columns)} колонок. Обычно это случайное значение далеко внизу или справа: "
                "удалите лишние строки и колонки и сохраните файл ещё раз.",
                sheet=sheet,
            )
        self.cells -= rows * columns


def bomb() -> Refusal:
    """The refusal of an archive that unfolds into too much."""
    return Refusal(
        "архив разворачивается в слишком большой объём; так отчёты не выглядят. "
        "Распакуйте его сами и положите отчёт без архива."
    )


def hold_size(size: int) -> None:
    """Refuses a file of more than `MAX_BYTES` bytes."""
    if size > MAX_BYTES:
        raise Refusal(
            f"файл слишком большой: {_megabytes(size)}, а принимаются файлы до {_megabytes(MAX_BYTES)}. "
            "Попросите у курьера отчёт за более короткий период."
        )


def hold_rows(rows: int, sheet: str | None) -> None:
    """Refuses a table of more than `MAX_ROWS` rows."""
    if rows > MAX_ROWS:
        raise Refusal(
            f"в таблице больше {_grouped(MAX_ROWS)} строк. Разделите отчёт на части или запросите "
            "более короткий период.",
            sheet=sheet,
        )


def hold_columns(columns: int, sheet: str | None, line_no: int) -> None:
    """Refuses a table wider than any sheet of Excel."""
    if columns > MAX_COLUMNS:
        raise Refusal(
            f"в строке {columns} колонок, так отчёты не выглядят. Скачайте файл ещё раз или сохраните "
            "его как XLSX.",
            sheet=sheet,
            line_no=line_no,
        )


def hold_nodes(nodes: int) -> None:
    """Refuses an XML, a JSON or a web page of more parts than `MAX_NODES`."""
    if nodes > MAX_NODES:
        raise Refusal(
            f"в файле больше {_grouped(MAX_NODES)} значений, так отчёты не выглядят. Запросите у курьера "
            "более короткий период или тот же отчёт в CSV."
        )


def too_deep() -> Refusal:
    """The refusal of an XML or JSON nested deeper than `MAX_DEPTH`."""
    return Refusal("файл устроен не как отчёт: в нём слишком много вложенных уровней.")


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.0f} МБ"
