"""Wildberries, weekly detail: what each operation means for money, stated by hand."""

from datetime import date

import pytest

from sverka.demo.workbooks import Cell
from sverka.errors import NeedsMapping
from sverka.nouns import Line, Outcome, RowKind, Settlement
from sverka.parsing import ParsedReport
from sverka.parsing.settlement import holds
from tests.parsing import samples_markets as markets
from tests.parsing import writers_markets as write
from tests.parsing.conftest import Parse
from tests.parsing.samples_markets import DELIVERY, FINE, FOR_PAY, PRICE, RETURN, SALE, D
from tests.parsing.writers_markets import Given

KIND = "Виды логистики, штрафов и корректировок ВВ"
ADJUSTMENT = "Корректировка Вознаграждения Вайлдберриз (ВВ)"


def week(*rows: Given, headers: tuple[str, ...] = write.WB_GEN2) -> bytes:
    return write.wildberries(headers, rows)


def only(reports: list[ParsedReport]) -> ParsedReport:
    (report,) = reports
    return report


def keys(report: ParsedReport) -> list[tuple[str, int]]:
    return [(line.identity, line.occurrence) for line in report.lines]


def payouts(report: ParsedReport) -> int:
    return sum(line.payout for line in report.lines)


def test_the_weeks_payouts_are_what_reaches_the_bank(parsed: Parse) -> None:
    # bankPaymentSum = Σ forPay − returns − delivery − storage − acceptance − deduction − penalty:
    # 1320.50 + 310.10 + 150 + 275 − 820.50 − 400 − (50 + 33.30 − 20) − 120.45 − 15 − 99.99 − 200
    assert payouts(only(parsed(markets.wb_gen2()))) == 336_36


def test_the_old_generation_gives_its_weeks_sum(parsed: Parse) -> None:
    # 1500 + 1500 − 700 − 46.50 − 100
    assert payouts(only(parsed(markets.wb_gen1()))) == 2153_50


@pytest.mark.parametrize("build", [markets.wb_gen1, markets.wb_gen2])
def test_collected_less_fees_is_the_payout_in_every_row(parsed: Parse, build: object) -> None:
    report = only(parsed(build()))  # type: ignore[operator]
    assert not report.rejected
    assert report.report.settlement is Settlement.NET
    assert all(holds(line, Settlement.NET) for line in report.lines)


MEANT: list[tuple[Given, RowKind, Outcome | None, dict[str, int]]] = [
    (
        markets.wb_sale("4f1", "1000", "700"),
        RowKind.ORDER,
        Outcome.DELIVERED,
        {"collected": 1000_00, "fee_cod": 300_00, "payout": 700_00},
    ),
    (
        markets.wb_sale("4f1", "1000", "700", **{"Обоснование для оплаты": "корректная ПРОДАЖА"}),
        RowKind.ORDER,
        Outcome.DELIVERED,
        {"collected": 1000_00, "fee_cod": 300_00, "payout": 700_00},
    ),
    (
        markets.wb_row("Возврат", RETURN, Srid="4f1", **{PRICE: D(1000), FOR_PAY: D(700)}),
        RowKind.RETURN,
        Outcome.RETURNED,
        {"collected": -700_00, "payout": -700_00},
    ),
    (
        markets.wb_row("Корректный возврат", RETURN, Srid="4f1", **{FOR_PAY: D(700)}),
        RowKind.RETURN,
        Outcome.RETURNED,
        {"collected": -700_00, "payout": -700_00},
    ),
    (
        markets.wb_row("Сторно продаж", RETURN, Srid="4f1", **{FOR_PAY: D(700)}),
        RowKind.CORRECTION,
        None,
        {"collected": -700_00, "payout": -700_00},
    ),
    (
        markets.wb_row("Сторно возвратов", SALE, Srid="4f1", **{FOR_PAY: D(700)}),
        RowKind.CORRECTION,
        None,
        {"collected": 700_00, "payout": 700_00},
    ),
    *(
        (
            markets.wb_row(reason, SALE, Srid="4f1", **{FOR_PAY: D(275)}),
            RowKind.CORRECTION,
            None,
            {"fee_other": -275_00, "payout": 275_00},
        )
        for reason in (
            "Оплата брака",
            "Частичная компенсация брака",
            "Оплата потерянного товара",
            "Компенсация подмененного товара",
            "Авансовая оплата за товар без движения",
        )
    ),
    (
        markets.wb_row("Логистика", Srid="4f1", **{DELIVERY: D(50)}),
        RowKind.SERVICE,
        None,
        {"fee_delivery": 50_00, "payout": -50_00},
    ),
    (
        markets.wb_row("Логистика", Srid="4f1", **{DELIVERY: D(50), "Количество возврата": 1}),
        RowKind.SERVICE,
        None,
        {"fee_return": 50_00, "payout": -50_00},
    ),
    (
        markets.wb_row("Логистика сторно", Srid="4f1", **{DELIVERY: D(-50)}),
        RowKind.CORRECTION,
        None,
        {"fee_delivery": -50_00, "payout": 50_00},
    ),
    (
        markets.wb_row("Хранение", Хранение=D("12.30")),
        RowKind.SERVICE,
        None,
        {"fee_storage": 12_30, "payout": -12_30},
    ),
    (
        markets.wb_row("Хранение", Хранение=D("-12.30")),
        RowKind.CORRECTION,
        None,
        {"fee_storage": -12_30, "payout": 12_30},
    ),
    (
        markets.wb_row("Штраф", **{FINE: D(200)}),
        RowKind.FINE,
        None,
        {"fee_other": 200_00, "payout": -200_00},
    ),
    (
        markets.wb_row("Удержание", Удержания=D(99)),
        RowKind.SERVICE,
        None,
        {"fee_other": 99_00, "payout": -99_00},
    ),
    (
        markets.wb_row("Платная приемка", **{"Операции на приемке": D(15)}),
        RowKind.SERVICE,
        None,
        {"fee_other": 15_00, "payout": -15_00},
    ),
]
AMOUNTS = (
    "collected", "fee_delivery", "fee_cod", "fee_return", "fee_storage", "fee_other", "payout",
)  # fmt: skip


