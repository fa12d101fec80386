"""The switches outside the API: what a reset goes back to, and what it leaves alone."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest
from starlette.testclient import TestClient

from sverka.demo.shop import Shop
from sverka.moysklad.sandbox import app, seed
from sverka.moysklad.sandbox.limits import Limits
from sverka.moysklad.sandbox.timing import VirtualTime
from tests.moysklad.sandbox.conftest import ORIGIN, Caller, operation, ref, refusal

KEPT = (
    "select id, type, sync_id, created, updated, deleted, body from sandbox.object order by id",
    "select source, field, target, sum from sandbox.link order by 1, 2, 3",
    "select type, year, last from sandbox.numbering order by 1, 2",
    "select token, login from sandbox.token order by 1",
)


def contents(url: str) -> list[list[tuple[Any, ...]]]:
    """Everything that the sandbox keeps of its documents."""
    conn = psycopg2.connect(url)
    try:
        with conn.cursor() as cursor:
            found = []
            for statement in KEPT:
                cursor.execute(statement)
                found.append(cursor.fetchall())
            return found
    finally:
        conn.close()


def reset(api: Caller, **options: Any) -> None:
    answer = api.http.post(f"{ORIGIN}/sandbox/reset", json=options)
    assert answer.status_code == 204, answer.text


class TestReset:
    def test_whatever_was_done_everything_is_as_it_was(self, api: Caller, books: str) -> None:
        before = contents(books)
        order, demand = api.order, api.order.demands[0]
        link = [operation("customerorder", order.id, 1)]
        api.created("paymentin", api.paymentin(operations=link))
        api.created("salesreturn", api.salesreturn(order))
        api.put(f"/entity/demand/{demand.id}", {"customerOrder": None})
        paid = next(o for o in api.shop.orders if o.payments)
        api.delete(f"/entity/paymentin/{paid.payments[0].id}")
        unused = next(
            c for c in api.shop.counterparties if c.name == api.shop.couriers["gorod"].name
        )
        api.delete(f"/entity/counterparty/{unused.id}")
        http = api.http.post(
            f"{ORIGIN}/api/remap/1.2/security/token",
            auth=("admin@sandbox", "sandbox"),
            headers={"Accept-Encoding": "gzip", "Accept": "*/*"},
        )
        assert http.status_code == 200
        assert contents(books) != before
        reset(api)
        assert contents(books) == before
        assert api.get("/entity/store").status_code == 200, "the configured token holds again"

    def test_without_a_bin_what_was_erased_comes_back_with_its_links(
        self, api: Caller, books: str
    ) -> None:
        before = contents(books)
        api.http.post(f"{ORIGIN}/sandbox/account", json={"recycle_bin": False})
        paid = next(o for o in api.shop.orders if o.payments)
        api.delete(f"/entity/paymentin/{paid.payments[0].id}")
        reset(api)
        assert contents(books) == before

    def test_numbers_begin_again(self, api: Caller) -> None:
        first = api.created("paymentin", api.paymentin())["name"]
        api.created("paymentin", api.paymentin())
        reset(api)
        assert api.created("paymentin", api.paymentin())["name"] == first

    def test_what_was_counted_and_planned_is_forgotten(
        self, open_sandbox: Callable[..., Caller]
    ) -> None:
        api = open_sandbox(limits=Limits(weight=45), monotonic=lambda: 0.0)
        api.http.post(f"{ORIGIN}/sandbox/faults", json={"fault": "html_500", "times": 2})
        assert api.get("/entity/store").status_code == 500
        reset(api)
        assert api.http.get(f"{ORIGIN}/sandbox/requests").json()["total"] == 0
        assert api.http.get(f"{ORIGIN}/sandbox/faults").json() == []
        assert api.http.get(f"{ORIGIN}/sandbox/faults/log").json() == []
        statuses = [api.get("/entity/store").status_code for _ in range(2)]
        assert statuses == [200, 429]
        reset(api)
        assert api.get("/entity/store").status_code == 200, "the basket is full again"

    def test_it_can_begin_another_run_at_once(
        self, open_sandbox: Callable[..., Caller], clock: Any
    ) -> None:
        api = open_sandbox(virtual_time=VirtualTime(clock()))
        reset(
            api,
            faults={"exact": [{"fault": "html_503"}]},
            account={"replay": "update"},
            now="2027-01-01T00:00:00+03:00",
        )
        assert api.get("/entity/store").status_code == 503
        assert api.http.get(f"{ORIGIN}/sandbox/account").json()["replay"] == "update"
        assert api.created("paymentin", api.paymentin())["created"].startswith("2027-01-01")

    def test_the_account_stays_set_up_unless_it_is_named(self, api: Caller) -> None:
        api.http.post(f"{ORIGIN}/sandbox/account", json={"unique_names": True})
        reset(api)
        assert api.http.get(f"{ORIGIN}/sandbox/account").json()["unique_names"] is True

    def test_the_same_seed_gives_the_same_ids(self, api: Caller) -> None:
        def ids(seed: int | None) -> list[str]:
            reset(api, ids=seed)
            return [api.created("paymentin", api.paymentin())["id"] for _ in range(2)]

        assert ids(7) == ids(7) != ids(8)
        assert ids(None) != ids(None)

    @pytest.mark.parametrize(
        "options",
        [
            {"everything": True},
            {"faults": {"rate": 2}},
            {"account": {"replay": "maybe"}},
            {"now": "2027-01-01T00:00:00+03:00"},  # there is no virtual time
        ],
    )
    def test_a_reset_that_cannot_be_understood_does_nothing(
        self, api: Caller, options: dict[str, Any]
    ) -> None:
        created = api.created("paymentin", api.paymentin())
        answer = api.http.post(f"{ORIGIN}/sandbox/reset", json=options)
        assert answer.status_code == 400
        assert api.get(f"/entity/paymentin/{created['id']}").status_code == 200


@pytest.fixture
def own(empty_database_url: str, shop: Shop, clock: Any) -> Iterator[Caller]:
    """A sandbox on a database that no other test uses."""
    seed(empty_database_url, shop)
    with TestClient(app(empty_database_url, clock=clock), base_url=ORIGIN) as http:
        yield Caller(http, shop)


def test_a_reset_goes_back_to_what_was_marked_last(own: Caller) -> None:
    kept = own.created("paymentin", own.paymentin(description="до"))
    own.http.post(f"{ORIGIN}/sandbox/mark", json={}).raise_for_status()
    lost = own.created("paymentin", own.paymentin())
    own.put(f"/entity/paymentin/{kept['id']}", {"description": "после"})
    reset(own)
    assert own.get(f"/entity/paymentin/{kept['id']}").json() == kept
    assert refusal(own.get(f"/entity/paymentin/{lost['id']}")) == (404, 1021)


def test_an_empty_account_can_be_reset_too(empty_database_url: str, clock: Any) -> None:
    with TestClient(app(empty_database_url, clock=clock), base_url=ORIGIN) as http:
        api = Caller(http, shop=None)  # type: ignore[arg-type]
        made = api.created("store", {"name": "Склад"})
        reset(api)
        assert refusal(api.get(f"/entity/store/{made['id']}")) == (404, 1021)
        assert api.created("store", {"name": "Склад"})["owner"] == {
            "meta": api.get("/context/employee").json()["meta"]
        }


def test_other_switches_are_not_there(api: Caller) -> None:
    assert api.http.get(f"{ORIGIN}/sandbox/reset").status_code == 404
    assert api.http.post(f"{ORIGIN}/sandbox/faults", content=b"{").status_code == 400


def test_a_reference_to_what_a_reset_took_away_is_refused(api: Caller) -> None:
    agent = api.created("counterparty", {"name": "Разовый"})
    reset(api)
    body = api.paymentin(agent=ref("counterparty", agent["id"]))
    assert refusal(api.post("/entity/paymentin", body)) == (400, 2013)
