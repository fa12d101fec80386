"""What a stranger wrote into a file stays text in the form."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.confirming.markdown import LONGEST, plain, section, table


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Сумма, руб.", "Сумма, руб."),
        ("a|b", r"a\|b"),
        ("[жми](http://example.org)", r"\[жми\]\(http://example.org\)"),
        ("<img src=x>", r"\<img src=x\>"),
        ("![x](y)", r"\!\[x\]\(y\)"),
        ("две\nстроки", "две строки"),
        ("**важно**", r"\*\*важно\*\*"),
    ],
)
def test_markup_is_escaped(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_long_text_is_cut() -> None:
    assert plain("ж" * 500) == "ж" * (LONGEST - 1) + "…"


@given(st.text())
def test_no_cell_breaks_out_of_its_row(text: str) -> None:
    made = table(("А", "Б"), [(text, "x")])
    lines = made.split("\n")
    assert len(lines) == 3
    assert len(re.findall(r"(?<!\\)\|", lines[2].replace(r"\\", ""))) == 3


def test_nothing_is_said_of_nothing() -> None:
    assert table(("А",), []) == ""
    assert section("Заголовок", "") == ""
    assert section("Заголовок", "текст") == "### Заголовок\n\nтекст"
