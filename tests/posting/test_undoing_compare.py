"""A document goes only while it is, field by field, what Sverka wrote, and nobody built on it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from sverka.money import Minor
from sverka.moysklad.documents import (
    Document,
    Operation,
    PaymentIn,
    PaymentOut,
    Position,
    Ref,
    SalesReturn,
    SalesReturnPosition,
    Supply,
)
from sverka.nouns import PostingKind
from sverka.posting.undoing_compare import changed
from sverka.posting.undoing_targets import Target
from tests.support.shelf import BASE, meta, uid

MOMENT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SHOP, AGENT, STORE = (
    Ref("organization", uid("shop")),
    Ref("counterparty", uid("agent")),
    Ref("store", uid("store")),
)
COMMON: dict[str, Any] = {
    "applicable": True,
    "organization": meta("organization", "shop"),
    "agent": meta("counterparty", "agent"),
    "moment": "2026-11-20 12:00:00.000",
    "externalCode": "somebody's own",
}

PAYMENT = Target(
    uid("in"),
    PostingKind.PAYMENTIN,
    PaymentIn(
        uid("in"), MOMENT, SHOP, AGENT, Minor(70_000), "42", MOMENT, "Заказ 1",
        (Operation(Ref("customerorder", uid("order")), Minor(70_000)),),
    ),
    70_000, "gorod", uid("payment"), "1",
)  # fmt: skip
SHOWN_PAYMENT = COMMON | {
    "sum": Decimal("70000.0"),
    "incomingNumber": "42",
    "incomingDate": "2026-11-20 12:00:00",
    "paymentPurpose": "Заказ 1",
    "operations": [meta("customerorder", "order") | {"linkedSum": 70_000}],
}

SUPPLY = Target(
    uid("fees"),
    PostingKind.SUPPLY,
    Supply(
        uid("fees"), MOMENT, SHOP, AGENT, STORE, None, None, "Услуги",
        (Position(Ref("service", uid("delivery")), 1, Minor(30_000)),
         Position(Ref("service", uid("cod")), 2, Minor(700))),
    ),
    31_400, "gorod", uid("supply"), "2",
)  # fmt: skip
SHOWN_SUPPLY = COMMON | {
    "sum": 31_400,
    "store": meta("store", "store"),
    "description": "Услуги",
    "positions": {
        "rows": [
            {
                "assortment": meta("service", "cod"),
                "quantity": Decimal("2.0"),
                "price": Decimal("700.0"),
            },
            {"assortment": meta("service", "delivery"), "quantity": 1, "price": 30_000},
        ]
    },
}

OUT = Target(
    uid("out"),
    PostingKind.PAYMENTOUT,
    PaymentOut(
        uid("out"), MOMENT, SHOP, AGENT, Ref("expenseitem", uid("item")), Minor(31_400), "Услуги",
        uid("fees"),
    ),
    31_400, "gorod", uid("payment out"), "3", parent=uid("supply"),
)  # fmt: skip
SHOWN_OUT = COMMON | {
    "sum": 31_400,
    "paymentPurpose": "Услуги",
    "expenseItem": meta("expenseitem", "item"),
    "operations": [meta("supply", "supply") | {"linkedSum": 31_400}],
}

RETURN = Target(
    uid("back"),
    PostingKind.SALESRETURN,
    SalesReturn(
        uid("back"), MOMENT, SHOP, AGENT, STORE, Ref("demand", uid("demand")), "Возврат",
        (SalesReturnPosition(Ref("product", uid("mug")), 3, Minor(500)),),
    ),
    1_500, "gorod", uid("return"), "4",
)  # fmt: skip
SHOWN_RETURN = COMMON | {
    "sum": 1_500,
    "store": meta("store", "store"),
    "demand": meta("demand", "demand"),
    "description": "Возврат",
    "positions": [{"assortment": meta("product", "mug"), "quantity": 3, "price": 500}],
}

ALL = [(PAYMENT, SHOWN_PAYMENT), (SUPPLY, SHOWN_SUPPLY), (OUT, SHOWN_OUT), (RETURN, SHOWN_RETURN)]
IDS = [target.kind.value for target, _ in ALL]


def words(target: Target, found: dict[str, Any], *going: str) -> str:
    return changed(target, found, BASE, {uid(one) for one in going})


@pytest.mark.parametrize(("target", "shown"), ALL, ids=IDS)
def test_what_we_wrote_is_unchanged(target: Target, shown: dict[str, Any]) -> None:
    assert words(target, shown) == ""


@pytest.mark.parametrize(("target", "shown"), ALL, ids=IDS)
def test_every_field_that_we_wrote_is_compared(target: Target, shown: dict[str, Any]) -> None:
    for field in set(shown) - {"externalCode", "positions"}:
        others: dict[str, Any] = {
            "applicable": False,
            "sum": 1,
            "operations": [meta("customerorder", "another") | {"linkedSum": 1}],
            "moment": "2026-11-20 12:01:00.000",
            "incomingDate": "2026-11-21 12:00:00",
        }
        other = others.get(field, meta("x", "another") if isinstance(shown[field], dict) else "x")
        for found in (shown | {field: other}, {k: v for k, v in shown.items() if k != field}):
            assert words(target, found).startswith("документ изменили после проведения: ")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("applicable", False, "проведение"),
        ("sum", 70_001, "сумма"),
        ("sum", "many", "сумма"),
        ("agent", meta("counterparty", "another"), "контрагент"),
        ("agent", {"meta": {}}, "контрагент"),
        ("organization", meta("organization", "another"), "юрлицо"),
        ("moment", "2026-11-21 12:00:00", "дата"),
        ("operations", [], "связи с документами"),
        ("operations", None, "связи с документами"),
        ("operations", [meta("customerorder", "order") | {"linkedSum": 69_999}], "связи с документами"),
        ("operations", SHOWN_PAYMENT["operations"] * 2, "связи с документами"),
        ("incomingNumber", "43", "входящий номер"),
        ("paymentPurpose", "Заказ 2", "назначение платежа"),
    ],
)  # fmt: skip
def test_what_was_changed_is_named(field: str, value: Any, told: str) -> None:
    found = words(PAYMENT, SHOWN_PAYMENT | {field: value})
    assert found == f"документ изменили после проведения: {told}"


def test_all_changes_are_told_in_one_order() -> None:
    found = SHOWN_PAYMENT | {"paymentPurpose": "x", "sum": 1, "applicable": False}
    assert words(PAYMENT, found).endswith(": проведение, сумма, назначение платежа")


@pytest.mark.parametrize(
    "rows",
    [
        [],
        SHOWN_SUPPLY["positions"]["rows"][:1],
        [*SHOWN_SUPPLY["positions"]["rows"], SHOWN_SUPPLY["positions"]["rows"][0]],
        [SHOWN_SUPPLY["positions"]["rows"][0] | {"quantity": 3}, SHOWN_SUPPLY["positions"]["rows"][1]],
        [SHOWN_SUPPLY["positions"]["rows"][0] | {"price": 701}, SHOWN_SUPPLY["positions"]["rows"][1]],
        [SHOWN_SUPPLY["positions"]["rows"][0] | {"assortment": meta("service", "x")}, SHOWN_SUPPLY["positions"]["rows"][1]],
    ],
)  # fmt: skip
def test_every_position_counts(rows: list[dict[str, Any]]) -> None:
    found = words(SUPPLY, SHOWN_SUPPLY | {"positions": {"rows": rows}})
    assert found == "документ изменили после проведения: позиции"


def test_a_position_without_a_price_costs_nothing() -> None:
    free = Target(
        uid("back"),
        PostingKind.SALESRETURN,
        SalesReturn(
            uid("back"), MOMENT, SHOP, AGENT, STORE, Ref("demand", uid("demand")), "Возврат",
            (SalesReturnPosition(Ref("product", uid("gift")), 1, Minor(0)),),
        ),
        0, "gorod", uid("return"), "4",
    )  # fmt: skip
    shown = SHOWN_RETURN | {"positions": [{"assortment": meta("product", "gift"), "quantity": 1}]}
    assert words(free, shown | {"sum": 0}) == ""
    assert words(free, {name: value for name, value in shown.items() if name != "sum"}) == ""


LINKS = [
    ("payments", "привязан платёж"),
    ("factureOut", "выписан счёт-фактура"),
    ("factureIn", "получен счёт-фактура"),
    ("invoicesIn", "привязан счёт поставщика"),
    ("returns", "оформлен возврат"),
    ("losses", "оформлено списание"),
]


@pytest.mark.parametrize(("field", "told"), LINKS)
def test_what_others_built_on_it_keeps_it(field: str, told: str) -> None:
    for linked in (meta("x", "one"), [meta("x", "ours"), meta("x", "one")]):
        assert words(SUPPLY, SHOWN_SUPPLY | {field: linked}, "ours") == f"к документу {told}"
        assert words(SUPPLY, SHOWN_SUPPLY | {field: linked}, "ours", "one") == ""
    assert words(SUPPLY, SHOWN_SUPPLY | {field: []}) == ""


@pytest.mark.parametrize(("size", "told"), [(0, ""), (1, "к документу приложили файлы")])
def test_attached_files_keep_it(size: int, told: str) -> None:
    assert words(PAYMENT, SHOWN_PAYMENT | {"files": {"meta": {"size": size}}}) == told


def test_the_supply_that_a_payment_pays_is_the_one_in_the_books() -> None:
    found = SHOWN_OUT | {"operations": [meta("supply", "another") | {"linkedSum": 31_400}]}
    assert words(OUT, found) == "документ изменили после проведения: связи с документами"


def test_documents_of_the_table_are_of_every_kind() -> None:
    kinds: set[type[Document]] = {type(target.document) for target, _ in ALL}
    assert kinds == {PaymentIn, Supply, PaymentOut, SalesReturn}
