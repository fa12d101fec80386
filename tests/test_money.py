"""Money is exact or it is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.money import Minor, NotMoney, from_major, from_minor, in_words_of_money, to_major

KOPECKS = st.integers(min_value=-(10**15), max_value=10**15)


@given(KOPECKS)
def test_rubles_and_kopecks_convert_both_ways_without_loss(kopecks: int) -> None:
    assert from_major(to_major(Minor(kopecks))) == kopecks


@given(KOPECKS)
def test_minor_units_stay_what_they_are(kopecks: int) -> None:
    assert from_minor(Decimal(kopecks)) == kopecks
    assert from_minor(kopecks) == kopecks


@pytest.mark.parametrize("amount", ["0.001", "1234.567", "NaN", "Infinity", "-Infinity"])
def test_what_is_not_exact_is_refused(amount: str) -> None:
    with pytest.raises(NotMoney):
        from_major(Decimal(amount))


@pytest.mark.parametrize("amount", ["0.5", "1500.01", "NaN"])
def test_a_fraction_of_a_minor_unit_is_refused(amount: str) -> None:
    with pytest.raises(NotMoney):
        from_minor(Decimal(amount))


@pytest.mark.parametrize(
    ("kopecks", "words"),
    [
        (0, "0,00 ₽"),
        (5, "0,05 ₽"),
        (-5, "−0,05 ₽"),
        (100, "1,00 ₽"),
        (123450, "1 234,50 ₽"),
        (-123450, "−1 234,50 ₽"),
        (123456789012, "1 234 567 890,12 ₽"),
    ],
)
def test_people_read_russian_notation(kopecks: int, words: str) -> None:
    assert in_words_of_money(Minor(kopecks)).replace("\u00a0", " ") == words


def test_another_currency_is_named() -> None:
    assert in_words_of_money(Minor(100), "BYN") == "1,00\u00a0BYN"


@given(KOPECKS)
def test_words_of_money_never_break_over_a_line(kopecks: int) -> None:
    assert " " not in in_words_of_money(Minor(kopecks))
