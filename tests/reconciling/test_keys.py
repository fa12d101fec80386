"""Keys: what cannot tell two orders apart is dropped, everything else stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.reconciling.keys import order_key, track_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("00042", "00042"),
        (" w-42 ", "W-42"),
        ("W 42", "W42"),
        ("Заказ № 42/1", "42/1"),
        ("заказ №42", "42"),
        ("Номер заказа: 42", "42"),
        ("№ 42", "42"),
        ("#42", "42"),
        ("Order #1001", "1001"),
        ("'00042", "00042"),
        ("МЯ-15", "MЯ-15"),
        ("А-15", "A-15"),
        ("ａ－15", "A-15"),
        ("59\u00a0564\u200b845", "59564845"),
        ("ORDER-1", "ORDER-1"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_an_order_number_has_one_key(text: str, key: str) -> None:
    assert order_key(text) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("80093053 6249 92", "80093053624992"),
        ("ШПИ 80093053624992", "80093053624992"),
        ("трек-номер: dud15086277", "DUD15086277"),
        ("Накладная № 1014263974", "1014263974"),
        ("ЕА123456785RU", "EA123456785RU"),
    ],
)
def test_a_track_number_has_one_key(text: str, key: str) -> None:
    assert track_key(text) == key


@pytest.mark.parametrize("text", ["-", "№", "---", "/"])
def test_what_holds_no_letter_and_no_digit_is_no_order_number(text: str) -> None:
    assert order_key(text) == ""


@pytest.mark.parametrize("text", ["-", "самовывоз", "Нет", "AWB"])
def test_what_holds_no_digit_is_no_track_number(text: str) -> None:
    assert track_key(text) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("00042", "42"), ("42-1", "421"), ("W-42", "42"), ("42/1", "42"), ("З-1", "3-1")],
)
def test_numbers_that_may_be_two_orders_stay_two(one: str, other: str) -> None:
    assert order_key(one) != order_key(other)


@given(st.text(max_size=40))
def test_a_key_of_a_key_is_the_same_key(text: str) -> None:
    assert order_key(order_key(text)) == order_key(text)
    assert track_key(track_key(text)) == track_key(text)


@given(st.text(alphabet="АВЕКМНОРСТУХABEKMHOPCTYX0123456789-/", min_size=1, max_size=20))
def test_case_spaces_and_alphabet_do_not_matter(text: str) -> None:
    spaced = " ".join(text.lower())
    assert order_key(spaced) == order_key(text)
    assert order_key(text).isascii()


@given(st.text(alphabet="abcXYZ0123456789-/_.", min_size=1, max_size=20))
def test_the_short_way_gives_the_same_key_as_the_long_one(text: str) -> None:
    assert order_key(text) == order_key(f" {text}\u00a0")


@given(st.text("ABCEHKMOPTXYabcekопрстИМЁёйЙЗакЗ0129/_.-", min_size=1, max_size=12))
def test_the_short_way_of_most_numbers_gives_the_same_key(text: str) -> None:
    """A space takes the long way, and is dropped there."""
    assert order_key(text) == order_key(f"{text} ")
    assert track_key(text) == track_key(f"{text} ")
