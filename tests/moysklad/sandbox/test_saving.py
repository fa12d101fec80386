"""Creating, repeating, changing and deleting objects."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.moysklad.sandbox.conftest import BASE, Caller, operation, ref, refusal

SYNC_ID = "5f1f0a3e-2c61-4f0e-9a51-0d9c8a7b6c5d"


def test_a_created_object_is_answered_with_200_and_its_own_facts(api: Caller) -> None:
    answer = api.post("/entity/paymentin", api.paymentin(syncId=SYNC_ID))
    created = answer.json()
    assert answer.status_code == 200
    assert created["meta"]["href"] == f"{BASE}/entity/paymentin/{created['id']}"
    assert created["syncId"] == SYNC_ID
    assert created["accountId"] == str(api.shop.account_id)
    assert created["created"] == created["updated"] == "2026-11-20 12:00:00.000"
    assert created["moment"] == "2026-11-20 12:00:00.000"
    assert created["externalCode"]
    assert created["applicable"] is True


def test_moscow_time_is_written_with_milliseconds(api: Caller, clock: Any) -> None:
    clock.advance(seconds=0.1239)
    assert api.created("paymentin", api.paymentin())["updated"] == "2026-11-20 12:00:00.123"


@pytest.mark.parametrize("missing", ["organization", "agent", "expenseItem"])
def test_a_paymentout_needs_its_required_fields(api: Caller, missing: str) -> None:
    body = api.paymentout()
    del body[missing]
    answer = api.post("/entity/paymentout", body)
    assert refusal(answer) == (412, 3000)
    assert answer.json()["errors"][0]["parameter"] == missing


@pytest.mark.parametrize("kind", ["supply", "demand", "salesreturn"])
def test_goods_documents_need_a_store(api: Caller, kind: str) -> None:
    body = api.supply()
    del body["store"]
    assert refusal(api.post(f"/entity/{kind}", body)) == (412, 3000)


@pytest.mark.parametrize("kind", ["counterparty", "product", "service", "store", "expenseitem"])
def test_dictionary_entries_need_a_name(api: Caller, kind: str) -> None:
    assert refusal(api.post(f"/entity/{kind}", {"description": "x"})) == (412, 3000)
    assert refusal(api.post(f"/entity/{kind}", {"name": ""})) == (412, 3000)
    assert api.created(kind, {"name": "Новый"})["name"] == "Новый"


@pytest.mark.parametrize("kind", ["currency", "employee", "group"])
def test_what_the_service_keeps_itself_cannot_be_created(api: Caller, kind: str) -> None:
    assert refusal(api.post(f"/entity/{kind}", {"name": "x"})) == (400, 1011)


def test_numbers_follow_each_other_within_a_type_and_a_year(api: Caller) -> None:
    names = [api.created("paymentin", api.paymentin())["name"] for _ in range(2)]
    other_type = api.created("supply", api.supply())["name"]
    next_year = api.created("paymentin", api.paymentin(moment="2027-01-01 00:00:00"))["name"]
    assert (names, other_type, next_year) == (["00001", "00002"], "00001", "00001")


def test_a_given_number_is_kept_even_when_it_is_taken(api: Caller) -> None:
    names = [api.created("paymentin", api.paymentin(name="7"))["name"] for _ in range(2)]
    assert names == ["7", "7"]


class TestSyncId:
    def test_repeating_a_create_gives_the_earlier_object(self, api: Caller) -> None:
        first = api.created("paymentin", api.paymentin(syncId=SYNC_ID))
        second = api.created("paymentin", api.paymentin(syncId=SYNC_ID, sum=7))
        assert second == first
        assert len(api.rows(f"/entity/paymentin?filter=id={first['id']}")) == 1

    def test_with_the_other_reading_of_the_docs_a_repeat_overwrites(
        self, open_sandbox: Callable[..., Caller]
    ) -> None:
        api = open_sandbox(replay="update")
        first = api.created("paymentin", api.paymentin(syncId=SYNC_ID))
        second = api.created("paymentin", api.paymentin(syncId=SYNC_ID, sum=7))
        assert (second["id"], second["sum"]) == (first["id"], 7.0)

    def test_a_repeat_within_one_array_makes_one_object(self, api: Caller) -> None:
        body = api.paymentin(syncId=SYNC_ID)
        one, two = api.post("/entity/paymentin", [body, body]).json()
        assert one["id"] == two["id"]

    def test_another_type_may_use_the_same_syncid(self, api: Caller) -> None:
        payment = api.created("paymentin", api.paymentin(syncId=SYNC_ID))
        supply = api.created("supply", api.supply(syncId=SYNC_ID))
        assert payment["id"] != supply["id"]

    def test_a_trashed_object_keeps_its_syncid(self, api: Caller) -> None:
        first = api.created("paymentin", api.paymentin(syncId=SYNC_ID))
        api.delete(f"/entity/paymentin/{first['id']}")
        again = api.created("paymentin", api.paymentin(syncId=SYNC_ID))
        assert again["id"] == first["id"]
        assert again["deleted"]

    @pytest.mark.parametrize("bad", ["123", "5f1f0a3e2c614f0e9a510d9c8a7b6c5d", 5, "", [1]])
    def test_it_must_be_a_uuid(self, api: Caller, bad: object) -> None:
        assert refusal(api.post("/entity/paymentin", api.paymentin(syncId=bad))) == (400, 1052)

    def test_it_cannot_be_changed(self, api: Caller) -> None:
        created = api.created("paymentin", api.paymentin(syncId=SYNC_ID))
        path = f"/entity/paymentin/{created['id']}"
        assert refusal(api.put(path, {"syncId": str(uuid4())})) == (412, 1047)
        assert api.put(path, {"syncId": SYNC_ID, "sum": 5}).json()["sum"] == 5.0

    def test_it_cannot_be_given_later(self, api: Caller) -> None:
        created = api.created("paymentin", api.paymentin())
        answer = api.put(f"/entity/paymentin/{created['id']}", {"syncId": SYNC_ID})
        assert refusal(answer) == (412, 1047)

    def test_get_and_delete_by_it(self, api: Caller) -> None:
        created = api.created("paymentin", api.paymentin(syncId=SYNC_ID))
        path = f"/entity/paymentin/syncid/{SYNC_ID}"
        assert api.get(path).json()["id"] == created["id"]
        assert api.delete(path).status_code == 200
        assert api.get(path).json()["deleted"]
        assert refusal(api.delete(path)) == (404, 1021)

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    def test_an_unused_one_is_not_found_and_put_creates_nothing(
        self, api: Caller, method: str
    ) -> None:
        body = api.paymentin() if method == "PUT" else None
        answer = api.call(method, f"/entity/paymentin/syncid/{SYNC_ID}", body)
        assert refusal(answer) == (404, 1021)

    def test_put_by_it_changes_the_object(self, api: Caller) -> None:
        api.created("paymentin", api.paymentin(syncId=SYNC_ID))
        answer = api.put(f"/entity/paymentin/syncid/{SYNC_ID}", {"description": "после"})
        assert answer.json()["description"] == "после"

    def test_a_store_has_none(self, api: Caller) -> None:
        assert refusal(api.get(f"/entity/store/syncid/{SYNC_ID}")) == (400, 1057)


class TestBulk:
    def test_each_element_has_its_own_result_in_the_order_of_the_request(self, api: Caller) -> None:
        bodies = [
            api.paymentin(organization=None),
            api.paymentin(externalCode="вторая"),
            api.paymentin(sum=-1),
        ]
        answer = api.post("/entity/paymentin", bodies)
        first, second, third = answer.json()
        assert answer.status_code == 200
        assert first["errors"][0]["code"] == 3000
        assert second["externalCode"] == "вторая"
        assert third["errors"][0]["code"] == 3002

    def test_an_array_without_one_good_element_has_the_status_of_its_first_error(
        self, api: Caller
    ) -> None:
        answer = api.post("/entity/paymentin", [{}, api.paymentin(sum="1")])
        assert answer.status_code == 412
        assert [item["errors"][0]["code"] for item in answer.json()] == [3000, 2016]

    def test_an_element_that_is_no_object_is_refused_alone(self, api: Caller) -> None:
        first, second = api.post("/entity/paymentin", [7, api.paymentin()]).json()
        assert first["errors"][0]["code"] == 2000
        assert second["id"]

    def test_elements_with_meta_are_updates(self, api: Caller) -> None:
        created = api.created("paymentin", api.paymentin())
        update = {"meta": created["meta"], "description": "изменён"}
        changed, new = api.post("/entity/paymentin", [update, api.paymentin()]).json()
        assert (changed["id"], changed["description"]) == (created["id"], "изменён")
        assert new["id"] != created["id"]

    def test_an_update_of_what_is_not_there_is_refused_alone(self, api: Caller) -> None:
        update = {**ref("paymentin", uuid4()), "description": "x"}
        first, second = api.post("/entity/paymentin", [update, api.paymentin()]).json()
        assert first["errors"][0]["code"] == 2013
        assert second["id"]

    def test_a_thousand_elements_are_taken_and_one_more_is_413(self, api: Caller) -> None:
        names = [{"name": f"Склад {n}"} for n in range(1001)]
        assert refusal(api.post("/entity/store", names)) == (413, 2007)
        assert len(api.post("/entity/store", names[:1000]).json()) == 1000

    def test_an_empty_array_is_an_empty_answer(self, api: Caller) -> None:
        assert api.post("/entity/paymentin", []).json() == []


class TestUpdate:
    def test_only_the_keys_that_were_sent_change(self, api: Caller) -> None:
        created = api.created("paymentin", api.paymentin(description="было", incomingNumber="1"))
        changed = api.put(f"/entity/paymentin/{created['id']}", {"description": "стало"}).json()
        assert changed == created | {"description": "стало", "updated": changed["updated"]}

    def test_updated_moves_with_the_clock(self, api: Caller, clock: Any) -> None:
        created = api.created("paymentin", api.paymentin())
        clock.advance(seconds=5)
        changed = api.put(f"/entity/paymentin/{created['id']}", {"sum": 1}).json()
        assert changed["updated"] == "2026-11-20 12:00:05.000"
        assert changed["created"] == created["created"]

    def test_null_clears_an_optional_field_and_not_a_required_one(self, api: Caller) -> None:
        created = api.created("paymentin", api.paymentin(incomingNumber="1"))
        path = f"/entity/paymentin/{created['id']}"
        assert "incomingNumber" not in api.put(path, {"incomingNumber": None}).json()
        assert refusal(api.put(path, {"agent": None})) == (412, 3000)

    def test_a_refused_update_changes_nothing(self, api: Caller) -> None:
        created = api.created("paymentin", api.paymentin())
        path = f"/entity/paymentin/{created['id']}"
        refused = api.put(path, {"description": "новое", "operations": [{"linkedSum": 1}]})
        assert refusal(refused) == (400, 2014)
        assert api.get(path).json() == created

    def test_an_array_is_refused(self, api: Caller) -> None:
        created = api.created("paymentin", api.paymentin())
        assert refusal(api.put(f"/entity/paymentin/{created['id']}", [{}])) == (400, 2009)

    def test_an_unknown_id_is_404(self, api: Caller) -> None:
        assert refusal(api.put(f"/entity/paymentin/{uuid4()}", {})) == (404, 1021)

    def test_what_the_service_keeps_itself_cannot_be_changed(self, api: Caller) -> None:
        path = f"/entity/currency/{api.shop.currency.id}"
        assert refusal(api.put(path, {"name": "x"})) == (400, 1026)


class TestDelete:
    def test_a_document_goes_to_the_bin(self, api: Caller) -> None:
        created = api.created("paymentin", api.paymentin(externalCode="x"))
        path = f"/entity/paymentin/{created['id']}"
        answer = api.delete(path)
        assert (answer.status_code, answer.content) == (200, b"")
        assert api.rows("/entity/paymentin?filter=externalCode=x") == []
        trashed = api.rows("/entity/paymentin?filter=externalCode=x;isDeleted=true")
        assert trashed[0]["deleted"] == "2026-11-20 12:00:00.000"
        assert refusal(api.delete(path)) == (404, 1021)
        assert refusal(api.put(path, {"sum": 1})) == (404, 1021)

    def test_a_dictionary_entry_is_gone(self, api: Caller) -> None:
        created = api.created("counterparty", {"name": "Разовый"})
        api.delete(f"/entity/counterparty/{created['id']}")
        assert refusal(api.get(f"/entity/counterparty/{created['id']}")) == (404, 1021)

    def test_what_documents_refer_to_cannot_be_deleted(self, api: Caller) -> None:
        path = f"/entity/counterparty/{api.order.agent.id}"
        refused = api.delete(path)
        assert refusal(refused) == (409, 1028)
        needing = [meta["href"] for meta in refused.json()["errors"][0]["dependencies"]]
        assert f"{BASE}/entity/customerorder/{api.order.id}" in needing
        assert api.get(path).status_code == 200

    def test_the_currency_cannot_be_deleted(self, api: Caller) -> None:
        assert refusal(api.delete(f"/entity/currency/{api.shop.currency.id}")) == (400, 1010)

    def test_many_at_once_with_one_result_each(self, api: Caller) -> None:
        created = api.created("paymentin", api.paymentin())
        body = [{"meta": created["meta"]}, ref("paymentin", uuid4()), {"meta": created["meta"]}]
        done, unknown, again = api.post("/entity/paymentin/delete", body).json()
        assert created["id"] in done["info"]
        assert unknown["errors"][0]["code"] == 2013
        assert again["errors"][0]["code"] == 1021

    def test_many_at_once_must_be_an_array(self, api: Caller) -> None:
        assert refusal(api.post("/entity/paymentin/delete", {})) == (400, 2000)

    def test_a_trashed_payment_pays_nothing(self, api: Caller) -> None:
        order = api.order
        body = api.paymentin(operations=[operation("customerorder", order.id, 1000)])
        created = api.created("paymentin", body)
        api.delete(f"/entity/paymentin/{created['id']}")
        shown = api.get(f"/entity/customerorder/{order.id}").json()
        assert shown["payedSum"] == 0.0
        assert "payments" not in shown


class TestTrash:
    def test_a_document_goes_to_the_bin(self, api: Caller) -> None:
        created = api.created("paymentin", api.paymentin())
        path = f"/entity/paymentin/{created['id']}"
        answer = api.call("POST", f"{path}/trash")
        assert (answer.status_code, answer.content) == (200, b"")
        assert api.get(path).json()["deleted"]
        assert refusal(api.call("POST", f"{path}/trash")) == (404, 1021)

    def test_the_bin_is_for_documents_only(self, api: Caller) -> None:
        path = f"/entity/store/{api.shop.store.id}/trash"
        assert refusal(api.call("POST", path)) == (412, 1066)
