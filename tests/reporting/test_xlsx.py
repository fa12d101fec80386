"""The workbook: its sums add up and show without being computed, text stays text, it comes back."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from sverka.database.connection import Connection
from sverka.reporting import standing_sheet
from sverka.reporting.book import printable
from sverka.reporting.daily import Daily
from sverka.texts import Language, Texts
from tests.reporting.conftest import COURIERS, Rendered
from tests.reporting.rich import a_rich_day
from tests.support.rows import (
    a_discrepant_line,
    a_file,
    a_line,
    a_matched_line,
    a_posting,
    a_rejected_row,
    a_report,
    a_verdict,
    rows_add_up,
)

Read = Callable[..., Daily]
TITLES = [
    *("Сводка", "Расхождения", "Долги курьеров", "Услуги без заказа", "Файлы", "Документы"),
    *("На проверке", "Переводы", "Отклонено", "Повторы", "С прошлых дней"),
]
SUBTOTAL = re.compile(r"=SUBTOTAL\(109,([A-Z]+)(\d+):([A-Z]+)(\d+)\)")
CONTROL = re.compile(r"=D\d+(-[A-Z]+\d+){6}")


def opened(path: Path) -> Any:
    import openpyxl

    return openpyxl.load_workbook(path)


def shown(path: Path) -> dict[str, list[list[Any]]]:
    """What a program shows that computes nothing: the stored values."""
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def number_of(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def subtotal(sheet: Any, formula: str) -> Decimal:
    """Computes SUBTOTAL(109; …) the way a spreadsheet does when no row is hidden."""
    found = SUBTOTAL.fullmatch(formula)
    assert found, formula
    column, first, _, last = found.groups()
    values = (sheet.cell(row, number_of(column)).value for row in range(int(first), int(last) + 1))
    return sum((Decimal(str(v)) for v in values if isinstance(v, (int, float))), Decimal())


def formulas(sheet: Any) -> list[Any]:
    return [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def totals_of(sheet: Any) -> dict[str, Decimal]:
    """The computed sums above a filterable table by heading."""
    return {
        sheet.cell(2, cell.column).value: subtotal(sheet, cell.value)
        for cell in sheet[1]
        if isinstance(cell.value, str) and cell.value.startswith("=")
    }


def asked(conn: Connection, query: str) -> Decimal:
    with conn.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    assert row is not None
    return Decimal(row[0]) / 100


def a_day(conn: Connection) -> None:
    file_id = a_file(conn)
    report_id = a_report(conn, file_id)
    for collected in (123456, 99, 1):
        a_matched_line(conn, report_id, collected=collected)
    a_discrepant_line(conn, report_id, "underpaid", collected=5033, expected=10066)
    a_discrepant_line(conn, report_id, "unknown_order", collected=777)
    a_verdict(conn, a_line(conn, report_id, collected=0, fee_other=450), "service_row", received=0)
    a_line(conn, report_id, accepted=False)
    a_posting(conn, report_id, None, "supply", state="rejected", amount=1234, error="Нет.")
    other = a_report(conn, a_file(conn), courier="cdek")
    a_matched_line(conn, other, collected=31)
    rows_add_up(conn)


def test_an_empty_day_is_a_workbook_all_the_same(daily: Read, rendered: Rendered) -> None:
    book = opened(rendered.xlsx(daily()))
    assert book.sheetnames == TITLES
    assert book["Расхождения"].max_row == 2


def test_totals_of_the_sheets_equal_the_database(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    a_day(conn)
    book = opened(rendered.xlsx(daily()))
    found = totals_of(book["Расхождения"])
    questions = "where verdict in ('underpaid', 'unknown_order')"
    assert found["Получено"] == asked(conn, f"select sum(received) from verdict {questions}")
    assert found["Разница"] == asked(conn, "select sum(difference) from verdict")
    assert found["Под вопросом"] == Decimal("70.44")
    assert totals_of(book["Файлы"])["Принято"] == asked(conn, "select sum(collected) from line")
    assert totals_of(book["Документы"])["Сумма"] == asked(conn, "select sum(amount) from posting")
    lines = totals_of(book["Файлы"])["Прочитано строк"]
    assert lines == asked(conn, "select count(*) * 100 from line")


def test_every_formula_shows_the_sum_that_it_computes(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    """A phone's viewer computes nothing: it shows what is stored beside the formula."""
    a_rich_day(conn, COURIERS)
    path = rendered.xlsx(daily())
    stored, checked = shown(path), 0
    for sheet in opened(path):
        for cell in formulas(sheet):
            value = Decimal(str(stored[sheet.title][cell.row - 1][cell.column - 1] or 0))
            if SUBTOTAL.fullmatch(cell.value):
                assert value == subtotal(sheet, cell.value), (sheet.title, cell.coordinate)
                checked += 1
            else:
                assert value == 0, (sheet.title, cell.coordinate)
    assert checked > 40


