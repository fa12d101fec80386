"""The client and the sandbox agree: the same rules that the real service documents."""

import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from sverka.demo.shop import Shop, build_shop
from sverka.errors import Misconfigured
from sverka.money import Minor
from sverka.moysklad.client import Deleted, MoySklad, Refused, Saved
from sverka.moysklad.documents import (
    Document,
    Operation,
    PaymentIn,
    PaymentOut,
    Position,
    Ref,
    SalesReturn,
    SalesReturnPosition,
    StateChange,
    StateRef,
    Supply,
    body,
)
from sverka.moysklad.errors import Terminal, Unsure
from sverka.moysklad.sandbox import seed
from sverka.moysklad.sandbox.limits import Limits
from sverka.moysklad.wire import minor, reference
from sverka.settings import MoySkladConnection
from tests.support.sandbox import RunningSandbox, running_sandbox, sandbox

__all__ = ["sandbox"]

MOMENT = datetime(2026, 11, 20, 9, 0, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=200)


@pytest.fixture
def client(sandbox: RunningSandbox) -> MoySklad:
    return sandbox.client()


class Bookkeeper:
    """Makes documents about the first shipped order of the demo shop."""

    def __init__(self, shop: Shop, client: MoySklad) -> None:
        self.client = client
        self.order = next(order for order in shop.orders if order.demands)
        self.demand = self.order.demands[0]
        self.common: dict[str, Any] = {
            "moment": MOMENT,
            "organization": Ref("organization", shop.organization.id),
        }
        self.buyer = Ref("counterparty", self.order.agent.id)
        self.store = Ref("store", shop.store.id)
        courier = next(one for one in shop.counterparties if one.company_type == "legal")
        self.courier = Ref("counterparty", courier.id)
        self.service = Ref("service", shop.services[0].id)
        self.expense_item = Ref("expenseitem", shop.expense_items[0].id)

    def payment_in(self, amount: int = 125_000, linked: int | None = None) -> PaymentIn:
        document = Ref("customerorder", self.order.id)
        return PaymentIn(
            sync_id=uuid4(),
            agent=self.buyer,
            sum=Minor(amount),
            incoming_number="8871",
            incoming_date=MOMENT,
            payment_purpose="Заказ",
            operations=(Operation(document, Minor(amount if linked is None else linked)),),
            **self.common,
        )

    def supply(self) -> Supply:
        return Supply(
            sync_id=uuid4(),
            agent=self.courier,
            store=self.store,
            incoming_number=None,
            incoming_date=None,
            description="Услуги курьера",
            positions=(Position(self.service, 1, Minor(35_017)),),
            **self.common,
        )

    def payment_out(self, supply: Supply) -> PaymentOut:
        return PaymentOut(
            sync_id=uuid4(),
            agent=self.courier,
            expense_item=self.expense_item,
            sum=Minor(35_017),
            payment_purpose="Удержано",
            supply=supply.sync_id,
            **self.common,
        )

    def sales_return(self) -> SalesReturn:
        goods = self.demand.positions[0]
        return SalesReturn(
            sync_id=uuid4(),
            agent=self.buyer,
            store=self.store,
            demand=Ref("demand", self.demand.id),
            description="Отказ",
            positions=(SalesReturnPosition(Ref("product", goods.product.id), 1, goods.price),),
            **self.common,
        )

    def resolve(self, sync_id: UUID) -> UUID:
        found = self.client.find_by_sync_id("supply", sync_id)
        assert found is not None
        return UUID(found["id"])

    def save(self, entity: str, *documents: Document) -> list[Saved | Refused]:
        bodies = [body(one, self.client.base_url, self.resolve) for one in documents]
        return self.client.save(entity, bodies)

    def get(self, entity: str, entity_id: UUID) -> dict[str, Any]:
        found = self.client.get(entity, entity_id)
        assert found is not None
        return found


@pytest.fixture
def books(shop: Shop, client: MoySklad) -> Bookkeeper:
    return Bookkeeper(shop, client)


def only(results: list[Saved | Refused]) -> Saved:
    (result,) = results
    assert isinstance(result, Saved), result
    return result


def test_the_account_is_the_shops(client: MoySklad, shop: Shop) -> None:
    assert client.account_id() == shop.account_id


