"""Comparable texts: the short way of most cells says what the long way says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.recognition.texts import folded

SIGNS = st.text("ABCEHKMOPTXYabcekопрстИМЁёйЙ0129 /_.-\t(#", max_size=12)
LONG_WAY = "\u00a0"
"""A space that is neither ASCII nor Cyrillic; at the end it says nothing."""


@given(SIGNS)
def test_the_short_way_gives_the_same_text(text: str) -> None:
    assert folded(text) == folded(text + LONG_WAY)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Вручён", "вручен"),
        ("ИМ-0000015", "им-0000015"),
        ("Delivered  To Client", "delivered to client"),
        ("Дoставка", "доставка"),
        ("", ""),
    ],
)
def test_case_and_spaces_do_not_count(text: str, plain: str) -> None:
    assert folded(text) == plain
