"""After one file only the orders that it says something of are looked at, and that is enough."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from sverka.watching import Phase, refresh
from tests.support.books import NOW
from tests.watching.conftest import Watch

DAY = date(2026, 11, 14)

Row = tuple[Any, ...]


def owed(watch: Watch) -> list[Row]:
    return watch.books.run("select * from owed_order order by order_id")


def same_as_everything(watch: Watch) -> bool:
    """Whether a look at everything finds nothing to write."""
    before = owed(watch)
    watch.look()
    return owed(watch) == before


def told_by_number(watch: Watch, order_id: UUID) -> int:
    file_id = watch.statuses()
    watch.status(file_id, "1", "delivered", DAY)
    return file_id


def told_by_the_orders_track(watch: Watch, order_id: UUID) -> int:
    watch.books.run("update snapshot_order set track_key = 'A1234567' where id = %s", order_id)
    file_id = watch.statuses("dalli")
    watch.status(file_id, None, "delivered", DAY, track_ref="A1234567")
    return file_id


def told_by_the_parcels_track(watch: Watch, order_id: UUID) -> int:
    watch.books.run("update snapshot_demand set track_key = 'A7654321'")
    file_id = watch.statuses("dalli")
    watch.status(file_id, None, "delivered", DAY, track_ref="A7654321")
    return file_id


def settled(watch: Watch, order_id: UUID) -> int:
    return watch.settled(order_id, "1")


ONE = [told_by_number, told_by_the_orders_track, told_by_the_parcels_track, settled]


@pytest.mark.parametrize("tell", ONE, ids=lambda it: it.__name__)
def test_what_a_file_says_is_known_after_it(watch: Watch, tell: Any) -> None:
    order_id = watch.parcel("1", delivery="Dalli")
    watch.look()
    before = owed(watch)
    assert watch.look(tell(watch, order_id)) == 1
    assert owed(watch) != before
    assert same_as_everything(watch)


def test_other_orders_are_left_as_they_are(watch: Watch) -> None:
    first, second = watch.parcel("1"), watch.parcel("2")
    watch.look()
    watch.books.run("update snapshot_order set payed_sum = sum")
    assert watch.look(watch.settled(first, "1")) == 0
    assert [str(row[0]) for row in owed(watch)] == [str(second)]


def test_a_file_that_is_undone_gives_its_orders_back(watch: Watch) -> None:
    order_id = watch.parcel("1")
    file_id = watch.settled(order_id, "1")
    watch.look()
    watch.books.run("update file set state = 'undone' where id = %s", file_id)
    watch.look(file_id)
    assert watch.phase(order_id) is Phase.ON_THE_WAY
    assert same_as_everything(watch)


def test_a_corrected_report_looks_at_the_orders_of_the_old_one(watch: Watch) -> None:
    """The new one leaves the order out, so nobody has reported it."""
    order_id = watch.parcel("1")
    old = watch.settled(order_id, "1")
    watch.look()
    new = watch.books.file("gorod")
    pair = {"file_id": new, "ordinal": 0, "old_file_id": old, "old_ordinal": 0}
    decided = {"verdict": "supersedes", "decided_by": "policy", "decided_at": NOW}
    watch.books.insert("supersession", pair | decided)
    assert watch.look(new) == 1
    assert owed(watch)[0][5] == Phase.ON_THE_WAY
    assert same_as_everything(watch)


def test_a_file_about_nothing_looks_at_nothing(watch: Watch) -> None:
    watch.parcel("1")
    assert watch.look(watch.statuses()) == 0
    assert owed(watch) == []


def test_looking_twice_in_one_transaction_is_no_different(watch: Watch) -> None:
    file_id = watch.settled(watch.parcel("1"), "1")
    with watch.connect() as conn:
        assert refresh(conn, watch.couriers, [file_id]) == 1
        assert refresh(conn, watch.couriers) == 1
