"""A column proves how its doubtful cells are read, or they stay doubtful."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sverka.parsing.cells import BadCell
from sverka.parsing.conversion import Conversion
from sverka.parsing.dates import parse_date
from sverka.parsing.numbers import parse_money
from sverka.parsing.styles import date_order, group_sign
from sverka.recognition.schema import Column, Kind

KOPECKS = st.integers(min_value=-(10**13), max_value=10**13)
WHOLE = st.integers(min_value=1, max_value=999).map(lambda number: number * 100_000)
"""Kopecks of whole thousands of rubles: the amounts that are doubtful when written short."""
DAYS = st.dates(date(2010, 1, 1), date(2099, 12, 31))


def written(kopecks: int, group: str, point: str, *, short: bool = False) -> str:
    text = f"{Decimal(kopecks).scaleb(-2):,.{0 if short else 2}f}"
    return text.replace(",", "G").replace(".", point).replace("G", group)


def column(kind: Kind, texts: list[str]) -> list[object]:
    conversion = Conversion([Column("x", ("x",), kind)], lambda _index: texts)
    found: list[object] = []
    for text in texts:
        try:
            found.append(conversion.typed([text])[0])
        except BadCell as bad:
            found.append(bad.rule)
    return found


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (["1,234.56"], ","),
        (["1.234,56"], "."),
        (["1,234,567"], ","),
        (["(1,234.50)", "7", None, "—"], ","),
        (["−1.234,50 ₽"], "."),
        (["1 234,50"], None),
        (["1,234"], None),
        (["12.50"], None),
        (["1,234.56", "7,5"], None),
        (["1,234.56", "7,5678"], None),
        (["1,234.56", "1.234,56"], None),
        (["мусор", ""], None),
        ([], None),
    ],
)
def test_only_a_number_of_one_notation_proves_the_sign_of_thousands(
    texts: list[str | None], sign: str | None
) -> None:
    assert group_sign(texts) == sign


@given(st.lists(KOPECKS, max_size=8), WHOLE, st.sampled_from([(",", "."), (".", ",")]))
def test_a_column_of_one_notation_reads_back_whole(
    amounts: list[int], doubtful: int, signs: tuple[str, str]
) -> None:
    group, point = signs
    texts = [written(amount, group, point) for amount in [*amounts, 123_456_789]]
    short = written(doubtful, group, point, short=True)
    assert column("money", [short, *texts]) == [doubtful, *amounts, 123_456_789]


@given(st.lists(KOPECKS, min_size=1, max_size=8), WHOLE, st.sampled_from([" ", "\u00a0", ""]))
def test_decimal_commas_never_make_a_thousand_of_a_doubtful_cell(
    amounts: list[int], doubtful: int, group: str
) -> None:
    texts = [written(amount, group, ",") for amount in amounts]
    short = written(doubtful, ",", ".", short=True)
    assert column("money", [short, *texts]) == ["ambiguous_number", *amounts]


@given(KOPECKS)
def test_a_proven_notation_never_changes_a_certain_number(kopecks: int) -> None:
    for group, point in ((" ", ","), (",", "."), (".", ","), ("", "."), ("", ",")):
        text = written(kopecks, group, point)
        assert {parse_money(text, group=sign) for sign in (None, ",", ".")} == {kopecks}


@given(DAYS)
def test_a_date_with_slashes_is_read_only_when_it_is_certain(day: date) -> None:
    assume(day.day != day.month)
    first, second = day.strftime("%d/%m/%Y"), day.strftime("%m/%d/%Y")
    if day.day > 12:
        assert parse_date(first) == parse_date(second) == day
        return
    for text in (first, second):
        with pytest.raises(BadCell) as bad:
            parse_date(text)
        assert bad.value.rule == "ambiguous_date"
    assert parse_date(first, order="day") == parse_date(second, order="month") == day


@given(st.lists(DAYS, min_size=1, max_size=8), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_a_column_with_one_certain_date_is_read_whole(days: list[date], style: str) -> None:
    texts = [day.strftime(style) for day in [*days, date(2026, 11, 20)]]
    assert column("date", texts) == [*days, date(2026, 11, 20)]


@given(
    st.lists(
        DAYS.filter(lambda day: day.day <= 12 and day.day != day.month), min_size=1, max_size=8
    )
)
def test_a_column_without_one_is_refused_whole(days: list[date]) -> None:
    texts = [day.strftime("%d/%m/%Y") for day in days]
    assert column("date", texts) == ["ambiguous_date"] * len(days)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["25/04/2026"], "day"),
        (["04/25/2026"], "month"),
        (["25/04/2026", "04/25/2026"], None),
        (["25.04.2026", "2026-04-25", "мусор", None, "99/99/2026"], None),
        ([], None),
    ],
)
def test_only_a_number_above_twelve_proves_the_order(
    texts: list[str | None], order: str | None
) -> None:
    assert date_order(texts) == order


@pytest.mark.parametrize(
    ("text", "day"),
    [("26-03-14", None), ("14-03-26", date(2026, 3, 14)), ("26.03.14", date(2014, 3, 26))],
)
def test_a_year_of_two_digits_stands_last_or_nobody_knows(text: str, day: date | None) -> None:
    if day is None:
        with pytest.raises(BadCell, match="где год"):
            parse_date(text)
    else:
        assert parse_date(text) == day
