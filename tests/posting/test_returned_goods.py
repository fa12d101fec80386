"""The return itself: exactly what came back, as the demand shipped it, VAT and all."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from sverka.demo.shop import Order
from sverka.money import Minor
from sverka.moysklad.documents import Ref
from sverka.moysklad.wire import id_of, minor
from sverka.reconciling.inside import _as_shipped
from sverka.reconciling.partial import Doubt, Goods, Vat, returned_positions
from sverka.reconciling.shipments import ReadShipments
from tests.posting.conftest import Desk
from tests.posting.undone import call

Positions = list[dict[str, Any]]


def reshipped(desk: Desk, **changes: Any) -> Order:
    """A shipped order whose demand the shop wrote otherwise; the snapshot knows the new sums."""
    [order, *_] = [one for one in desk.orders("gorod", positions=2) if len(one.positions) == 2]
    [demand] = order.demands
    if "positions" in changes:
        changes["positions"] = [
            {**goods(desk, position.pop("of"), order), **position}
            for position in changes["positions"]
        ]
    body = call(desk, "PUT", f"demand/{demand.id}", changes)
    desk.mirror(order)
    total = round(body["sum"])
    desk.books.run("update snapshot_order set sum = %s where id = %s", total, order.id)
    desk.books.run("update snapshot_demand set sum = %s where id = %s", total, demand.id)
    return order


def goods(desk: Desk, of: int, order: Order) -> dict[str, Any]:
    base = desk.sandbox.connection.url
    href = f"{base}/entity/product/{order.positions[of].product.id}"
    return {
        "assortment": {"meta": {"href": href, "type": "product", "mediaType": "application/json"}}
    }


def returned(desk: Desk, order: Order, collected: int = 0, **line: Any) -> dict[str, Any] | None:
    """The return that one row about the order makes, as MoySklad shows it."""
    file_id = desk.books.file("gorod")
    outcome = "partially_delivered" if collected else "refused"
    desk.books.line(file_id, order.name, collected, outcome=outcome, **line)
    desk.settle(file_id)
    made = desk.postings().get("salesreturn")
    if made is None:
        return None
    assert made == {"posted": 1}
    return desk.document("salesreturn")


@pytest.mark.parametrize("included", [True, False])
@pytest.mark.parametrize("enabled", [True, False])
def test_the_flags_are_the_demands_own(desk: Desk, included: bool, enabled: bool) -> None:
    order = reshipped(desk, vatEnabled=enabled, vatIncluded=included)
    document = returned(desk, order)
    assert document is not None
    assert (document["vatEnabled"], document["vatIncluded"]) == (enabled, included)
    assert minor(document["sum"]) == order.sum


def test_goods_with_vat_come_back_with_their_vat(desk: Desk) -> None:
    rows = [
        {"of": 0, "quantity": 1, "price": 120_000, "vat": 20},
        {"of": 1, "quantity": 1, "price": 70_000, "vat": 10},
    ]
    order = reshipped(desk, vatEnabled=True, vatIncluded=True, positions=rows)
    document = returned(desk, order, 70_000)
    assert document is not None
    [position] = document["positions"]["rows"]
    assert (position["vat"], position["vatEnabled"]) == (20, True)
    assert (minor(document["sum"]), minor(document["vatSum"])) == (120_000, 20_000)


def test_vat_on_top_of_the_price_is_a_question(desk: Desk) -> None:
    rows = [{"of": 0, "quantity": 1, "price": 100_000, "vat": 20}]
    order = reshipped(desk, vatEnabled=True, vatIncluded=False, positions=rows)
    assert returned(desk, order) is None
    [[rule, clean]] = desk.books.run("select rule, clean from verdict")
    assert (rule.rpartition("+")[2], clean) == ("return.not_in_pieces", False)


def test_some_pieces_come_back_in_rows_no_longer_than_the_demands(desk: Desk) -> None:
    rows = [
        {"of": 0, "quantity": 2, "price": 10_000},
        {"of": 1, "quantity": 1, "price": 35_001},
        {"of": 0, "quantity": 2, "price": 10_000},
    ]
    order = reshipped(desk, positions=rows)
    document = returned(desk, order, 45_001)
    assert document is not None
    assert minor(document["sum"]) == 30_000
    back = document["positions"]["rows"]
    assert [position["quantity"] for position in back] == [2, 1]
    assert {id_of(position["assortment"]) for position in back} == {order.positions[0].product.id}


def test_the_parcel_with_the_number_comes_back_and_the_order_stays_open(desk: Desk) -> None:
    [order] = [one for one in desk.shop.quirks["two_demands"] if one.courier == "gorod"]
    desk.mirror(order)
    _, second = order.demands
    desk.books.run("update snapshot_demand set track_key = 'GK000777' where id = %s", second.id)
    document = returned(desk, order, track_ref="GK000777")
    assert document is not None
    assert id_of(document["demand"]) == second.id
    assert minor(document["sum"]) == second.sum
    assert set(desk.postings()) == {"salesreturn", "demand.state"}


# -- what a demand may hold --------------------------------------------------------------------


@dataclass
class OneDemand:
    """MoySklad with a single demand."""

    positions: Positions

    def rows(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        rows = {"rows": self.positions, "meta": {"size": len(self.positions)}}
        return [{"id": str(UUID(int=1)), "vatEnabled": False, "positions": rows}]


def position(kind: str, number: int, quantity: float, price: int) -> dict[str, Any]:
    href = f"https://api.moysklad.ru/api/remap/1.2/entity/{kind}/{UUID(int=number)}"
    assortment = {"meta": {"href": href, "type": kind}}
    return {"assortment": assortment, "quantity": quantity, "price": price, "vat": 0}


@pytest.mark.parametrize("kind", ["product", "variant", "bundle", "consignment", "service"])
def test_every_kind_of_position_keeps_its_type(kind: str) -> None:
    client = OneDemand([position(kind, 7, 3.0, 5_000)])
    read = ReadShipments(lambda: client)  # type: ignore[arg-type, return-value]
    [shipment] = read([UUID(int=1)]).values()
    vat = Vat(enabled=False, rate=0)
    assert shipment.goods == (Goods(Ref(kind, UUID(int=7)), 3, Minor(5_000), vat),)


def test_one_product_at_two_rates_of_vat_is_two_goods() -> None:
    product = Ref("product", UUID(int=7))
    rows = [Goods(product, 1, Minor(500), Vat(True, True, rate, True)) for rate in (10, 20)]
    assert returned_positions(rows, Minor(500)) is Doubt.MANY
    assert returned_positions(rows, Minor(1_000)) == tuple(rows)


def test_pieces_are_spread_over_the_rows_they_were_shipped_in() -> None:
    product, other = (Ref("product", UUID(int=number)) for number in (7, 8))
    shipped = [
        Goods(product, 2, Minor(500)),
        Goods(product, 2, Minor(501)),
        Goods(other, 9, Minor(500)),
        Goods(product, 3, Minor(500)),
    ]
    found = [Goods(product, 4, Minor(500)), Goods(other, 1, Minor(500))]
    assert list(_as_shipped(shipped, found)) == [
        Goods(product, 2, Minor(500)),
        Goods(product, 2, Minor(500)),
        Goods(other, 1, Minor(500)),
    ]
