"""Money from text: every notation gives the exact kopecks, and a doubtful one is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.money import in_words_of_money
from sverka.parsing.cells import BadCell
from sverka.parsing.numbers import parse_money


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [
        ("0", 0),
        ("19", 1900),
        ("150,36", 15036),
        ("150.36", 15036),
        ("150.3", 15030),
        ("1500.5000", 150050),
        (".5", 50),
        ("5.", 500),
        ("1 234,50", 123450),
        ("1\u00a0234,50", 123450),
        ("1\u202f234,50", 123450),
        ("1'234.50", 123450),
        ("1,234.56", 123456),
        ("1.234,56", 123456),
        ("1,234,567", 123456700),
        ("1.234.567", 123456700),
        ("1 234 567,8", 123456780),
        ("(1 234,56)", -123456),
        ("( 5 )", -500),
        ("1234,56-", -123456),
        ("−5", -500),
        ("– 5,10", -510),
        ("-0,01", -1),
        ("+7", 700),
        ("1 234,50 ₽", 123450),
        ("1234 руб.", 123400),
        ("-12р.", -1200),
        ("12,00 RUB", 1200),
        ("1234,560000", 123456),
        ("999999999999999.99", 99999999999999999),
    ],
)
def test_a_notation_gives_exact_kopecks(text: str, kopecks: int) -> None:
    assert parse_money(text) == kopecks


@pytest.mark.parametrize(
    "text", [None, "", "  ", "\u00a0", "-", "—", "–", "−", "нет", "Н/Д", "null"]
)
def test_nothing_is_not_zero(text: str | None) -> None:
    assert parse_money(text) is None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1,234", "ambiguous_number"),
        ("12.500", "ambiguous_number"),
        ("0,234", "fraction_of_kopeck"),
        ("1.005", "ambiguous_number"),
        ("0.005", "fraction_of_kopeck"),
        ("1234.567", "fraction_of_kopeck"),
        ("#Н/Д", "error_in_cell"),
        ("=SUM(A1:A2)", "formula_without_value"),
        ("сто", "not_a_number"),
        ("12 34", "not_a_number"),
        ("100 200 30", "not_a_number"),
        ("1,23,456", "not_a_number"),
        ("1.234.56", "not_a_number"),
        ("--5", "not_a_number"),
        ("(5", "not_a_number"),
        ("-(5)", "not_a_number"),
        ("1e5", "not_a_number"),
        ("8,0E+13", "not_a_number"),
        ("12 USD", "not_a_number"),
        ("1234567890123456789", "not_a_number"),
        ("٣", "not_a_number"),
        (".", "not_a_number"),
        (",", "not_a_number"),
        ("NaN5", "not_a_number"),
    ],
)
def test_a_doubtful_number_is_refused(text: str, rule: str) -> None:
    with pytest.raises(BadCell) as bad:
        parse_money(text)
    assert bad.value.rule == rule


def test_kopecks_are_taken_as_they_are() -> None:
    assert parse_money("30658", in_kopecks=True) == 30658
    assert parse_money("30658.0", in_kopecks=True) == 30658
    with pytest.raises(BadCell, match="доли копейки"):
        parse_money("30658.5", in_kopecks=True)


KOPECKS = st.integers(min_value=-(10**15), max_value=10**15)


@given(KOPECKS)
def test_what_people_are_shown_reads_back(kopecks: int) -> None:
    assert parse_money(in_words_of_money(kopecks)) == kopecks  # type: ignore[arg-type]


@given(KOPECKS, st.sampled_from([" ", "\u00a0", "\u202f", "", ",", "."]), st.sampled_from(",."))
def test_any_separators_read_back(kopecks: int, group: str, point: str) -> None:
    if group == point:
        return
    amount = Decimal(kopecks).scaleb(-2)
    text = f"{amount:,.2f}".replace(",", "G").replace(".", point).replace("G", group)
    assert parse_money(text) == kopecks


@given(st.text(max_size=20))
def test_any_text_is_whole_kopecks_or_refused(text: str) -> None:
    try:
        value = parse_money(text)
    except BadCell:
        return
    assert value is None or isinstance(value, int)
