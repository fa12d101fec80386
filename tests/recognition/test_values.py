"""What cells look like: money is never taken for something harmless."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.parsing.cells import BadCell
from sverka.parsing.numbers import parse_number
from sverka.recognition import Schemas, values

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
STYLES = st.sampled_from(
    [
        lambda value: f"{value:f}",
        lambda value: f"{value:f}".replace(".", ","),
        lambda value: f"{value:,.2f}".replace(",", "\u00a0").replace(".", ","),
        lambda value: f"{value:f} ₽",
        lambda value: f"{value:f} руб.",
        lambda value: f"({-value:f})" if value < 0 else f"+{value:f}",
        lambda value: f"{-value:f}-" if value < 0 else f"  {value:f}",
    ]
)


@given(st.lists(st.sampled_from(["1,5", "2026", "слово"])))
def test_most_is_more_than_half_however_often_a_cell_repeats(cells: list[str]) -> None:
    most = 2 * cells.count("слово") > len(cells)
    assert values.most(cells, str.isalpha) == most
    assert values.most(values.times_of(cells), str.isalpha) == most


def test_what_cannot_change_the_answer_is_not_looked_at() -> None:
    looked: list[str] = []
    cells = [str(number) for number in range(100)]
    assert not values.most(cells, looked.append)
    assert len(looked) == 50


@given(AMOUNTS, STYLES)
def test_an_amount_in_any_notation_is_a_number(value: Decimal, style: object) -> None:
    assert callable(style)
    assert values.is_number(style(value))


@given(st.text(alphabet="0123456789.,-−() ₽'\u00a0", min_size=1, max_size=12))
def test_whatever_parsing_takes_for_a_number_is_one_or_a_date(text: str) -> None:
    try:
        parse_number(text)
    except BadCell:
        return
    assert values.is_number(text) or values.is_date(text)


@given(
    st.dates(min_value=date(2000, 1, 1)),
    st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%y"]),
)
def test_a_date_is_no_amount(day: date, style: str) -> None:
    assert values.is_date(day.strftime(style))
    assert not values.is_number(day.strftime(style))


@given(
    AMOUNTS.filter(bool),
    st.sampled_from(["Сбор за упаковку", "Удержано", "extra_fee", "Штраф, руб."]),
)
def test_money_under_a_money_name_is_always_seen(
    schemas: Schemas, value: Decimal, title: str
) -> None:
    assert values.holds_amounts(title, [None, "-", f"{value:f}"], schemas.vocabulary)


@pytest.mark.parametrize(
    ("title", "cells", "held"),
    [
        ("Упаковка", ["30", "50"], True),
        ("", ["30", "50"], True),
        ("Упаковка", ["30", "да", "нет", "дважды"], False),
        ("Упаковка", ["0", "0,00", "—"], False),
        ("Количество", ["3", "5"], False),
        ("Сумма заказа", ["300", "500"], False),
        ("", ["1", "2", "3"], False),
        ("Надбавка", ["1"], True),
        ("Партия", ["000123", "000124"], False),
        ("count", ["3", "5"], False),
        ("discount", ["3", "5"], True),
    ],
)
def test_a_column_holds_amounts_or_not(
    schemas: Schemas, title: str, cells: list[str], held: bool
) -> None:
    assert values.holds_amounts(title, cells, schemas.vocabulary) is held
