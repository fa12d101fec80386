"""After an undo the snapshot shows the orders and demands as they are now, and no others are read."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from sverka.clock import MOSCOW
from sverka.posting import undoing_snapshot
from sverka.posting.undoing_snapshot import refresh
from sverka.services import Services
from tests.support.books import FETCHED, NOW, Books, state_id
from tests.support.shelf import Shelf, meta, uid


def undo(books: Books, *orders: UUID | None) -> int:
    """An undo of a posting about each of these orders."""
    file_id = books.file()
    row = {"file_id": file_id, "asked_by": "бухгалтер", "asked_at": NOW}
    undo_id = int(books.insert("undo", row, "id"))
    for order in orders:
        sync_id = books.posting(file_id, order_id=order)
        reversal = {"undo_id": undo_id, "sync_id": sync_id, "state": "done", "planned_at": NOW}
        books.insert("reversal", reversal)
    return undo_id


def shown(shelf: Shelf, entity: str, one: UUID, payed: int, at: datetime, **other: Any) -> None:
    updated = f"{at.astimezone(MOSCOW):%Y-%m-%d %H:%M:%S}.000"
    shelf.put(entity, one, payedSum=payed, updated=updated, **other)


def snapshot(books: Books, table: str, one: UUID) -> tuple[Any, ...]:
    [row] = books.run(
        f"select payed_sum, state_id::text, updated, fetched_at from {table} where id = %s", one
    )
    return row


def test_sums_and_states_are_those_of_now(services: Services, books: Books) -> None:
    order, other = books.order(str(uuid4()), paid=900), books.order(str(uuid4()), paid=900)
    demand, others = books.demand(order), books.demand(other)
    shelf, now = Shelf(), services.clock()
    for one in (order, other):
        shown(shelf, "customerorder", one, 70_000, NOW, state=meta("state", "Новый"))
    for one in (demand, others):
        shown(shelf, "demand", one, 500, NOW)
    refresh(services, shelf, undo(books, order, order, None))  # type: ignore[arg-type]
    assert snapshot(books, "snapshot_order", order) == (70_000, str(uid("Новый")), NOW, now)
    assert snapshot(books, "snapshot_demand", demand) == (500, None, NOW, now)
    shipped = str(state_id("customerorder", "Отгружен"))
    assert snapshot(books, "snapshot_order", other) == (900, shipped, FETCHED, FETCHED)
    assert snapshot(books, "snapshot_demand", others)[0] == 0
    asked = {one[2:] for one in shelf.asked}
    assert asked == {(f"id={order}",), (f"id={demand}",)}


@pytest.mark.parametrize(
    ("updated", "fetched", "written"),
    [
        (timedelta(0), timedelta(0), True),
        (timedelta(0), timedelta(seconds=1), False),  # read later by somebody else
        (timedelta(seconds=1), timedelta(0), False),  # and it has changed since
        (-timedelta(seconds=1), timedelta(days=1), True),
    ],
)
def test_what_the_mirror_has_read_later_is_not_made_older(
    services: Services, books: Books, updated: timedelta, fetched: timedelta, written: bool
) -> None:
    now = services.clock()
    order = books.order(str(uuid4()), updated=NOW + updated, fetched_at=now + fetched)
    shelf = Shelf()
    shown(shelf, "customerorder", order, 70_000, NOW)
    refresh(services, shelf, undo(books, order))  # type: ignore[arg-type]
    assert snapshot(books, "snapshot_order", order)[0] == (70_000 if written else 0)


def test_what_is_gone_stays_as_it_was(services: Services, books: Books) -> None:
    order = books.order(str(uuid4()), paid=900)
    refresh(services, Shelf(), undo(books, order))  # type: ignore[arg-type]
    assert snapshot(books, "snapshot_order", order)[0] == 900


def test_the_demands_of_every_order_are_read(services: Services, books: Books) -> None:
    orders = [books.order(str(uuid4())) for _ in range(2)]
    demands = [books.demand(order) for order in orders]
    shelf = Shelf()
    for one in demands:
        shown(shelf, "demand", one, 500, NOW)
    refresh(services, shelf, undo(books, *orders))  # type: ignore[arg-type]
    assert [snapshot(books, "snapshot_demand", one)[0] for one in demands] == [500, 500]


def test_so_many_are_read_at_once_as_a_request_takes(
    services: Services, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert undoing_snapshot.AT_ONCE == 100
    monkeypatch.setattr(undoing_snapshot, "AT_ONCE", 2)
    orders = [books.order(str(uuid4())) for _ in range(5)]
    shelf = Shelf()
    for one in orders:
        shown(shelf, "customerorder", one, 70_000, NOW)
    refresh(services, shelf, undo(books, *orders))  # type: ignore[arg-type]
    assert [len(one) - 2 for one in shelf.asked] == [2, 2, 1]
    assert {snapshot(books, "snapshot_order", one)[0] for one in orders} == {70_000}
