"""The shop's day is Moscow's day."""

from datetime import UTC, date, datetime

import pytest

from sverka.clock import moscow_day, system_clock


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 20, 20, 59, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 21, 0, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 12, 31, 21, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_day_changes_at_moscow_midnight(moment: datetime, day: date) -> None:
    assert moscow_day(moment) == day


def test_the_system_clock_knows_its_zone() -> None:
    assert system_clock().tzinfo is not None