def test_all_orders_come_with_exact_sums(client: MoySklad, shop: Shop) -> None:
    found = {row["name"]: minor(row["sum"]) for row in client.rows("customerorder")}
    assert found == {order.name: order.sum for order in shop.orders}


def test_expanding_brings_the_whole_of_every_row_on_every_page(
    client: MoySklad, shop: Shop
) -> None:
    rows = list(client.rows("customerorder", expand=["agent"]))
    assert len(rows) == len(shop.orders) > 100
    assert all("name" in row["agent"] for row in rows)


def test_states_and_dictionary_entries_are_found_by_name(client: MoySklad, shop: Shop) -> None:
    assert {"Отгружен", "Выполнен", "Возвращен"} <= set(client.states("demand"))
    assert client.find_one("store", shop.store.name) == shop.store.id
    with pytest.raises(Misconfigured):
        client.find_one("store", "Нет такого склада")


def test_what_is_not_there_is_none(client: MoySklad) -> None:
    assert client.get("customerorder", uuid4()) is None
    assert client.find_by_sync_id("paymentin", uuid4()) is None
    assert client.find_by_external_codes("paymentin", [str(uuid4())]) == {}


def test_a_wrong_token_is_a_terminal_error(sandbox: RunningSandbox) -> None:
    wrong = MoySklad(MoySkladConnection(url=sandbox.connection.url, token="wrong"))
    with pytest.raises(Terminal) as caught:
        wrong.account_id()
    assert caught.value.status == 401


def test_login_and_password_open_the_door_too(sandbox: RunningSandbox, shop: Shop) -> None:
    url = sandbox.connection.url
    client = MoySklad(MoySkladConnection(url=url, login="admin@sandbox", password="sandbox"))
    assert client.account_id() == shop.account_id


def test_the_whole_chain_of_an_order_is_taken(books: Bookkeeper) -> None:
    paid_before = minor(books.get("customerorder", books.order.id)["payedSum"])
    payment = only(books.save("paymentin", books.payment_in()))
    supply = books.supply()
    supplied = only(books.save("supply", supply))
    paid_out = only(books.save("paymentout", books.payment_out(supply)))
    returned = only(books.save("salesreturn", books.sales_return()))

    order = books.get("customerorder", books.order.id)
    assert minor(order["payedSum"]) == paid_before + 125_000
    assert minor(payment.body["sum"]) == 125_000
    assert payment.body["moment"] == "2026-11-20 12:00:00.000"
    supply_now = books.get("supply", supplied.id)
    assert (minor(supply_now["sum"]), minor(supply_now["payedSum"])) == (35_017, 35_017)
    assert supply_now["vatEnabled"] is False
    assert minor(paid_out.body["operations"][0]["linkedSum"]) == 35_017
    assert minor(returned.body["sum"]) == books.demand.positions[0].price


def test_a_state_changes_in_bulk(books: Bookkeeper) -> None:
    done = books.client.states("customerorder")["Выполнен"]
    change = StateChange(
        uuid4(), Ref("customerorder", books.order.id), StateRef("customerorder", done)
    )
    assert only(books.save("customerorder", change)).id == books.order.id
    order = books.get("customerorder", books.order.id)
    assert order["state"]["meta"]["href"].endswith(str(done))


def test_one_refused_document_does_not_stop_its_neighbours(books: Bookkeeper) -> None:
    first, second, third = books.save(
        "paymentin", books.payment_in(), books.payment_in(100, linked=200), books.payment_in()
    )
    assert isinstance(first, Saved)
    assert isinstance(third, Saved)
    assert isinstance(second, Refused)
    assert second.code == 22000  # the links are above the payment's sum


def test_a_document_is_found_again_by_both_of_its_marks(books: Bookkeeper) -> None:
    payments = [books.payment_in() for _ in range(130)]
    saved = books.save("paymentin", *payments)
    codes = [str(payment.sync_id) for payment in payments]
    found = books.client.find_by_external_codes("paymentin", [*codes, str(uuid4())])
    assert [found[code]["id"] for code in codes] == [str(one.id) for one in saved]  # type: ignore[union-attr]
    by_sync_id = books.client.find_by_sync_id("paymentin", payments[7].sync_id)
    assert by_sync_id is not None
    assert by_sync_id["externalCode"] == codes[7]


