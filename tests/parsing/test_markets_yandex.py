"""Yandex Market: one payment order, one month, one period; their money is the same money."""

from dataclasses import replace

import pytest

from sverka.demo import layouts as lay
from sverka.demo.workbooks import Cell, csv_bytes, workbook, zip_bytes
from sverka.errors import NeedsMapping, Refusal
from sverka.nouns import Outcome, RowKind
from sverka.parsing import ParsedReport
from tests.parsing import samples_markets as markets
from tests.parsing import writers_markets as write
from tests.parsing.conftest import Parse
from tests.parsing.samples import DAY, HELD, MOVED, PAID
from tests.parsing.samples_markets import ACCRUALS, BUYER, RETENTIONS, RETURNS, D
from tests.parsing.writers_markets import Given


def lines_of(reports: list[ParsedReport]) -> list[tuple[RowKind, str | None, int, int]]:
    return [
        (line.row_kind, line.track_ref, line.collected, line.payout)
        for report in reports
        for line in report.lines
    ]


def payouts(reports: list[ParsedReport]) -> int:
    return sum(line.payout for report in reports for line in report.lines)


def keys(reports: list[ParsedReport]) -> set[tuple[str, int]]:
    return {(line.identity, line.occurrence) for report in reports for line in report.lines}


def period(*rows: lay.YandexRow) -> bytes:
    return lay.yandex_netting_zip(rows)


def paid(number: str, amount: str, **more: object) -> lay.YandexRow:
    """A row of the report of a period that payment order 90017 has paid."""
    row = lay.YandexRow(
        f"M-{number[-1]}", number, D(amount), MOVED if D(amount) > 0 else HELD, name="Кружка",
        sku="SKU-1", day=DAY, bank_order_id="90017", bank_order_day=PAID, bank_sum=D("2029.55"),
    )  # fmt: skip
    return replace(row, **more)  # type: ignore[arg-type]


SAME_PERIOD = (
    paid("59564845441", "1500.50"),
    paid("59564845441", "99.50", source="Баллы за скидку Маркета"),
    paid("59564845442", "700"),
    paid("59564845430", "-60", type="Возврат", source="Возврат платежа покупателя"),
)


def test_the_three_tables_add_up_to_the_payment_order(parsed: Parse) -> None:
    reports = parsed(markets.payment_order_zip())
    assert lines_of(reports) == [
        (RowKind.ORDER, "59564845441", 1500_50, 1500_50),
        (RowKind.ORDER, "59564845441", 99_50, 99_50),
        (RowKind.ORDER, "59564845442", 700_00, 700_00),
        (RowKind.RETURN, "59564845430", -60_00, -60_00),
        (RowKind.SERVICE, None, 0, -210_45),
    ]
    assert payouts(reports) == 2029_55


def test_the_paid_rows_of_a_period_are_the_payment_order(parsed: Parse) -> None:
    services = paid("0", "-210.45", shop_order=None, order=None, sku=None, act_id="77",
                    type="Удержание", source=markets.SERVICES)  # fmt: skip
    forecast = paid("59564845449", "300", status="Будет переведён по графику выплат")
    reports = parsed(period(*SAME_PERIOD, services, forecast))
    assert payouts(reports) == 2029_55
    assert reports[0].report.payment_order_no == "90017"


def test_the_money_of_an_order_is_one_in_all_three_reports(parsed: Parse) -> None:
    by_period = parsed(period(*SAME_PERIOD))
    by_payment = parsed(markets.payment_order_zip())
    assert keys(by_period) < keys(by_payment)
    assert len(keys(by_payment) - keys(by_period)) == 1  # the retention stands by its act
    by_month = parsed(markets.closing_zip())
    assert len(keys(by_month) & keys(by_period)) == 3  # two payments and the refund


def test_a_workbook_of_one_table_gives_the_same_lines(parsed: Parse) -> None:
    from_zip, from_workbook = (
        parsed(markets.payment_order_zip()),
        parsed(markets.payment_order_xlsx()),
    )
    assert lines_of(from_zip[:1]) == lines_of(from_workbook)
    assert keys(from_zip[:1]) == keys(from_workbook)


