"""The documented weights, by their days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sverka.moysklad.weights import weight_now, weight_on


@pytest.mark.parametrize(
    ("day", "with_password", "with_token"),
    [
        (date(2020, 1, 1), 1, 1),
        (date(2026, 4, 12), 1, 1),
        (date(2026, 4, 13), 1, 4),  # the token may be a draft solution's
        (date(2026, 5, 11), 1, 4),
        (date(2026, 5, 12), 2, 4),
        (date(2026, 8, 31), 2, 4),
        (date(2026, 9, 1), 3, 4),
        (date(2026, 11, 30), 3, 4),
        (date(2026, 12, 1), 4, 4),
        (date(2030, 1, 1), 4, 4),
    ],
)
def test_a_request_weighs_what_is_documented_for_its_day(
    day: date, with_password: int, with_token: int
) -> None:
    assert weight_on(day, with_token=False) == with_password
    assert weight_on(day, with_token=True) == with_token


def test_the_weight_changes_at_midnight_in_moscow_while_a_process_lives() -> None:
    now = datetime(2026, 11, 30, 20, 59, 59, tzinfo=UTC)
    weight = weight_now(lambda: now, with_token=False)
    assert weight() == 3
    now += timedelta(seconds=1)
    assert weight() == 4
