"""Dates: every style couriers mix gives the day as written; a null date is no date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.parsing.cells import BadCell
from sverka.parsing.dates import parse_date


@pytest.mark.parametrize(
    "text",
    [
        "20.11.2026",
        "20.11.26",
        "20.11.2026 12:30",
        "20.11.2026 0:00:00",
        "20-11-2026",
        "20/11/2026",
        "11/20/2026",
        "2026.11.20",
        "2026.11.20 12:30:05",
        "2026-11-20",
        "2026-11-20T23:59:59",
        "2026-11-20T23:59:59+00:00",
        "2026-11-20T23:59:59.123Z",
        "2026-11-20 23:59:59",
        "2026-11-20T10:00:00+0300",
        "20 ноября 2026 г.",
        "«20» ноября 2026 года",
        "20 Ноября 2026",
        "20.11.2026 г.",
        "20 нояб. 2026",
        "20-ноя-2026",
        " 46346 ",
        "46346.5",
    ],
)
def test_a_style_gives_the_day_as_written(text: str) -> None:
    assert parse_date(text) == date(2026, 11, 20)


@pytest.mark.parametrize(
    "text",
    [None, "", "—", "0001-01-01", "0001-01-01T00:00:00", "01.01.0001", "0000-00-00", "00.01.1900"],
)
def test_a_null_date_is_no_date(text: str | None) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text",
    ["31.02.2026", "2026-13-01", "вчера", "20.11", "20/20/2026", "1850-01-01", "12345", "20 мартобря 2026",
     "#Н/Д", "99999", "20.11.2026 в обед"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        parse_date(text)


def test_a_short_month_is_the_month_it_begins() -> None:
    short = ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
    assert [parse_date(f"5 {month} 2026") for month in short] == [
        date(2026, number, 5) for number in range(1, 13)
    ]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_all_styles_of_a_day_agree(day: date) -> None:
    styles = ("%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y", "%Y.%m.%d", "%d.%m.%Y 12:00")
    assert {parse_date(day.strftime(style)) for style in styles} == {day}


@given(st.text(max_size=20))
def test_any_text_gives_a_sensible_date_or_is_refused(text: str) -> None:
    try:
        found = parse_date(text)
    except BadCell:
        return
    assert found is None or 2000 <= found.year < 2100
