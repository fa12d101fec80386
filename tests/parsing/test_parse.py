"""Parsing: a row becomes a line, is rejected with its place, or is ignored with its reason."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sverka.demo import layouts as lay
from sverka.demo.workbooks import Cell, csv_bytes, workbook
from sverka.errors import Refusal
from sverka.nouns import Line, Outcome, PaymentMethod, Purpose, RowKind, Settlement
from sverka.parsing import ParsedReport
from tests.parsing import samples
from tests.parsing.conftest import Parse

D = Decimal
HEADER: list[Cell] = ["Номер заказа", "Принято от получателя", "К перечислению"]


def register(*rows: list[Any], header: list[Any] = HEADER, title: str = "СДЭК") -> bytes:
    return workbook({"Лист1": [[title], header, *rows]})


def refs(report: ParsedReport) -> list[str | None]:
    return [line.order_ref for line in report.lines]


def keys(report: ParsedReport) -> set[tuple[str, int]]:
    return {(line.identity, line.occurrence) for line in report.lines}


def all_rows_accounted_for(report: ParsedReport) -> bool:
    rejected = {(row.sheet, row.line_no) for row in report.rejected}
    ignored = sum(rows.rows for rows in report.ignored)
    return report.rows_read == len(report.lines) + len(rejected) + ignored


@pytest.mark.parametrize("name", samples.SAMPLES)
def test_every_row_of_a_sample_is_accounted_for(parsed: Parse, name: str) -> None:
    reports = parsed(samples.SAMPLES[name][0]())
    assert reports
    of_lines = [one for one in reports if one.report.purpose is not Purpose.STATEMENT]
    assert all(all_rows_accounted_for(report) for report in of_lines)


def test_a_file_of_two_acts_is_two_reports(parsed: Parse) -> None:
    first, second = parsed(samples.dalli())
    assert (first.report.report_no, second.report.report_no) == ("267870", "267871")
    assert (first.report.payment_order_no, first.report.payment_order_sum) == ("6129", 176050)
    assert [line.line_no for line in first.lines] == [1, 2, 3]
    assert keys(first).isdisjoint(keys(second))


def test_a_prepaid_order_of_dalli_keeps_its_services_and_no_outcome(parsed: Parse) -> None:
    line = parsed(samples.dalli())[0].lines[0]
    assert (line.collected, line.payout, line.fee_delivery) == (0, 0, 32000)
    assert (line.payment_method, line.outcome) == (PaymentMethod.PREPAID, None)


def test_a_cdek_row_is_a_delivery_only_when_money_was_taken(parsed: Parse) -> None:
    report, empty = parsed(samples.cdek())
    assert [line.outcome for line in report.lines] == [Outcome.DELIVERED, None]
    assert [line.track_ref for line in report.lines] == ["1014263974", "1014263975"]
    assert report.report.totals == {"payout": 242548}
    assert (empty.lines, empty.report.payment_order_no) == ([], None)


@pytest.mark.parametrize(
    "data",
    [
        b"<moneyTransfers/>",
        b'{"registries": []}',
        register(),
        register(["Итого", 0, 0]),
        lay.yandex_netting_xlsx([]),
        lay.yandex_netting_zip([]),
    ],
)
def test_an_empty_report_is_valid_and_has_no_lines(parsed: Parse, data: bytes) -> None:
    reports = parsed(data)
    assert [report.lines for report in reports] == [[]]
    assert [report.rejected for report in reports] == [[]]


def test_a_bad_row_is_rejected_with_its_place_and_the_others_go_on(parsed: Parse) -> None:
    data = register(["1", "100", "100"], ["2", "сто", "100"], ["3", "300", "300"])
    (report,) = parsed(data)
    assert refs(report) == ["1", "3"]
    (bad,) = report.rejected
    assert (bad.sheet, bad.line_no, bad.column) == ("Лист1", 4, "Принято от получателя")
    assert (bad.value, bad.rule) == ("сто", "not_a_number")
    assert "сто" in bad.reason


@pytest.mark.parametrize(
    ("row", "header", "rule"),
    [
        (["8,00931E+13", "1", "1"], HEADER, "id_lost_digits"),
        ([None, "1", "1"], HEADER, "no_reference"),
        (["1", "1,234", "1"], HEADER, "ambiguous_number"),
        (["1", "1", "1", "32.01.2026"], [*HEADER, "Дата вручения"], "not_a_date"),
        (["1", "1", "1", "В пути"], [*HEADER, "Статус"], "unknown_word"),
        (["1", "1", "1", "Нечто"], [*HEADER, "Вид операции"], "unknown_word"),
    ],
)
def test_what_is_not_understood_is_asked_about(
    parsed: Parse, row: list[Any], header: list[Any], rule: str
) -> None:
    (report,) = parsed(register(row, ["W-9", "5", "5"], header=header))
    assert [bad.rule for bad in report.rejected] == [rule]
    assert refs(report) == ["W-9"]
    assert all_rows_accounted_for(report)


def test_a_spreadsheet_error_in_a_money_cell_is_not_zero(parsed: Parse) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["СДЭК"], HEADER, ["1", 100, "#N/A"], ["2", 100, "=B4"]):
        book.active.append(row)
    book.active["C3"].data_type = "e"
    from io import BytesIO

    buffer = BytesIO()
    book.save(buffer)
    (report,) = parsed(buffer.getvalue())
    assert [bad.rule for bad in report.rejected] == ["error_in_cell", "formula_without_value"]
    assert report.lines == []


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("Доставлен", Outcome.DELIVERED),
        (" ВРУЧЁН ", Outcome.DELIVERED),
        ("Частичный выкуп", Outcome.PARTIALLY_DELIVERED),
        ("Отказ", Outcome.REFUSED),
        ("Возвращен отправителю", Outcome.RETURNED),
        ("Вручен отправителю", Outcome.RETURNED),
        ("Утерян", Outcome.LOST),
        ("Утилизирован", Outcome.DESTROYED),
    ],
)
def test_a_status_word_is_an_outcome(parsed: Parse, word: str, outcome: Outcome) -> None:
    (report,) = parsed(register(["1", "0", "0", word], header=[*HEADER, "Статус"]))
    assert [line.outcome for line in report.lines] == [outcome]


def test_without_a_status_only_taken_money_shows_a_delivery(parsed: Parse) -> None:
    (report,) = parsed(register(["1", "100", "100"], ["2", "0", "0"]))
    assert [line.outcome for line in report.lines] == [Outcome.DELIVERED, None]


def test_an_unknown_way_of_paying_is_left_open(parsed: Parse) -> None:
    header = [*HEADER, "Способ оплаты"]
    (report,) = parsed(
        register(["1", "1", "1", "Бартер"], ["2", "1", "1", "картой"], header=header)
    )
    assert [line.payment_method for line in report.lines] == [None, PaymentMethod.CARD]


def test_the_kind_of_a_row_may_stand_in_a_column(parsed: Parse) -> None:
    header = [*HEADER, "Вид операции", "Прочие услуги"]
    (report,) = parsed(register([None, "0", "-50", "Хранение", "50"], header=header))
    (line,) = report.lines
    assert (line.row_kind, line.fee_other, line.payout) == (RowKind.SERVICE, 5000, -5000)


def test_title_rows_give_the_head(parsed: Parse) -> None:
    report = parsed(samples.register_xlsx())[0].report
    assert (report.courier, report.report_no) == ("gorod", "118/11")
    assert str(report.report_date) == "2026-11-20"
    assert (report.payment_order_no, str(report.payment_order_date)) == ("55", "2026-11-21")
    assert report.payment_order_sum == 426912


@pytest.mark.parametrize(
    ("title", "number", "day", "period"),
    [
        ("Акт №77 от 20 ноября 2026 г., СДЭК", "77", "2026-11-20", None),
        ("СДЭК. Отчёт агента номер А-5 от 2026-11-20", "А-5", "2026-11-20", None),
        ("СДЭК за период с 01.11.2026 по 15.11.2026", None, "None", ("2026-11-01", "2026-11-15")),
        ("СДЭК период: 01.11.2026 - 15.11.2026", None, "None", ("2026-11-01", "2026-11-15")),
        ("СДЭК", None, "None", None),
    ],
)
def test_a_title_is_read_in_many_wordings(
    parsed: Parse, title: str, number: str | None, day: str, period: tuple[str, str] | None
) -> None:
    report = parsed(register(title=title))[0].report
    assert (report.report_no, str(report.report_date)) == (number, day)
    found = (str(report.period_from), str(report.period_to)) if report.period_from else None
    assert found == period


def test_a_head_that_cannot_be_read_holds_the_file(parsed: Parse) -> None:
    with pytest.raises(Refusal, match="дата отчёта в шапке"):
        parsed(register(title="СДЭК. Реестр № 5 от 45.13.2026"))


def test_totals_are_kept_and_signatures_ignored(parsed: Parse) -> None:
    (report,) = parsed(samples.register_xlsx())
    assert report.report.totals["collected"] == 426912
    assert report.report.totals["payout"] == 426912
    assert [(rows.reason, rows.rows) for rows in report.ignored] == [
        ("названия групп, подписи и примечания: денег заказов в них нет", 1)
    ]
    assert report.rejected == []


def test_numbering_repeated_headers_and_blank_rows_are_no_operations(parsed: Parse) -> None:
    rows: list[list[Any]] = [["1", "2", "3"], ["7", "1", "1"], [], HEADER, ["8", "1", "1"]]
    (report,) = parsed(register(*rows))
    assert refs(report) == ["7", "8"]
    assert [line.line_no for line in report.lines] == [4, 7]


def test_operations_under_the_totals_hold_the_file(parsed: Parse) -> None:
    with pytest.raises(Refusal, match="Итого") as held:
        parsed(register(["1", "1", "1"], ["Итого", "1", "1"], ["2", "1", "1"]))
    assert held.value.line_no == 4


def test_a_row_without_money_in_the_middle_is_a_row(parsed: Parse) -> None:
    (report,) = parsed(register(["1", "1", "1"], ["2", None, "—"], ["3", "1", "1"]))
    assert refs(report) == ["1", "2", "3"]


def test_an_unreadable_total_is_shown(parsed: Parse) -> None:
    (report,) = parsed(register(["1", "1", "1"], ["Итого", "1", "=SUM(C3)x"]))
    assert report.report.totals == {"collected": 100}
    assert [(bad.line_no, bad.column) for bad in report.rejected] == [(4, "К перечислению")]


@pytest.mark.parametrize(
    ("fees", "payout", "model"),
    [
        (("300", "15"), "685", Settlement.NET),
        (("300", "15"), "985", Settlement.AGENT_FEE_NETTED),
        (("300", "15"), "1000", Settlement.GROSS),
    ],
)
def test_the_settlement_model_is_what_the_rows_say(
    parsed: Parse, fees: tuple[str, str], payout: str, model: Settlement
) -> None:
    header = [*HEADER, "Стоимость доставки", "Агентское вознаграждение"]
    prepaid = ["2", "0", "0", "300", "0"]
    (report,) = parsed(register(["1", "1000", payout, *fees], prepaid, header=header))
    assert report.report.settlement is model


def test_one_misfit_row_is_enough_to_leave_the_model_open(parsed: Parse) -> None:
    header = [*HEADER, "Стоимость доставки"]
    rows = [["1", "1000", "700", "300"], ["2", "900", "600", "300"], ["3", "1000", "990", "300"]]
    assert parsed(register(*rows, header=header))[0].report.settlement is None


def test_a_market_report_has_paid_rows_only_and_says_what_it_left_out(parsed: Parse) -> None:
    (report,) = parsed(samples.yandex_zip())
    kinds = [line.row_kind for line in report.lines]
    assert kinds.count(RowKind.ORDER) == 3
    assert kinds.count(RowKind.RETURN) == 1
    assert kinds.count(RowKind.SERVICE) == 2
    assert kinds.count(RowKind.CORRECTION) == 1
    assert {(rows.reason.split(",")[0], rows.rows, rows.payout) for rows in report.ignored} == {
        ("прогноз Маркета", 2, 150050 - 3500),
        ("прогноз Маркета", 1, 30000),
        ("справочная строка Маркета", 1, 5000),
        ("заказ отменён", 1, 1000),
    }
    assert [bad.rule for bad in report.rejected] == ["unknown_word", "contradiction"]
    assert report.report.settlement is Settlement.NET


def test_the_group_header_of_the_market_keeps_excels_row_numbers(parsed: Parse) -> None:
    (report,) = parsed(samples.yandex_xlsx())
    assert report.lines[0].line_no == 11


def test_a_payment_known_by_status_but_without_an_order_number_is_a_forecast(parsed: Parse) -> None:
    row = next(row for row in samples.yandex_rows() if row.status == samples.MOVED)
    forecast = replace(row, bank_order_id=None, bank_order_day=None)
    (report,) = parsed(lay.yandex_netting_zip([forecast]))
    assert (report.lines, report.ignored[0].rows) == ([], 1)


def test_the_same_money_has_one_identity_whatever_a_later_export_adds(parsed: Parse) -> None:
    row = next(row for row in samples.yandex_rows() if row.status == samples.MOVED)
    later = replace(row, transaction_id="9", day=samples.PAID, bank_order_id="2")
    one, other = (parsed(lay.yandex_netting_zip([r]))[0].lines[0] for r in (row, later))
    assert one.identity == other.identity


def test_honest_identical_rows_are_counted(parsed: Parse) -> None:
    (report,) = parsed(samples.register_xlsx())
    same = [line for line in report.lines if line.order_ref == "00042"]
    assert [line.occurrence for line in same] == [1, 2]
    assert same[0].identity == same[1].identity


def test_identities_survive_another_container_order_and_spelling(parsed: Parse) -> None:
    (xlsx,) = parsed(samples.register_xlsx())
    (csv,) = parsed(samples.register_csv())
    rows = [replace(row, order=f" {row.order.lower()} ") for row in samples.register_rows()]
    (shuffled,) = parsed(lay.cod_register_xlsx(samples.HEAD, rows[::-1]))
    assert keys(xlsx) == keys(csv) == keys(shuffled)
    assert len(keys(xlsx)) == 5


def test_a_separator_inside_a_number_cannot_forge_another_identity(parsed: Parse) -> None:
    header = ["Номер заказа", "Трек-номер", "Сумма НП", "К выплате"]
    (report,) = parsed(register(["1|2", "3", "1", "1"], ["1", "2|3", "1", "1"], header=header))
    first, second = report.lines
    assert first.identity != second.identity


def test_a_csv_gives_record_numbers_with_the_header_counted(parsed: Parse) -> None:
    data = csv_bytes(
        [["СДЭК"], ["Номер заказа", "Сумма НП", "К выплате"], ["1", "5,50", "5,50"]],
        encoding="cp1251",
        delimiter=";",
    )
    (line,) = parsed(data)[0].lines
    assert (line.sheet, line.line_no, line.collected) == (None, 3, 550)


@pytest.mark.parametrize(
    ("record", "rule"),
    [
        (b'{"cdek_number": "1", "payment_sum": "x", "transfer_sum": 1, "total_sum_without_agent": 1, "agent_commission_sum": 1}', "not_a_number"),
        (b'{"cdek_number": {"a": 1}, "payment_sum": 1, "transfer_sum": 1, "total_sum_without_agent": 1, "agent_commission_sum": 1}', "not_a_value"),
        (b'{"cdek_number": null, "payment_sum": 1, "transfer_sum": 1}', "missing_field"),
        (b'{"cdek_number": "2", "payment_sum": 1}', "missing_field"),
        (b'{"cdek_number": " ", "payment_sum": 1, "transfer_sum": 1, "total_sum_without_agent": 1, "agent_commission_sum": 1}', "no_reference"),
        (b'"text"', "missing_field"),
    ],
)  # fmt: skip
def test_a_bad_record_of_a_tree_is_rejected_with_its_ordinal(
    parsed: Parse, record: bytes, rule: str
) -> None:
    good = b'{"cdek_number": "1", "payment_sum": 5, "transfer_sum": 5, "total_sum_without_agent": 0, "agent_commission_sum": 0}'
    data = b'{"registries": [{"registry_number": 1, "sum": 5, "orders": [' + good + b"," + record
    (report,) = parsed(data + b"]}]}")
    assert [(bad.line_no, bad.rule) for bad in report.rejected] == [(2, rule)]
    assert len(report.lines) == 1


def test_a_line_never_carries_a_float(parsed: Parse) -> None:
    lines: list[Line] = [
        line
        for build, _ in samples.SAMPLES.values()
        for report in parsed(build())
        for line in report.lines
    ]
    assert lines
    values = [getattr(line, name) for line in lines for name in Line.__slots__]
    assert not [value for value in values if isinstance(value, float)]
