"""Returns on the base of a demand, and their template."""

from decimal import Decimal
from typing import Any

import pytest

from sverka.demo.shop import Order
from tests.moysklad.sandbox.conftest import Caller, ref, refusal

Json = dict[str, Any]


@pytest.fixture
def order(api: Caller) -> Order:
    """An order with a position of two pieces."""
    return next(
        o
        for o in api.shop.orders
        if o.demands and not o.quirk and o.demands[0].positions[0].quantity == 2
    )


def row(order: Order, quantity: float, **changes: Any) -> list[Json]:
    product = order.demands[0].positions[0].product
    return [{"assortment": ref("product", product.id), "quantity": quantity, **changes}]


def test_a_return_takes_the_price_of_its_demand(api: Caller, order: Order) -> None:
    created = api.created("salesreturn", api.salesreturn(order))
    assert created["sum"] == order.demands[0].positions[0].price
    assert created["demand"]["meta"]["href"].endswith(str(order.demands[0].id))


def test_the_demand_shows_its_returns(api: Caller, order: Order) -> None:
    created = api.created("salesreturn", api.salesreturn(order))
    demand = api.get(f"/entity/demand/{order.demands[0].id}").json()
    assert [r["meta"]["href"] for r in demand["returns"]] == [created["meta"]["href"]]


@pytest.mark.parametrize("name", ["agent", "vatIncluded"])
def test_agent_and_vat_are_those_of_the_demand(api: Caller, order: Order, name: str) -> None:
    other: Any = {
        "agent": ref("counterparty", api.shop.couriers["gorod"].id),
        "vatIncluded": False,
    }
    answer = api.post("/entity/salesreturn", api.salesreturn(order, **{name: other[name]}))
    assert refusal(answer) == (412, 3004)
    assert answer.json()["errors"][0]["parameter"] == name


def test_the_organization_is_that_of_the_demand(api: Caller, order: Order) -> None:
    other = api.created("organization", {"name": "Другое юрлицо"})
    body = api.salesreturn(order, organization=ref("organization", other["id"]))
    assert refusal(api.post("/entity/salesreturn", body)) == (412, 3004)


def test_only_positions_of_the_demand_come_back(api: Caller, order: Order) -> None:
    shipped = {p.product.id for p in order.demands[0].positions}
    other = next(p for p in api.shop.products if p.id not in shipped)
    rows = [{"assortment": ref("product", other.id), "quantity": 1}]
    answer = api.post("/entity/salesreturn", api.salesreturn(order, positions=rows))
    assert refusal(answer) == (412, 3004)


def test_the_price_cannot_be_another(api: Caller, order: Order) -> None:
    price = order.demands[0].positions[0].price
    same = api.salesreturn(order, positions=row(order, 1, price=price))
    other = api.salesreturn(order, positions=row(order, 1, price=price - 1))
    assert refusal(api.post("/entity/salesreturn", other)) == (412, 3004)
    assert api.created("salesreturn", same)["sum"] == price


@pytest.mark.parametrize(("quantity", "allowed"), [(1, True), (2, True), (2.001, False)])
def test_no_more_comes_back_than_was_shipped(
    api: Caller, order: Order, quantity: float, allowed: bool
) -> None:
    body = api.salesreturn(order, positions=row(order, quantity))
    answer = api.post("/entity/salesreturn", body)
    assert (answer.status_code, allowed) in {(200, True), (412, False)}
    if not allowed:
        assert refusal(answer) == (412, 3008)


def test_one_product_in_two_rows_counts_together(api: Caller, order: Order) -> None:
    rows = row(order, 1) + row(order, 2)
    answer = api.post("/entity/salesreturn", api.salesreturn(order, positions=rows))
    assert refusal(answer) == (412, 3008)


def test_earlier_returns_count_and_trashed_ones_do_not(api: Caller, order: Order) -> None:
    both = api.salesreturn(order, positions=row(order, 2))
    first = api.created("salesreturn", api.salesreturn(order))
    assert refusal(api.post("/entity/salesreturn", both)) == (412, 3008)
    api.delete(f"/entity/salesreturn/{first['id']}")
    assert api.created("salesreturn", both)


