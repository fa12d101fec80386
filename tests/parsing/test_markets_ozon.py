"""Ozon, accruals and realization: Σ «Итого» is the transfer, what does not add up is asked about."""

import pytest

from sverka.demo.workbooks import Cell, workbook
from sverka.errors import NeedsMapping, Refusal
from sverka.nouns import Outcome, RowKind, Settlement
from sverka.parsing import ParsedReport
from sverka.parsing.settlement import holds
from tests.parsing import samples_markets as markets
from tests.parsing import writers_markets as write
from tests.parsing.conftest import Parse
from tests.parsing.samples_markets import ACCRUAL, FROM_BUYER, TO_BUYER, D, ozon_row
from tests.parsing.writers_markets import Given

POSTING = "21621656-0045-1"
FEE, TOTAL = "Комиссия за продажу", "Итого"


def accruals(*rows: Given, headers: tuple[str, ...] = write.OZON_GEN1) -> bytes:
    return write.ozon_accruals(headers, rows)


def only(reports: list[ParsedReport]) -> ParsedReport:
    (report,) = reports
    return report


def keys(report: ParsedReport) -> list[tuple[str, int]]:
    return [(line.identity, line.occurrence) for line in report.lines]


@pytest.mark.parametrize("build", [markets.ozon_gen1, markets.ozon_gen2])
def test_the_totals_of_the_rows_are_the_payouts(parsed: Parse, build: object) -> None:
    report = only(parsed(build()))  # type: ignore[operator]
    # 722.25 + 395 − 465 − 15 − 99.90 + 250
    assert sum(line.payout for line in report.lines) == 787_35
    assert report.report.settlement is Settlement.NET
    assert all(holds(line, Settlement.NET) for line in report.lines)


def test_both_generations_tell_the_same_money(parsed: Parse) -> None:
    first, second = only(parsed(markets.ozon_gen1())), only(parsed(markets.ozon_gen2()))
    assert first.lines == second.lines
    assert keys(first) == keys(second)


def test_a_sale_with_its_commission_and_services(parsed: Parse) -> None:
    line = only(parsed(markets.ozon_gen1())).lines[0]
    assert (line.row_kind, line.outcome) == (RowKind.ORDER, Outcome.DELIVERED)
    assert (line.order_ref, line.track_ref) == (POSTING, POSTING)
    assert (line.collected, line.fee_cod, line.payout) == (1000_00, 150_00, 722_25)
    assert (line.fee_delivery, line.fee_return) == (127_75, 0)  # 12.50 + 60 + 55.25


def test_a_return_takes_back_the_price_less_the_returned_commission(parsed: Parse) -> None:
    line = only(parsed(markets.ozon_gen1())).lines[2]
    assert (line.row_kind, line.outcome) == (RowKind.RETURN, Outcome.RETURNED)
    assert (line.collected, line.fee_cod, line.fee_return, line.payout) == (
        -425_00,
        0,
        40_00,
        -465_00,
    )


def test_rows_without_a_buyers_money_are_services_or_corrections(parsed: Parse) -> None:
    report = only(parsed(markets.ozon_gen1()))
    found = [
        (line.row_kind, line.track_ref, line.fee_return, line.fee_other, line.payout)
        for line in report.lines[3:]
    ]
    assert found == [
        (RowKind.SERVICE, "21621650-0002-1", 15_00, 0, -15_00),
        (RowKind.SERVICE, "7720145", 0, 99_90, -99_90),
        (RowKind.CORRECTION, "881100", 0, -250_00, 250_00),
    ]
    assert [(rows.reason, rows.rows) for rows in report.ignored] == [("строка с нулевым итогом", 1)]


