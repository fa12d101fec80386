"""Paths, methods, metadata and the resources beside the documents."""

from uuid import uuid4

import psycopg2
import pytest
from psycopg2.extras import Json

from tests.moysklad.sandbox.conftest import BASE, Caller, ref, refusal

# The same in every process that collects these tests.
NOBODY = "00000000-0000-4000-8000-00000000dead"


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nowhere", (404, 1002)),
        ("GET", "/entity", (404, 1002)),
        ("GET", "/entity/unicorn", (412, 1005)),
        ("GET", "/entity/demand/7", (400, 1000)),
        ("GET", "/entity/demand/metadata/secrets", (404, 1002)),
        ("PUT", "/entity/demand", (400, 1012)),
        ("DELETE", "/entity/demand", (400, 1012)),
        ("POST", f"/entity/demand/{NOBODY}", (400, 1006)),
        ("GET", f"/entity/demand/{NOBODY}", (404, 1021)),
        ("DELETE", f"/entity/demand/{NOBODY}", (404, 1021)),
        ("PATCH", "/entity/demand", (405, 1039)),
        ("DELETE", "/entity/demand/metadata", (405, 1039)),
        ("GET", f"/entity/store/{NOBODY}/accounts", (404, 1002)),
    ],
)
def test_a_wrong_address_is_refused(
    api: Caller, method: str, path: str, expected: tuple[int, int]
) -> None:
    assert refusal(api.call(method, path, {} if method in {"PUT", "POST"} else None)) == expected


def test_an_error_has_the_vendors_shape(api: Caller) -> None:
    (error,) = api.post("/entity/store", {}).json()["errors"]
    assert error == {
        "error": "Ошибка сохранения объекта: поле 'name' не может быть пустым или отсутствовать",
        "parameter": "name",
        "code": 3000,
        "moreInfo": "https://dev.moysklad.ru/doc/api/remap/1.2/#error_3000",
    }


def test_an_id_of_another_type_is_not_found(api: Caller) -> None:
    assert refusal(api.get(f"/entity/demand/{api.order.id}")) == (404, 1021)


def test_the_employee_knows_the_account(api: Caller) -> None:
    employee = api.get("/context/employee").json()
    assert employee["accountId"] == str(api.shop.account_id)
    assert employee["meta"]["type"] == "employee"
    assert employee["uid"] == "admin@sandbox"


class TestMetadata:
    def test_it_lists_the_states_of_the_type(self, api: Caller) -> None:
        states = api.get("/entity/customerorder/metadata").json()["states"]
        expected = {s.name: s.type for s in api.shop.states if s.entity == "customerorder"}
        assert {s["name"]: s["stateType"] for s in states} == expected
        assert all(s["entityType"] == "customerorder" for s in states)
        assert states[0]["meta"]["href"].startswith(f"{BASE}/entity/customerorder/metadata/states/")

    def test_attributes_are_a_list_of_their_own(self, api: Caller) -> None:
        link = api.get("/entity/demand/metadata").json()["attributes"]["meta"]
        (attribute,) = api.rows(link["href"].removeprefix(BASE))
        assert link["size"] == 1
        assert (attribute["name"], attribute["type"]) == ("Трек-номер", "string")
        assert attribute["meta"]["type"] == "attributemetadata"

    def test_a_type_without_them_says_nothing(self, api: Caller) -> None:
        metadata = api.get("/entity/supply/metadata").json()
        assert set(metadata) == {"meta", "createShared"}
        assert api.rows("/entity/supply/metadata/attributes") == []


class TestAccounts:
    @pytest.fixture
    def account_id(self, api: Caller, books: str) -> str:
        id_ = str(uuid4())
        body = {
            "parent": f"organization/{api.shop.organization.id}",
            "accountNumber": "40702810100000000001",
            "isDefault": True,
        }
        conn = psycopg2.connect(books)
        with conn, conn.cursor() as cursor:
            cursor.execute(
                "insert into sandbox.object (id, type, created, updated, body)"
                " values (%s, 'account', now(), now(), %s)",
                (id_, Json(body)),
            )
        conn.close()
        return id_

    def test_they_are_listed_under_their_owner(self, api: Caller, account_id: str) -> None:
        path = f"/entity/organization/{api.shop.organization.id}"
        (account,) = api.rows(f"{path}/accounts")
        assert account["id"] == account_id
        assert account["accountNumber"] == "40702810100000000001"
        expanded = api.get(f"{path}?expand=accounts").json()["accounts"]
        assert expanded["meta"]["size"] == len(expanded["rows"]) == 1

    def test_a_document_may_name_the_account_of_its_organization(
        self, api: Caller, account_id: str
    ) -> None:
        owner = f"organization/{api.shop.organization.id}/accounts"
        body = api.paymentin(organizationAccount=ref(owner, account_id, "account"))
        created = api.created("paymentin?expand=organizationAccount", body)
        assert created["organizationAccount"]["accountNumber"] == "40702810100000000001"

    def test_an_account_of_somebody_else_is_refused(self, api: Caller, account_id: str) -> None:
        owner = f"organization/{api.shop.organization.id}/accounts"
        account = ref(owner, account_id, "account")
        other = api.created("organization", {"name": "Другое"})
        body = api.paymentin(
            organization=ref("organization", other["id"]), organizationAccount=account
        )
        assert refusal(api.post("/entity/paymentin", body)) == (412, 17000)
        body = api.paymentin(agentAccount=account)
        assert refusal(api.post("/entity/paymentin", body)) == (412, 17001)

    def test_an_unknown_account_is_refused(self, api: Caller) -> None:
        owner = f"organization/{api.shop.organization.id}/accounts"
        for path, kind, code in ((owner, "account", 2013), (owner, "state", 1060)):
            body = api.paymentin(organizationAccount=ref(path, uuid4(), kind))
            assert refusal(api.post("/entity/paymentin", body)) == (400, code)
        body = api.paymentin(organizationAccount=ref("account", uuid4()))
        assert refusal(api.post("/entity/paymentin", body)) == (400, 2013)
