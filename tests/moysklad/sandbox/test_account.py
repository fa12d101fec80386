"""What is a setting of the account, a right of the caller, or left open by the docs."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from sverka.moysklad.sandbox.account import Account, account_from
from tests.moysklad.sandbox.conftest import ORIGIN, Caller, operation, ref, refusal

SYNC_ID = "5f1f0a3e-2c61-4f0e-9a51-0d9c8a7b6c5d"


def set_up(api: Caller, **settings: Any) -> None:
    answer = api.http.post(f"{ORIGIN}/sandbox/account", json=settings)
    assert answer.status_code == 200, answer.text


class TestReplay:
    """«Назначение поля syncId»: the earlier object is returned; other readings are settings."""

    @pytest.mark.parametrize(
        ("replay", "shown"), [("return", [100.0, 100.0]), ("update", [7.0, 7.0])]
    )
    @pytest.mark.parametrize("in_array", [False, True])
    def test_a_repeat_never_makes_a_second_object(
        self, api: Caller, replay: str, shown: list[float], in_array: bool
    ) -> None:
        set_up(api, replay=replay)
        first = api.created("paymentin", api.paymentin(syncId=SYNC_ID, sum=100))
        again = api.paymentin(syncId=SYNC_ID, sum=7)
        answer = api.post("/entity/paymentin", [again] if in_array else again).json()
        second = answer[0] if in_array else answer
        kept = api.get(f"/entity/paymentin/syncid/{SYNC_ID}").json()
        assert first["id"] == second["id"] == kept["id"]
        assert [second["sum"], kept["sum"]] == shown

    def test_a_repeat_may_be_refused(self, api: Caller) -> None:
        set_up(api, replay="refuse")
        api.created("paymentin", api.paymentin(syncId=SYNC_ID, code="x"))
        again = api.paymentin(syncId=SYNC_ID, code="x")
        assert refusal(api.post("/entity/paymentin", again)) == (412, 3006)
        refused, fresh = api.post("/entity/paymentin", [again, api.paymentin()]).json()
        assert refused["errors"][0]["parameter"] == "syncId"
        assert fresh["id"]
        assert len(api.rows("/entity/paymentin?filter=code=x")) == 1


class TestTrashedSyncId:
    """Whether the bin keeps a syncId is documented for retail shifts only (12000)."""

    @pytest.fixture
    def trashed(self, api: Caller) -> str:
        created = api.created("paymentin", api.paymentin(syncId=SYNC_ID))
        api.delete(f"/entity/paymentin/{created['id']}")
        return str(created["id"])

    def test_the_trashed_document_may_come_back_as_the_answer(
        self, api: Caller, trashed: str
    ) -> None:
        answered = api.created("paymentin", api.paymentin(syncId=SYNC_ID))
        assert answered["id"] == trashed
        assert answered["deleted"]

    def test_it_may_be_reserved(self, api: Caller, trashed: str) -> None:
        set_up(api, trashed_sync_id="refuse")
        answer = api.post("/entity/paymentin", api.paymentin(syncId=SYNC_ID))
        assert refusal(answer) == (412, 3006)

    def test_it_may_be_free_again(self, api: Caller, trashed: str) -> None:
        set_up(api, trashed_sync_id="release")
        one, two = api.post("/entity/paymentin", [api.paymentin(syncId=SYNC_ID)] * 2).json()
        assert one["id"] == two["id"] != trashed
        assert "syncId" not in api.get(f"/entity/paymentin/{trashed}").json()


class TestBin:
    """«Удаление в корзину», «Настройки компании»."""

    def test_without_a_bin_a_deleted_document_is_gone_with_its_links(self, api: Caller) -> None:
        set_up(api, recycle_bin=False)
        order = api.order
        link = [operation("customerorder", order.id, 1000)]
        created = api.created("paymentin", api.paymentin(operations=link, syncId=SYNC_ID))
        assert api.delete(f"/entity/paymentin/{created['id']}").status_code == 200
        assert refusal(api.get(f"/entity/paymentin/{created['id']}")) == (404, 1021)
        assert api.rows(f"/entity/paymentin?filter=isDeleted=true;id={created['id']}") == []
        assert "payments" not in api.get(f"/entity/customerorder/{order.id}").json()
        again = api.created("paymentin", api.paymentin(syncId=SYNC_ID))
        assert again["id"] != created["id"], "nothing holds the syncId any more"

    def test_without_a_bin_nothing_is_put_into_it(self, api: Caller) -> None:
        set_up(api, recycle_bin=False)
        created = api.created("paymentin", api.paymentin())
        path = f"/entity/paymentin/{created['id']}"
        assert refusal(api.call("POST", f"{path}/trash")) == (412, 1067)
        assert "deleted" not in api.get(path).json()

    def test_a_document_comes_back_only_by_hand(self, api: Caller) -> None:
        """«восстановление через API отсутствует»."""
        created = api.created("paymentin", api.paymentin())
        path = f"/entity/paymentin/{created['id']}"
        api.delete(path)
        assert refusal(api.put(path, {"deleted": None})) == (404, 1021)
        update = {**ref("paymentin", created["id"]), "deleted": None}
        assert refusal(api.post("/entity/paymentin", update)) == (404, 1021)
        assert api.call("POST", f"{path}/restore").status_code == 404
        assert api.get(path).json()["deleted"]


class TestNumbers:
    def test_unique_numbers_are_a_setting(self, api: Caller) -> None:
        """«Ошибки», 3006; a number is free in another year, for another type, or in the bin."""
        set_up(api, unique_names=True)
        first = api.created("paymentin", api.paymentin(name="7"))
        assert refusal(api.post("/entity/paymentin", api.paymentin(name="7"))) == (412, 3006)
        api.created("supply", api.supply(name="7"))
        api.created("paymentin", api.paymentin(name="7", moment="2027-01-01 00:00:00"))
        assert api.put(f"/entity/paymentin/{first['id']}", {"name": "7"}).status_code == 200
        api.delete(f"/entity/paymentin/{first['id']}")
        api.created("paymentin", api.paymentin(name="7"))

    def test_one_numbering_for_all_years_is_a_setting(self, api: Caller) -> None:
        set_up(api, global_numbering=True)
        moments = ("2026-11-20 12:00:00", "2027-01-01 00:00:00")
        names = [api.created("paymentin", api.paymentin(moment=m))["name"] for m in moments]
        assert names == ["00001", "00002"]

    def test_unique_numbers_with_one_numbering_are_unique_in_all_years(self, api: Caller) -> None:
        set_up(api, global_numbering=True, unique_names=True)
        api.created("paymentin", api.paymentin(name="7"))
        later = api.paymentin(name="7", moment="2027-01-01 00:00:00")
        assert refusal(api.post("/entity/paymentin", later)) == (412, 3006)


class TestClosedPeriod:
    """«Ошибки», 17009."""

    @pytest.fixture(autouse=True)
    def closed(self, api: Caller) -> None:
        self.before = api.created("paymentin", api.paymentin(moment="2026-10-31 23:59:00"))
        set_up(api, closed_until="2026-10-31")

    @pytest.mark.parametrize(
        ("moment", "status"), [("2026-10-31 23:59:00", 412), ("2026-11-01 00:00:00", 200)]
    )
    def test_nothing_is_created_in_it(self, api: Caller, moment: str, status: int) -> None:
        answer = api.post("/entity/paymentin", api.paymentin(moment=moment))
        assert answer.status_code == status
        assert status == 200 or refusal(answer) == (412, 17009)

    def test_nothing_in_it_is_changed_moved_out_or_deleted(self, api: Caller) -> None:
        path = f"/entity/paymentin/{self.before['id']}"
        assert refusal(api.put(path, {"description": "x"})) == (412, 17009)
        assert refusal(api.put(path, {"moment": "2026-11-20 00:00:00"})) == (412, 17009)
        assert refusal(api.delete(path)) == (412, 17009)
        assert refusal(api.call("POST", f"{path}/trash")) == (412, 17009)
        assert api.get(path).json() == self.before

    def test_nothing_is_moved_into_it(self, api: Caller) -> None:
        created = api.created("paymentin", api.paymentin())
        answer = api.put(f"/entity/paymentin/{created['id']}", {"moment": "2026-10-01 00:00:00"})
        assert refusal(answer) == (412, 17009)

    def test_dictionaries_have_no_period(self, api: Caller) -> None:
        api.created("counterparty", {"name": "Новый"})


class TestRights:
    """«Ошибки», 1016–1018, 1045, 1092: 403."""

    def test_creating(self, api: Caller) -> None:
        set_up(api, forbidden=["create:paymentin"])
        assert refusal(api.post("/entity/paymentin", api.paymentin())) == (403, 1045)
        assert api.post("/entity/paymentout", api.paymentout()).status_code == 200

    def test_conducting(self, api: Caller) -> None:
        set_up(api, forbidden=["conduct:paymentin"])
        assert refusal(api.post("/entity/paymentin", api.paymentin())) == (403, 1092)
        draft = api.created("paymentin", api.paymentin(applicable=False))
        path = f"/entity/paymentin/{draft['id']}"
        assert refusal(api.put(path, {"applicable": True})) == (403, 1092)
        assert api.put(path, {"description": "x"}).status_code == 200

    def test_editing_and_deleting(self, api: Caller) -> None:
        path = f"/entity/paymentin/{api.created('paymentin', api.paymentin())['id']}"
        set_up(api, forbidden=["edit:paymentin", "delete:paymentin"])
        assert refusal(api.put(path, {"sum": 1})) == (403, 1017)
        assert refusal(api.delete(path)) == (403, 1018)
        assert api.get(path).status_code == 200

    @pytest.mark.parametrize("path", ["", "?filter=name=1", f"/syncid/{SYNC_ID}"])
    def test_viewing(self, api: Caller, path: str) -> None:
        set_up(api, forbidden=["view:paymentin"])
        assert refusal(api.get(f"/entity/paymentin{path}")) == (403, 1016)
        assert api.get("/entity/supply").status_code == 200

    def test_in_an_array_every_element_is_refused(self, api: Caller) -> None:
        set_up(api, forbidden=["create:paymentin"])
        answer = api.post("/entity/paymentin", [api.paymentin()] * 2)
        assert answer.status_code == 403
        assert [item["errors"][0]["code"] for item in answer.json()] == [1045, 1045]


def test_filter_by_sync_id_as_the_docs_have_it_is_a_setting(api: Caller) -> None:
    created = api.created("paymentin", api.paymentin(syncId=SYNC_ID))
    query = f"/entity/paymentin?filter=syncId={SYNC_ID}"
    assert refusal(api.get(query)) == (412, 1034)
    set_up(api, filter_by_sync_id=True)
    assert [row["id"] for row in api.rows(query)] == [created["id"]]
    assert api.rows(f"/entity/paymentin?filter=syncId={uuid4()}") == []


def test_the_company_settings_say_how_the_account_is_set_up(api: Caller) -> None:
    """«Настройки компании»."""
    set_up(api, recycle_bin=False, global_numbering=True)
    settings = api.get("/context/companysettings").json()
    assert settings["useRecycleBin"] is False
    assert settings["globalOperationNumbering"] is True
    assert settings["currency"]["meta"]["href"].endswith(str(api.shop.currency.id))


def test_an_account_is_read_as_it_is_shown() -> None:
    given = {
        "replay": "update",
        "trashed_sync_id": "release",
        "recycle_bin": False,
        "unique_names": True,
        "global_numbering": True,
        "closed_until": "2026-10-31",
        "forbidden": ["create:paymentin"],
        "filter_by_sync_id": True,
    }
    assert account_from(given).shown() == given
    assert account_from({}) == Account()


@pytest.mark.parametrize(
    "given",
    [
        {"replays": "update"},
        {"replay": "maybe"},
        {"closed_until": "last year"},
        {"recycle_bin": "no"},
        {"forbidden": ["create"]},
        {"forbidden": ["eat:paymentin"]},
    ],
)
def test_a_setting_that_cannot_be_understood_is_refused(api: Caller, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whose words they are does not matter
        account_from(given)
    assert api.http.post(f"{ORIGIN}/sandbox/account", json=given).status_code == 400


def test_it_can_be_set_from_the_start(open_sandbox: Callable[..., Caller]) -> None:
    api = open_sandbox(account=Account(forbidden=frozenset({"create:paymentin"})))
    assert refusal(api.post("/entity/paymentin", api.paymentin())) == (403, 1045)