def test_a_total_in_the_first_row_of_a_posting_is_never_summed_wrongly(parsed: Parse) -> None:
    first = ozon_row(
        TO_BUYER, POSTING, **{"SKU": 1, ACCRUAL: D(1000), FEE: D(-100), TOTAL: D(1350)}
    )
    second = ozon_row(TO_BUYER, POSTING, **{"SKU": 2, ACCRUAL: D(500), FEE: D(-50)})
    empty = ozon_row(TO_BUYER, POSTING, SKU=3)
    report = only(parsed(accruals(first, second, empty)))
    (bad,) = report.rejected
    assert (bad.line_no, "нет «Итого»" in bad.reason) == (4, True)
    # The first row does not add up, which rejects it in checking.
    assert [holds(line, Settlement.NET) for line in report.lines] == [False]
    assert [(rows.reason, rows.rows) for rows in report.ignored] == [("строка без сумм", 1)]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (ozon_row("Новый тип", POSTING, **{ACCRUAL: D(5), TOTAL: D(5)}), "незнакомый тип"),
        (ozon_row("Новый тип", POSTING, **{FEE: D(5), TOTAL: D(5)}), "незнакомый тип"),
        (ozon_row(TO_BUYER, POSTING, **{ACCRUAL: D(-5), TOTAL: D(-5)}), "знак суммы"),
        (ozon_row(FROM_BUYER, POSTING, **{ACCRUAL: D(5), TOTAL: D(5)}), "знак суммы"),
        (ozon_row(TO_BUYER, POSTING, **{ACCRUAL: "5 руб 3", TOTAL: D(5)}), "не сумма"),
        (ozon_row(TO_BUYER, "", **{ACCRUAL: D(5), TOTAL: D(5)}), "нет ни номера"),
        (ozon_row(TO_BUYER, "2,16E+11", **{ACCRUAL: D(5), TOTAL: D(5)}), "степени"),
    ],
)
def test_what_is_not_sure_is_put_aside_in_words(parsed: Parse, row: Given, says: str) -> None:
    good = ozon_row(TO_BUYER, POSTING, **{ACCRUAL: D(5), TOTAL: D(5)})
    report = only(parsed(accruals(row, good)))
    (bad,) = report.rejected
    assert (bad.sheet, bad.line_no) == ("Начисления", 3)
    assert says in bad.reason
    assert sum(line.payout for line in report.lines) == 5_00


@pytest.mark.parametrize("lost", [ACCRUAL, FEE, TOTAL, "Тип начисления"])
def test_a_lost_column_holds_the_file(parsed: Parse, lost: str) -> None:
    headers = tuple(name for name in write.OZON_GEN1 if name != lost)
    with pytest.raises(NeedsMapping) as held:
        parsed(write.ozon_accruals(headers, []))
    assert "Ozon" in held.value.reason
    assert lost in held.value.reason


def test_a_period_without_accruals_is_a_valid_report(parsed: Parse) -> None:
    report = only(parsed(accruals()))
    assert (report.lines, report.rejected) == ([], [])


def test_overlapping_periods_have_the_same_accruals(parsed: Parse) -> None:
    rows = markets.ozon_rows(FEE, TOTAL)
    later: dict[str, Cell] = {"Дата начисления": "21.11.2026"}
    first = only(parsed(accruals(*rows)))
    second = only(parsed(accruals(*rows[1:], {**rows[4], **later})))
    shared = set(keys(first)) & set(keys(second))
    assert len(shared) == len(first.lines) - 1
    assert len(second.lines) - len(shared) == 1  # advertising of another day is other money


def test_two_equal_rows_of_one_file_stay_two(parsed: Parse) -> None:
    row = ozon_row(TO_BUYER, POSTING, **{"SKU": 1, ACCRUAL: D(5), TOTAL: D(5)})
    assert len(set(keys(only(parsed(accruals(row, row)))))) == 2


def test_headers_with_html_entities_are_the_same_headers(parsed: Parse) -> None:
    headers = tuple(name.replace("(", "&#40;").replace(")", "&#41;") for name in write.OZON_GEN1)
    rows = [
        {name.replace("(", "&#40;").replace(")", "&#41;"): cell for name, cell in row.items()}
        for row in markets.ozon_rows(FEE, TOTAL)
    ]
    plain = only(parsed(markets.ozon_gen1()))
    assert only(parsed(write.ozon_accruals(headers, rows))).lines == plain.lines


