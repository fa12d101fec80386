"""How little work it does: a simulation of a thousand seeds stands on it.

What is counted here is what the seconds in docs/sandbox.md come from; a busy machine changes only
the seconds.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from sverka.demo.shop import Shop, build_shop
from sverka.moysklad.sandbox import seed
from sverka.moysklad.sandbox.baseline import reset
from sverka.moysklad.sandbox.storage import Database, Store
from tests.support.sandbox import RunningSandbox, running_sandbox
from tests.support.statements import noted_statements

HEADERS = {
    "Authorization": "Bearer sandbox",
    "Accept-Encoding": "gzip",
    "Content-Type": "application/json",
}
STATEMENTS_OF_A_WRITE, IN_AN_ARRAY = 6, 3


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Of all sandboxes that begin after this."""
    return noted_statements(monkeypatch, "sverka.moysklad.sandbox.storage")


@pytest.fixture
def sandbox(statements: list[Any], books: str) -> Iterator[RunningSandbox]:
    with running_sandbox(books) as running:
        yield running


@pytest.fixture
def post(sandbox: RunningSandbox, shop: Shop) -> Callable[..., None]:
    """Creates linked payments in one request, over one kept connection."""
    base = sandbox.connection.url
    connection = HTTPConnection(sandbox.origin.removeprefix("http://"))

    def ref(kind: str, id_: object) -> dict[str, object]:
        return {"meta": {"href": f"{base}/entity/{kind}/{id_}", "type": kind}}

    body = {
        "organization": ref("organization", shop.organization.id),
        "agent": ref("counterparty", shop.buyers[0].id),
        "sum": 100,
        "operations": [{**ref("customerorder", shop.orders[0].id), "linkedSum": 1}],
    }

    def call(number: int = 1) -> None:
        told = json.dumps(body if number == 1 else [body] * number)
        connection.request("POST", "/api/remap/1.2/entity/paymentin", told, HEADERS)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()

    return call


def test_a_write_is_a_few_statements(post: Callable[..., None], statements: list[Any]) -> None:
    post()
    statements.clear()
    for _ in range(20):
        post()
    assert len(statements) <= 20 * STATEMENTS_OF_A_WRITE


def test_in_an_array_each_takes_half_of_them(
    post: Callable[..., None], statements: list[Any]
) -> None:
    post()
    statements.clear()
    post(1000)
    assert len(statements) < 1000 * IN_AN_ARRAY + 10


def test_a_reset_writes_only_what_was_touched(post: Callable[..., None], books: str) -> None:
    for _ in range(40):
        post()
    database = Database(books)
    with database.transaction() as store:
        before = written(store)
        reset(store)
        done = written(store) - before
    database.close()
    # Forty payments with their links; the shop has more than a thousand rows.
    assert done.total() < 100


def written(store: Store) -> Counter[str]:
    """Rows by table, as this session's statistics have them."""
    store.cursor.execute(
        "select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_xact_user_tables"
        " where schemaname = 'sandbox'"
    )
    return Counter(dict(store.cursor.fetchall()))


def test_two_thousand_orders_are_seeded_in_a_few_statements(
    empty_database_url: str, statements: list[Any]
) -> None:
    seed(empty_database_url, build_shop(orders=2000))
    assert len(statements) < 30
