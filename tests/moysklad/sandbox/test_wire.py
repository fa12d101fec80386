"""The server as a process' neighbour sees it: sockets, threads, races."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import pytest
import requests
import uvicorn

from sverka.demo.shop import Shop
from sverka.moysklad.sandbox import app, seed
from sverka.moysklad.sandbox.limits import Limits
from sverka.moysklad.sandbox.wire import CuttableProtocol
from tests.support.sandbox import Held

SYNC_ID = "5f1f0a3e-2c61-4f0e-9a51-0d9c8a7b6c5d"
HEADERS = {"Authorization": "Bearer sandbox", "Accept-Encoding": "gzip"}


class Live:
    """A running server."""

    def __init__(self, origin: str, shop: Shop, held: Held) -> None:
        self.origin = origin
        self.base = f"{origin}/api/remap/1.2"
        self.shop = shop
        self.held = held

    def ref(self, kind: str, id_: object) -> dict[str, Any]:
        return {"meta": {"href": f"{self.base}/entity/{kind}/{id_}", "type": kind}}

    def payment(self, **changes: Any) -> dict[str, Any]:
        return {
            "organization": self.ref("organization", self.shop.organization.id),
            "agent": self.ref("counterparty", self.shop.buyers[0].id),
            "sum": 100,
            **changes,
        }

    def post(self, body: Any) -> requests.Response:
        url = f"{self.base}/entity/paymentin"
        return requests.post(url, json=body, headers=HEADERS, timeout=30)

    def fault(self, **fault: Any) -> None:
        requests.post(f"{self.origin}/sandbox/faults", json=fault, timeout=30).raise_for_status()

    def by_sync_id(self) -> requests.Response:
        url = f"{self.base}/entity/paymentin/syncid/{SYNC_ID}"
        return requests.get(url, headers=HEADERS, timeout=30)


@pytest.fixture
def live(empty_database_url: str, shop: Shop) -> Iterator[Live]:
    seed(empty_database_url, shop)
    config = uvicorn.Config(
        app(
            empty_database_url,
            limits=Limits(rate=None, parallel=5),
            virtual_time=(held := Held()),
        ),
        http=CuttableProtocol,
        log_level="warning",
    )
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Live(f"http://127.0.0.1:{listener.getsockname()[1]}", shop, held)
    held.go.set()
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.mark.parametrize(("fault", "status"), [("lose_reply", 200), ("reset_before_commit", 404)])
def test_a_lost_reply_is_a_reset_connection(live: Live, fault: str, status: int) -> None:
    live.fault(fault=fault, method="POST")
    with pytest.raises(requests.ConnectionError, match=r"reset|aborted"):
        live.post(live.payment(syncId=SYNC_ID))
    assert live.by_sync_id().status_code == status


def test_a_truncated_reply_ends_in_the_middle(live: Live) -> None:
    live.fault(fault="truncate_reply", method="POST")
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        live.post(live.payment(syncId=SYNC_ID))
    assert live.by_sync_id().status_code == 200


def test_the_server_goes_on_after_a_cut_connection(live: Live) -> None:
    live.fault(fault="lose_reply", times=3)
    for _ in range(3):
        with pytest.raises(requests.ConnectionError):
            live.post(live.payment(syncId=SYNC_ID))
    assert live.post(live.payment(syncId=SYNC_ID)).status_code == 200


def test_twenty_simultaneous_creates_with_one_sync_id_make_one_object(
    live: Live, empty_database_url: str
) -> None:
    def create(_: int) -> str:
        while (answer := live.post(live.payment(syncId=SYNC_ID))).status_code == 429:
            time.sleep(0.02)
        return str(answer.json()["id"])

    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(create, range(20)))
    assert len(ids) == 1


def test_a_slow_reply_is_committed_before_the_client_gives_up(live: Live) -> None:
    live.fault(fault="slow", method="POST")
    url = f"{live.base}/entity/paymentin"
    with pytest.raises(requests.Timeout):
        requests.post(url, json=live.payment(syncId=SYNC_ID), headers=HEADERS, timeout=0.5)
    assert live.by_sync_id().status_code == 200


def test_above_five_at_once_the_others_are_refused_with_1073(live: Live) -> None:
    live.fault(fault="slow", times=8, method="POST")
    answers = []
    with ThreadPoolExecutor(8) as pool:
        for done in as_completed(pool.submit(live.post, live.payment()) for _ in range(8)):
            answers.append(done.result())
            if len(answers) == 3:
                assert not live.held.go.is_set()
                live.held.go.set()
    assert Counter(a.status_code for a in answers) == {200: 5, 429: 3}
    refused = [a for a in answers if a.status_code == 429]
    assert {a.json()["errors"][0]["code"] for a in refused} == {1073}
    assert {a.headers["X-Lognex-Auth"] for a in refused} == {"429005"}


def test_a_bulk_of_a_thousand_is_answered_one_by_one(live: Live) -> None:
    order = live.shop.orders[0]
    link = {**live.ref("customerorder", order.id), "linkedSum": 1}
    bodies = [live.payment(operations=[link]) for _ in range(1000)]
    answer = live.post(bodies)
    assert len(answer.json()) == 1000
    assert all("id" in item for item in answer.json())


def test_a_foreign_host_in_a_reference_is_refused(live: Live) -> None:
    foreign = live.ref("counterparty", live.shop.buyers[0].id)
    foreign["meta"]["href"] = foreign["meta"]["href"].replace("127.0.0.1", "localhost")
    answer = live.post(live.payment(agent=foreign))
    assert answer.json()["errors"][0]["code"] == 1059
