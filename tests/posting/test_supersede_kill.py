"""Superseding: whatever is killed, the balance ends as the corrected file, to the kopeck."""

import pytest

from sverka.demo.shop import Shop, build_shop
from tests.posting.conftest import Desk
from tests.posting.corrected import Row, edition, expected, run, superseded
from tests.posting.test_undo_kill import killed
from tests.posting.undone import balance


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=600)


@pytest.mark.timeout(900)
def test_a_kill_at_any_moment_ends_in_the_corrected_balance(desk: Desk) -> None:
    orders = iter(desk.orders("gorod"))
    books: dict[str, int] = {}
    moment = 0
    alive = False
    while not alive:
        moment += 1
        rows = [Row(next(orders), fee=0) for _ in range(2)]
        desk.mirror(*(row.order for row in rows))
        old = edition(desk, "gorod", rows, report_no=str(moment))
        run(desk, old)
        # The one came back after all, the other is left out.
        better = [rows[0].but(outcome="returned")]
        new = edition(desk, "gorod", better, report_no=str(moment))
        alive = not killed(desk, "supersede", new, moment)
        # Whichever goes on: the person again, or the file's own run.
        if moment % 2:
            superseded(desk, new)
        run(desk, new)
        if "held" in run(desk, new)["plan"]:
            superseded(desk, new)
        for kind, total in expected(better).items():
            books[kind] = books.get(kind, 0) + total
        assert balance(desk) == books, moment
        run(desk, old)
        assert balance(desk) == books, moment
    # Asked and finished; three kinds go, and after plan and approval three others come.
    assert moment - 1 >= 2 * 2 + 3 * 3 * 2 + 2 * 2 + 3 * 3 * 2