def test_a_realization_row_tells_a_sale_and_a_return(parsed: Parse) -> None:
    report = only(parsed(markets.ozon_realization()))
    found = [
        (line.line_no, line.row_kind, line.collected, line.fee_cod, line.payout)
        for line in report.lines
    ]
    assert found == [
        (2, RowKind.ORDER, 1000_00, 150_00, 850_00),
        (3, RowKind.RETURN, -425_00, 0, -425_00),
        (4, RowKind.ORDER, 1000_00, 150_00, 850_00),
        (4, RowKind.RETURN, -425_00, 0, -425_00),
    ]
    assert len(set(keys(report))) == 4
    assert report.report.settlement is Settlement.NET


@pytest.mark.parametrize("column", [True, False], ids=["empty cells", "no column"])
def test_goods_without_postings_are_asked_about(parsed: Parse, column: bool) -> None:
    gone = {"Номер отправления", "Дата отправления"}
    headers = [name for name in write.OZON_REALIZATION if column or name not in gone]
    rows = [
        {name: cell for name, cell in row.items() if name not in gone}
        for row in markets.ozon_realization_rows()[:2]
    ]
    report = only(parsed(workbook({"Лист1": write.table(headers, rows)})))
    assert report.lines == []
    assert {bad.line_no for bad in report.rejected} == {2, 3}
    assert all("нет номера отправления" in bad.reason for bad in report.rejected)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"Итого к начислению, руб.": None}, "«Итого к начислению» пусто"),
        ({"Итого к начислению, руб.": D(-850)}, "ниже нуля"),
        ({"Реализовано на сумму, руб.": "900 руб 3"}, "не сумма"),
    ],
)
def test_a_broken_realization_row_is_put_aside(
    parsed: Parse, cells: dict[str, Cell], says: str
) -> None:
    row: Given = {**markets.ozon_realization_rows()[0], **cells}
    report = only(parsed(workbook({"Лист1": write.table(write.OZON_REALIZATION, [row])})))
    assert report.lines == []
    assert [says in bad.reason for bad in report.rejected] == [True]


@pytest.mark.parametrize("lost", ["Итого к начислению, руб.", "Возвращено на сумму, руб."])
def test_a_lost_realization_column_holds_the_file(parsed: Parse, lost: str) -> None:
    headers = [name for name in write.OZON_REALIZATION if name != lost]
    with pytest.raises(NeedsMapping, match="Ozon"):
        parsed(workbook({"Лист1": [list[Cell](headers)]}))


def test_a_month_without_sales_is_a_valid_report(parsed: Parse) -> None:
    report = only(parsed(workbook({"Лист1": [list[Cell](write.OZON_REALIZATION)]})))
    assert (report.lines, report.rejected) == ([], [])


def test_the_printed_form_is_never_read_by_guess(parsed: Parse) -> None:
    """Its geometry is known from a look-alike only: groups over the same names, totals, signatures."""
    names: list[Cell] = ["Цена реализации", "Кол-во", "Итого комиссия"]
    form: list[list[Cell]] = [
        ["Отчёт о реализации товара № 77 от 30.11.2026"],
        ["по договору ИР-100/26 от 01.02.2026"],
        [],
        ["№ п/п", "Товар", None, "Реализовано", None, None, "Возвращено", None, None],
        [None, "Название", "Артикул", *names, *names],
        [1, "Кружка", "МУГ-1", D(1000), 2, D(300), D(1000), 1, D(150)],
        ["Итого", None, None, D(1000), 2, D(300), D(1000), 1, D(150)],
        ["Итого к начислению", D(850)],
        ["В том числе НДС", D("141.67")],
        ["Главный бухгалтер", "____________"],
    ]
    with pytest.raises(Refusal) as refused:
        parsed(workbook({"Отчёт о реализации": form}))
    assert refused.value.reason
