"""Workbooks (XLSX, XLSB, ODS, XLS) through calamine; every cell becomes text once, here."""

import io
from datetime import date, datetime, time
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from sverka.errors import Refusal
from sverka.reading.limits import hold_area, hold_rows
from sverka.reading.raw import RawTable, Row
from sverka.reading.sheets import put_back, unseen_cells

_MIDNIGHT = time()


def read_workbook(
    data: bytes, *, head: int | None, sheet_parts: dict[str, bytes] | None = None
) -> tuple[RawTable, ...]:
    """The visible sheets, from row 1 and column A on.

    `sheet_parts` are the XML of an XLSX's sheets by name; `reading.sheets` says what for.

    Raises:
        Refusal: encrypted, cut off, or not a workbook at all.
    """
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            names = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ is SheetTypeEnum.WorkSheet
                and sheet.visible is SheetVisibleEnum.Visible
            ]
            return tuple(_table(book, name, head, (sheet_parts or {}).get(name)) for name in names)
    except PasswordError as error:
        raise encrypted() from error
    except (CalamineError, OSError) as error:
        raise Refusal(
            "таблица повреждена или скачалась не до конца: Excel-файл не открывается. "
            "Скачайте отчёт ещё раз; если он открывается у вас в Excel, сохраните его как XLSX."
        ) from error


def encrypted() -> Refusal:
    """The refusal of a workbook under a password."""
    return Refusal(
        "файл защищён паролем. Откройте его в Excel, снимите пароль (Файл → Сведения → Защита книги) "
        "и положите снова."
    )


def _table(book: Any, name: str, head: int | None, part: bytes | None) -> RawTable:
    sheet = book.get_sheet_by_name(name)
    hold_rows(sheet.total_height, name)
    hold_area(sheet.total_height, sheet.total_width, name)
    rows: list[Row] = [
        [cell if type(cell) is str and cell else cell_text(cell) for cell in row]
        for row in sheet.to_python(skip_empty_area=False, nrows=head)
    ]
    if part is not None:
        put_back(rows, (cell for cell in unseen_cells(part) if head is None or cell[0] <= head))
    return RawTable(name, rows)


def cell_text(cell: object) -> str | None:
    """The cell as text: numbers as Excel shows them, dates in ISO form, None for an empty one.

    Excel computes in binary doubles and shows at most 15 significant digits, so 1234.56 may lie in
    the file as 1234.5600000000001. Fifteen digits give the number back that its author saw; an
    integer of up to 15 digits is exact. What needs more digits comes in E-notation, and the money
    and id parsers refuse that.
    """
    if cell is None or isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "ИСТИНА" if cell else "ЛОЖЬ"
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == _MIDNIGHT else cell).isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float | int):
        return f"{cell:.15g}"
    return str(cell)
