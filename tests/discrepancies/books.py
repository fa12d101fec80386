"""The daily report's workbook as people hand it back."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from sverka.discrepancies import Discrepancy
from sverka.discrepancies.keys import encode
from sverka.discrepancies.workbook import columns
from sverka.texts import Language, Texts

Row = tuple[Any, ...]


def rows_of(
    found: Sequence[Discrepancy], said: dict[int, tuple[str | None, str | None]]
) -> list[Row]:
    """One row per discrepancy; `said` is decision and comment by its id."""
    return [
        (one.courier, one.stake, *said.get(one.id, (None, one.comment)), encode(one))
        for one in found
    ]


def book(
    rows: Sequence[Row],
    *,
    language: Language = Language.RUSSIAN,
    change: Callable[[Any], None] = lambda _: None,
) -> bytes:
    """An XLSX with a title, the headings, these rows and a sum below; `change` edits the sheet."""
    from openpyxl import Workbook

    told = columns(Texts(language))
    made = Workbook()
    sheet = made.active
    sheet.title = "Расхождения"
    sheet.append(["Сверка за день"])
    sheet.append(["Курьер", "Под вопросом", told.decision, told.comment, told.key])
    for row in rows:
        sheet.append(list(row))
    sheet.append(["Итого", sum(row[1] for row in rows)])
    sheet.column_dimensions["E"].hidden = True
    change(sheet)
    saved = BytesIO()
    made.save(saved)
    return saved.getvalue()
