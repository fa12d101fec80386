"""References in requests: their meta, their server, and what they point to."""

from typing import Any
from uuid import uuid4

import pytest

from tests.moysklad.sandbox.conftest import BASE, Caller, operation, ref, refusal

Json = dict[str, Any]


def agent(**meta: Any) -> Json:
    return {"meta": {k: v for k, v in meta.items() if v is not None}}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({}, 2014),
        ("counterparty", 2014),
        ({"meta": "href"}, 2014),
        ({"id": str(uuid4())}, 2014),
        (agent(type="counterparty"), 2010),
        (agent(href=5, type="counterparty"), 2010),
        (agent(href=f"{BASE}/entity/counterparty/{uuid4()}"), 2011),
        (agent(href=f"{BASE}/entity/counterparty/{uuid4()}", type="client"), 2012),
        (agent(href="https://api.moysklad.ru/api/remap/1.2/x", type="counterparty"), 1059),
        (agent(href="http://sandbox.test.evil/api/remap/1.2/x", type="counterparty"), 1059),
        (agent(href="http://sandbox.test/api/remap/1.1/x", type="counterparty"), 2013),
        (agent(href=f"{BASE}/entity/counterparty/7", type="counterparty"), 2013),
        (ref("counterparty", uuid4()), 2013),
        (ref("counterparty", uuid4(), "organization"), 1060),
    ],
)
def test_a_wrong_reference_is_refused_with_its_own_code(
    api: Caller, value: object, code: int
) -> None:
    answer = api.post("/entity/paymentin", api.paymentin(agent=value))
    assert refusal(answer) == (400, code)
    assert answer.json()["errors"][0]["parameter"] == "agent"


def test_an_object_of_a_wrong_type_is_refused(api: Caller) -> None:
    store = ref("store", api.shop.store.id)
    assert refusal(api.post("/entity/paymentin", api.paymentin(agent=store))) == (400, 2021)


def test_an_organization_may_be_an_agent(api: Caller) -> None:
    body = api.paymentin(agent=ref("organization", api.shop.organization.id))
    assert api.created("paymentin", body)["agent"]["meta"]["type"] == "organization"


def test_an_id_of_another_type_under_the_right_path_is_refused(api: Caller) -> None:
    wrong = ref("counterparty", api.shop.store.id)
    assert refusal(api.post("/entity/paymentin", api.paymentin(agent=wrong))) == (400, 2013)


def test_a_trashed_document_cannot_be_a_base(api: Caller) -> None:
    order = api.created("customerorder", api.paymentin())
    api.delete(f"/entity/customerorder/{order['id']}")
    body = api.supply(customerOrder=ref("customerorder", order["id"]))
    assert refusal(api.post("/entity/demand", body)) == (400, 2013)


class TestStates:
    def test_a_state_of_the_type_is_set_and_shown(self, api: Caller) -> None:
        done = api.state("customerorder", "Выполнен")
        answer = api.put(f"/entity/customerorder/{api.order.id}", {"state": done})
        assert answer.json()["state"]["meta"]["href"] == done["meta"]["href"]

    def test_a_state_of_another_type_is_refused(self, api: Caller) -> None:
        foreign = api.state("demand", "Выполнен")
        answer = api.put(f"/entity/customerorder/{api.order.id}", {"state": foreign})
        assert refusal(answer) == (412, 11002)

    def test_a_foreign_state_under_the_own_path_is_refused_too(self, api: Caller) -> None:
        foreign = next(s for s in api.shop.states if s.entity == "demand")
        disguised = ref("customerorder/metadata/states", foreign.id, "state")
        answer = api.put(f"/entity/customerorder/{api.order.id}", {"state": disguised})
        assert refusal(answer) == (412, 11002)

    def test_an_unknown_state_is_refused(self, api: Caller) -> None:
        unknown = ref("customerorder/metadata/states", uuid4(), "state")
        answer = api.put(f"/entity/customerorder/{api.order.id}", {"state": unknown})
        assert refusal(answer) == (412, 11001)

    @pytest.mark.parametrize(
        ("path", "kind", "code"),
        [
            ("customerorder", "state", 2013),
            ("customerorder/metadata/states", "customerorder", 1060),
        ],
    )
    def test_path_and_type_must_both_be_those_of_a_state(
        self, api: Caller, path: str, kind: str, code: int
    ) -> None:
        wrong = ref(path, api.shop.states[0].id, kind)
        answer = api.put(f"/entity/customerorder/{api.order.id}", {"state": wrong})
        assert refusal(answer) == (400, code)


def test_an_update_of_another_type_in_an_array_is_refused(api: Caller) -> None:
    update = {**ref("customerorder", api.order.id), "description": "x"}
    answer = api.post("/entity/paymentin", [update])
    assert refusal_of_first(answer.json()) == 2021


def refusal_of_first(answer: list[Json]) -> int:
    code: int = answer[0]["errors"][0]["code"]
    return code


def test_operations_are_references_too(api: Caller) -> None:
    body = api.paymentin(operations=[{"linkedSum": 5}])
    assert refusal(api.post("/entity/paymentin", body)) == (400, 2014)
    body = api.paymentin(operations=[operation("customerorder", uuid4(), 5)])
    assert refusal(api.post("/entity/paymentin", body)) == (400, 2013)


@pytest.mark.parametrize(
    ("path", "kind", "code"), [("state", "state", 2013), ("demand/metadata/states", "demand", 1060)]
)
def test_a_state_lives_under_the_metadata_of_its_type(
    api: Caller, path: str, kind: str, code: int
) -> None:
    state = ref(path, uuid4(), kind)
    answer = api.put(f"/entity/demand/{api.order.demands[0].id}", {"state": state})
    assert refusal(answer) == (400, code)
