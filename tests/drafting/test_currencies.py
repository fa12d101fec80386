"""Another currency is read off the columns and titles; rubles are never assumed against them."""

import pytest

from sverka.parsing.printed import parsed_file

ROWS = "\n".join(f"{1000 + n};{900 + 10 * n};{200 + n};{700 + 9 * n}" for n in range(1, 8))


@pytest.mark.parametrize(
    ("title", "unit", "currency"),
    [
        ("Реестр НП", "", "RUB"),
        ("Реестр НП", ", руб.", "RUB"),
        ("Реестр НП", ", USD", "USD"),
        ("Реестр НП", ", тг", "KZT"),
        ("Реестр НП, суммы в тенге", "", "KZT"),
        ("Реестр НП. Валюта: BYN", "", "BYN"),
        ("Реестр НП сумки и рюкзаки", "", "RUB"),
    ],
)
def test_the_currency_of_a_file(title: str, unit: str, currency: str) -> None:
    head = f"Заказ ИМ;Взято с клиента{unit};Услуги{unit};К выплате{unit}"
    printed = parsed_file(f"{title}\n{head}\n{ROWS}\n".encode(), "реестр.csv")
    assert {line["currency"] for line in printed["lines"]} == {currency}
    assert len(printed["lines"]) == 7
