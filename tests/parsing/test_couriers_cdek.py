"""CDEK: statuses from the cabinet's export of orders, and the registry's odd answers."""

import json
from typing import Any

import pytest

from sverka.demo.workbooks import csv_bytes, workbook
from sverka.errors import NeedsMapping
from sverka.nouns import Line, Outcome, Purpose, RowKind
from sverka.parsing import ParsedReport
from tests.parsing.conftest import Parse
from tests.parsing.samples_couriers import (
    CDEK,
    ORDERS_HEADER,
    cdek_order_rows,
    cdek_orders_csv,
    cdek_orders_xlsx,
    order_row,
)


def one(parsed: Parse, *rows: list[str | None], header: list[str] | None = None) -> ParsedReport:
    (report,) = parsed(workbook({"Orders": [header or ORDERS_HEADER, *rows]}))
    return report


def line_of(parsed: Parse, row: list[str | None]) -> Line:
    (line,) = one(parsed, row).lines
    return line


def test_the_export_tells_statuses_and_no_money(parsed: Parse) -> None:
    (report,) = parsed(cdek_orders_xlsx())
    assert (report.report.courier, report.report.purpose) == ("cdek", Purpose.STATUSES)
    assert {line.collected for line in report.lines} == {0}
    assert {line.payout for line in report.lines} == {0}
    assert report.rows_read == 12
    assert [(rows.reason, rows.rows) for rows in report.ignored] == [
        ("заказ удалён в кабинете СДЭК", 1)
    ]


def test_the_carriers_number_is_called_the_orders_number(parsed: Parse) -> None:
    """«Номер заказа» is the waybill, the shop's number is «Номер отправления ИМ»."""
    line = line_of(parsed, order_row("1014263974", " W 42", "Вручен"))
    assert (line.track_ref, line.order_ref) == ("1014263974", "W 42")


@pytest.mark.parametrize(
    ("status", "reason", "outcome"),
    [
        ("Вручен", None, Outcome.DELIVERED),
        ("ВРУЧЁН ", None, Outcome.DELIVERED),
        ("Вручен", "Частичная доставка", Outcome.PARTIALLY_DELIVERED),
        ("Не вручен", "Частичная доставка", Outcome.PARTIALLY_DELIVERED),
        ("Не вручен", "Возврат, отказ от получения: Без объяснения", Outcome.REFUSED),
        ("Не вручен", "Возврат, истек срок хранения", Outcome.REFUSED),
        ("Не вручен", "Возврат, по запросу отправителя", Outcome.REFUSED),
        ("Не вручен", None, Outcome.REFUSED),
        ("Не вручен", "Утерян", Outcome.LOST),
        ("Возвращен на склад доставки", "Утерян", Outcome.LOST),
        ("Не вручен", "Не востребован, утилизация", Outcome.DESTROYED),
        ("Создан", None, None),
        ("Принят на склад до востребования", None, None),
        ("Выдан на доставку", None, None),
        ("Возвращен на склад отправителя", None, None),
        ("Отправлен в г. получатель", None, None),
    ],
)
def test_the_reason_decides_before_the_status(
    parsed: Parse, status: str, reason: str | None, outcome: Outcome | None
) -> None:
    line = line_of(parsed, order_row("1014263974", "W-42", status, reason))
    assert (line.row_kind, line.outcome) == (RowKind.ORDER, outcome)


def test_a_return_that_came_back_is_no_sale(parsed: Parse) -> None:
    """A return travels under a waybill of its own, sent by CDEK; «Вручен» is to the shop."""
    line = line_of(parsed, order_row("1014263982", None, "Вручен", sender=CDEK))
    assert (line.row_kind, line.outcome) == (RowKind.RETURN, Outcome.RETURNED)
    on_its_way = line_of(
        parsed, order_row("1014263982", "W-42", "Создан", sender="ООО «Сдек-Тверь»")
    )
    assert (on_its_way.row_kind, on_its_way.outcome) == (RowKind.RETURN, None)


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (order_row("1014263983", None, "Вручен"), "Номер отправления ИМ", "и возврат"),
        (order_row("1014263984", "50", "Передан роботу"), "Статуса заказа", "незнакомое значение"),
        (order_row("1014263985", "51", "Не вручен", "Съеден"), "Статуса заказа", "Не вручен"),
        (order_row("1014263986", "52", "Вручен", "Возврат, отказ от получения: Передумал"),
         "Статуса заказа", "причина невручения"),
        (order_row("1,01426E+09", "53", "Вручен"), "Номер заказа", "степени"),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_asked(
    parsed: Parse, row: list[str | None], column: str, words: str
) -> None:
    report = one(parsed, order_row("1014263974", "W-42", "Вручен"), row)
    (rejected,) = report.rejected
    assert len(report.lines) == 1
    assert (rejected.sheet, rejected.line_no, rejected.column) == ("Orders", 3, column)
    assert words in rejected.reason