def test_the_summary_adds_up_by_courier_and_its_control_is_zero(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    a_day(conn)
    sheet = opened(rendered.xlsx(daily()))["Сводка"]
    heads = next(row for row in sheet.iter_rows() if row[0].value == "Курьер")
    total = next(row for row in sheet.iter_rows() if row[0].value == "Итого")
    column = {cell.value: number for number, cell in enumerate(heads)}
    collected = asked(conn, "select sum(collected) from line")
    assert subtotal(sheet, total[column["Принято"]].value) == collected
    for row in sheet.iter_rows(min_row=heads[0].row + 1, max_row=total[0].row - 1):
        letters = re.findall(r"([A-Z]+)\d+", row[column["Контроль (0,00)"]].value)
        whole, *parts = (Decimal(str(row[number_of(letter) - 1].value)) for letter in letters)
        assert len(parts) == 6
        assert whole == sum(parts) != 0


def test_money_is_a_number_in_rubles_with_two_decimals(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    a_discrepant_line(conn, a_report(conn, a_file(conn)), "overpaid", collected=123456)
    row = opened(rendered.xlsx(daily()))["Расхождения"][3]
    received = next(c for c in row if c.value == 1234.56)
    assert (received.data_type, received.number_format) == ("n", "#,##0.00")


def test_tables_can_be_filtered_under_a_frozen_heading(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    a_day(conn)
    sheet = opened(rendered.xlsx(daily()))["Расхождения"]
    assert sheet.freeze_panes == "D3"
    assert sheet.auto_filter.ref == "A2:AB5"
    assert sheet.print_title_rows == "$2:$2"


def test_a_decision_is_chosen_from_a_list_and_the_key_is_out_of_sight(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    a_day(conn)
    sheet = opened(rendered.xlsx(daily()))["Расхождения"]
    (rule,) = sheet.data_validations.dataValidation
    assert (rule.type, str(rule.sqref)) == ("list", "H3:H5")
    assert rule.formula1 == '"объяснено,решено,принять убыток,открыть снова"'
    heads = {cell.value: cell.column_letter for cell in sheet[2]}
    assert (heads["Решение"], heads["Комментарий"]) == ("H", "I")
    assert sheet.column_dimensions[heads["Ключ Сверки"]].hidden
    assert not sheet.column_dimensions["H"].hidden


HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "+7 900",
    "-5",
    "@SUM(A1)",
    " =1",
    "\t=1",
    "#N/A",
    "'=1",
    "http://evil.example/",
    "00123",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_files_never_becomes_a_formula_a_number_or_a_link(
    conn: Connection, daily: Read, rendered: Rendered, text: str
) -> None:
    file_id = a_file(conn, text, state="settled", reason=text)
    report_id = a_report(conn, file_id, courier=text)
    a_discrepant_line(
        conn, report_id, "unknown_order", order=text, sheet=text, track_ref=text, sentence=text
    )
    a_rejected_row(conn, report_id, column_name=text, value=text, reason=text)
    line_id = a_line(conn, report_id, order=text)
    a_posting(conn, report_id, line_id, state="rejected", error=text)
    found = 0
    for sheet in opened(rendered.xlsx(daily())):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.value == text:
                found += 1
                assert cell.data_type == "s", (sheet.title, cell.coordinate)
                assert cell.hyperlink is None
                if text.strip()[0] in "=+-@":
                    assert cell.quotePrefix
            elif cell.data_type == "f":
                assert SUBTOTAL.fullmatch(cell.value) or CONTROL.fullmatch(cell.value)
    assert found >= 12


def test_control_characters_do_not_break_the_workbook(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    report_id = a_report(conn, a_file(conn))
    a_discrepant_line(conn, report_id, "unknown_order", order="М\x0b-1\x1f")
    orders = [cell.value for cell in opened(rendered.xlsx(daily()))["Расхождения"]["C"]]
    assert "М\ufffd-1\ufffd" in orders


def test_printable_keeps_tabs_line_breaks_and_all_letters() -> None:
    assert printable("№ 5\tЁж\n€ 😀") == "№ 5\tЁж\n€ 😀"


def test_links_lead_to_moysklad_and_to_sverka_only_where_it_has_an_address(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    a_rich_day(conn, COURIERS)
    day = daily()
    linked = opened(rendered.xlsx(day))["Расхождения"]
    targets = [cell.hyperlink.target for row in linked for cell in row if cell.hyperlink]
    assert any(target.startswith("https://online.moysklad.ru/app/") for target in targets)
    assert any("/sverka/orders/" in target for target in targets)
    assert any("/lines?after=" in target for target in targets)
    bare = opened(rendered.xlsx(day, linked=False))["Расхождения"]
    targets = [cell.hyperlink.target for row in bare for cell in row if cell.hyperlink]
    assert targets
    assert all(target.startswith("https://online.moysklad.ru/app/") for target in targets)


def test_two_currencies_are_summed_apart_and_the_total_says_so(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    report_id = a_report(conn, a_file(conn))
    a_discrepant_line(conn, report_id, "underpaid", collected=100, currency="EUR")
    a_discrepant_line(conn, report_id, "underpaid", collected=700)
    book = opened(rendered.xlsx(daily()))
    totals = [row for row in book["Сводка"].iter_rows() if row[0].value == "Итого"]
    assert [row[1].value for row in totals] == ["RUB", "EUR"]
    sums = [subtotal(book["Сводка"], row[3].value) for row in totals]
    assert sums == [Decimal("7"), Decimal("1")]
    assert book["Расхождения"]["A1"].value == "Итого видимых: выберите одну валюту"


def test_the_same_data_is_the_same_bytes(conn: Connection, daily: Read, rendered: Rendered) -> None:
    a_day(conn)
    day = daily()
    assert rendered.xlsx(day).read_bytes() == rendered.xlsx(day).read_bytes()


def test_all_discrepancies_are_in_the_workbook_and_a_full_sheet_ends(
    conn: Connection, daily: Read, rendered: Rendered, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_id = a_report(conn, a_file(conn))
    for _ in range(250):
        a_discrepant_line(conn, report_id, "not_shipped")
    day = daily()
    assert len(day.stand.shown) < day.stand.count == 250
    assert opened(rendered.xlsx(day))["Расхождения"].max_row == 252
    monkeypatch.setattr(standing_sheet, "ROOM", 5)
    assert opened(rendered.xlsx(day))["Расхождения"].max_row == 7


def test_in_english_the_workbook_speaks_english(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    a_day(conn)
    english = Rendered(conn, rendered.folder, Texts(Language.ENGLISH))
    sheet = opened(english.xlsx(daily())).worksheets[1]
    heads = [cell.value for cell in sheet[2]]
    assert not [head for head in heads if re.search("[а-яё]", head, re.IGNORECASE)]
