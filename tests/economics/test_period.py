"""A period is made up of whole months and days, each day of it in exactly one piece."""

import random
from datetime import date, timedelta

import pytest

from sverka.economics.period import EVER, Period, Piece, pieces

DAY = timedelta(days=1)


def days_of(piece: Piece) -> list[date]:
    """A month piece speaks of months by their first days: it has every day of them."""
    last = piece.last
    if piece.grain == "month":
        assert (piece.first.day, (last + DAY).day) == (1, 1)
    return [piece.first + DAY * n for n in range((last - piece.first).days + 1)]


@pytest.mark.parametrize("seed", range(5))
def test_every_day_is_in_exactly_one_piece(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(100):
        first = date(2026, 1, 1) + DAY * draw.randrange(400)
        last = first + DAY * draw.randrange(200)
        found = [day for piece in pieces(Period(first, last)) for day in days_of(piece)]
        assert sorted(found) == [first + DAY * n for n in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("first", "last", "grains"),
    [
        ((2026, 11, 1), (2026, 11, 30), ["month"]),
        ((2026, 11, 2), (2026, 11, 30), ["day"]),
        ((2026, 11, 1), (2026, 11, 29), ["day"]),
        ((2026, 10, 31), (2026, 12, 1), ["month", "day", "day"]),
        ((2026, 12, 1), (2026, 12, 31), ["month"]),
        ((9999, 12, 5), (9999, 12, 30), ["day"]),
    ],
)
def test_whole_months_are_taken_as_months(
    first: tuple[int, int, int], last: tuple[int, int, int], grains: list[str]
) -> None:
    assert [piece.grain for piece in pieces(Period(date(*first), date(*last)))] == grains


def test_open_ends_are_months() -> None:
    assert [piece.grain for piece in pieces(EVER)] == ["month"]
    assert [piece.grain for piece in pieces(Period(first=date(2026, 11, 20)))] == ["month", "day"]
    assert [piece.grain for piece in pieces(Period(last=date(2026, 11, 20)))] == ["month", "day"]


def test_a_period_that_ends_before_it_begins_has_no_day() -> None:
    (piece,) = pieces(Period(date(2026, 11, 20), date(2026, 11, 1)))
    assert days_of(piece) == []
