"""A correction is undone while it has not ended: what is gone already must not count as booked."""

import pytest

from sverka.errors import TryLater
from sverka.posting.supersede import supersede
from tests.posting.conftest import Desk
from tests.posting.corrected import edition, expected, less_fee, rows_of, run
from tests.posting.undone import WHO, balance, undone


@pytest.mark.parametrize("kind", ["paymentout", "supply", "paymentin"])
@pytest.mark.parametrize("fault", ["lose_reply", "reset_before_commit"])
def test_undoing_a_correction_that_was_cut_off_books_the_old_report_whole(
    desk: Desk, kind: str, fault: str
) -> None:
    rows = rows_of(desk)
    old = edition(desk, "dalli", rows)
    run(desk, old)
    new = edition(desk, "dalli", less_fee(rows))
    desk.sandbox.plan_fault(fault, method="POST", path=f"{kind}/delete")
    with pytest.raises(TryLater):
        supersede(desk.services, new, WHO)
    undone(desk, new)
    run(desk, old)
    assert balance(desk) == expected(rows)
    assert desk.books.run("select count(*) from undo where finished_at is null") == [(0,)]
    in_books = desk.books.run("select count(*) from posting where state = 'posted'")
    assert in_books == [(3 * len(rows) + 2 * len(rows),)]
