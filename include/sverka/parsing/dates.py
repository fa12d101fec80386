"""Dates from text, in every style couriers mix; a null date is None."""

import re
from datetime import date, timedelta
from functools import lru_cache

from sverka.clock import MONTHS
from sverka.parsing.cells import BadCell, is_nothing

_TIME = r"(?:[T\s]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-./](\d{{1,2}})[-./](\d{{1,2}}){_TIME}", re.ASCII)
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}})[-./](\d{{1,2}})[-./](\d{{4}}|\d{{2}})(?:\s*г\.?)?{_TIME}", re.ASCII
)
_IN_WORDS = re.compile(
    r"«?(\d{1,2})»?[\s-]+([а-яё]{3,})\.?[\s-]+(\d{4})(?:\s*г(?:\.|ода)?)?", re.IGNORECASE
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_EXCEL_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's calendar as it counts since March 1900 (it believes in 29.02.1900)."""
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)


@lru_cache(maxsize=16_384)
def parse_date(text: str | None) -> date | None:
    """The calendar day as written, without turning it into another time zone; None for no date.

    `DD.MM.YYYY`, `DD-MM-YYYY`, `YYYY.MM.DD`, ISO, each with or without a time; `20 ноября 2026 г.`;
    Excel serial numbers. `0001-01-01`, `01.01.0001` and 1900-01-00 are no date.

    Raises:
        BadCell: not a date, or a year that no report has.
    """
    if text is None or is_nothing(text):
        return None
    plain = " ".join(text.split())
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(plain):
        day, month, year = found.groups()
    elif found := _IN_WORDS.fullmatch(plain):
        day, month, year = found[1], _month(found[2], text), found[3]
    elif found := _SERIAL.fullmatch(plain):
        return _sensible(_EXCEL_ZERO + timedelta(days=int(found[1])), text)
    else:
        raise _not_a_date(text)
    return _day(year, month, day, text)


def _day(year: str, month: str, day: str, text: str) -> date | None:
    full_year = int(year) + 2000 if len(year) == 2 else int(year)
    if full_year <= 1 or (full_year == 1900 and int(month) <= 1):
        return None
    try:
        return _sensible(date(full_year, int(month), int(day)), text)
    except ValueError:
        raise _not_a_date(text) from None


def _sensible(day: date, text: str) -> date:
    if not _EARLIEST <= day < _LATEST:
        raise BadCell("date_out_of_range", f"дата «{text.strip()}» вне разумных пределов")
    return day


def _month(word: str, text: str) -> str:
    """The month's number; «ноя» and «нояб.» are November too, no three letters are two months."""
    found = word.lower().replace("май", "мая")
    for number, month in enumerate(MONTHS, 1):
        if month.startswith(found):
            return str(number)
    raise _not_a_date(text)


def _not_a_date(text: str) -> BadCell:
    return BadCell("not_a_date", f"«{text.strip()}» — не дата")
