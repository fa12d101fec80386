"""The workbooks: real numbers, formulas that add up, text that stays text, as many sheets as needed."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sverka.database.connection import Connection
from sverka.economics.orders import Filter
from sverka.economics.sums import totals
from sverka.economics.texts import Words
from sverka.economics.xlsx import write_orders, write_returns
from sverka.texts import Texts
from tests.economics.conftest import Booked
from tests.support.books import NOW

WORDS = Words(Texts(), {"gorod": "Городской курьер"})
EVIL = '=HYPERLINK("http://evil")'


def read_book(path: Path, *, data_only: bool = False) -> Any:
    """With formulas, or with the values that stand beside them."""
    import openpyxl

    return openpyxl.load_workbook(path, data_only=data_only)


def hold_to_formulas(book: Any, values: Any) -> int:
    """Calculates each formula from the cells that it names; returns how many there were."""
    checked = 0
    for sheet in book.worksheets:
        shown = values[sheet.title]
        for cell in (cell for row in sheet for cell in row if cell.data_type == "f"):
            assert round(shown[cell.coordinate].value, 9) == round(calculated(cell, shown), 9)
            checked += 1
    return checked


def calculated(cell: Any, shown: Any) -> float:
    formula = re.sub(r"(?:SUBTOTAL\(109,|SUM\()(\w+:\w+)\)", r"added('\1')", cell.value[1:])
    formula = re.sub(r"(?<!['\w:])([A-Z]+[0-9]+)(?![\w':])", r"shown['\1'].value", formula)

    def added(cells: str) -> float:
        return sum(one.value or 0 for row in shown[cells] for one in row)

    return float(eval(formula, {"added": added, "shown": shown}))


@pytest.fixture
def book(booked: Booked, conn: Connection, tmp_path: Path) -> Any:
    """Three orders in rubles and one in another currency."""
    for name, money, fee in (
        ("1001", 100_000, 10_001),
        ("1002", 50_000, 60_000),
        (EVIL, 30_000, 1),
    ):
        booked.row(booked.books.shipped(name, money), money, fee_delivery=fee, fee_cod=2)
    order = booked.books.order("2001", 9_900, currency="BYN")
    booked.books.demand(order, 9_900)
    booked.row(order, 9_900, fee_delivery=1_000)
    booked.work_out()
    write_orders(conn, Filter(), WORDS, tmp_path / "book.xlsx", NOW)
    return read_book(tmp_path / "book.xlsx")


def rows_of(book: Any) -> list[dict[str, Any]]:
    """Of the rubles."""
    sheet = book["Заказы, RUB"]
    titles = [cell.value for cell in sheet[2]]
    return [
        dict(zip(titles, [cell.value for cell in row], strict=True))
        for row in sheet.iter_rows(min_row=3)
    ]


def test_each_currency_has_its_sheet(book: Any) -> None:
    assert book.sheetnames == ["Как считаем", "Заказы, RUB", "Заказы, BYN"]
    assert [sheet.max_row for sheet in book.worksheets[1:]] == [5, 3]
    assert {row["Заказ"] for row in rows_of(book)} == {"1001", "1002", EVIL}


def test_sums_of_the_sheets_are_the_totals(book: Any, conn: Connection) -> None:
    whole, _ = totals(conn, Filter())
    added = sum(row["Отгружено"] for row in rows_of(book))
    fees = sum(row["Доставка"] + row["Приём денег"] for row in rows_of(book))
    assert round(added * 100) == whole.shipped == 180_000
    assert round(fees * 100) == whole.fees == 70_008


def test_formulas_name_their_own_row_and_columns(book: Any) -> None:
    sheet = book.worksheets[1]
    titles = {cell.value: cell.column_letter for cell in sheet[2]}
    assert sheet["U4"].value == "=SUM(O4:T4)"
    assert sheet["V4"].value == "=L4-M4-U4"
    assert sheet["W4"].value == "=U4/L4"
    assert (titles["Отгружено"], titles["Вернулось"], titles["Доставка"], titles["Прочее"]) == (
        *("L", "M", "O", "T"),
    )
    assert (titles["Услуги всего"], titles["Осталось до себестоимости"]) == ("U", "V")
    assert sheet["L1"].value == "=SUBTOTAL(109,L3:L5)"
    assert book.worksheets[2]["V1"].value == "=SUBTOTAL(109,V3:V3)"


def test_every_formula_has_its_value_beside_it(book: Any, tmp_path: Path) -> None:
    """For programs that do not calculate; recalculated here from the other cells."""
    values = read_book(tmp_path / "book.xlsx", data_only=True)
    checked = hold_to_formulas(book, values)
    assert checked == 2 * 11 + 4 * 3


def test_what_is_left_can_be_computed_again(book: Any, conn: Connection) -> None:
    whole, _ = totals(conn, Filter())
    left = sum(
        row["Отгружено"] - row["Вернулось"] - row["Доставка"] - row["Приём денег"]
        for row in rows_of(book)
    )
    assert round(left * 100) == whole.remainder
    assert [row["Доставка съела больше, чем осталось"] for row in rows_of(book)].count("да") == 1


def test_a_number_that_looks_like_a_formula_stays_text(book: Any) -> None:
    cells = [
        cell for sheet in book.worksheets for row in sheet for cell in row if cell.value == EVIL
    ]
    assert [(cell.data_type, cell.quotePrefix) for cell in cells] == [("s", True)]


def test_heads_stay_and_filter(book: Any) -> None:
    sheet = book.worksheets[1]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B3", "A2:X5")
    assert sheet["G3"].value.date() == date(2026, 11, 18)
    assert (sheet["G3"].number_format, sheet["L3"].number_format) == ("dd.mm.yyyy", "#,##0.00")
    assert sheet["B3"].value == "Городской курьер"


def test_nothing_gives_a_book_that_opens(conn: Connection, tmp_path: Path) -> None:
    for write in (write_orders, write_returns):
        write(conn, Filter(), WORDS, tmp_path / "empty.xlsx", NOW)
        assert read_book(tmp_path / "empty.xlsx").sheetnames[0] == "Как считаем"


def test_returns_have_a_sheet_for_each_cut(
    booked: Booked, conn: Connection, tmp_path: Path
) -> None:
    order = booked.books.order("1001", 100_000, region="+7 регион")
    booked.books.salesreturn(booked.books.demand(order, 100_000), 100_000)
    booked.row(order, outcome="returned", fee_return=20_000)
    booked.row(booked.books.shipped("1002"), 100_000)
    booked.work_out()
    write_returns(conn, Filter(), WORDS, tmp_path / "book.xlsx", NOW)
    book = read_book(tmp_path / "book.xlsx")
    assert hold_to_formulas(book, read_book(tmp_path / "book.xlsx", data_only=True)) == 27 + 4
    assert book.sheetnames[1:] == ["Курьеры", "Причины", "Регионы", "Месяцы"]
    first = [[cell.value for cell in sheet[3]] for sheet in book.worksheets[1:]]
    assert [row[0] for row in first] == [
        *("Городской курьер", "причина не указана", "+7 регион", "ноябрь 2026"),
    ]
    assert first[0][1:6] == ["RUB", 1, 0, 2, "=(C3+D3)/E3"]
    assert first[1][1:5] == ["RUB", 1, 0, 1000]
    assert book["Регионы"]["A3"].quotePrefix
