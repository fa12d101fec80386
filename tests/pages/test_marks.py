"""A list of discrepancies goes on where it stopped, by money and by age."""

from datetime import UTC, datetime

import pytest

from sverka.discrepancies.listing import By, Cursor
from sverka.money import Minor
from sverka.pages.marks import cursor_from, mark_of

LAST = Cursor(Minor(120_050), datetime(2026, 11, 20, 9, 0, 0, 5, tzinfo=UTC), 7)


@pytest.mark.parametrize("by", ["stake", "age"])
def test_what_a_list_is_ordered_by_survives_its_mark(by: By) -> None:
    back = cursor_from(mark_of(LAST, by) or "", by)
    assert back is not None
    assert back.id == 7
    assert (back.stake if by == "stake" else back.opened_at) == (
        LAST.stake if by == "stake" else LAST.opened_at
    )


@pytest.mark.parametrize("by", ["stake", "age"])
def test_the_end_and_nonsense_have_no_cursor(by: By) -> None:
    assert mark_of(None, by) is None
    assert cursor_from("nonsense", by) is None
