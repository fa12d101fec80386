"""The documents and dictionaries beside those that Sverka writes, and currencies."""

from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from psycopg2.extras import Json

from tests.moysklad.sandbox.conftest import Caller, operation, ref, refusal


def company(api: Caller) -> dict[str, Any]:
    return {
        "organization": ref("organization", api.shop.organization.id),
        "agent": ref("counterparty", api.order.agent.id),
    }


class TestCash:
    """«Приходный ордер», «Расходный ордер»: payments without accounts and incoming numbers."""

    def test_a_cashin_pays_an_order(self, api: Caller) -> None:
        link = [operation("customerorder", api.order.id, 700)]
        created = api.created("cashin", {**company(api), "sum": 700, "operations": link})
        order = api.get(f"/entity/customerorder/{api.order.id}").json()
        assert order["payedSum"] == 700.0
        assert [p["meta"]["href"] for p in order["payments"]] == [created["meta"]["href"]]

    @pytest.mark.parametrize("name", ["incomingNumber", "organizationAccount"])
    def test_a_cashin_has_no_such_field(self, api: Caller, name: str) -> None:
        assert name not in api.created("cashin", {**company(api), name: "8871"})

    def test_a_cashout_needs_its_expense_item(self, api: Caller) -> None:
        assert refusal(api.post("/entity/cashout", company(api))) == (412, 3000)
        body = {**api.paymentout(), "noClosingDocs": True}
        assert api.created("cashout", body)["noClosingDocs"] is True

    def test_a_cashout_follows_the_rules_of_links(self, api: Caller) -> None:
        supply = api.created("supply", api.supply())
        body = api.paymentout(sum=100, operations=[operation("supply", supply["id"], 101)])
        assert refusal(api.post("/entity/cashout", body)) == (412, 22000)
        wrong = api.paymentout(operations=[operation("customerorder", api.order.id, 1)])
        assert refusal(api.post("/entity/cashout", wrong)) == (400, 2021)


class TestInvoice:
    """«Счет покупателю»."""

    @pytest.fixture
    def invoice(self, api: Caller) -> dict[str, Any]:
        body = {
            **company(api),
            "name": "1",
            "customerOrder": ref("customerorder", api.order.id),
            "positions": api.supply()["positions"],
            "paymentPlannedMoment": "2026-11-30 12:34:56",
        }
        return api.created("invoiceout", body)

    def test_it_is_shown_on_its_order(self, api: Caller, invoice: dict[str, Any]) -> None:
        order = api.get(f"/entity/customerorder/{api.order.id}").json()
        assert order["invoicedSum"] == invoice["sum"] == 25000.0
        assert [i["meta"]["href"] for i in order["invoicesOut"]] == [invoice["meta"]["href"]]
        assert order["shippedSum"] == api.order.demands[0].sum

    def test_its_planned_moment_is_cut_to_the_minute(self, invoice: dict[str, Any]) -> None:
        assert invoice["paymentPlannedMoment"] == "2026-11-30 12:34:00.000"

    def test_a_payment_may_pay_it(self, api: Caller, invoice: dict[str, Any]) -> None:
        link = [operation("invoiceout", invoice["id"], 100)]
        api.created("paymentin", api.paymentin(operations=link))
        assert api.get(f"/entity/invoiceout/{invoice['id']}").json()["payedSum"] == 100.0


class TestDictionaries:
    """«Договор», «Проект», «Канал продаж»; documents may name them and be filtered by them."""

    def test_a_document_names_its_contract_project_and_channel(self, api: Caller) -> None:
        contract = api.created(
            "contract",
            {
                "name": "7/2026",
                "ownAgent": ref("organization", api.shop.organization.id),
                "agent": ref("counterparty", api.order.agent.id),
                "contractType": "Commission",
            },
        )
        project = api.created("project", {"name": "Север"})
        channel = api.created("saleschannel", {"name": "Сайт", "type": "ECOMMERCE"})
        created = api.created(
            "paymentin",
            api.paymentin(
                contract=ref("contract", contract["id"]),
                project=ref("project", project["id"]),
                salesChannel=ref("saleschannel", channel["id"]),
            ),
        )
        for name, target in (
            ("contract", contract),
            ("project", project),
            ("salesChannel", channel),
        ):
            assert created[name]["meta"]["href"] == target["meta"]["href"]
            rows = api.rows(f"/entity/paymentin?filter={name}={target['meta']['href']}")
            assert [row["id"] for row in rows] == [created["id"]]

    @pytest.mark.parametrize(
        ("kind", "missing"),
        [("contract", "ownAgent"), ("contract", "agent"), ("saleschannel", "type")],
    )
    def test_they_need_their_required_fields(self, api: Caller, kind: str, missing: str) -> None:
        body = {
            "name": "x",
            "ownAgent": ref("organization", api.shop.organization.id),
            "agent": ref("counterparty", api.order.agent.id),
            "type": "OTHER",
        }
        del body[missing]
        assert refusal(api.post(f"/entity/{kind}", body)) == (412, 3000)

    def test_a_channel_is_of_a_known_type(self, api: Caller) -> None:
        answer = api.post("/entity/saleschannel", {"name": "x", "type": "TELEPATHY"})
        assert refusal(answer) == (412, 3005)

    @pytest.mark.parametrize(
        "kind", ["contract", "project", "saleschannel", "store", "expenseitem"]
    )
    @pytest.mark.parametrize("method", ["GET", "DELETE"])
    def test_they_have_no_syncid(self, api: Caller, kind: str, method: str) -> None:
        answer = api.call(method, f"/entity/{kind}/syncid/{uuid4()}")
        assert refusal(answer) == (400, 1057)

    def test_a_supply_has_no_sales_channel(self, api: Caller) -> None:
        channel = api.created("saleschannel", {"name": "Сайт", "type": "OTHER"})
        body = api.supply(salesChannel=ref("saleschannel", channel["id"]))
        assert "salesChannel" not in api.created("supply", body)


