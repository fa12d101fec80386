"""A document of MoySklad as a row: exact money, ids from references, empty fields left out."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from sverka.money import NotMoney
from sverka.snapshot.rows import DEMANDS, ORDERS, RETURNS, Reading, Table

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
RUBLE, EURO = UUID(int=1), UUID(int=2)
READING = Reading(
    currencies={RUBLE: "RUB", EURO: "EUR"},
    track_attribute="Трек-номер",
    fetched_at=NOW,
    trashed=False,
)


def ref(path: str, number: int) -> dict[str, Any]:
    return {
        "meta": {"href": f"https://api.moysklad.ru/api/remap/1.2/entity/{path}/{UUID(int=number)}"}
    }


DOCUMENT: dict[str, Any] = {
    "id": str(UUID(int=10)),
    "name": "Заказ № w-42",
    "externalCode": "e",
    "moment": "2026-11-20 12:00:00.000",
    "updated": "2026-11-20 12:30:15.125",
    "applicable": True,
    "sum": Decimal("150000.0"),
    "payedSum": 50_000,
    "organization": ref("organization", 11),
    "agent": ref("counterparty", 12),
    "rate": {"currency": ref("currency", 1)},
}


def row(
    table: Table, change: dict[str, Any] | None = None, reading: Reading = READING
) -> dict[str, Any]:
    values = table.row(DOCUMENT | (change or {}), reading)
    assert len(values) == len(table.columns)
    return dict(zip(table.columns, values, strict=True))


def test_an_order_becomes_a_row() -> None:
    assert row(ORDERS) == {
        "id": UUID(int=10),
        "name": "Заказ № w-42",
        "name_key": "W-42",
        "external_code": "e",
        "moment": datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        "organization_id": UUID(int=11),
        "agent_id": UUID(int=12),
        "sum": 150_000,
        "payed_sum": 50_000,
        "currency": "RUB",
        "state_id": None,
        "applicable": True,
        "track": None,
        "track_key": None,
        "region": None,
        "delivery": None,
        "link": None,
        "deleted": False,
        "updated": datetime(2026, 11, 20, 9, 30, 15, 125_000, tzinfo=UTC),
        "fetched_at": NOW,
    }


def test_a_demand_knows_its_order_its_store_and_its_state() -> None:
    made = row(
        DEMANDS,
        {
            "customerOrder": ref("customerorder", 20),
            "store": ref("store", 21),
            "state": ref("demand/metadata/states", 22),
        },
    )
    assert (made["order_id"], made["store_id"], made["state_id"]) == (
        UUID(int=20),
        UUID(int=21),
        UUID(int=22),
    )


def test_a_demand_and_a_return_may_stand_alone() -> None:
    assert row(DEMANDS)["order_id"] is None
    assert row(RETURNS)["demand_id"] is None
    assert row(RETURNS, {"demand": ref("demand", 30)})["demand_id"] == UUID(int=30)


def test_the_currency_is_the_documents() -> None:
    assert row(ORDERS, {"rate": {"currency": ref("currency", 2), "value": 95}})["currency"] == "EUR"


@pytest.mark.parametrize(
    ("attributes", "track", "key"),
    [
        ([], None, None),
        (
            [{"name": "Трек-номер", "value": " 8009 3053 6249 92 "}],
            "8009 3053 6249 92",
            "80093053624992",
        ),
        ([{"name": "Другое", "value": "1"}, {"name": "Трек-номер", "value": "ab1"}], "ab1", "AB1"),
        ([{"name": "трек-номер", "value": "ab1"}], None, None),
        ([{"name": "Трек-номер", "value": "  "}], None, None),
        ([{"name": "Трек-номер", "value": "№"}], "№", None),
        ([{"name": "Трек-номер", "value": {"meta": {}}}], None, None),
        ([{"name": "Трек-номер"}], None, None),
    ],
)
@pytest.mark.parametrize("table", [ORDERS, DEMANDS], ids=lambda table: table.entity)
def test_the_track_number_is_the_attribute_of_that_name(
    table: Table, attributes: list[dict[str, Any]], track: str | None, key: str | None
) -> None:
    made = row(table, {"attributes": attributes})
    assert (made["track"], made["track_key"]) == (track, key)


@pytest.mark.parametrize(
    ("value", "delivery"),
    [
        (" СДЭК ", "СДЭК"),
        ({"meta": {"type": "counterparty"}, "name": "ООО «СДЭК»"}, "ООО «СДЭК»"),
        ({"meta": {"type": "customentity"}, "name": "Боксберри "}, "Боксберри"),
        ({"meta": {}}, None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
@pytest.mark.parametrize("table", [ORDERS, DEMANDS], ids=lambda table: table.entity)
def test_who_carries_it_is_typed_or_chosen(
    table: Table, value: object, delivery: str | None
) -> None:
    attributes = [{"name": "Трек-номер", "value": "1"}, {"name": "Служба доставки", "value": value}]
    assert row(table, {"attributes": attributes})["delivery"] == delivery


def test_the_list_says_whether_a_document_is_in_the_trash() -> None:
    restored = {"deleted": "2026-11-19 10:00:00.000"}
    assert row(ORDERS, restored)["deleted"] is False
    assert row(ORDERS, restored, replace(READING, trashed=True))["deleted"] is True


@pytest.mark.parametrize("amount", [Decimal("150000.5"), "150000", 1500.0])
def test_a_sum_that_is_not_exact_is_not_mirrored(amount: object) -> None:
    with pytest.raises(NotMoney):
        row(ORDERS, {"sum": amount})
