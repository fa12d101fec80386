"""A period of whole Moscow days, open at either end, and the stored sums that make it up."""

from dataclasses import dataclass
from datetime import date, timedelta

MONTH = timedelta(days=29)
"""With the last day itself: thirty days."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both counted; None is an open end."""

    first: date | None = None
    last: date | None = None


EVER = Period()
"""All days."""


def last_month(day: date) -> Period:
    """The thirty days that end with this one."""
    return Period(day - MONTH, day)


def month_of(month: str, within: Period) -> Period:
    """The days of a month, `2026-11`, that the period has."""
    first = date.fromisoformat(f"{month}-01")
    last = _month_of_next(first + timedelta(days=31)) - DAY
    return Period(max(first, within.first or first), min(last, within.last or last))


@dataclass(frozen=True, slots=True)
class Piece:
    """Days or whole months of a period: `grain` is `day` or `month` (table economics_sum)."""

    grain: str
    first: date
    last: date


def pieces(period: Period) -> list[Piece]:
    """The period as whole months and the days before and after them; each day in exactly one."""
    first, last = period.first or date.min, period.last or date.max
    months, after = _month_from(first), _month_of_next(last)
    if months >= after:
        return [Piece("day", first, last)]
    found = [Piece("month", months, after - DAY)]
    if first < months:
        found.append(Piece("day", first, months - DAY))
    if after <= last < date.max:
        found.append(Piece("day", after, last))
    return found


def _month_from(day: date) -> date:
    """The first month that begins on this day or later."""
    if day.day == 1:
        return day
    if (day.year, day.month) == (date.max.year, 12):
        return date.max
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _month_of_next(last: date) -> date:
    """The first day of the month that the day after belongs to: all months before it are whole."""
    return date.max if last == date.max else (last + DAY).replace(day=1)
