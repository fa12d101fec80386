"""Links from payments to what they pay."""

import pytest

from tests.moysklad.sandbox.conftest import Caller, operation, ref, refusal


def test_a_link_is_mirrored_on_the_document_as_a_bare_reference(api: Caller) -> None:
    order = api.order
    body = api.paymentin(sum=5000, operations=[operation("customerorder", order.id, 4000)])
    payment = api.created("paymentin", body)
    (linked,) = payment["operations"]
    assert linked["meta"]["href"].endswith(str(order.id))
    assert linked["linkedSum"] == 4000.0
    shown = api.get(f"/entity/customerorder/{order.id}").json()
    assert shown["payedSum"] == 4000.0
    (mirrored,) = shown["payments"]
    assert list(mirrored) == ["meta"]
    assert mirrored["meta"]["href"] == payment["meta"]["href"]


def test_payments_of_one_document_add_up(api: Caller) -> None:
    for part in (1000, 250):
        link = operation("customerorder", api.order.id, part)
        api.created("paymentin", api.paymentin(operations=[link]))
    shown = api.get(f"/entity/customerorder/{api.order.id}").json()
    assert shown["payedSum"] == 1250.0
    assert len(shown["payments"]) == 2


def test_a_draft_pays_nothing_but_is_listed(api: Caller) -> None:
    link = operation("customerorder", api.order.id, 1000)
    api.created("paymentin", api.paymentin(applicable=False, operations=[link]))
    shown = api.get(f"/entity/customerorder/{api.order.id}").json()
    assert shown["payedSum"] == 0.0
    assert len(shown["payments"]) == 1


def test_operations_replace_the_whole_set_on_update(api: Caller) -> None:
    order, demand = api.order, api.order.demands[0]
    payment = api.created(
        "paymentin", api.paymentin(operations=[operation("customerorder", order.id, 100)])
    )
    path = f"/entity/paymentin/{payment['id']}"
    api.put(path, {"description": "без operations связь остаётся"})
    assert api.get(f"/entity/customerorder/{order.id}").json()["payedSum"] == 100.0
    api.put(path, {"operations": [operation("demand", demand.id, 70)]})
    assert api.get(f"/entity/customerorder/{order.id}").json()["payedSum"] == 0.0
    assert api.get(f"/entity/demand/{demand.id}").json()["payedSum"] == 70.0
    assert "operations" not in api.put(path, {"operations": []}).json()
    assert api.get(f"/entity/demand/{demand.id}").json()["payedSum"] == 0.0


@pytest.mark.parametrize(("linked", "allowed"), [(999, True), (1000, True), (1001, False)])
def test_links_may_not_exceed_the_payment(api: Caller, linked: int, allowed: bool) -> None:
    links = [operation("customerorder", api.order.id, linked - 400)]
    links.append(operation("demand", api.order.demands[0].id, 400))
    answer = api.post("/entity/paymentin", api.paymentin(sum=1000, operations=links))
    assert (answer.status_code == 200) is allowed
    if not allowed:
        assert refusal(answer) == (412, 22000)


def test_a_payment_cannot_shrink_below_its_links(api: Caller) -> None:
    link = operation("customerorder", api.order.id, 1000)
    payment = api.created("paymentin", api.paymentin(sum=1000, operations=[link]))
    answer = api.put(f"/entity/paymentin/{payment['id']}", {"sum": 999})
    assert refusal(answer) == (412, 22000)


def test_a_link_may_exceed_the_document_it_pays(api: Caller) -> None:
    """The real service does not catch it (vendor SDK tests), so nobody may rely on it here."""
    much = api.order.sum + 1
    link = operation("customerorder", api.order.id, much)
    assert api.created("paymentin", api.paymentin(sum=much, operations=[link]))


def test_one_document_cannot_be_linked_twice(api: Caller) -> None:
    links = [operation("customerorder", api.order.id, 1)] * 2
    answer = api.post("/entity/paymentin", api.paymentin(operations=links))
    assert refusal(answer) == (412, 22001)


def test_linked_sum_is_necessary(api: Caller) -> None:
    body = api.paymentin(operations=[ref("customerorder", api.order.id)])
    assert refusal(api.post("/entity/paymentin", body)) == (412, 3000)


@pytest.mark.parametrize("bad", ["1", True])
def test_linked_sum_is_a_number(api: Caller, bad: object) -> None:
    link = {**ref("customerorder", api.order.id), "linkedSum": bad}
    answer = api.post("/entity/paymentin", api.paymentin(operations=[link]))
    assert refusal(answer) == (400, 2016)


def test_an_incoming_payment_pays_orders_and_demands_only(api: Caller) -> None:
    supply = api.created("supply", api.supply())
    body = api.paymentin(operations=[operation("supply", supply["id"], 1)])
    assert refusal(api.post("/entity/paymentin", body)) == (400, 2021)


def test_an_outgoing_payment_pays_supplies_and_returns_only(api: Caller) -> None:
    body = api.paymentout(operations=[operation("customerorder", api.order.id, 1)])
    assert refusal(api.post("/entity/paymentout", body)) == (400, 2021)
    supply = api.created("supply", api.supply())
    body = api.paymentout(operations=[operation("supply", supply["id"], 25000)])
    api.created("paymentout", body)
    assert api.get(f"/entity/supply/{supply['id']}").json()["payedSum"] == 25000.0


def test_without_closing_documents_there_are_no_links(api: Caller) -> None:
    supply = api.created("supply", api.supply())
    links = [operation("supply", supply["id"], 1)]
    refused = api.post("/entity/paymentout", api.paymentout(noClosingDocs=True, operations=links))
    assert refusal(refused) == (412, 22003)
    assert api.created("paymentout", api.paymentout(noClosingDocs=True))["noClosingDocs"] is True


def test_a_trashed_document_cannot_be_paid(api: Caller) -> None:
    supply = api.created("supply", api.supply())
    api.delete(f"/entity/supply/{supply['id']}")
    body = api.paymentout(operations=[operation("supply", supply["id"], 1)])
    assert refusal(api.post("/entity/paymentout", body)) == (412, 3010)


def test_null_takes_all_links_away(api: Caller) -> None:
    created = api.created(
        "paymentin", api.paymentin(operations=[operation("customerorder", api.order.id, 5)])
    )
    changed = api.put(f"/entity/paymentin/{created['id']}", {"operations": None}).json()
    assert "operations" not in changed


def test_a_link_is_an_object(api: Caller) -> None:
    answer = api.post("/entity/paymentin", api.paymentin(operations=[7]))
    assert refusal(answer) == (400, 2000)


@pytest.mark.parametrize("kind", ["customerorder", "demand"])
def test_a_payment_may_be_linked_to_anybodys_document(api: Caller, kind: str) -> None:
    """Seen live: the service takes a link to another agent's document without a word."""
    unpaid = [o for o in api.shop.orders if o.demands and not o.payments]
    other = next(o for o in unpaid if o.agent.id != api.order.agent.id)
    target = other.id if kind == "customerorder" else other.demands[0].id
    link = [operation(kind, target, 100)]
    created = api.created("paymentin", api.paymentin(operations=link))
    assert created["operations"][0]["linkedSum"] == 100.0
    assert api.get(f"/entity/{kind}/{target}").json()["payedSum"] == 100.0
