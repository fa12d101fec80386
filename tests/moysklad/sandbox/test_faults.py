"""Faults on demand, as they look from inside the process (test_wire.py has the sockets)."""

from typing import Any

import pytest

from sverka.moysklad.sandbox.faults import FaultKind
from sverka.moysklad.sandbox.server import ReplyLost
from tests.moysklad.sandbox.conftest import ORIGIN, Caller, refusal

SYNC_ID = "5f1f0a3e-2c61-4f0e-9a51-0d9c8a7b6c5d"


def plan(api: Caller, fault: str, **more: Any) -> None:
    answer = api.http.post(f"{ORIGIN}/sandbox/faults", json={"fault": fault, **more})
    assert answer.status_code == 200, answer.text


def saved(api: Caller) -> int:
    return len(api.rows("/entity/paymentin?filter=code%3Dx"))


@pytest.mark.parametrize(
    ("fault", "done"),
    [("lose_reply", 1), ("truncate_reply", 1), ("reset_before_commit", 0)],
)
def test_a_cut_connection_leaves_the_work_done_or_not(api: Caller, fault: str, done: int) -> None:
    plan(api, fault)
    with pytest.raises(ReplyLost):
        api.post("/entity/paymentin", api.paymentin(code="x"))
    assert saved(api) == done


def test_a_bulk_request_may_be_done_halfway(api: Caller) -> None:
    plan(api, "lose_reply_halfway")
    with pytest.raises(ReplyLost):
        api.post("/entity/paymentin", [api.paymentin(code="x") for _ in range(5)])
    assert saved(api) == 3


@pytest.mark.parametrize(
    ("fault", "status", "done"), [("html_500", 500, 0), ("html_502_after_commit", 502, 1)]
)
def test_a_gateway_answers_with_a_page_that_is_not_json(
    api: Caller, fault: str, status: int, done: int
) -> None:
    plan(api, fault)
    answer = api.post("/entity/paymentin", api.paymentin(code="x"))
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<html>")
    assert saved(api) == done


def test_too_many_looks_like_an_empty_basket(api: Caller) -> None:
    plan(api, "too_many")
    answer = api.post("/entity/paymentin", api.paymentin(code="x"))
    assert refusal(answer) == (429, 1049)
    assert answer.headers["X-Lognex-Auth"] == "429002"
    assert answer.headers["X-Lognex-Retry-After"] == "1000"
    assert saved(api) == 0


def test_slow_is_done_and_answered(api: Caller) -> None:
    plan(api, "slow", seconds=0)
    assert api.post("/entity/paymentin", api.paymentin(code="x")).status_code == 200
    assert saved(api) == 1


def test_after_and_times_choose_the_requests(api: Caller) -> None:
    plan(api, "html_500", after=1, times=2)
    statuses = [api.get("/entity/store").status_code for _ in range(4)]
    assert statuses == [200, 500, 500, 200]


def test_method_and_path_choose_the_requests(api: Caller) -> None:
    plan(api, "html_500", method="post", path="paymentin")
    assert api.get("/entity/paymentin").status_code == 200
    assert api.post("/entity/store", {"name": "x"}).status_code == 200
    assert api.post("/entity/paymentin", api.paymentin()).status_code == 500


def test_two_plans_strike_one_after_the_other(api: Caller) -> None:
    plan(api, "html_500")
    plan(api, "too_many")
    statuses = [api.get("/entity/store").status_code for _ in range(3)]
    assert statuses == [500, 429, 200]


def test_planned_faults_can_be_taken_back(api: Caller) -> None:
    plan(api, "html_500", times=100)
    assert api.http.delete(f"{ORIGIN}/sandbox/faults").status_code == 204
    assert api.get("/entity/store").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"fault": "earthquake"},
        {"fault": "slow", "second": 5},
        {"fault": "slow", "times": 0},
        {"fault": "slow", "after": -1},
        {"fault": "slow", "seconds": "soon"},
        ["slow"],
    ],
)
def test_a_plan_that_cannot_be_understood_is_refused(api: Caller, body: Any) -> None:
    assert api.http.post(f"{ORIGIN}/sandbox/faults", json=body).status_code == 400
    assert api.get("/entity/store").status_code == 200


def test_every_kind_of_fault_can_be_planned(api: Caller) -> None:
    for kind in FaultKind:
        plan(api, kind, after=1000)


def test_requests_are_counted_by_resource_and_status(api: Caller) -> None:
    api.get("/entity/store")
    api.get(f"/entity/store/{api.shop.store.id}")
    api.get("/entity/unicorn")
    counted = api.http.get(f"{ORIGIN}/sandbox/requests").json()
    assert counted["total"] == 3
    assert counted["by_route"]["GET /entity/store/{id}"] == 1
    assert counted["by_status"] == {"200": 2, "412": 1}
    api.http.delete(f"{ORIGIN}/sandbox/requests")
    assert api.http.get(f"{ORIGIN}/sandbox/requests").json()["total"] == 0


def test_five_minutes_of_work_end_halfway_in_1088(api: Caller) -> None:
    plan(api, "cut_off")
    answer = api.post("/entity/paymentin", [api.paymentin(code="x") for _ in range(5)])
    assert refusal(answer) == (400, 1088)
    assert saved(api) == 3
