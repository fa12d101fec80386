"""Superseding: whatever is killed, the balance ends as the corrected file, to the kopeck."""

from collections import Counter
from collections.abc import Iterator

import pytest

from sverka.demo.shop import Order, Shop, build_shop
from tests.posting.conftest import Desk
from tests.posting.corrected import Row, edition, expected, run
from tests.posting.killing import Executioner, killer, names, to_kill
from tests.posting.recovery_points import OF_POSTING, OF_SUPERSEDING, OF_UNDOING
from tests.posting.undone import balance

__all__ = ["killer"]


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=1500)


@pytest.mark.timeout(900)
def test_a_kill_at_any_point_ends_in_the_corrected_balance(desk: Desk, killer: Executioner) -> None:
    orders = iter(desk.orders("gorod"))
    books: Counter[str] = Counter()
    new, better = _corrected(desk, orders, 0)[1:]
    rehearsal = killer.lives(desk, "superseded", new)
    assert names(rehearsal) == OF_SUPERSEDING
    books.update(expected(better))
    for number, moment in enumerate(to_kill(rehearsal, once=OF_POSTING | OF_UNDOING), 1):
        old, new, better = _corrected(desk, orders, number)
        killer.dies(desk, "superseded", moment, new)
        # Whichever goes on: the person again, or the file's own run.
        if number % 2:
            killer.lives(desk, "superseded", new)
        if "held" in run(desk, new)["plan"]:
            killer.lives(desk, "superseded", new)
        books.update(expected(better))
        assert balance(desk) == books, moment
        run(desk, old)
        assert balance(desk) == books, moment


def _corrected(desk: Desk, orders: Iterator[Order], number: int) -> tuple[int, int, list[Row]]:
    """A booked report, and its correction: the one row came back after all, the other is left out."""
    rows = [Row(next(orders), fee=0) for _ in range(2)]
    desk.mirror(*(row.order for row in rows))
    old = edition(desk, "gorod", rows, report_no=str(number))
    run(desk, old)
    better = [rows[0].but(outcome="returned")]
    new = edition(desk, "gorod", better, report_no=str(number))
    assert "held" in run(desk, new)["plan"]
    return old, new, better