def amounts(line: Line) -> dict[str, int]:
    return {name: getattr(line, name) for name in AMOUNTS if getattr(line, name)}


@pytest.mark.parametrize(("row", "kind", "outcome", "money"), MEANT)
def test_an_operation_means(
    parsed: Parse, row: Given, kind: RowKind, outcome: Outcome | None, money: dict[str, int]
) -> None:
    (line,) = only(parsed(week(row))).lines
    assert (line.row_kind, line.outcome, amounts(line)) == (kind, outcome, money)


def test_costs_in_a_sales_own_row_are_not_lost(parsed: Parse) -> None:
    row = markets.wb_sale("4f1", "1000", "700", **{DELIVERY: D(40), FINE: D(10), "Хранение": D(5)})
    (line,) = only(parsed(week(row))).lines
    assert amounts(line) == {
        "collected": 1000_00,
        "fee_delivery": 40_00,
        "fee_cod": 300_00,
        "fee_storage": 5_00,
        "fee_other": 10_00,
        "payout": 645_00,
    }


def test_a_sale_is_found_by_its_assembly_task_and_by_srid(parsed: Parse) -> None:
    first, second, *_ = only(parsed(markets.wb_gen2())).lines
    assert (first.order_ref, first.track_ref) == ("2816993144", "a1.0.0")
    assert (second.order_ref, second.track_ref) == (None, "a2.0.0")
    assert first.occurred_on == date(2026, 11, 12)


def test_the_archives_hold_the_same_money(parsed: Parse) -> None:
    alone, zipped = only(parsed(markets.wb_gen2())), only(parsed(markets.wb_zip()))
    old, new = parsed(markets.wb_zip_of_zips())
    assert (payouts(old), payouts(new)) == (2153_50, 336_36)
    assert keys(new) == keys(alone) == keys(zipped)
    assert {line.sheet for line in old.lines}.isdisjoint({line.sheet for line in new.lines})


@pytest.mark.parametrize(
    "name",
    [
        "Возмещение издержек по эквайрингу",
        "Эквайринг/Комиссии за организацию платежей",
        "Компенсация платёжных услуг/Комиссия за интеграцию платёжных сервисов",
    ],
)
def test_the_payment_services_column_had_three_names(parsed: Parse, name: str) -> None:
    old = "Эквайринг/Комиссии за организацию платежей"
    headers = tuple(name if header == old else header for header in write.WB_GEN2)
    row = {**markets.wb_sale("4f1", "1000", "700"), name: D("14.89")}
    (line,) = only(parsed(week(row, headers=headers))).lines
    assert line.payout == 700_00