def test_tables_below_each_other_are_refused(parsed: Parse) -> None:
    rows: list[list[Cell]] = []
    for group, columns in write.YANDEX_PAYMENT_ORDER.values():
        rows += [[group], [title for _, title in columns], ["59564845441", *["1"] * 9], []]
    with pytest.raises(Refusal) as refused:
        parsed(workbook({"Отчёт о платежном поручении": rows}))
    assert refused.value.reason


def payment_order(file: str, **cells: Cell) -> bytes:
    """The payment order with the first row of one table changed."""
    files = markets.payment_order_rows()
    first: Given = {**files[file][0], **cells}
    return write.yandex_payment_order_zip({**files, file: [first, *files[file][1:]]})


@pytest.mark.parametrize(
    ("file", "cells", "says"),
    [
        (ACCRUALS, {"TRANSACTION_SOURCE": "Новый источник"}, "незнакомый источник"),
        (ACCRUALS, {"TRANSACTION_SUM": D(-5)}, "отрицательной суммой"),
        (ACCRUALS, {"TRANSACTION_SUM": "#Н/Д"}, "ошибка Excel"),
        (RETURNS, {"TRANSACTION_SOURCE": "Премия"}, "незнакомый источник"),
        (RETENTIONS, {"TRANSACTION_SUM": D(210)}, "без минуса"),
    ],
)
def test_what_is_not_sure_is_put_aside_in_words(
    parsed: Parse, file: str, cells: dict[str, Cell], says: str
) -> None:
    rejected = [bad for report in parsed(payment_order(file, **cells)) for bad in report.rejected]
    assert [(bad.sheet, bad.line_no) for bad in rejected] == [(f"{file}.csv", 2)]
    assert says in rejected[0].reason


def test_a_payment_order_without_rows_is_a_valid_report(parsed: Parse) -> None:
    reports = parsed(write.yandex_payment_order_zip({}))
    assert [(report.lines, report.rejected) for report in reports] == [([], [])] * 3


@pytest.mark.parametrize("lost", ["TRANSACTION_SUM", "TRANSACTION_SOURCE"])
def test_a_lost_column_holds_the_file(parsed: Parse, lost: str) -> None:
    _, columns = write.YANDEX_PAYMENT_ORDER[ACCRUALS]
    names = [name for name, _ in columns if name != lost]
    data = csv_bytes([names], encoding="utf-8-sig", delimiter=",")
    with pytest.raises(NeedsMapping) as held:
        parsed(zip_bytes({f"{ACCRUALS}.csv": data}))
    assert "Яндекс Маркет" in held.value.reason


@pytest.mark.parametrize("build", [markets.closing_xlsx, markets.closing_zip])
def test_closing_documents_read_the_sheets_of_money(parsed: Parse, build: object) -> None:
    reports = parsed(build())  # type: ignore[operator]
    assert lines_of(reports) == [
        (RowKind.ORDER, "59564845441", 1500_50, 1500_50),
        (RowKind.ORDER, "59564845442", 700_00, 700_00),
        (RowKind.RETURN, "59564845430", -60_00, -60_00),
        (RowKind.SERVICE, "77", 0, -210_45),
        (RowKind.FINE, "78", 0, -50_00),
        (RowKind.CORRECTION, "59564845444", 0, 99_00),
    ]
    assert {rows.reason[:15]: rows.payout for rows in reports[0].ignored} == {
        "прогноз Маркета": 300_00
    }
    assert {report.report.payment_order_no for report in reports} == {"90017"}


@pytest.mark.parametrize("build", [write.yandex_closing_xlsx, write.yandex_closing_zip])
def test_amounts_on_a_sheet_of_unknown_meaning_hold_the_file(parsed: Parse, build: object) -> None:
    rows = markets.closing_rows()
    sheets = {**rows, "Реализовано от имени заказчика": rows["Получено от потребителей"]}
    with pytest.raises(NeedsMapping) as held:
        parsed(build(sheets))  # type: ignore[operator]
    assert held.value.sheet in {
        "Реализовано от имени заказчика",
        "period_closure_income_sold_refunds.csv",
    }


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"TRANSACTION_SOURCE": "Новый источник"}, "незнакомый источник"),
        ({"PAYMENT_STATUS": "Новый статус"}, "незнакомое значение"),
        ({"TRANSACTION_SUM": D(-1)}, "сумма отрицательная"),
    ],
)
def test_a_strange_closing_row_is_put_aside(
    parsed: Parse, cells: dict[str, Cell], says: str
) -> None:
    sheet = "Получено от потребителей"
    row: Given = {**markets.closing_rows()[sheet][0], **cells}
    rejected = [
        bad
        for report in parsed(write.yandex_closing_xlsx({sheet: [row]}))
        for bad in report.rejected
    ]
    assert [(bad.sheet, bad.line_no, says in bad.reason) for bad in rejected] == [(sheet, 5, True)]


