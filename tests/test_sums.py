"""Lines and their money are added up each for itself."""

from sverka.money import Minor
from sverka.sums import NO_LINES, Sums

ONE = Sums(1, Minor(70_000), Minor(300), Minor(69_700))


def test_each_is_added_to_its_like() -> None:
    returned = Sums(2, Minor(0), Minor(600), Minor(-600))
    assert ONE + returned == Sums(3, Minor(70_000), Minor(900), Minor(69_100))


def test_nothing_adds_nothing() -> None:
    assert sum([ONE], NO_LINES) == ONE
    assert Sums(0, Minor(0), Minor(0), Minor(0)) == NO_LINES
