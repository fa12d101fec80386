"""Dates from text, in every style couriers mix; a null date is None."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from sverka.clock import MONTHS
from sverka.parsing.cells import BadCell, is_nothing

_TIME = r"(?:[T\s]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-./](\d{{1,2}})[-./](\d{{1,2}}){_TIME}", re.ASCII)
_YEAR_LAST = re.compile(
    rf"(\d{{1,2}})([-./])(\d{{1,2}})\2(\d{{4}}|\d{{2}})(?:\s*г\.?)?{_TIME}", re.ASCII
)
_IN_WORDS = re.compile(
    r"«?(\d{1,2})»?[\s-]+([а-яё]{3,})\.?[\s-]+(\d{4})(?:\s*г(?:\.|ода)?)?", re.IGNORECASE
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_EXCEL_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's calendar as it counts since March 1900 (it believes in 29.02.1900)."""
AMBIGUOUS = "ambiguous_date"
"""The rule of a date whose day and month cannot be told apart: other cells may decide."""
_MONTHS = 12
_NEVER_A_DAY_OF = 19
"""`26-03-14` may be the year 2026 or the 26th of March 2014; `14-03-26` is what it looks like."""
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)


Order = Literal["day", "month"]
"""What stands first in dates with slashes: American files put the month there."""


@lru_cache(maxsize=16_384)
def parse_date(text: str | None, *, order: Order | None = None) -> date | None:
    """The calendar day as written, without turning it into another time zone; None for no date.

    `DD.MM.YYYY`, `DD-MM-YYYY`, `YYYY.MM.DD`, ISO, each with or without a time; `20 ноября 2026 г.`;
    Excel serial numbers. `0001-01-01`, `01.01.0001` and 1900-01-00 are no date. `03/04/2026` is
    read only with an `order` that the column proves (`sverka.parsing.styles`).

    Raises:
        BadCell: not a date, ambiguous, or a year that no report has.
    """
    if text is None or is_nothing(text):
        return None
    plain = " ".join(text.split())
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day = found.groups()
    elif found := _YEAR_LAST.fullmatch(plain):
        day, month, year = _ordered(found, text, order)
    elif found := _IN_WORDS.fullmatch(plain):
        day, month, year = found[1], _month(found[2], text), found[3]
    elif found := _SERIAL.fullmatch(plain):
        return _sensible(_EXCEL_ZERO + timedelta(days=int(found[1])), text)
    else:
        raise _not_a_date(text)
    return _day(year, month, day, text)


def _ordered(found: re.Match[str], text: str, order: Order | None) -> tuple[str, str, str]:
    first, sign, second, year = found.groups()
    if sign == "/":
        order = order_of(first, second) or order
        if order is None and int(first) != int(second):
            raise BadCell(
                AMBIGUOUS,
                f"«{text.strip()}» можно прочитать двояко: день или месяц стоит первым; выгрузите отчёт с "
                "датами вида 31.12.2026",
            )
        if order == "month":
            return second, first, year
    elif len(year) == 2 and int(first) > _NEVER_A_DAY_OF and sign == "-":
        raise BadCell(
            AMBIGUOUS,
            f"в «{text.strip()}» не видно, где год; выгрузите отчёт с годом из четырёх цифр",
        )
    return first, second, year


def order_of(first: str, second: str) -> Order | None:
    """What stands first when only one of the two can be a month."""
    if (int(first) > _MONTHS) == (int(second) > _MONTHS):
        return None
    return "day" if int(first) > _MONTHS else "month"


def slashed(text: str) -> tuple[str, str] | None:
    """The first two numbers of a date with slashes; None for any other text."""
    found = _YEAR_LAST.fullmatch(" ".join(text.split()))
    return (found[1], found[3]) if found and found[2] == "/" else None


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
