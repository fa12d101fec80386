"""Workbooks (XLSX, XLSB, XLS) through calamine; every cell becomes text once, here."""

import io
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from sverka.errors import Refusal
from sverka.reading.facts import SheetFacts
from sverka.reading.formats import cell_text
from sverka.reading.limits import Allowance
from sverka.reading.ole import encrypted
from sverka.reading.raw import RawTable, Row
from sverka.reading.xlsx import broken
from sverka.reading.xmls import Target, parsed

_REMEMBERED = 50_000


def read_workbook(
    data: bytes, facts: Sequence[SheetFacts | None], head: int | None
) -> tuple[RawTable, ...]:
    """The visible sheets, from row 1 and column A on.

    `facts` are those of each sheet in the workbook's order; a sheet without them would be read
    without a look at how much it takes, so it must not be a work sheet.

    Raises:
        Refusal: encrypted, damaged, or with data on hidden sheets only.
    """
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return _tables(book, facts, head)
    except PasswordError as error:
        raise encrypted() from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise broken() from error
    except BaseException as error:
        # The reader is written in Rust; its own failures are no Exception, and have no public name.
        if type(error).__name__ != "PanicException":
            raise
        raise broken() from error


def _tables(
    book: Any, facts: Sequence[SheetFacts | None], head: int | None
) -> tuple[RawTable, ...]:
    sheets = book.sheets_metadata
    if len(sheets) != len(facts) or len({sheet.name for sheet in sheets}) < len(sheets):
        raise broken()
    found: list[tuple[bool, RawTable]] = []
    for sheet, known in zip(sheets, facts, strict=True):
        if sheet.typ is SheetTypeEnum.WorkSheet:
            if known is None:
                raise broken()
            visible = sheet.visible is SheetVisibleEnum.Visible
            # Of a hidden sheet only whether it holds anything matters.
            found.append((visible, _table(book, sheet.name, known, head if visible else 1)))
    return visible_of(found)


def sheets_of_xml(
    xml: bytes,
    builder: Callable[[Allowance, int | None], Target],
    allowance: Allowance,
    head: int | None,
) -> tuple[RawTable, ...]:
    """The visible sheets that `builder` makes of a workbook in XML; a second try counts its cells anew.

    Raises:
        Refusal: as `xmls.parsed` and `visible_of`.
    """
    left = allowance.cells

    def target() -> Target:
        allowance.cells = left
        return builder(allowance, head)

    return visible_of(parsed(xml, target))


def visible_of(sheets: Sequence[tuple[bool, RawTable]]) -> tuple[RawTable, ...]:
    """The visible ones of (visible, sheet).

    Raises:
        Refusal: only hidden sheets hold data; whether they count is for a person to say.
    """
    if not sheets:
        raise Refusal("в книге нет ни одного листа с таблицей. Нужен отчёт в Excel (XLSX) или CSV.")
    visible = tuple(table for shown, table in sheets if shown)
    hidden = [table for shown, table in sheets if not shown and has_text(table)]
    if hidden and not any(map(has_text, visible)):
        names = ", ".join(f"«{table.sheet}»" for table in hidden)
        raise Refusal(
            f"на видимых листах пусто, а данные лежат на скрытом листе {names}. Если это отчёт, откройте "
            "файл в Excel, покажите лист (правая кнопка на ярлыке → «Показать»), сохраните и положите "
            "снова."
        )
    return visible


def has_text(table: RawTable) -> bool:
    """True when any cell holds something."""
    return any(cell and cell.strip() for row in table.rows for cell in row)


def _table(book: Any, name: str, facts: SheetFacts, head: int | None) -> RawTable:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > facts.rows or sheet.total_width > facts.columns:
        raise broken()
    left: Row = [None] * (sheet.start[1] if sheet.start else 0)
    seen: dict[str, str | None] = {}
    rows: list[Row] = []
    for cells in islice(sheet.iter_rows(), head):
        if len(seen) > _REMEMBERED:
            seen = {}
        texts = [cell_text(cell) for cell in cells]
        rows.append([*left, *[seen.setdefault(text, text) if text else None for text in texts]])
    facts.put_into(rows, head)
    hidden = frozenset(row for row in facts.hidden if row < len(rows))
    return RawTable(name, rows, hidden=hidden, merged=tuple(sorted(set(facts.merged))))