def test_documents_are_deleted_in_bulk_and_found_in_the_bin(books: Bookkeeper) -> None:
    payments = [books.payment_in() for _ in range(3)]
    ids = [one.id for one in books.save("paymentin", *payments) if isinstance(one, Saved)]
    paid = minor(books.get("customerorder", books.order.id)["payedSum"])
    strange = uuid4()
    results = books.client.delete("paymentin", [ids[0], strange, ids[2]])
    assert (results[0], results[2]) == (Deleted(ids[0]), Deleted(ids[2]))
    assert isinstance(results[1], Refused)
    assert minor(books.get("customerorder", books.order.id)["payedSum"]) == paid - 2 * 125_000
    again = books.client.delete("paymentin", [ids[0], ids[2]])
    assert not any(isinstance(one, Saved) for one in again)

    found = books.client.find_by_sync_ids(
        "paymentin", [*(one.sync_id for one in payments), strange]
    )
    assert [bool(found[one.sync_id].get("deleted")) for one in payments] == [True, False, True]
    assert len(found) == 3


def test_a_document_whose_code_somebody_changed_is_still_found(books: Bookkeeper) -> None:
    payment = books.payment_in()
    saved = only(books.save("paymentin", payment))
    change = reference(books.client.base_url, "paymentin", saved.id) | {"externalCode": "own"}
    books.client.save("paymentin", [change])
    found = books.client.find_by_sync_ids("paymentin", [payment.sync_id])
    assert found[payment.sync_id]["id"] == str(saved.id)


def test_a_document_is_taken_back_and_a_state_removed_by_an_update(books: Bookkeeper) -> None:
    # What undoing needs (docs, «Обновление»): only the keys that are sent change, null clears.
    payment = only(books.save("paymentin", books.payment_in()))
    url = books.client.base_url
    draft = reference(url, "paymentin", payment.id) | {"applicable": False}
    assert only(books.client.save("paymentin", [draft])).body["applicable"] is False
    bare = reference(url, "customerorder", books.order.id) | {"state": None}
    assert "state" not in only(books.client.save("customerorder", [bare])).body


@pytest.mark.parametrize("amount", [10**15 - 1, 10**15])
def test_the_largest_amounts_stay_exact(books: Bookkeeper, amount: int) -> None:
    saved = only(books.save("paymentin", books.payment_in(amount)))
    assert minor(saved.body["sum"]) == amount
    assert minor(saved.body["operations"][0]["linkedSum"]) == amount
    assert minor(books.get("paymentin", saved.id)["sum"]) == amount


@pytest.mark.parametrize(
    ("fault", "kept"),
    [
        ("lose_reply", 3),
        ("truncate_reply", 3),
        ("html_502_after_commit", 3),
        ("lose_reply_halfway", 2),
        ("reset_before_commit", 0),
        ("html_500", 0),
    ],
)
def test_after_a_lost_answer_the_look_up_tells_the_truth(
    sandbox: RunningSandbox, books: Bookkeeper, fault: str, kept: int
) -> None:
    payments = [books.payment_in() for _ in range(3)]
    sandbox.plan_fault(fault, method="POST", path="/entity/paymentin")
    with pytest.raises(Unsure):
        books.save("paymentin", *payments)
    codes = [str(payment.sync_id) for payment in payments]
    assert set(books.client.find_by_external_codes("paymentin", codes)) == set(codes[:kept])
    assert sandbox.requests_seen()["by_route"]["POST /entity/paymentin"] == 1


@pytest.mark.parametrize("fault", ["reset_before_commit", "html_500", "truncate_reply"])
def test_reading_gets_over_a_fault_of_the_server(
    sandbox: RunningSandbox, client: MoySklad, fault: str
) -> None:
    sandbox.plan_fault(fault, method="GET")
    assert client.states("demand")


def test_a_client_never_provokes_the_limits(empty_database_url: str, shop: Shop) -> None:
    with running_sandbox(empty_database_url, limits=Limits()) as running:
        seed(empty_database_url, shop)
        client = running.client()

        def look() -> None:
            for _ in range(4):
                client.states("demand")

        threads = [threading.Thread(target=look) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert running.requests_seen()["by_status"] == {"200": 24}
