"""However an order was found, it is looked at as it is now before money goes to it."""

from typing import Any
from uuid import UUID

import pytest

from sverka import settling
from sverka.demo.shop import Order
from sverka.posting.approve import approve
from sverka.reconciling.shipments import ReadShipments
from tests.posting.conftest import Desk
from tests.posting.test_looking import call, meta, pay_by_hand


def unconduct(desk: Desk, order: Order) -> None:
    call(desk, "PUT", f"customerorder/{order.id}", {"applicable": False})


def pay(desk: Desk, order: Order) -> None:
    pay_by_hand(desk, order, 1)


@pytest.mark.parametrize(
    ("found_by", "meanwhile"),
    [
        ("order.place", None),
        ("order.place", pay),
        ("track.unique", None),
        ("track.unique", pay),
        ("order.exact", unconduct),
    ],
)
def test_an_order_is_looked_at_again_whichever_rung_found_it(
    desk: Desk, found_by: str, meanwhile: Any
) -> None:
    [order] = desk.orders("gorod")[:1]
    desk.mirror(order)
    desk.books.run("update snapshot_order set track_key = 'TR77' where id = %s", order.id)
    file_id = desk.books.file("gorod")
    row = {
        "order.exact": {"order": order.name},
        "order.place": {"order": f"{order.name}-1"},
        "track.unique": {"order": None, "track_ref": "TR77"},
    }[found_by]
    desk.books.line(file_id, collected=order.sum, **row)
    desk.plan(file_id)
    assert desk.books.run("select rule from verdict") == [(f"{found_by}+residual.exact",)]
    approve(desk.services, file_id, "policy")
    if meanwhile:
        meanwhile(desk, order)
    desk.send(file_id)
    assert desk.postings()["paymentin"] == ({"failed": 1} if meanwhile else {"posted": 1})


def test_an_order_made_after_the_last_mirror_is_found_when_its_file_comes(desk: Desk) -> None:
    file_id = desk.books.file("gorod")
    settling.refresh_snapshot(desk.services, file_id)
    old = desk.orders("gorod")[0]
    new = UUID(call(desk, "POST", "customerorder", body_of(desk, old))["id"])
    order = {"customerOrder": {"meta": meta(desk, "customerorder", new)}}
    store = {"store": {"meta": meta(desk, "store", desk.shop.store.id)}}
    call(desk, "POST", "demand", body_of(desk, old) | order | store)
    line = desk.books.line(file_id, "NEW-1", 12_300, occurred_on=desk.clock().date())
    settling.refresh_snapshot(desk.services, file_id)
    assert settling.reconcile(desk.services, file_id) == {"matched": 1}
    found = desk.books.run("select order_id::text from verdict where line_id = %s", line)
    assert found == [(str(new),)]


def body_of(desk: Desk, like: Order) -> dict[str, Any]:
    [row] = desk.sandbox.client().rows(
        "customerorder", filters=[f"id={like.id}"], expand=["positions"]
    )
    [assortment, *_] = [one["assortment"] for one in row["positions"]["rows"]]
    return {
        "name": "NEW-1",
        "applicable": True,
        "organization": {"meta": meta(desk, "organization", desk.shop.organization.id)},
        "agent": {"meta": meta(desk, "counterparty", like.agent.id)},
        "positions": [{"quantity": 1, "price": 12_300, "assortment": assortment}],
    }


def test_goods_are_read_with_their_names(desk: Desk) -> None:
    [order] = desk.orders("gorod", positions=2)[:1]
    [demand] = order.demands
    shipment = ReadShipments(desk.services.moysklad)({demand.id})[demand.id]
    assert shipment.goods is not None
    assert {one.assortment for one in shipment.goods} == set(shipment.names)
    assert all(shipment.names.values())
    assert "товар без названия" not in shipment.names.values()