def test_two_returns_in_one_array_cannot_take_the_same_pieces(api: Caller, order: Order) -> None:
    both = api.salesreturn(order, positions=row(order, 2))
    first, second = api.post("/entity/salesreturn", [both, both]).json()
    assert first["id"]
    assert second["errors"][0]["code"] == 3008


def test_a_return_does_not_stand_in_its_own_way(api: Caller, order: Order) -> None:
    created = api.created("salesreturn", api.salesreturn(order, positions=row(order, 2)))
    path = f"/entity/salesreturn/{created['id']}"
    assert api.put(path, {"positions": row(order, 1)}).status_code == 200
    assert api.put(path, {"positions": row(order, 2)}).status_code == 200
    assert refusal(api.put(path, {"positions": row(order, 3)})) == (412, 3008)


@pytest.mark.parametrize("name", ["agent", "demand"])
def test_agent_and_demand_are_fixed_afterwards(api: Caller, order: Order, name: str) -> None:
    created = api.created("salesreturn", api.salesreturn(order))
    changes: Json = {"agent": ref("counterparty", api.shop.couriers["gorod"].id), "demand": None}
    answer = api.put(f"/entity/salesreturn/{created['id']}", {name: changes[name]})
    assert refusal(answer) == (412, 3001)


def test_a_return_without_base_has_none_of_these_rules(api: Caller, order: Order) -> None:
    body = api.salesreturn(order, positions=row(order, 100, price=1))
    del body["demand"]
    assert api.created("salesreturn", body)["sum"] == 100.0


def test_a_demand_with_a_return_stays_conducted_and_undeleted(api: Caller, order: Order) -> None:
    api.created("salesreturn", api.salesreturn(order))
    path = f"/entity/demand/{order.demands[0].id}"
    assert refusal(api.put(path, {"applicable": False})) == (412, 17014)
    refused = api.delete(path)
    assert refusal(refused) == (409, 1028)
    (needing,) = refused.json()["errors"][0]["dependencies"]
    assert needing["type"] == "salesreturn"


def test_a_trashed_demand_is_no_base(api: Caller, order: Order) -> None:
    body = api.salesreturn(order)
    api.delete(f"/entity/demand/{order.demands[0].id}")
    assert refusal(api.post("/entity/salesreturn", body)) == (400, 2013)


class TestTemplate:
    def test_it_is_filled_in_and_not_saved(self, api: Caller, order: Order) -> None:
        given = {"demand": ref("demand", order.demands[0].id)}
        template = api.put("/entity/salesreturn/new", given).json()
        assert template["name"] == ""
        assert "id" not in template
        assert template["sum"] == order.demands[0].sum
        assert len(template["positions"]["rows"]) == len(order.demands[0].positions)
        assert api.rows("/entity/salesreturn") == []

    def test_it_can_be_posted_as_it_is(self, api: Caller, order: Order) -> None:
        given = {"demand": ref("demand", order.demands[0].id)}
        template = api.put("/entity/salesreturn/new", given).json()
        created = api.created("salesreturn", template)
        assert created["name"] == "00001"
        assert created["sum"] == order.demands[0].sum

    def test_it_holds_only_what_is_still_out(self, api: Caller, order: Order) -> None:
        api.created("salesreturn", api.salesreturn(order))
        given = {"demand": ref("demand", order.demands[0].id)}
        rows = api.put("/entity/salesreturn/new", given).json()["positions"]["rows"]
        left = sum(Decimal(str(r["quantity"])) for r in rows)
        assert left == sum(p.quantity for p in order.demands[0].positions) - 1

    def test_without_a_base_it_is_nearly_empty(self, api: Caller) -> None:
        template = api.put("/entity/salesreturn/new", {}).json()
        assert template["positions"]["rows"] == []

    def test_it_takes_no_array(self, api: Caller) -> None:
        assert refusal(api.put("/entity/salesreturn/new", [{}])) == (400, 2008)

    def test_other_templates_are_not_played(self, api: Caller) -> None:
        assert refusal(api.put("/entity/demand/new", {})) == (501, None)