def test_a_reimbursement_inside_the_commission_is_not_a_second_cost(parsed: Parse) -> None:
    report = only(parsed(markets.wb_gen2()))
    (ignored,) = report.ignored
    assert (ignored.rows, ignored.payout) == (2, 0)
    assert "на выплату магазину не влияет" in ignored.reason


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (markets.wb_row("Новая операция", **{DELIVERY: D(5)}), "незнакомая операция"),
        (markets.wb_row("Новая операция", SALE, **{FOR_PAY: D(5)}), "незнакомая операция"),
        (markets.wb_row("Возврат", SALE, Srid="4f1", **{FOR_PAY: D(5)}), "противоречат"),
        (markets.wb_row("Продажа", RETURN, Srid="4f1", **{FOR_PAY: D(5)}), "противоречат"),
        (markets.wb_row("Сторно возвратов", RETURN, Srid="4f1", **{FOR_PAY: D(5)}), "противоречат"),
        (markets.wb_row("Продажа", Srid="4f1", **{FOR_PAY: D(5)}), "нет «Типа документа»"),
        (markets.wb_row("Возврат", RETURN, Srid="4f1", **{FOR_PAY: D(-5)}), "ниже нуля"),
        (markets.wb_sale("4f1", "100", "70", **{"Кол-во": 2}), "не одна штука"),
        (markets.wb_sale("4f1", "100", "70", **{ADJUSTMENT: D(3)}), "прибавляет он эту сумму"),
        (markets.wb_row("Логистика", **{ADJUSTMENT: D(-3)}), "прибавляет он эту сумму"),
        (
            markets.wb_sale("4f1", "1", "1", **{"Стоимость участия в программе лояльности": D(1)}),
            "прибавляет он эту сумму",
        ),
        (markets.wb_row("Логистика сторно", **{DELIVERY: D(20)}), "стоит без минуса"),
        (markets.wb_row("Хранение"), "нет суммы"),
    ],
)
def test_what_is_not_sure_is_put_aside_in_words(parsed: Parse, row: Given, says: str) -> None:
    report = only(parsed(week(row, markets.wb_sale("0a1", "10", "7"))))
    (bad,) = report.rejected
    assert (bad.sheet, bad.line_no) == ("Sheet1", 2)
    assert says in bad.reason
    assert payouts(report) == 7_00


def test_a_week_without_operations_is_a_valid_report(parsed: Parse) -> None:
    report = only(parsed(week()))
    assert (report.lines, report.rejected) == ([], [])


@pytest.mark.parametrize("lost", [FOR_PAY, DELIVERY, FINE, PRICE, "Тип документа", ADJUSTMENT])
def test_a_lost_column_holds_the_file(parsed: Parse, lost: str) -> None:
    headers = tuple(name for name in write.WB_GEN2 if name != lost)
    row = {name: cell for name, cell in markets.wb_sale("4f1", "10", "7").items() if name != lost}
    with pytest.raises(NeedsMapping) as held:
        parsed(week(row, headers=headers))
    assert "Wildberries" in held.value.reason


@pytest.mark.parametrize("lost", ["Хранение", "Удержания", "Операции на приемке"])
def test_a_lost_cost_column_of_the_later_generation_does_not_become_zero(
    parsed: Parse, lost: str
) -> None:
    headers = tuple(name for name in write.WB_GEN2 if name != lost)
    with pytest.raises(NeedsMapping, match=lost):
        parsed(week(markets.wb_sale("4f1", "10", "7"), headers=headers))


def test_a_new_column_with_amounts_holds_the_file(parsed: Parse) -> None:
    headers = (*write.WB_GEN2, "Сбор за паллету, руб.")
    row = {**markets.wb_sale("4f1", "10", "7"), "Сбор за паллету, руб.": D("3.50")}
    with pytest.raises(NeedsMapping, match="Сбор за паллету"):
        parsed(week(row, headers=headers))


def test_the_same_operation_in_two_files_is_one(parsed: Parse) -> None:
    rows = markets.wb_gen2_rows()
    first, second = only(parsed(week(*rows))), only(parsed(week(*reversed(rows))))
    assert sorted(keys(first)) == sorted(keys(second))


def test_a_corrected_amount_is_the_same_operation(parsed: Parse) -> None:
    first = only(parsed(week(markets.wb_sale("4f1", "1000", "700"))))
    corrected = only(parsed(week(markets.wb_sale("4f1", "1000", "690"))))
    assert keys(first) == keys(corrected)


def test_operations_of_one_parcel_are_told_apart(parsed: Parse) -> None:
    there: dict[str, Cell] = {DELIVERY: D(50), KIND: "К клиенту при продаже"}
    back: dict[str, Cell] = {DELIVERY: D(50), KIND: "От клиента при возврате"}
    report = only(
        parsed(
            week(
                markets.wb_sale("4f1", "100", "70"),
                markets.wb_row("Возврат", RETURN, Srid="4f1", **{FOR_PAY: D(70)}),
                markets.wb_row("Логистика", Srid="4f1", **there),
                markets.wb_row("Логистика", Srid="4f1", **back),
            )
        )
    )
    assert len(set(keys(report))) == 4


def test_storage_of_two_weeks_is_two_costs_and_honest_twins_stay_two(parsed: Parse) -> None:
    this = only(parsed(week(*[markets.wb_row("Хранение", Хранение=D("12.30"))] * 2)))
    that = only(parsed(week(markets.wb_row("Хранение", Хранение=D("12.31")))))
    assert len(set(keys(this))) == 2
    assert set(keys(this)).isdisjoint(keys(that))
