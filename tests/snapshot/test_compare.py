"""The whole comparison finds what leaves MoySklad without a trace."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg2
import pytest

from sverka.demo.shop import Order, Shop
from sverka.errors import TryLater
from sverka.moysklad.client import Deleted, MoySklad
from sverka.services import Services
from sverka.snapshot import compare, compare_if_due, mirror
from tests.conftest import FrozenClock
from tests.support.sandbox import RunningSandbox

Ask = Callable[..., list[tuple[Any, ...]]]


def erase(database_url: str, *ids: UUID) -> None:
    """Past the bin and every list, as an administrator deletes for good."""
    conn = psycopg2.connect(database_url)
    with conn, conn.cursor() as cursor:
        cursor.execute(
            "delete from sandbox.object where id = any(%s::uuid[])", ([str(one) for one in ids],)
        )
    conn.close()


def shipped(shop: Shop) -> Order:
    return next(order for order in shop.orders if order.demands and not order.payments)


def deleted(ask: Ask, table: str) -> set[UUID]:
    return {UUID(row[0]) for row in ask(f"select id::text from {table} where deleted")}


def test_nothing_vanishes_from_a_shop_where_nothing_was_deleted(
    services: Services, shop: Shop, ask: Ask, clock: FrozenClock
) -> None:
    mirror(services)
    clock.advance(seconds=60)
    compared = compare(services)
    assert compared.vanished == 0
    assert compared.read >= len(shop.orders)
    assert deleted(ask, "snapshot_order") == set()


def test_documents_deleted_for_good_are_marked(
    services: Services, shop: Shop, ask: Ask, clock: FrozenClock, empty_database_url: str
) -> None:
    mirror(services)
    order = shipped(shop)
    ids = {demand.id for demand in order.demands}
    erase(empty_database_url, order.id, *ids)
    clock.advance(seconds=60)
    mirror(services)
    assert deleted(ask, "snapshot_order") == set(), "increments cannot know"
    assert compare(services).vanished == 1 + len(ids)
    assert deleted(ask, "snapshot_order") == {order.id}
    assert deleted(ask, "snapshot_demand") == ids
    clock.advance(seconds=60)
    assert compare(services).vanished == 0, "what is marked is not counted again"


def test_documents_in_the_bin_are_not_taken_for_vanished(
    services: Services, client: MoySklad, shop: Shop, ask: Ask, clock: FrozenClock
) -> None:
    mirror(services)
    order = shop.orders[0]
    assert client.delete("customerorder", [order.id]) == [Deleted(order.id)]
    clock.advance(seconds=60)
    assert compare(services).vanished == 0
    assert deleted(ask, "snapshot_order") == {order.id}


def test_a_sum_that_changed_without_a_trace_is_read_again(
    services: Services, shop: Shop, ask: Ask, clock: FrozenClock
) -> None:
    mirror(services)
    order = shop.orders[0]
    # As after a payment that was deleted for good: the order's own `updated` did not move.
    ask("update snapshot_order set payed_sum = payed_sum + 500 where id = %s", str(order.id))
    clock.advance(seconds=60)
    mirror(services)
    before = ask("select payed_sum from snapshot_order where id = %s", str(order.id))
    compare(services)
    after = ask("select payed_sum from snapshot_order where id = %s", str(order.id))
    paid = sum(payment.sum for payment in order.payments)
    assert (before, after) == ([(paid + 500,)], [(paid,)])


def test_a_document_that_slipped_through_the_lists_is_asked_for_by_its_id(
    services: Services, client: MoySklad, shop: Shop, ask: Ask, clock: FrozenClock
) -> None:
    mirror(services)
    lost = shop.orders[3].id
    clock.advance(seconds=60)

    class Forgetful(MoySklad):
        """Lists that leave one order out, as when it is changed while they are read."""

        def __init__(self) -> None:
            pass

        def __getattr__(self, name: str) -> Any:
            return getattr(client, name)

        def rows(self, *args: Any, **options: Any) -> Any:
            return client.rows(*args, **options)

        def metadata(self, entity: str) -> dict[str, Any]:
            return client.metadata(entity)

        def account_id(self) -> UUID:
            return client.account_id()

        def page(self, entity: str, **options: Any) -> list[dict[str, Any]]:
            page = client.page(entity, **options)
            by_id = any(one.startswith("id=") for one in options.get("filters", ()))
            return page if by_id else [row for row in page if row["id"] != str(lost)]

    forgetful = Forgetful()
    assert compare(replace(services, moysklad=lambda: forgetful)).vanished == 0
    assert deleted(ask, "snapshot_order") == set()


def test_it_is_done_once_a_day(services: Services, clock: FrozenClock) -> None:
    assert compare_if_due(services) is not None
    clock.advance(seconds=23 * 3600)
    assert compare_if_due(services) is None
    clock.advance(seconds=3600)
    assert compare_if_due(services) is not None


def test_a_comparison_that_broke_off_marks_nothing_and_is_due_again(
    services: Services, sandbox: RunningSandbox, ask: Ask, clock: FrozenClock
) -> None:
    mirror(services)
    clock.advance(seconds=60)
    for _ in range(4):
        sandbox.plan_fault("html_500", method="GET", path="/entity/customerorder")

    def quick(client: MoySklad) -> MoySklad:
        client._transport._pace.pause = lambda seconds: None  # type: ignore[method-assign]
        return client

    client = quick(services.moysklad())
    with pytest.raises(TryLater):
        compare_if_due(replace(services, moysklad=lambda: client))
    assert deleted(ask, "snapshot_order") == set()
    assert compare_if_due(services) is not None


@pytest.mark.parametrize("amount", [2**53, 10**18])
def test_an_order_whose_sum_is_beyond_all_money_stops_nobody_else(
    services: Services,
    shop: Shop,
    ask: Ask,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
    client: MoySklad,
    amount: int,
) -> None:
    mirror(services)
    strange = shop.orders[5]
    page_of = client.page

    def page(entity: str, **options: Any) -> list[dict[str, Any]]:
        rows = page_of(entity, **options)
        return [row | {"sum": amount} if row["id"] == str(strange.id) else row for row in rows]

    monkeypatch.setattr(client, "page", page)
    clock.advance(seconds=60)
    compare(services)
    assert deleted(ask, "snapshot_order") == {strange.id}
    monkeypatch.undo()
    clock.advance(seconds=60)
    compare(services)
    assert deleted(ask, "snapshot_order") == set()
