"""What answers look like, and that the vendor's own models can read them."""

from typing import Any

import pytest

from tests.moysklad.documented import model_of
from tests.moysklad.sandbox.conftest import BASE, Caller, operation, ref

Json = dict[str, Any]


def test_an_order_shows_what_was_shipped_and_its_demands(api: Caller) -> None:
    order = api.order
    shown = api.get(f"/entity/customerorder/{order.id}").json()
    assert shown["sum"] == order.sum
    assert shown["shippedSum"] == order.demands[0].sum
    assert shown["demands"][0]["meta"]["href"] == f"{BASE}/entity/demand/{order.demands[0].id}"


def test_a_trashed_or_unconducted_demand_ships_nothing(api: Caller) -> None:
    order = api.order
    demand = f"/entity/demand/{order.demands[0].id}"
    api.put(demand, {"applicable": False})
    draft = api.get(f"/entity/customerorder/{order.id}").json()
    assert (draft["shippedSum"], len(draft["demands"])) == (0.0, 1)
    api.delete(demand)
    assert "demands" not in api.get(f"/entity/customerorder/{order.id}").json()


def test_a_demand_can_be_made_for_an_order(api: Caller) -> None:
    order = next(o for o in api.shop.orders if not o.demands)
    body = api.supply(customerOrder=ref("customerorder", order.id))
    demand = api.created("demand", body)
    shown = api.get(f"/entity/customerorder/{order.id}").json()
    assert [d["meta"]["href"] for d in shown["demands"]] == [demand["meta"]["href"]]


def test_a_meta_leads_to_the_object_its_metadata_and_the_page_for_people(api: Caller) -> None:
    meta = api.get(f"/entity/counterparty/{api.order.agent.id}").json()["meta"]
    assert meta == {
        "href": f"{BASE}/entity/counterparty/{api.order.agent.id}",
        "metadataHref": f"{BASE}/entity/counterparty/metadata",
        "type": "counterparty",
        "mediaType": "application/json",
        "uuidHref": f"http://sandbox.test/app/#company/edit?id={api.order.agent.id}",
    }


def test_the_rate_names_the_currency_and_no_value(api: Caller) -> None:
    rate = api.created("paymentin", api.paymentin())["rate"]
    assert rate["currency"]["meta"]["href"].endswith(f"currency/{api.shop.currency.id}")
    assert "value" not in rate


@pytest.mark.parametrize(
    "kind",
    [
        "customerorder",
        "demand",
        "supply",
        "salesreturn",
        "paymentin",
        "paymentout",
        "counterparty",
        "organization",
        "store",
        "expenseitem",
        "product",
        "service",
        "currency",
    ],
)
def test_the_vendors_models_read_every_key_of_an_answer(api: Caller, kind: str) -> None:
    supply = api.created("supply", api.supply(incomingNumber="7"))
    api.created("salesreturn", api.salesreturn(api.order))
    api.created("paymentout", api.paymentout(operations=[operation("supply", supply["id"], 25000)]))
    link = operation("customerorder", api.order.id, 100)
    api.created("paymentin", api.paymentin(operations=[link], incomingDate="2026-11-20 00:00:00"))
    rows = api.rows(f"/entity/{kind}")
    assert rows
    model = model_of(kind)
    known = {field.alias or name for name, field in model.model_fields.items()}
    for row in rows:
        assert set(row) <= known
        assert model.from_dict(row).name == row["name"]
