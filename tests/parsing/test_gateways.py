"""ЮKassa and Точка: the gateway takes the buyer's money, keeps its fee and transfers the rest."""

import pytest

from sverka.demo.workbooks import csv_bytes, zip_bytes
from sverka.errors import NeedsMapping, Refusal
from sverka.nouns import Line, PaymentMethod, Purpose, RowKind, Settlement
from sverka.parsing import ParsedReport
from tests.parsing import samples_couriers as samples
from tests.parsing.conftest import Parse


def report_of(parsed: Parse, data: bytes) -> ParsedReport:
    (report,) = parsed(data)
    return report


def money(line: Line) -> tuple[int, int, int | None, int]:
    return line.collected, line.fee_cod, line.vat, line.payout


def test_a_register_of_payments(parsed: Parse) -> None:
    report = report_of(parsed, samples.yookassa_payments())
    head = report.report
    assert (head.courier, head.purpose, head.settlement) == (
        "yookassa", Purpose.SETTLEMENT, Settlement.NET,
    )  # fmt: skip
    assert (head.report_no, str(head.report_date)) == (None, "2026-11-20")
    assert head.totals == {"collected": 350050}
    assert [money(line) for line in report.lines] == [
        (100000, 3660, 660, 96340),
        (250050, 9149, 1649, 240901),
    ]
    first = report.lines[0]
    assert (first.track_ref, first.order_ref) == ("2f3b588d-000f-5000-8000-1d6e87c7fbd1", None)
    assert (first.row_kind, first.outcome, str(first.occurred_on)) == (
        RowKind.ORDER, None, "2026-11-20",
    )  # fmt: skip
    assert (report.rejected, report.warnings) == ([], [])


def test_xlsx_says_the_same_as_csv(parsed: Parse) -> None:
    text, sheet = (
        report_of(parsed, data)
        for data in (samples.yookassa_payments(), samples.yookassa_payments_xlsx())
    )
    assert [money(line) for line in text.lines] == [money(line) for line in sheet.lines]
    assert text.report.totals == sheet.report.totals


def test_the_standard_register_has_no_fee_so_it_is_what_is_missing(parsed: Parse) -> None:
    report = report_of(parsed, samples.yookassa_payments_old())
    assert (report.report.report_no, str(report.report.report_date)) == ("118", "2026-11-20")
    assert [money(line) for line in report.lines] == [(10000, 350, None, 9650)]


def test_a_day_without_payments_is_normal(parsed: Parse) -> None:
    report = report_of(parsed, samples.yookassa_payments_empty())
    assert (report.lines, report.rejected) == ([], [])
    assert report.report.totals == {"collected": 0}


def test_a_register_of_a_period_repeats_its_header_for_each_day(parsed: Parse) -> None:
    day = samples.yookassa_payments().decode()
    twice = day + "\r\n" + day.replace("2026-11-20", "2026-11-21").replace("fbd", "fbe")
    report = report_of(parsed, twice.encode())
    assert len(report.lines) == 4
    assert report.report.totals == {"collected": 2 * 350050}


@pytest.mark.parametrize("last", ["Сумма принятых", "2f3b588d-000f-5000-8000-1d6e87c7fbd2"])
def test_a_register_that_was_cut_off_is_refused(parsed: Parse, last: str) -> None:
    """The summary lines are the end of every register, of an empty one too."""
    cut = samples.yookassa_payments().split(last.encode())[0]
    with pytest.raises(Refusal, match=r"Строка [46]: под таблицей нет строки «Сумма принятых"):
        parsed(cut)


def test_a_total_that_cannot_be_read_refuses_the_file(parsed: Parse) -> None:
    data = samples.yookassa_payments().replace(b": 3500.50 RUB", b": #REF!")
    with pytest.raises(Refusal, match="Строка 7: итог"):
        parsed(data)


@pytest.mark.parametrize(
    ("old", "new", "column", "rule"),
    [
        ("1000.00;RUB", "-1000.00;RUB", "Сумма платежа", "contradiction"),
        ("1000.00;RUB", "1000.00;тугрик", "Валюта платежа", "unknown_word"),
        ("963.40", "963.401", "Сумма за вычетом комиссии и НДС", None),
        (";6,60", ";шесть", "НДС с комиссии", "not_a_number"),
    ],
)
def test_an_odd_payment_is_put_aside_with_its_place(
    parsed: Parse, old: str, new: str, column: str, rule: str | None
) -> None:
    data = samples.yookassa_payments().decode().replace(old, new)
    report = report_of(parsed, data.encode())
    (rejected,) = report.rejected
    assert (len(report.lines), rejected.line_no, rejected.column) == (1, 4, column)
    assert rule in {None, rejected.rule}


