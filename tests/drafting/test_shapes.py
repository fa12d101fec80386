"""What values look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.drafting.shapes import (
    is_date,
    is_ean13,
    is_number_of_something,
    is_postal,
    is_s10,
    money,
    tracked_by,
)


@pytest.mark.parametrize(
    "number", ["80093053624992", "80082240994512", "14102192069353", "10944022440321"]
)
def test_postal_numbers_have_their_check_digit(number: str) -> None:
    assert is_postal(number)
    assert tracked_by(number) == "Почта России"


@given(st.integers(0, 9**13), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_of_a_postal_number_is_seen(number: int, place: int, by: int) -> None:
    digits = [int(sign) for sign in f"{number:013d}"]
    check = (10 - (3 * sum(digits[0::2]) + sum(digits[1::2])) % 10) % 10
    right = "".join(map(str, [*digits, check]))
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert is_postal(right)
    assert not is_postal(wrong)


def test_the_example_of_the_post_itself_fails_its_check() -> None:
    assert not is_s10("EA123456789RU")
    assert is_s10("EA123456785RU")


@pytest.mark.parametrize(
    ("text", "carrier"),
    [
        ("DUD15086277", "Boxberry"),
        ("A5185814", "Dalli"),
        ("1014263974", "СДЭК"),
        ("59564845-0001-1", "Ozon"),
        ("W-42", None),
        ("1500,00", None),
    ],
)
def test_parcel_numbers_are_told(text: str, carrier: str | None) -> None:
    assert tracked_by(text) == carrier


@pytest.mark.parametrize(
    ("text", "is_one"), [("4006381333931", True), ("4006381333932", False), ("400638133393", False)]
)
def test_ean(text: str, is_one: bool) -> None:
    assert is_ean13(text) is is_one


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("1 234,50", 123450), ("(5,00)", -500), ("19", 1900), ("слово", None), ("1,2345", None)],
)
def test_money(text: str, hundredths: int | None) -> None:
    assert money(text) == hundredths


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("12.11.2026", True), ("2026-11-12T10:00:00", True), ("45500", False), ("W-1", False)],
)
def test_a_bare_number_is_no_date(text: str, is_one: bool) -> None:
    assert is_date(text) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("W-42", True),
        ("42/1", True),
        ("12.11.2026", False),
        ("Иванов Иван", False),
        ("звонить 5 раз до обеда", False),
    ],
)
def test_numbers_of_orders(text: str, is_one: bool) -> None:
    assert is_number_of_something(text) is is_one
