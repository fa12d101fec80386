"""What stands around a table."""

import re

import pytest

from sverka.drafting.titles import courier_in, head_patterns, inns_in, sums_in


def value(titles: list[str], fact: str) -> str | None:
    pattern = head_patterns(titles).get(fact)
    if pattern is None:
        return None
    found = (re.search(pattern, title, re.IGNORECASE) for title in titles)
    return next(match["value"].rstrip(".,;") for match in found if match)


@pytest.mark.parametrize(
    ("title", "fact", "wanted"),
    [
        ("Реестр № 15 от 20.11.2026", "report_no", "15"),
        ("Реестр № 15 от 20.11.2026", "report_date", "20.11.2026"),
        ("АКТ №НП-7/11 от 1 ноября 2026 г.", "report_no", "НП-7/11"),
        ("АКТ №НП-7/11 от 1 ноября 2026 г.", "report_date", "1 ноября 2026"),
        ("number: 12", "report_no", "12"),
        ("act_date: 2026-11-19", "report_date", "2026-11-19"),
        ("Отчёт за период с 01.11.2026 по 15.11.2026", "period_from", "01.11.2026"),
        ("Отчёт за период с 01.11.2026 по 15.11.2026", "period_to", "15.11.2026"),
        ("П/п № 45 от 16.11.2026 на сумму 1 234,50 руб.", "payment_order_no", "45"),
        ("П/п № 45 от 16.11.2026 на сумму 1 234,50 руб.", "payment_order_date", "16.11.2026"),
        ("П/п № 45 от 16.11.2026 на сумму 1 234,50 руб.", "payment_order_sum", "1 234,50"),
    ],
)
def test_head_facts(title: str, fact: str, wanted: str) -> None:
    assert value([title], fact) == wanted


def test_the_date_of_the_payment_order_is_not_the_reports() -> None:
    title = "Реестр № 5, платежное поручение № 45 от 16.11.2026"
    assert value([title], "report_date") is None


@pytest.mark.parametrize(
    ("titles", "courier"),
    [
        (["Исполнитель: ООО «Экспресс-Нева»", "Заказчик: ООО «Ромашка»"], "ООО «Экспресс-Нева»"),
        (["Заказчик: ООО «Ромашка»"], None),
        (["Курьерская служба «Вихрь»"], "Курьерская служба «Вихрь»"),
        (["Отчёт за ноябрь"], None),
    ],
)
def test_the_courier_is_told_from_the_shop(titles: list[str], courier: str | None) -> None:
    assert courier_in(titles) == courier


def test_sums_and_tax_numbers() -> None:
    assert {123450, 4500} <= sums_in(["на сумму 1 234,50 руб., в том числе 45 руб."])
    assert inns_in(["ИНН 7801234567 / КПП 780101001"]) == ["7801234567"]
