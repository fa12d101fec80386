"""How much one file may hold. A limit that is reached refuses the file in words, never half-reads it."""

from sverka.errors import Refusal

MEGABYTE = 1024 * 1024

MAX_BYTES = 100 * MEGABYTE
MAX_UNPACKED = 600 * MEGABYTE
MAX_RATIO = 300
"""Real workbooks compress 5 to 60 times; a bomb compresses 1000 times."""
RATIO_MATTERS_FROM = 20 * MEGABYTE
MAX_ROWS = 500_000
MAX_COLUMNS = 16_384
"""Excel's own limit."""
MAX_CELLS = 12_000_000
"""The reader holds a sheet's whole rectangle in memory, at about 30 bytes a cell."""
MAX_MEMBERS = 200
MAX_ARCHIVES = 2
"""A ZIP in a ZIP is a weekly report of some marketplaces; deeper ones are not reports."""
MAX_DEPTH = 50
"""Levels of XML elements or JSON brackets."""


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
            f"в таблице больше {MAX_ROWS:,} строк".replace(",", "\u00a0")
            + ". Разделите отчёт на части или запросите более короткий период.",
            sheet=sheet,
        )


def hold_columns(columns: int, sheet: str | None, line_no: int) -> None:
    """Refuses a text table wider than any sheet of Excel."""
    if columns > MAX_COLUMNS:
        raise Refusal(
            f"в строке {columns} колонок, так отчёты не выглядят. Скачайте файл ещё раз или сохраните "
            "его как XLSX.",
            sheet=sheet,
            line_no=line_no,
        )


def hold_area(rows: int, columns: int, sheet: str | None) -> None:
    """Refuses a sheet whose used rectangle would not fit into memory."""
    hold_rows(rows, sheet)
    if rows * columns > MAX_CELLS:
        raise Refusal(
            f"занятая область листа слишком велика: {rows} строк на {columns} колонок. "
            "Обычно это случайное значение далеко внизу или справа: удалите лишние строки и колонки "
            "и сохраните файл ещё раз.",
            sheet=sheet,
        )


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.0f} МБ"
