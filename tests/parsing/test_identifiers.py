"""Numbers of orders: what a spreadsheet did to them is undone, or refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.parsing.cells import BadCell
from sverka.parsing.identifiers import parse_id


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("59564845443.0", "59564845443"),
        ("59564845443", "59564845443"),
        ("59564845443,0", "59564845443"),
        ("59564845443.000", "59564845443"),
        ("42.0", "42"),
        ("42,00", "42"),
        ("1.000", "1.000"),  # a thousand or one: it stays as the file has it
        ("12,000", "12,000"),
        ("0042.0", "0042"),
        ("‘00042", "00042"),
        ("АВ-42", "АВ-42"),  # Cyrillic letters: keys make them comparable, the text stays
        ("'00042", "00042"),
        ("00042", "00042"),
        (" W-42\u00a0/1 ", "W-42 /1"),
        ("A\n12", "A 12"),
        ("42/1", "42/1"),
        ("1.10", "1.10"),
        ("1E5", "1E5"),
        ("12e3", "12e3"),
        ("№ 42", "№ 42"),
        ("# 42", "# 42"),
        ("DUD15086277", "DUD15086277"),
        ("", None),
        ("—", None),
        (None, None),
    ],
)
def test_a_number_is_cleaned_but_not_changed(text: str | None, clean: str | None) -> None:
    assert parse_id(text) == clean


@pytest.mark.parametrize(
    "text",
    ["8,00931E+13", "1.23457E+13", "1,23457E+13 ", "8.00931e+13", "1e+19", "8,00931Е+13", "8,1E13"],
)
def test_lost_digits_are_never_guessed(text: str) -> None:
    with pytest.raises(BadCell, match="последние цифры потеряны"):
        parse_id(text)


@pytest.mark.parametrize("text", ["#Н/Д", "#N/A", "=A1", "x" * 300, "1" * 300])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        parse_id(text)


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    try:
        once = parse_id(text)
    except BadCell:
        return
    assert parse_id(once) == once


@given(
    st.integers(0, 10**15 - 1), st.integers(0, 6), st.sampled_from(["", ".0", ",0", "'", "\u00a0"])
)
def test_what_a_spreadsheet_adds_to_a_number_goes(number: int, zeros: int, added: str) -> None:
    plain = "0" * zeros + str(number)
    text = f"{added}{plain}" if added in {"'", "\u00a0"} else f"{plain}{added}"
    assert parse_id(text) == plain


@given(
    st.integers(10**9, 10**15), st.integers(0, 5), st.sampled_from(",."), st.sampled_from("eEЕе")
)
def test_a_number_in_scientific_notation_is_always_refused(
    number: int, digits: int, point: str, sign: str
) -> None:
    text = f"{number:.{digits}e}".replace(".", point).replace("e", sign)
    with pytest.raises(BadCell, match="последние цифры потеряны"):
        parse_id(text)


@given(st.from_regex(r"[A-ZА-ЯЁ0-9/_-]{0,12}[0-9]", fullmatch=True))
def test_the_short_way_of_most_numbers_gives_the_same_number(text: str) -> None:
    assert parse_id(text) == parse_id(f"{text} ") == text