@pytest.mark.parametrize(
    "renamed", ["Сумма платежа", "Сумма за вычетом комиссии и НДС", "Сумма комиссии без НДС"]
)
def test_a_register_that_lost_a_column_is_held(parsed: Parse, renamed: str) -> None:
    data = samples.yookassa_payments().decode().replace(f";{renamed};", ";Нечто;", 1)
    with pytest.raises(NeedsMapping):
        parsed(data.encode())


def test_an_order_called_like_the_total_is_a_payment(parsed: Parse) -> None:
    data = samples.yookassa_payments().decode().replace("Заказ №73", "Сумма принятых платежей: 5")
    assert report_of(parsed, data.encode()).report.totals == {"collected": 350050}


def test_refunds_leave_the_shop(parsed: Parse) -> None:
    report = report_of(parsed, samples.yookassa_refunds())
    assert report.report.totals == {"collected": -40000}
    assert [(line.row_kind, *money(line)) for line in report.lines] == [
        (RowKind.RETURN, -20000, 0, None, -20000),
        (RowKind.RETURN, -20000, 0, None, -20000),
    ]
    assert {line.track_ref for line in report.lines} == {"2f3b588d-000f-5000-8000-1d6e87c7fbd1"}
    assert len({line.identity for line in report.lines}) == 2, "two partial refunds of one payment"


def test_the_old_register_of_refunds_names_the_order(parsed: Parse) -> None:
    data = (
        "РЕЕСТР ВОЗВРАТОВ ОТ Ромашка. № 31\r\nДата возвратов: 20.11.2026\r\n"
        "Номер транзакции; Сумма возврата; Валюта платежа; Время зачисления возврата на счет "
        "плательщика; Номер счета плательщика; Сумма возврата в валюте товара; Валюта товара; "
        "Номер заказа; Номер телефона; Тип платежа\r\n"
        "2000000000001;100.00;RUB;20.11.2026 10:00:00;;100.00;RUB;W-42;;AC\r\n\r\n"
        "Сумма возвратов: 100.00 RUB\r\nЧисло возвратов: 1\r\n"
    )
    report = report_of(parsed, data.encode())
    (line,) = report.lines
    assert report.report.report_no == "31"
    assert (line.order_ref, line.track_ref, line.payout) == ("W-42", "2000000000001", -10000)


def test_tochka_transfers_what_is_left_of_the_sum(parsed: Parse) -> None:
    report = report_of(parsed, samples.tochka())
    assert (report.report.courier, report.report.settlement) == ("tochka", Settlement.NET)
    assert [(line.row_kind, line.order_ref, line.track_ref, *money(line)) for line in report.lines] == [
        (RowKind.ORDER, "W-42", "p-1", 150050, 3751, None, 146299),
        (RowKind.ORDER, "W-43", "p-2", 200000, 5000, None, 195000),
        (RowKind.RETURN, "W-42", "r-1", -50050, 0, None, -50050),
    ]  # fmt: skip
    assert {line.payment_method for line in report.lines} == {PaymentMethod.CARD}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (samples.tochka_row("p", "100,00", "2,50", itv="0,40", order="1"), "ITV_COMMISSION"),
        (samples.tochka_row("p", "100,00", "2,50", itv="-0,40", order="1"), "ITV_COMMISSION"),
        (samples.tochka_row("p", "-100,00", "2,50", order="1"), "SUM"),
        (samples.tochka_row("p", "100,00", "-2,50", order="1"), "COMMISSION"),
        (samples.tochka_row("r", "100,00", "2,50", "REFUND", order="1"), "TRANSACTION_TYPE"),
        (samples.tochka_row("r", "100,00", "2,50", "CHARGEBACK", order="1"), "TRANSACTION_TYPE"),
        (samples.tochka_row("p", "сто", "2,50", order="1"), "SUM"),
    ],
)
def test_what_tochka_does_not_document_is_asked(parsed: Parse, row: list[str], column: str) -> None:
    usual = samples.tochka_row("p-1", "1500,50", "37,51", order="W-42")
    report = report_of(parsed, samples.tochka(usual, row))
    (rejected,) = report.rejected
    assert (len(report.lines), rejected.line_no, rejected.column) == (1, 3, column)


def test_tochka_without_operations_is_a_header_alone(parsed: Parse) -> None:
    data = csv_bytes([samples.TOCHKA_HEADER], encoding="utf-8", delimiter=";")
    assert report_of(parsed, zip_bytes({"registry.csv": data})).lines == []


def test_an_empty_csv_of_tochka_is_refused_in_words(parsed: Parse) -> None:
    with pytest.raises(Refusal, match=r"(?i)пуст"):
        parsed(zip_bytes({"registry.csv": b""}))
