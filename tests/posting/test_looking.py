"""Between the plan and the sending people work in MoySklad; what they did there is respected."""

from typing import Any
from uuid import UUID, uuid4

import pytest
import requests

from sverka.demo.shop import Order
from sverka.errors import Misconfigured
from sverka.nouns import PostingKind
from sverka.posting.approve import approve
from sverka.posting.outbox import mark_sending, ready
from tests.posting.conftest import Desk
from tests.support.sandbox import TOKEN


def call(desk: Desk, method: str, path: str, body: object = None) -> Any:
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept-Encoding": "gzip"}
    url = f"{desk.sandbox.connection.url}/entity/{path}"
    answer = requests.request(method, url, json=body, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def meta(desk: Desk, entity: str, one: UUID) -> dict[str, Any]:
    href = f"{desk.sandbox.connection.url}/entity/{entity}/{one}"
    return {
        "href": href,
        "type": entity.rsplit("/", maxsplit=1)[-1],
        "mediaType": "application/json",
    }


def pay_by_hand(desk: Desk, order: Order, amount: int, entity: str = "customerorder") -> None:
    paid = order.id if entity == "customerorder" else order.demands[0].id
    body = {
        "organization": {"meta": meta(desk, "organization", desk.shop.organization.id)},
        "agent": {"meta": meta(desk, "counterparty", order.agent.id)},
        "sum": amount,
        "operations": [{"meta": meta(desk, entity, paid), "linkedSum": amount}],
    }
    call(desk, "POST", "paymentin", body)


def set_state(desk: Desk, order: Order, name: str) -> None:
    state = desk.sandbox.client().states("customerorder")[name]
    href = f"{desk.sandbox.connection.url}/entity/customerorder/metadata/states/{state}"
    value = {"meta": {"href": href, "type": "state", "mediaType": "application/json"}}
    call(desk, "PUT", f"customerorder/{order.id}", {"state": value})


def approved(desk: Desk, *orders: Order, **row: Any) -> int:
    desk.mirror(*orders)
    file_id = desk.books.file("gorod")
    for order in orders:
        desk.books.line(file_id, order.name, **({"collected": order.sum} | row))
    desk.plan(file_id)
    approve(desk.services, file_id, "policy")
    return file_id


@pytest.mark.parametrize("entity", ["customerorder", "demand"])
@pytest.mark.parametrize("kopecks_left", [0, -1])
def test_an_order_that_was_paid_by_hand_is_not_paid_again(
    desk: Desk, entity: str, kopecks_left: int
) -> None:
    paid, other = desk.orders("gorod")[:2]
    file_id = approved(desk, paid, other)
    pay_by_hand(desk, paid, paid.sum if not kopecks_left else 1, entity)
    sent = desk.send(file_id)
    assert desk.in_moysklad() == {"paymentin": 1}
    assert desk.postings()["paymentin"] == {"failed": 1, "posted": 1}
    assert desk.state_of("customerorder", paid.id) == "Отгружен"
    assert desk.state_of("customerorder", other.id) == "Выполнен"
    # The payment and the two states that hang on it.
    assert (sent.posted, sent.failed) == (3, 3)
    [[words]] = desk.books.run("select error from posting where kind = 'paymentin' and error > ''")
    assert "дважды" in words


def test_parcels_of_one_order_are_looked_at_together(desk: Desk) -> None:
    order = desk.orders("gorod")[0]
    desk.mirror(order)
    file_id = desk.books.file("gorod")
    half = order.sum // 2
    for amount in (half, order.sum - half):
        desk.books.line(file_id, order.name, amount)
    desk.plan(file_id)
    approve(desk.services, file_id, "policy")
    pay_by_hand(desk, order, half)
    desk.send(file_id)
    assert desk.in_moysklad() == {}


def test_an_order_that_is_gone_is_not_paid(desk: Desk) -> None:
    order = desk.orders("gorod")[0]
    file_id = approved(desk, order)
    for demand in order.demands:
        call(desk, "DELETE", f"demand/{demand.id}")
    call(desk, "DELETE", f"customerorder/{order.id}")
    sent = desk.send(file_id)
    assert (sent.posted, sent.failed) == (0, 3)
    assert desk.in_moysklad() == {}


def test_a_return_that_was_made_by_hand_is_not_made_again(desk: Desk) -> None:
    order = desk.orders("gorod", positions=2)[0]
    file_id = approved(desk, order, collected=0, outcome="returned")
    demand = order.demands[0]
    template = call(
        desk, "PUT", "salesreturn/new", {"demand": {"meta": meta(desk, "demand", demand.id)}}
    )
    # Part of it, so that MoySklad itself would have room for more.
    template["positions"] = (
        (template["positions"].get("rows") or [])[:1]
        if isinstance(template["positions"], dict)
        else template["positions"][:1]
    )
    template["store"] = {"meta": meta(desk, "store", desk.shop.store.id)}
    template.pop("name", None)
    call(desk, "POST", "salesreturn", template)
    desk.send(file_id)
    assert desk.in_moysklad() == {}
    assert desk.postings()["salesreturn"] == {"failed": 1}
    [[words]] = desk.books.run("select error from posting where kind = 'salesreturn'")
    assert "возврат" in words


@pytest.mark.parametrize(
    ("by_hand", "ends_as"),
    [("Отменен", "Отменен"), ("Новый", "Выполнен"), ("Выполнен", "Выполнен")],
)
def test_a_final_state_that_a_person_set_meanwhile_stays(
    desk: Desk, by_hand: str, ends_as: str
) -> None:
    order = desk.orders("gorod")[0]
    file_id = approved(desk, order)
    set_state(desk, order, by_hand)
    desk.send(file_id)
    assert desk.state_of("customerorder", order.id) == ends_as
    [[state]] = desk.books.run("select state from posting where kind = 'customerorder.state'")
    assert state == ("posted" if ends_as == "Выполнен" else "failed")


def test_a_dry_run_that_begins_holds_back_what_was_approved(desk: Desk) -> None:
    file_id = approved(desk, desk.orders("gorod")[0])
    desk.terms("gorod", dry_run="true")
    sent = desk.send(file_id)
    assert (sent.posted, sent.waiting) == (0, 3)
    assert desk.in_moysklad() == {}
    desk.terms("gorod", dry_run="false")
    assert desk.send(file_id).posted == 3


def test_what_a_dry_run_planned_is_never_approved_as_it_is(desk: Desk) -> None:
    desk.terms("gorod", dry_run="true")
    file_id = approved(desk, desk.orders("gorod")[0])
    desk.terms("gorod", dry_run="false")
    # The books went on since; only a new plan may be approved.
    assert approve(desk.services, file_id, "policy") == 0
    assert desk.settle(file_id).posted == 3


def test_after_a_dry_run_the_same_money_in_another_file_is_booked(desk: Desk) -> None:
    order = desk.orders("gorod")[0]
    desk.terms("gorod", dry_run="true")
    approved(desk, order, identity="money", fee_delivery=10_000)
    desk.terms("gorod", dry_run="false")
    again = desk.books.file("gorod")
    desk.books.line(again, order.name, order.sum, identity="money", fee_delivery=10_000)
    desk.settle(again)
    assert desk.in_moysklad() == {"paymentin": 1, "supply": 1}


def test_documents_of_another_account_are_not_sent(desk: Desk) -> None:
    file_id = approved(desk, desk.orders("gorod")[0])
    desk.books.insert("account", {"id": uuid4(), "currency": "RUB"})
    with pytest.raises(Misconfigured, match="другого аккаунта"):
        desk.send(file_id)
    with pytest.raises(Misconfigured, match="другого аккаунта"):
        desk.plan(file_id)
    assert desk.in_moysklad() == {}


def test_what_another_run_took_is_not_sent_by_this_one(desk: Desk) -> None:
    # The account's lock falls with its connection, the row does not.
    file_id = approved(desk, *desk.orders("gorod")[:2])
    items = ready(desk.services, file_id, PostingKind.PAYMENTIN, ["gorod"])
    assert len(mark_sending(desk.services, items[:1])) == 1
    assert mark_sending(desk.services, items) == items[1:]
