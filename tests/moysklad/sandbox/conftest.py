"""A sandbox with the demo shop, and a caller who speaks to it as the docs ask."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.testclient import TestClient

from sverka.demo.shop import Order, Shop, build_shop
from sverka.moysklad.sandbox import app, seed
from sverka.moysklad.sandbox.baseline import reset
from sverka.moysklad.sandbox.limits import Limits
from sverka.moysklad.sandbox.storage import Database
from tests.conftest import fresh_database

ORIGIN = "http://sandbox.test"
BASE = f"{ORIGIN}/api/remap/1.2"
UNLIMITED = Limits(rate=None, parallel=None)
Json = dict[str, Any]


class Caller:
    """Sends requests with the mandatory headers; `shop` is what was loaded."""

    def __init__(self, http: TestClient, shop: Shop) -> None:
        self.http = http
        self.shop = shop

    def call(
        self, method: str, path: str, json: Any = None, *, headers: Json | None = None
    ) -> httpx.Response:
        usual = {
            "Authorization": "Bearer sandbox",
            "Accept": "application/json;charset=utf-8",
            "Accept-Encoding": "gzip",
        }
        return self.http.request(method, BASE + path, json=json, headers=usual | (headers or {}))

    def get(self, path: str) -> httpx.Response:
        return self.call("GET", path)

    def post(self, path: str, json: Any) -> httpx.Response:
        return self.call("POST", path, json)

    def put(self, path: str, json: Any) -> httpx.Response:
        return self.call("PUT", path, json)

    def delete(self, path: str) -> httpx.Response:
        return self.call("DELETE", path)

    def rows(self, path: str) -> list[Json]:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        rows: list[Json] = answer.json()["rows"]
        return rows

    def created(self, kind: str, body: Json) -> Json:
        answer = self.post(f"/entity/{kind}", body)
        assert answer.status_code == 200, answer.text
        created: Json = answer.json()
        return created

    @property
    def order(self) -> Order:
        """A plain order that was shipped whole and not paid."""
        return next(o for o in self.shop.orders if o.demands and not o.payments and not o.quirk)

    def paymentin(self, **changes: Any) -> Json:
        """The body of an incoming payment without links."""
        return {
            "organization": ref("organization", self.shop.organization.id),
            "agent": ref("counterparty", self.order.agent.id),
            "sum": 150000,
            **changes,
        }

    def paymentout(self, **changes: Any) -> Json:
        item = self.shop.expense_items[0]
        return self.paymentin(expenseItem=ref("expenseitem", item.id), **changes)

    def supply(self, **changes: Any) -> Json:
        service = ref("service", self.shop.services[0].id)
        return {
            "organization": ref("organization", self.shop.organization.id),
            "agent": ref("counterparty", self.shop.couriers["gorod"].id),
            "store": ref("store", self.shop.store.id),
            "positions": [{"assortment": service, "quantity": 1, "price": 25000}],
            **changes,
        }

    def salesreturn(self, order: Order, **changes: Any) -> Json:
        """The body of a return of one piece of the first position of the order's demand."""
        position = order.demands[0].positions[0]
        row = {"assortment": ref("product", position.product.id), "quantity": 1}
        return {
            "organization": ref("organization", self.shop.organization.id),
            "agent": ref("counterparty", order.agent.id),
            "store": ref("store", self.shop.store.id),
            "demand": ref("demand", order.demands[0].id),
            "positions": [row],
            **changes,
        }

    def state(self, entity: str, name: str) -> Json:
        found = next(s for s in self.shop.states if (s.entity, s.name) == (entity, name))
        return ref(f"{entity}/metadata/states", found.id, "state")


def ref(path: str, id_: UUID | str, kind: str | None = None) -> Json:
    """A reference as a request carries it."""
    href = f"{BASE}/entity/{path}/{id_}"
    return {"meta": {"href": href, "type": kind or path, "mediaType": "application/json"}}


def operation(kind: str, id_: UUID | str, linked: int) -> Json:
    return {**ref(kind, id_), "linkedSum": linked}


def refusal(answer: httpx.Response) -> tuple[int, int | None]:
    """HTTP status and vendor code of a refused request."""
    error = answer.json()["errors"][0]
    return answer.status_code, error.get("code")


@pytest.fixture(scope="session")
def shop() -> Shop:
    return build_shop(orders=200)


@pytest.fixture(scope="session")
def shop_database(server_url: str, shop: Shop) -> Iterator[str]:
    """One database with the shop for all tests; `books` gives it as it was at first."""
    for url in fresh_database(server_url, "template0"):
        seed(url, shop)
        yield url


@pytest.fixture
def books(shop_database: str) -> str:
    """The URL of a database that holds the shop and nothing else."""
    database = Database(shop_database)
    with database.transaction() as store:
        reset(store)
    database.close()
    return shop_database


@pytest.fixture
def open_sandbox(books: str, shop: Shop, clock: Any) -> Iterator[Callable[..., Caller]]:
    """Opens a sandbox with chosen rules on the test's database, which holds the shop."""
    with ExitStack() as stack:

        def make(**options: Any) -> Caller:
            server = app(books, **{"limits": UNLIMITED, "clock": clock, **options})
            http = stack.enter_context(TestClient(server, base_url=ORIGIN))
            return Caller(http, shop)

        yield make


@pytest.fixture
def api(open_sandbox: Callable[..., Caller]) -> Caller:
    return open_sandbox()
