"""Places and prefixes: what is taken off a number, and what stays a part of it."""

import pytest

from sverka.reconciling.affixes import PLACE, PLACE_SUFFIXES, PREFIX, bare_keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("1042-1", {"1042": PLACE}),
        ("1042 - 1", {}),
        ("1042/12", {"1042": PLACE}),
        ("1042 1 из 2", {"1042": PLACE}),
        ("Заказ № 1042\u00a02 ИЗ 2", {"1042": PLACE}),
        ("w-1042 (1/2)", {"W-1042": PLACE}),
        ("59564845443-0001-1", {"59564845443-0001": PLACE}),
        # No places: a third of two, a zeroth, a hundred-and-first, and numbers that end like one.
        ("1042 3 из 2", {}),
        ("1042-0", {}),
        ("1042-01", {}),
        ("1042-101", {}),
        ("W-1", {}),
        ("1042", {}),
        ("", {}),
    ],
)
def test_the_place_is_dropped_only_where_it_looks_like_one(text: str, keys: dict[str, str]) -> None:
    assert bare_keys(text, (), PLACE_SUFFIXES) == keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("IM-1042", {"1042": PREFIX, "IM-IM-1042": PREFIX}),
        ("im-1042", {"1042": PREFIX, "IM-IM-1042": PREFIX}),
        ("1042", {"IM-1042": PREFIX}),
        ("МойМагазин1042", {"IM-MOЙMAГAЗИH1042": PREFIX}),
        ("IM-1042-1", {"1042-1": PREFIX, "IM-IM-1042-1": PREFIX, "IM-1042": PLACE}
         | {"IM-IM-1042": PREFIX, "1042": PREFIX}),
    ],
)  # fmt: skip
def test_a_known_prefix_is_dropped_and_added(text: str, keys: dict[str, str]) -> None:
    assert bare_keys(text, ("IM-",), ("-{n}",)) == keys


def test_a_prefix_of_letters_alone_is_known_when_the_terms_name_it() -> None:
    assert bare_keys("МойМагазин1042", ("МойМагазин",), ())["1042"] == PREFIX


def test_without_patterns_a_number_stays_whole() -> None:
    assert bare_keys("IM-1042-1", (), ()) == {}