@pytest.mark.parametrize("mark", ["Да", "да ", "TRUE", "1"])
def test_a_deleted_order_says_nothing(parsed: Parse, mark: str) -> None:
    report = one(parsed, order_row("1014263974", "W-42", "Вручен", deleted=mark))
    assert (report.lines, report.ignored[0].rows) == ([], 1)


@pytest.mark.parametrize("mark", [None, "Нет", "false"])
def test_an_order_that_is_not_deleted_stays(parsed: Parse, mark: str | None) -> None:
    assert line_of(parsed, order_row("1014263974", "W-42", "Вручен", deleted=mark)).outcome


def test_the_places_of_an_order_are_told_apart_and_a_later_export_says_the_same(
    parsed: Parse,
) -> None:
    first = one(parsed, *(order_row("1014263980", "48", "Создан", place=p) for p in ("1", "2")))
    later = one(parsed, *(order_row("1014263980", "48", "Вручен", place=p) for p in ("1", "2")))
    assert len({line.identity for line in first.lines}) == 2
    assert [line.identity for line in first.lines] == [line.identity for line in later.lines]


def test_csv_and_xlsx_say_the_same(parsed: Parse) -> None:
    (sheet,), (text,) = parsed(cdek_orders_xlsx()), parsed(cdek_orders_csv())
    assert [(line.track_ref, line.outcome) for line in sheet.lines] == [
        (line.track_ref, line.outcome) for line in text.lines
    ]


def test_other_columns_and_another_order_of_columns_change_nothing(parsed: Parse) -> None:
    header = [*reversed(ORDERS_HEADER), "Стоимость доставки", "Комментарий"]
    rows = [[*reversed(row), "350,00", "звонить"] for row in cdek_order_rows()]
    (report,) = parsed(workbook({"Orders": [header, *rows]}))
    (usual,) = parsed(cdek_orders_xlsx())
    assert report.lines == usual.lines


def test_an_export_that_lost_the_reason_is_held(parsed: Parse) -> None:
    """Without the reason a partial delivery would pass for a whole one."""
    table: list[list[str | None]] = [[*ORDERS_HEADER], *cdek_order_rows()]
    rows = [[cell or "" for cell in row[:6] + row[7:]] for row in table]
    with pytest.raises(NeedsMapping, match="Причина невручения"):
        parsed(csv_bytes(rows, encoding="utf-8", delimiter=","))


def registry(**head: Any) -> bytes:
    order = {
        "cdek_number": "1014263974", "payment_sum": 100, "transfer_sum": 97.5,
        "total_sum_without_agent": 350, "agent_commission_sum": 2.5,
    }  # fmt: skip
    usual = {"registry_number": 4501, "sum": 97.5, "date_created": "2026-11-20", "orders": [order]}
    return json.dumps({"registries": [usual | head]}).encode()


@pytest.mark.parametrize("number", [4501, "4501"])
def test_a_registry_number_is_text_whether_it_comes_as_a_number_or_not(
    parsed: Parse, number: object
) -> None:
    (report,) = parsed(registry(registry_number=number))
    assert report.report.report_no == "4501"


def test_a_registry_may_be_unpaid_and_without_a_payment_order(parsed: Parse) -> None:
    (report,) = parsed(registry(payment_order_number=""))
    assert (report.report.payment_order_no, report.report.payment_order_date) == (None, None)
    assert report.report.totals == {"payout": 9750}


@pytest.mark.parametrize("basis", [1, 2, None])
def test_the_basis_of_a_row_changes_nothing(parsed: Parse, basis: int | None) -> None:
    """basis_type stands in newer answers; what its values mean is not documented."""
    tree = json.loads(registry())
    tree["registries"][0]["orders"][0]["basis_type"] = basis
    (report,) = parsed(json.dumps(tree).encode())
    assert [line.payout for line in report.lines] == [9750]
