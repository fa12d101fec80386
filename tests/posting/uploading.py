"""One register in every shape in which a shop may drop it again, and what must come of it.

The sums are those of the records below, not of what Sverka has read.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sverka.demo.workbooks import Cell, workbook
from sverka.money import Minor, to_major

DAY = date(2026, 11, 17)
COLUMNS = (
    "№ п/п",
    "Номер заказа ИМ",
    "Трек-номер",
    "Дата вручения",
    "Статус",
    "Принято от получателя, руб.",
    "Стоимость доставки, руб.",
    "Агентское вознаграждение, руб.",
    "К перечислению, руб.",
)
MONEY = slice(5, 9)


@dataclass(frozen=True)
class Record:
    """A delivered parcel; minor units. This courier transfers all that it took."""

    order: str
    track: str | None
    collected: int
    delivery: int = 25_000
    agent: int = 2_550


@dataclass(frozen=True)
class Register:
    """A report: its number and its rows."""

    number: str | None
    records: tuple[Record, ...]
    day: date | None = date(2026, 11, 19)

    def but(self, *records: Record) -> "Register":
        return replace(self, records=records)


def booked(records: Sequence[Record]) -> dict[str, int]:
    """Sums by kind of document when each of these parcels is booked once, in minor units."""
    return {
        "paymentin": sum(one.collected for one in records),
        "supply": sum(one.delivery + one.agent for one in records),
    }


def title(register: Register) -> list[list[Cell]]:
    number = f" № {register.number}" if register.number else ""
    day = f" от {register.day:%d.%m.%Y}" if register.day else ""
    return [["Городской курьер"], [f"Реестр наложенных платежей{number}{day}"], []]


def rows(register: Register) -> list[list[Cell]]:
    return [
        [
            place,
            one.order,
            one.track,
            DAY,
            "Вручен",
            *(
                to_major(Minor(sum_))
                for sum_ in (one.collected, one.delivery, one.agent, one.collected)
            ),
        ]
        for place, one in enumerate(register.records, 1)
    ]


def cells(register: Register) -> list[list[Cell]]:
    return [*title(register), list(COLUMNS), *rows(register)]


def xlsx(register: Register) -> bytes:
    return workbook({"Реестр": cells(register)})


def csv_of_excel(register: Register) -> bytes:
    """As Russian Excel saves it: cp1251, semicolons, decimal commas."""
    return _csv(cells(register), "cp1251", ";", lambda sum_: f"{sum_:.2f}".replace(".", ","))


def csv_of_a_program(register: Register) -> bytes:
    """UTF-8, commas, decimal points, ISO dates."""
    return _csv(
        cells(register), "utf-8", ",", lambda sum_: f"{sum_:.2f}", lambda day: day.isoformat()
    )


def reordered(register: Register) -> bytes:
    return xlsx(register.but(*reversed(register.records)))


def other_columns(register: Register) -> bytes:
    """The same columns from right to left."""
    head, body = title(register), [list(COLUMNS), *rows(register)]
    return workbook({"Реестр": [*head, *(list(reversed(row)) for row in body)]})


def spaces_and_words(register: Register) -> bytes:
    """Everything is text: numbers with thin spaces and commas, words with spaces around them."""
    table: list[list[Cell]] = []
    for row in cells(register):
        told = [_grouped(cell) if isinstance(cell, Decimal) else cell for cell in row]
        table.append([f" {cell}  " if isinstance(cell, str) else cell for cell in told])
    return workbook({"Реестр": table})


def on_another_sheet(register: Register) -> bytes:
    """Behind a sheet of explanations, five rows lower."""
    table: list[list[Cell]] = [[], [], [], [], [], *cells(register)]
    return workbook({"Пояснения": [["Данные за период"]], "Выгрузка": table})


def zipped(register: Register) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("реестр.xlsx", xlsx(register))
    return packed.getvalue()


Shape = Callable[[Register], bytes]

SHAPES: dict[str, tuple[str, Shape]] = {
    "the same bytes": ("Городской курьер реестр.xlsx", xlsx),
    "renamed": ("Новый документ (3).xlsx", xlsx),
    "rows reordered": ("Городской курьер реестр.xlsx", reordered),
    "columns reordered": ("Городской курьер реестр.xlsx", other_columns),
    "CSV of Excel": ("Городской курьер реестр.csv", csv_of_excel),
    "CSV of a program": ("выгрузка.csv", csv_of_a_program),
    "texts for numbers": ("Городской курьер реестр.xlsx", spaces_and_words),
    "another sheet": ("Городской курьер реестр.xlsx", on_another_sheet),
    "in a ZIP": ("Городской курьер.zip", zipped),
}
"""By what was done to it: the name under which it is dropped, and its bytes."""


def _csv(
    table: Sequence[Sequence[Cell]],
    encoding: str,
    delimiter: str,
    money: Callable[[Decimal], str],
    day: Callable[[date], str] = lambda day: f"{day:%d.%m.%Y}",
) -> bytes:
    def told(cell: Cell) -> str:
        if isinstance(cell, Decimal):
            return money(cell)
        if isinstance(cell, date):
            return day(cell)
        return "" if cell is None else str(cell)

    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([told(cell) for cell in row] for row in table)
    return text.getvalue().encode(encoding)


def _grouped(sum_: Decimal) -> str:
    return f"{sum_:,.2f}".replace(",", " ").replace(".", ",")
