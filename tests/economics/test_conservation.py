"""What orders cost is what the documents in MoySklad say, through booking, correcting and undoing.

The real steps book against the sandbox; MoySklad's own list of documents is the measure.
"""

import pytest

from sverka.database.connection import connect
from sverka.economics import refresh
from sverka.economics.orders import Filter, every_order
from sverka.economics.period import EVER
from sverka.economics.sums import by_courier, totals
from tests.posting.conftest import Desk, desk, sandbox, shop
from tests.posting.corrected import edition, rows_of, run, superseded
from tests.posting.undone import balance, undone

__all__ = ["desk", "sandbox", "shop"]  # the accountant's desk of posting


def hold_to_documents(desk: Desk) -> dict[str, int]:
    """Σ of the orders = Σ of the couriers = Σ of the documents that stand in MoySklad."""
    documents = balance(desk)
    with connect(desk.books.url) as conn:
        while refresh(conn):
            conn.commit()
        orders = list(every_order(conn, Filter()))
        sums, parts = totals(conn, Filter()), by_courier(conn, EVER)
    for found in (orders, sums, parts):
        assert sum(one.collected for one in found) == documents.get("paymentin", 0)
        assert sum(one.fees for one in found) == documents.get("supply", 0)
    assert sum(one.returned for one in orders) == documents.get("salesreturn", 0)
    for one in orders:
        assert one.remainder == one.shipped - one.returned - one.fees
    return documents


@pytest.mark.parametrize("courier", ["dalli", "cdek"], ids=["by line", "by report"])
def test_orders_add_up_to_the_documents_through_booking_correcting_and_undoing(
    desk: Desk, courier: str
) -> None:
    first, second, third, fourth = rows_of(desk, courier, 4)
    assert hold_to_documents(desk) == {}

    file_id = edition(desk, courier, [first, second.but(outcome="returned"), third])
    run(desk, file_id)
    booked = hold_to_documents(desk)
    assert booked["paymentin"] == first.taken + third.taken
    assert booked["salesreturn"] == second.order.sum

    other = edition(desk, courier, [fourth.but(fee=77)], report_no="56")
    run(desk, other)
    assert hold_to_documents(desk)["supply"] == booked["supply"] + 77

    corrected = edition(desk, courier, [first.but(fee=12_345), second.but(outcome="returned")])
    superseded(desk, corrected)
    run(desk, corrected)
    assert hold_to_documents(desk)["supply"] == 12_345 + second.fee + 77

    # What the corrected report did not touch stays the first one's.
    for gone in (corrected, file_id):
        undone(desk, gone)
        left = hold_to_documents(desk)
    assert (left["paymentin"], left["supply"]) == (fourth.taken, 77)
    undone(desk, other)
    assert hold_to_documents(desk) == {}