@pytest.mark.parametrize(
    "kind",
    [
        *("customerorder", "demand", "supply", "salesreturn", "paymentin", "paymentout"),
        *("cashin", "cashout", "invoiceout", "counterparty", "organization", "product", "service"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_every_type_with_a_syncid_has_its_address(api: Caller, kind: str, method: str) -> None:
    """«Назначение поля syncId»."""
    body = {} if method == "PUT" else None
    answer = api.call(method, f"/entity/{kind}/syncid/{uuid4()}", body)
    assert refusal(answer) == (404, 1021)


class TestCurrency:
    """«Валюты в документах», «Ошибки», 22004 and 3004."""

    @pytest.fixture
    def dollar(self, api: Caller, books: str) -> str:
        return inserted(books, "currency", {"name": "USD", "isoCode": "USD", "code": "840"})

    def test_a_document_keeps_its_currency_and_rate(self, api: Caller, dollar: str) -> None:
        rate = {"currency": ref("currency", dollar), "value": 92.5}
        created = api.created("paymentin", api.paymentin(rate=rate))
        assert created["rate"]["currency"]["meta"]["href"].endswith(dollar)
        assert created["rate"]["value"] == 92.5
        path = f"/entity/paymentin/{created['id']}"
        back = api.put(path, {"rate": None}).json()["rate"]
        assert back["currency"]["meta"]["href"].endswith(str(api.shop.currency.id))

    def test_a_rate_of_one_is_left_out(self, api: Caller) -> None:
        rate = {"currency": ref("currency", api.shop.currency.id), "value": 1}
        assert "value" not in api.created("paymentin", api.paymentin(rate=rate))["rate"]

    @pytest.mark.parametrize(
        ("rate", "expected"),
        [
            ("RUB", (400, 2016)),
            ({}, (400, 2014)),
            ({"value": 2}, (400, 2014)),
            ({"value": "2"}, (400, 2016)),
            ({"value": 0}, (412, 3003)),
        ],
    )
    def test_a_rate_has_a_form(self, api: Caller, rate: Any, expected: tuple[int, int]) -> None:
        if isinstance(rate, dict) and expected != (400, 2014):
            rate = {"currency": ref("currency", api.shop.currency.id), **rate}
        assert refusal(api.post("/entity/paymentin", api.paymentin(rate=rate))) == expected

    def test_a_payment_on_a_foreign_account_is_in_its_currency(
        self, api: Caller, books: str, dollar: str
    ) -> None:
        owner = f"organization/{api.shop.organization.id}"
        body = {"parent": owner, "accountNumber": "1", "currency": f"currency/{dollar}"}
        account = ref(f"{owner}/accounts", inserted(books, "account", body), "account")
        rouble = api.paymentin(organizationAccount=account)
        assert refusal(api.post("/entity/paymentin", rouble)) == (412, 22004)
        rate = {"currency": ref("currency", dollar)}
        api.created("paymentin", api.paymentin(organizationAccount=account, rate=rate))

    def test_a_return_is_in_the_currency_of_its_demand(self, api: Caller, dollar: str) -> None:
        body = api.salesreturn(api.order, rate={"currency": ref("currency", dollar)})
        assert refusal(api.post("/entity/salesreturn", body)) == (412, 3004)


def inserted(url: str, kind: str, body: dict[str, Any]) -> str:
    """Puts something into the shop that the API cannot make; newer than what is there."""
    id_ = str(uuid4())
    conn = psycopg2.connect(url)
    with conn, conn.cursor() as cursor:
        cursor.execute(
            "insert into sandbox.object (id, type, created, updated, body)"
            " values (%s, %s, '2030-01-01', '2030-01-01', %s)",
            (id_, kind, Json(body)),
        )
    conn.close()
    return id_


class TestDefinitions:
    """«Метаданные»: every state and attribute has an address of its own."""

    @pytest.mark.parametrize("what", ["states", "attributes"])
    def test_what_a_meta_names_can_be_read(self, api: Caller, what: str) -> None:
        listed = (
            api.get("/entity/demand/metadata").json()["states"][0]
            if what == "states"
            else api.rows("/entity/demand/metadata/attributes")[0]
        )
        path = f"/entity/demand/metadata/{what}/{listed['id']}"
        assert api.get(path).json() == listed
        assert refusal(api.get(path.replace("demand", "customerorder"))) == (404, 1021)


def test_documents_can_be_found_by_what_is_in_their_positions(api: Caller) -> None:
    """«Дополнительные фильтры»: assortment."""
    service, other = api.shop.services[:2]
    created = api.created("supply", api.supply())
    href = ref("service", service.id)["meta"]["href"]
    assert [r["id"] for r in api.rows(f"/entity/supply?filter=assortment={href}")] == [
        created["id"]
    ]
    without = ref("service", other.id)["meta"]["href"]
    assert api.rows(f"/entity/supply?filter=assortment={without}") == []
    assert [r["id"] for r in api.rows(f"/entity/supply?filter=assortment!={without}")] == [
        created["id"]
    ]
