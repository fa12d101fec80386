"""Faults on demand, as they look from inside the process (test_wire.py has the sockets)."""

from collections.abc import Callable
from typing import Any

import pytest

from sverka.moysklad.sandbox.fault_plan import plan_from
from sverka.moysklad.sandbox.faults import FaultKind
from sverka.moysklad.sandbox.server import ReplyLost
from tests.moysklad.sandbox.conftest import ORIGIN, Caller, operation, refusal

SYNC_ID = "5f1f0a3e-2c61-4f0e-9a51-0d9c8a7b6c5d"
HTML = "text/html;charset=utf-8"


def plan(api: Caller, fault: str, **more: Any) -> None:
    answer = api.http.post(f"{ORIGIN}/sandbox/faults", json={"fault": fault, **more})
    assert answer.status_code == 200, answer.text


def log(api: Caller) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = api.http.get(f"{ORIGIN}/sandbox/faults/log").json()
    return entries


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


@pytest.mark.parametrize(
    ("fault", "status", "done"), [("html_503", 503, 0), ("html_504_after_commit", 504, 1)]
)
def test_a_gateway_has_more_than_two_pages(api: Caller, fault: str, status: int, done: int) -> None:
    plan(api, fault)
    answer = api.post("/entity/paymentin", api.paymentin(code="x"))
    assert (answer.status_code, answer.headers["content-type"]) == (status, HTML)
    assert saved(api) == done


def test_an_empty_reply_is_200_without_a_body_and_the_work_is_done(api: Caller) -> None:
    plan(api, "empty_reply")
    answer = api.post("/entity/paymentin", api.paymentin(code="x"))
    assert (answer.status_code, answer.content) == (200, b"")
    assert saved(api) == 1


def test_a_garbled_reply_is_whole_for_http_and_half_for_json(api: Caller) -> None:
    plan(api, "garble_reply")
    answer = api.post("/entity/paymentin", api.paymentin(code="x"))
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text.startswith("{")
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|delimiter"):
        answer.json()
    assert saved(api) == 1


def test_both_429_have_their_code_and_their_headers(api: Caller) -> None:
    """«Обработка ошибок»: the headers tell of the basket, not of parallel places."""
    plan(api, "too_many")
    plan(api, "too_many_at_once")
    rate, places = api.get("/entity/store"), api.get("/entity/store")
    assert [refusal(rate), refusal(places)] == [(429, 1049), (429, 1073)]
    assert rate.headers["X-RateLimit-Remaining"] == "0"
    assert rate.headers["X-Lognex-Reset"] == rate.headers["X-Lognex-Retry-After"] == "1000"
    assert int(places.headers["X-RateLimit-Remaining"]) > 4
    assert places.headers["X-Lognex-Retry-After"] == "0"
    assert places.headers["X-Lognex-Auth"] == "429005"
    for one in (rate, places):
        assert one.headers["X-RateLimit-Limit"] == "45"
        assert one.headers["X-Lognex-Retry-TimeInterval"] == "3000"


class TestElements:
    def test_some_are_refused_in_their_places_and_the_others_are_done(self, api: Caller) -> None:
        plan(api, "refuse_some", elements=[0, 2])
        bodies = [api.paymentin(code="x", externalCode=str(n)) for n in range(4)]
        answer = api.post("/entity/paymentin", bodies)
        assert answer.status_code == 200
        results = [item.get("externalCode") or item["errors"][0]["code"] for item in answer.json()]
        assert results == [3007, "1", 3007, "3"]
        assert saved(api) == 2

    def test_a_parallel_edit_refuses_elements_with_1065(self, api: Caller) -> None:
        """«Ошибки», 1065."""
        first, second = (api.created("paymentin", api.paymentin()) for _ in range(2))
        updates = [{"meta": one["meta"], "code": "x"} for one in (first, second)]
        plan(api, "parallel_edit", elements=[1])
        done, refused = api.post("/entity/paymentin", updates).json()
        assert (done["code"], refused["errors"][0]["code"]) == ("x", 1065)

    @pytest.mark.parametrize("way", ["put", "put by syncid", "post", "delete", "bulk delete"])
    def test_a_parallel_edit_refuses_every_way_of_writing(self, api: Caller, way: str) -> None:
        created = api.created("paymentin", api.paymentin(code="x", syncId=SYNC_ID))
        path = f"/entity/paymentin/{created['id']}"
        plan(api, "parallel_edit")
        answer = {
            "put": lambda: api.put(path, {"sum": 1}),
            "put by syncid": lambda: api.put(f"/entity/paymentin/syncid/{SYNC_ID}", {"sum": 1}),
            "post": lambda: api.post("/entity/paymentin", api.paymentin(code="x")),
            "delete": lambda: api.delete(path),
            "bulk delete": lambda: api.post("/entity/paymentin/delete", [created]),
        }[way]()
        errors = answer.json()[0] if way == "bulk delete" else answer.json()
        assert errors["errors"][0]["code"] == 1065
        assert answer.status_code == (200 if way == "bulk delete" else 412)
        assert api.get(path).json() == created
        assert saved(api) == 1


