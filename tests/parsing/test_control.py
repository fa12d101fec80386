"""A report is held to its own totals before anybody believes its lines."""

from dataclasses import replace
from typing import Any

import pytest

from sverka.money import Minor
from sverka.nouns import Line, Purpose, Report, RowKind
from sverka.parsing import control
from sverka.parsing.parsed import ParsedReport, RejectedRow
from sverka.parsing.printed import parsed_file


def line(collected: int, payout: int, **more: Any) -> Line:
    return Line(
        sheet=None,
        line_no=2,
        row_kind=RowKind.ORDER,
        order_ref="1",
        track_ref=None,
        outcome=None,
        occurred_on=None,
        payment_method=None,
        collected=Minor(collected),
        payout=Minor(payout),
        **more,
    )


def parsed(
    *lines: Line, totals: dict[str, int], paid: int | None = None, unreadable: int = 0
) -> ParsedReport:
    report = Report(
        courier="gorod",
        schema="cod_register",
        schema_version=1,
        report_no=None,
        report_date=None,
        period_from=None,
        period_to=None,
        payment_order_no=None,
        payment_order_date=None,
        payment_order_sum=None if paid is None else Minor(paid),
        currency="RUB",
        settlement=None,
        totals={name: Minor(amount) for name, amount in totals.items()},
        file_sha256="0" * 64,
    )
    bad = [RejectedRow(None, 10 + n, "Сумма", "?", "x", "не сумма") for n in range(unreadable)]
    return ParsedReport(report, list(lines), bad)


TWO = (line(100, 80, fee_delivery=Minor(20)), line(200, 150, fee_delivery=Minor(50)))


@pytest.mark.parametrize(
    ("totals", "paid"),
    [
        ({}, None),
        ({"payout": 230}, None),
        ({"payout": 230, "collected": 300, "fee_delivery": 70}, 230),
        ({"vat": 0}, None),
    ],
)
def test_a_report_that_adds_up_is_believed(totals: dict[str, int], paid: int | None) -> None:
    assert control.doubt([parsed(*TWO, totals=totals, paid=paid)]) is None


@pytest.mark.parametrize(
    ("totals", "paid", "said"),
    [
        ({"payout": 231}, None, "к перечислению — в файле указано 2,31"),
        ({"collected": 299}, None, "принято с покупателей"),
        ({"fee_delivery": 0}, None, "услуги"),
        ({}, 229, "сумма платёжного поручения"),
        ({"payout": 230}, 1, "разница −2,29"),
    ],
)
def test_a_kopeck_too_much_or_too_little_is_told_in_money(
    totals: dict[str, int], paid: int | None, said: str
) -> None:
    told = control.doubt([parsed(*TWO, totals=totals, paid=paid)])
    assert told is not None
    assert said in told.replace("\u00a0", " ").replace("\u2009", " ")


def test_rows_that_could_not_be_read_are_named_with_the_difference() -> None:
    told = control.doubt([parsed(*TWO, totals={"payout": 500}, unreadable=1)])
    assert told is not None
    assert "Не прочитано строк: 1" in told


def test_more_unreadable_rows_than_read_ones_hold_the_file() -> None:
    assert control.doubt([parsed(*TWO, totals={}, unreadable=2)]) is None
    told = control.doubt([parsed(*TWO, totals={}, unreadable=3)])
    assert told is not None
    assert "3 из 5" in told


def test_every_report_of_a_file_is_held_to_its_own_totals() -> None:
    good, bad = parsed(*TWO, totals={"payout": 230}), parsed(*TWO, totals={"payout": 1})
    assert control.doubt([good, bad]) is not None


def test_what_is_no_settlement_has_no_totals_of_money() -> None:
    one = parsed(*TWO, totals={"payout": 1})
    noted = replace(one, report=replace(one.report, purpose=Purpose.STATUSES))
    assert control.doubt([noted]) is None


def test_the_printed_answer_refuses_what_does_not_add_up_and_shows_its_lines() -> None:
    rows = "Номер заказа;Принято от получателя;К перечислению\n1;100,00;100,00\n2;50,00;50,00\n"
    good = parsed_file((rows + "Итого;150,00;150,00\n").encode(), "Городской курьер.csv")
    assert (good["status"], len(good["lines"])) == ("parsed", 2)
    bad = parsed_file((rows + "Итого;150,00;150,01\n").encode(), "Городской курьер.csv")
    assert (bad["status"], len(bad["lines"])) == ("rejected", 2)
    assert "Контрольный итог не сходится" in bad["reason"]
