"""Time with a zone, from a clock that a test can hold."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
"""The shop's day and MoySklad's date-times are Moscow time (MoySklad docs, «Общие сведения»)."""

MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
"""As Russian dates are written: 20 ноября 2026."""

Clock = Callable[[], datetime]
"""Returns the present moment, zone-aware."""


def system_clock() -> datetime:
    """The present moment of this machine."""
    return datetime.now(UTC)


def moscow_day(moment: datetime) -> date:
    """The calendar day of the moment for a person in Moscow."""
    return moment.astimezone(MOSCOW).date()
