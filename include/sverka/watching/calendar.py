"""Days of a term: calendar days, or the days on which Russian banks work.

The `holidays` package (PyPI, one dependency) has the transfers of days off that the government
decrees each autumn for the next year, and the Saturdays that are worked for them. For a year whose
decree it does not have yet it knows the holidays of the Labour Code alone, so a term in such a year
may end a day or two early or late until the package is renewed.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

CALENDAR, BANKING = "calendar", "banking"

_DAY = timedelta(days=1)


def after(day: date, days: int, calendar: str) -> date:
    """The last day of a term of so many days that begins the day after `day`.

    A term in banking days ends on a banking day; one in calendar days that ends on a day off ends
    on the next working day (Civil Code, art. 193). A term of no days ends the same way.
    """
    if calendar == BANKING:
        for _ in range(days):
            day = _working_from(day + _DAY)
        return _working_from(day)
    return _working_from(day + timedelta(days=days))


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or the month's last day (Civil Code, art. 192)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def is_working(day: date) -> bool:
    """Whether Russian banks work on the day."""
    return bool(_holidays().is_working_day(day))


def _working_from(day: date) -> date:
    while not is_working(day):
        day += _DAY
    return day


@cache
def _holidays() -> "HolidayBase":
    from holidays import country_holidays

    return country_holidays("RU")