class TestMeanwhile:
    """Other employees work in the same account; nobody is told."""

    def test_a_document_is_edited_after_it_was_read(self, api: Caller, clock: Any) -> None:
        path = f"/entity/customerorder/{api.order.id}"
        before = api.get(path).json()
        plan(api, "edited_meanwhile", change={"description": "позвонить"})
        clock.advance(seconds=1)
        assert api.get(path).json() == before
        after = api.get(path).json()
        assert after["description"] == "позвонить"
        assert after["updated"] > before["updated"]

    def test_a_document_is_edited_before_a_write_that_names_it(self, api: Caller) -> None:
        path = f"/entity/customerorder/{api.order.id}"
        plan(api, "edited_meanwhile", entity="customerorder")
        link = [operation("customerorder", api.order.id, 1)]
        api.created("paymentin", api.paymentin(operations=link))
        assert api.get(path).json()["description"] == "Изменено сотрудником"
        assert log(api)[0]["touched"] == f"customerorder/{api.order.id}"

    def test_one_of_a_list_is_edited_after_the_list_was_read(self, api: Caller) -> None:
        plan(api, "edited_meanwhile")
        (row,) = api.rows("/entity/customerorder?limit=1")
        now = api.get(f"/entity/customerorder/{row['id']}").json()
        assert (row.get("description"), now["description"]) == (None, "Изменено сотрудником")

    def test_an_order_goes_to_the_bin_before_its_payment_comes(self, api: Caller) -> None:
        """«Ошибки», 3010."""
        order = next(o for o in api.shop.orders if not o.demands and not o.payments)
        plan(api, "trashed_meanwhile", path="paymentin")
        link = [operation("customerorder", order.id, 1)]
        answer = api.post("/entity/paymentin", api.paymentin(operations=link))
        assert refusal(answer) == (412, 3010)
        assert api.get(f"/entity/customerorder/{order.id}").json()["deleted"]

    def test_what_others_need_is_not_trashed_and_the_log_says_so(self, api: Caller) -> None:
        demand = f"/entity/demand/{api.order.demands[0].id}"
        api.created("salesreturn", api.salesreturn(api.order))
        plan(api, "trashed_meanwhile")
        assert api.get(demand).status_code == 200
        assert log(api)[0]["hindered"] == 1028
        assert "deleted" not in api.get(demand).json()

    def test_where_no_document_is_named_nothing_happens(self, api: Caller) -> None:
        plan(api, "edited_meanwhile")
        assert api.get("/entity/store").status_code == 200
        assert log(api)[0]["touched"] is None


class TestPlan:
    def test_a_whole_plan_takes_the_place_of_what_was_planned(self, api: Caller) -> None:
        plan(api, "html_500", times=100)
        exact = [{"fault": "html_503", "nth": 2, "path": "store"}]
        api.http.post(f"{ORIGIN}/sandbox/faults", json={"exact": exact})
        statuses = [api.get("/entity/store").status_code for _ in range(3)]
        assert statuses == [200, 503, 200]

    def test_the_same_seed_gives_the_same_answers(self, api: Caller) -> None:
        def statuses() -> list[int]:
            kinds = ["html_500", "html_502_after_commit", "too_many", "empty_reply"]
            faults = {"seed": 11, "rate": 0.5, "kinds": kinds}
            api.http.post(f"{ORIGIN}/sandbox/reset", json={"faults": faults})
            return [api.post("/entity/paymentin", api.paymentin()).status_code for _ in range(20)]

        first = statuses()
        assert first == statuses()
        assert {200, 429, 500, 502} >= set(first) > {200}

    def test_the_log_says_what_was_done_to_which_request(self, api: Caller) -> None:
        api.get("/entity/store")
        plan(api, "html_502_after_commit", seconds=0)
        api.post("/entity/paymentin", api.paymentin())
        plan(api, "html_500")
        api.get("/entity/store")
        told = {"method": "POST", "path": "/entity/paymentin", "seconds": 0}
        assert log(api) == [
            {**told, "ordinal": 2, "fault": "html_502_after_commit", "status": 200},
            {
                "ordinal": 3,
                "method": "GET",
                "path": "/entity/store",
                "fault": "html_500",
                "seconds": 0,
                "status": None,
            },
        ]

    def test_what_is_still_to_come_is_shown(self, api: Caller) -> None:
        plan(api, "lose_reply", nth=3, method="POST")
        (shown,) = api.http.get(f"{ORIGIN}/sandbox/faults").json()
        assert (shown["fault"], shown["after"], shown["method"]) == ("lose_reply", 2, "POST")

    def test_taking_faults_back_keeps_the_log(self, api: Caller) -> None:
        plan(api, "html_500")
        api.get("/entity/store")
        api.http.delete(f"{ORIGIN}/sandbox/faults")
        assert len(log(api)) == 1

    def test_it_can_be_in_force_from_the_start(self, open_sandbox: Callable[..., Caller]) -> None:
        api = open_sandbox(faults=plan_from({"exact": [{"fault": "html_500"}]}))
        assert api.get("/entity/store").status_code == 500