def test_a_month_without_operations_is_a_valid_report(parsed: Parse) -> None:
    reports = parsed(write.yandex_closing_xlsx({}))
    assert len(reports) == 5
    assert not any(report.lines or report.rejected for report in reports)


def test_a_closing_workbook_without_sums_is_held(parsed: Parse) -> None:
    titles: list[Cell] = [
        title for name, title in write.YANDEX_CLOSING if name != "TRANSACTION_SUM"
    ]
    with pytest.raises(NeedsMapping) as held:
        parsed(workbook({"Получено от потребителей": [titles]}))
    assert "Сумма транзакции" in held.value.reason


def in_workbook(names: dict[str, str]) -> bytes:
    """The report of a period as a workbook whose header is one row of these names."""
    cells: dict[str, Cell] = {
        "ORDER_ID": "59564845441", "SHOP_ORDER_ID": "M-1", "SHOP_SKU": "SKU-1",
        "ACT_ID": None, "OFFER_OR_SERVICE_NAME": "Кружка", "TRANSACTION_SUM": D("1500.50"),
        "TRANSACTION_TYPE": "Начисление", "TRANSACTION_SOURCE": BUYER, "PAYMENT_STATUS": MOVED,
        "BANK_ORDER_DATE": "21.11.2026", "BANK_ORDER_ID": "90017",
    }  # fmt: skip
    return workbook(
        {"Payment report": [[names.get(key, key) for key in cells], list(cells.values())]}
    )


ENGLISH = {
    "ORDER_ID": "Order number", "SHOP_ORDER_ID": "Your order number", "SHOP_SKU": "Your SKU",
    "ACT_ID": "Certificate of services rendered number",
    "OFFER_OR_SERVICE_NAME": "Product name (for accrual) or service (for withholding)",
    "TRANSACTION_SUM": "Transaction amount", "TRANSACTION_TYPE": "Transaction type",
    "TRANSACTION_SOURCE": "Transaction source", "PAYMENT_STATUS": "Status",
    "BANK_ORDER_DATE": "Payment order date", "BANK_ORDER_ID": "Payment order number",
}  # fmt: skip


@pytest.mark.parametrize("names", [{}, ENGLISH], ids=["latin", "english"])
def test_a_workbook_may_have_latin_or_english_headers(parsed: Parse, names: dict[str, str]) -> None:
    reports = parsed(in_workbook(names))
    assert reports[0].report.schema == "yandex_netting"
    assert lines_of(reports) == [(RowKind.ORDER, "59564845441", 1500_50, 1500_50)]
    assert keys(reports) == keys(parsed(period(SAME_PERIOD[0])))


def test_a_transfer_of_unknown_source_is_no_order(parsed: Parse) -> None:
    (report,) = parsed(period(paid("59564845441", "1000", source="Премия")))
    assert [bad.rule for bad in report.rejected] == ["contradiction"]
    assert report.lines == []


def test_a_discount_that_the_market_pays_is_the_orders_money(parsed: Parse) -> None:
    (report,) = parsed(period(paid("59564845441", "99.50", source="Баллы за скидку Яндекс Плюс")))
    (line,) = report.lines
    assert (line.outcome, line.collected, line.payout) == (Outcome.DELIVERED, 99_50, 99_50)


def test_the_archive_of_jsons_is_refused_in_words(parsed: Parse) -> None:
    """How its files are built is not documented; the CSVs hold the same."""
    row = b'[{"orderId": 59564845441, "transactionSum": 1500.5, "paymentStatus": "x"}]'
    with pytest.raises(Refusal) as refused:
        parsed(zip_bytes({"transaction_date.json": row, "netting_bonuses.json": b"[]"}))
    assert refused.value.reason
