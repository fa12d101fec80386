"""What is planned and not booked is told apart, and never counted."""

from sverka.database.connection import Connection
from sverka.economics.orders import Filter
from sverka.economics.sums import totals
from sverka.economics.waiting import Waiting, waiting
from sverka.money import Minor
from sverka.nouns import PostingKind
from tests.economics.conftest import Booked


def test_every_state_but_booked_and_taken_back_waits(booked: Booked, conn: Connection) -> None:
    order = booked.books.shipped("1001", 100_000)
    for amount, state in enumerate(
        ["planned", "approved", "sending", "unsure", "rejected", "failed", "reversed"], start=1
    ):
        booked.row(order, 10**amount, state=state)
    line = booked.row(order, courier="cdek")
    booked.document(line, order, "supply", 7, state="planned")
    booked.document(line, order, "supply", 700, state="planned", dry_run=True)
    booked.document(line, order, "demand.state", 0, state="planned")
    booked.work_out()
    supply = Waiting(PostingKind.SUPPLY, "RUB", 1, Minor(7))
    assert waiting(conn) == [Waiting(PostingKind.PAYMENTIN, "RUB", 6, Minor(1_111_110)), supply]
    assert waiting(conn, "cdek") == [supply]
    assert totals(conn, Filter()) == []
