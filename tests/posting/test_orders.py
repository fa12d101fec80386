"""The documents about an order, field by field: the payment, the return, the final states."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sverka.money import Minor
from sverka.moysklad.documents import (
    Operation,
    PaymentIn,
    Ref,
    SalesReturn,
    SalesReturnPosition,
    StateChange,
)
from sverka.nouns import PostingKind, Settlement, VerdictKind
from sverka.posting import identity
from sverka.posting.bookable import Bookable
from sverka.posting.drafts import Draft
from sverka.posting.orders import payment, returns, states
from sverka.reconciling.partial import Goods, Vat
from tests.posting.test_arithmetic import COURIER_ID, LINE, SPACE, desk, scheme
from tests.support.shelf import uid

FINAL = {"delivered": "Выполнен", "partially_delivered": "Частично", "returned": "Возвращен"}
TERMS = replace(
    scheme(Settlement.NET, "line", "customer"),
    paymentin_purpose="Оплата {order}, {courier}",
    salesreturn_description="Возврат {order}, {courier}, строка {line_no}",
    states={name: {"customerorder": f"{one} заказ", "demand": one} for name, one in FINAL.items()},
)
DESK = desk(TERMS)
DESK.shop.states.update(
    {
        (entity, state): uid(state)
        for states_ in TERMS.states.values()
        for entity, state in states_.items()
    }
)
ROW = replace(
    LINE,
    line_key=uid("row"),
    collected=Minor(100_000),
    open_before=Minor(100_000),
    order_id=uid("order"),
    order_name="1001",
    order_agent=uid("buyer"),
    order_state=uid("Отгружен"),
    demand_id=uid("demand"),
    demand_agent=uid("consignee"),
    demand_state=uid("Отгружен"),
    incoming_number="77",
    incoming_date=datetime(2026, 11, 19, tzinfo=UTC),
    organization=uid("shop"),
    store=uid("store"),
)
IN, BACK = PostingKind.PAYMENTIN, PostingKind.SALESRETURN
ORDER, DEMAND = PostingKind.CUSTOMERORDER_STATE, PostingKind.DEMAND_STATE
VAT = Vat(enabled=True, included=False, rate=20, charged=True)
MUG = Goods(Ref("product", uid("mug")), 3, Minor(500), VAT)
CUP = Goods(Ref("product", uid("cup")), 1, Minor(70), Vat(enabled=False, included=True))


def paid(**changes: Any) -> PaymentIn:
    [draft] = payment(DESK, replace(ROW, **changes))
    assert isinstance(draft.document, PaymentIn)
    return draft.document


def test_the_buyers_payment_is_linked_to_the_order() -> None:
    document = PaymentIn(
        identity.of_line(SPACE, ROW, IN),
        ROW.moment,
        Ref("organization", uid("shop")),
        Ref("counterparty", uid("consignee")),
        Minor(100_000),
        "77",
        ROW.incoming_date,
        "Оплата 1001, Любой",
        (Operation(Ref("customerorder", uid("order")), Minor(100_000)),),
    )
    assert list(payment(DESK, ROW)) == [Draft(IN, document, Minor(100_000), (ROW,))]


@pytest.mark.parametrize(
    ("collected", "open_before", "linked"),
    [(10, 9, 9), (10, 10, 10), (10, 11, 10), (10, 1, 1), (10, 0, None), (10, -5, None), (1, 1, 1)],
)
def test_a_payment_is_linked_as_far_as_the_order_was_open(
    collected: int, open_before: int, linked: int | None
) -> None:
    document = paid(collected=Minor(collected), open_before=Minor(open_before))
    assert document.sum == collected
    assert [one.linked_sum for one in document.operations] == ([linked] if linked else [])


@pytest.mark.parametrize("collected", [0, -1])
def test_a_row_without_money_is_no_payment(collected: int) -> None:
    assert list(payment(DESK, replace(ROW, collected=Minor(collected)))) == []


def test_who_pays_is_the_consignee_the_buyer_or_the_courier() -> None:
    assert paid(demand_agent=None).agent == Ref("counterparty", uid("buyer"))
    courier = desk(replace(TERMS, agent="courier"))
    [draft] = payment(courier, ROW)
    assert draft.document.agent == Ref("counterparty", COURIER_ID)  # type: ignore[union-attr]


def test_a_return_is_what_came_back_with_its_vat() -> None:
    document = SalesReturn(
        identity.of_line(SPACE, ROW, BACK),
        ROW.moment,
        Ref("organization", uid("shop")),
        Ref("counterparty", uid("consignee")),
        Ref("store", uid("store")),
        Ref("demand", uid("demand")),
        "Возврат 1001, Любой, строка 1",
        (
            SalesReturnPosition(MUG.assortment, 3, Minor(500), 20, vat_enabled=True),
            SalesReturnPosition(CUP.assortment, 1, Minor(70), None, None),
        ),
        vat_enabled=True,
        vat_included=False,
    )
    [draft] = returns(DESK, [ROW], {ROW.line_id: (MUG, CUP)})
    assert draft == Draft(BACK, document, Minor(1_570), (ROW,), demand_id=uid("demand"))
    [bare] = returns(DESK, [replace(ROW, demand_agent=None)], {ROW.line_id: (CUP,)})
    assert bare.document.agent == Ref("counterparty", uid("buyer"))  # type: ignore[union-attr]


def test_a_demand_comes_back_once_and_only_where_goods_do() -> None:
    rows = [
        replace(ROW, line_id=1),  # nothing came back
        replace(ROW, line_id=2, demand_id=None),  # nobody knows of which demand
        replace(ROW, line_id=3),
        replace(ROW, line_id=4),  # the same parcel
        replace(ROW, line_id=5, demand_id=uid("other demand")),
    ]
    goods = dict.fromkeys((2, 3, 4, 5), (MUG,))
    assert [one.first.line_id for one in returns(DESK, rows, goods)] == [3, 5]


def closed(*rows: Bookable) -> list[tuple[PostingKind, str]]:
    """What is closed, and as what."""
    names = {state: name for (_, name), state in DESK.shop.states.items()}
    found = []
    for draft in states(DESK, rows, {}):
        assert isinstance(draft.document, StateChange)
        found.append((draft.kind, names[draft.document.state.id]))
    return found


def test_the_final_states_wait_for_the_rows_document() -> None:
    order, demand = states(DESK, [ROW], {ROW.line_id: uid("payment")})
    target = DESK.shop.state("customerorder", "Выполнен заказ")
    change = StateChange(
        identity.of_line(SPACE, ROW, ORDER), Ref("customerorder", uid("order")), target
    )
    common: dict[str, Any] = {"depends_on": uid("payment"), "demand_id": uid("demand")}
    now = uid("Отгружен")
    assert order == Draft(ORDER, change, Minor(0), (ROW,), state_now=now, **common)
    target = DESK.shop.state("demand", "Выполнен")
    change = StateChange(identity.of_line(SPACE, ROW, DEMAND), Ref("demand", uid("demand")), target)
    assert demand == Draft(DEMAND, change, Minor(0), (ROW,), state_now=now, **common)
    [free, _] = states(DESK, [ROW], {})
    assert free.depends_on is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ["Выполнен заказ", "Выполнен"]),
        ({"verdict": VerdictKind.MATCHED_WITHIN_TOLERANCE}, ["Выполнен заказ", "Выполнен"]),
        ({"verdict": VerdictKind.PARTIALLY_DELIVERED}, ["Частично заказ", "Частично"]),
        ({"verdict": VerdictKind.RETURNED}, ["Возвращен заказ", "Возвращен"]),
        # One parcel of several that came back does not end the order; one that was paid does.
        ({"verdict": VerdictKind.RETURNED, "demands": 2}, ["Возвращен"]),
        ({"demands": 2}, ["Выполнен заказ", "Выполнен"]),
        ({"demand_id": None}, ["Выполнен заказ"]),
        ({"doubtful": True}, []),
        # A bare row of fees does not say how the delivery ended.
        ({"outcome": None, "collected": Minor(0)}, []),
        ({"outcome": None, "collected": Minor(1)}, ["Выполнен заказ", "Выполнен"]),
        ({"outcome": "delivered", "collected": Minor(0)}, ["Выполнен заказ", "Выполнен"]),
        (
            {"outcome": None, "collected": Minor(0), "verdict": VerdictKind.RETURNED},
            ["Возвращен заказ", "Возвращен"],
        ),
        # What stands there already is left.
        ({"order_state": uid("Выполнен заказ")}, ["Выполнен"]),
        ({"demand_state": uid("Выполнен")}, ["Выполнен заказ"]),
    ],
)
def test_how_a_delivery_ended_closes_its_order(change: dict[str, Any], expected: list[str]) -> None:
    assert [name for _, name in closed(replace(ROW, **change))] == expected


def test_an_order_and_a_demand_are_closed_once_by_the_first_row() -> None:
    second = replace(ROW, line_id=1, verdict=VerdictKind.RETURNED, demand_id=uid("second"))
    other = replace(ROW, line_id=2, order_id=uid("other"), demand_id=uid("third"))
    doubtful = replace(ROW, line_id=3, order_id=uid("doubtful"), doubtful=True)
    assert closed(doubtful, ROW, replace(ROW, line_id=4), second, other) == [
        (ORDER, "Выполнен заказ"),
        (DEMAND, "Выполнен"),
        (DEMAND, "Возвращен"),
        (ORDER, "Выполнен заказ"),
        (DEMAND, "Выполнен"),
    ]


def test_what_stands_there_already_is_not_closed_by_a_later_row_either() -> None:
    there = replace(ROW, order_state=uid("Выполнен заказ"), demand_id=None)
    back = replace(there, line_id=1, verdict=VerdictKind.RETURNED)
    assert closed(there, back) == []
