"""The workbook: real numbers, sums that add up, text that stays text, the same bytes twice."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from sverka.database.connection import Connection
from sverka.reporting.daily import Daily
from sverka.reporting.packing import fixed
from sverka.reporting.sheets import printable
from sverka.reporting.xlsx import as_xlsx
from tests.support.rows import (
    NOON,
    a_discrepant_line,
    a_file,
    a_line,
    a_matched_line,
    a_posting,
    a_rejected_row,
    a_report,
    a_sighting,
    a_verdict,
    rows_add_up,
)

Read = Callable[..., Daily]
SUBTOTAL = re.compile(r"=SUBTOTAL\(109,([A-Z]+)(\d+):([A-Z]+)(\d+)\)")
TITLES = [
    "Сводка",
    "Расхождения",
    "Услуги без заказа",
    "Файлы",
    "Документы",
    "Не проведены",
    "Переводы",
    "Отклонено",
    "Повторы",
    "С прошлых дней",
]


def opened(daily: Daily) -> Any:
    import openpyxl

    return openpyxl.load_workbook(BytesIO(as_xlsx(daily)))


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


def test_an_empty_day_is_a_workbook_all_the_same(daily: Read) -> None:
    assert opened(daily()).sheetnames == TITLES


def test_totals_of_the_sheets_equal_the_database(conn: Connection, daily: Read) -> None:
    a_day(conn)
    book = opened(daily())
    found = totals_of(book["Расхождения"])
    assert found["Получено"] == asked(
        conn, "select sum(received) from verdict where verdict in ('underpaid', 'unknown_order')"
    )
    assert found["Разница"] == asked(conn, "select sum(difference) from verdict")
    assert found["Под вопросом"] == Decimal("58.10")
    assert totals_of(book["Файлы"])["Принято"] == asked(conn, "select sum(collected) from line")
    assert totals_of(book["Документы"])["Сумма"] == asked(conn, "select sum(amount) from posting")
    lines = totals_of(book["Файлы"])["Прочитано строк"]
    assert lines == asked(conn, "select count(*) * 100 from line")


def test_the_summary_adds_up_by_courier_and_its_control_is_zero(
    conn: Connection, daily: Read
) -> None:
    a_day(conn)
    sheet = opened(daily())["Сводка"]
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


def test_money_is_a_number_in_rubles_with_two_decimals(conn: Connection, daily: Read) -> None:
    a_discrepant_line(conn, a_report(conn, a_file(conn)), "overpaid", collected=123456)
    row = opened(daily())["Расхождения"][3]
    received = next(c for c in row if c.value == 1234.56)
    assert (received.data_type, received.number_format) == ("n", "#,##0.00")


def test_tables_can_be_filtered_under_a_frozen_heading(conn: Connection, daily: Read) -> None:
    a_day(conn)
    sheet = opened(daily())["Расхождения"]
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref == "A2:P4"


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
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_files_never_becomes_a_formula(conn: Connection, daily: Read, text: str) -> None:
    file_id = a_file(conn, text, state="quarantined", reason=text)
    report_id = a_report(conn, file_id, courier=text)
    a_discrepant_line(
        conn, report_id, "unknown_order", order=text, sheet=text, track_ref=text, sentence=text
    )
    a_rejected_row(conn, report_id, column_name=text, value=text, reason=text)
    line_id = a_line(conn, report_id, order=text)
    a_posting(conn, report_id, line_id, state="rejected", error=text)
    a_sighting(conn, file_id, name=text, seen_at=NOON + timedelta(hours=1))
    found = 0
    for sheet in opened(daily()):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.value == text:
                found += 1
                assert cell.data_type == "s", (sheet.title, cell.coordinate)
                if text.strip()[0] in "=+-@":
                    assert cell.quotePrefix
            elif cell.data_type == "f":
                assert re.fullmatch(r"=(SUBTOTAL\(109,\w+:\w+\)|D\d+(-[A-Z]+\d+){6})", cell.value)
    assert found >= 12


def test_control_characters_do_not_break_the_workbook(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn))
    a_discrepant_line(conn, report_id, "unknown_order", order="М\x0b-1\x1f")
    orders = [cell.value for cell in opened(daily())["Расхождения"]["F"]]
    assert "М\ufffd-1\ufffd" in orders


def test_printable_keeps_tabs_line_breaks_and_all_letters() -> None:
    assert printable("№ 5\tЁж\n€ 😀") == "№ 5\tЁж\n€ 😀"


def test_two_currencies_are_summed_apart_and_the_total_says_so(
    conn: Connection, daily: Read
) -> None:
    report_id = a_report(conn, a_file(conn))
    a_discrepant_line(conn, report_id, "underpaid", collected=100, currency="EUR")
    a_discrepant_line(conn, report_id, "underpaid", collected=700)
    book = opened(daily())
    totals = [row for row in book["Сводка"].iter_rows() if row[0].value == "Итого"]
    assert [row[1].value for row in totals] == ["RUB", "EUR"]
    sums = [subtotal(book["Сводка"], row[3].value) for row in totals]
    assert sums == [Decimal("7"), Decimal("1")]
    assert book["Расхождения"]["A1"].value == "Итого видимых: выберите одну валюту"


def test_the_same_data_is_the_same_bytes(conn: Connection, daily: Read) -> None:
    a_day(conn)
    assert as_xlsx(daily()) == as_xlsx(daily())


def test_every_time_in_the_package_is_the_reports() -> None:
    import openpyxl

    source = BytesIO()
    openpyxl.Workbook().save(source)
    moment = datetime(2026, 11, 20, 12, 30, 44, tzinfo=UTC)
    with ZipFile(BytesIO(fixed(source.getvalue(), moment))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2026, 11, 20, 12, 30, 44)}
        core = package.read("docProps/core.xml").decode()
    assert re.findall(r">([^<]+)</dcterms:", core) == ["2026-11-20T12:30:44Z"] * 2


def test_all_discrepancies_are_in_the_workbook(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn))
    for _ in range(520):
        a_discrepant_line(conn, report_id, "not_shipped")
    assert opened(daily())["Расхождения"].max_row == 522
