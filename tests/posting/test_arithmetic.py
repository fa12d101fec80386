"""Money of a plan, for every scheme there can be: what the courier says is what the books get."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from typing import Any, cast
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.couriers import Courier
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.moysklad.documents import PaymentIn, PaymentOut, StateChange, Supply
from sverka.nouns import FEES, NETTED_FEES, PostingKind, Settlement, VerdictKind
from sverka.posting.bookable import Bookable
from sverka.posting.drafts import Draft
from sverka.posting.plan import _drafts
from sverka.posting.shop import Desk, Shop, Terms
from sverka.reconciling.reconcile import Reconciled
from sverka.schemes import PaymentOutTerms, Scheme

SPACE = UUID("00000000-0000-4000-8000-000000000002")
STATES = {"customerorder": "Выполнен", "demand": "Выполнен"}
COURIER_ID = uuid5(SPACE, "courier")
EVERY_SCHEME = list(product(Settlement, ("line", "report"), ("customer", "courier")))
"""When a scheme books makes no difference to what it books."""


@dataclass
class NoBatches:
    """A database where no fees of any report are booked yet."""

    def cursor(self) -> "NoBatches":
        return self

    def __enter__(self) -> "NoBatches":
        return self

    def __exit__(self, *_: object) -> None: ...

    def execute(self, *_: object) -> None: ...

    def fetchone(self) -> tuple[int]:
        return (1,)


def scheme(settlement: Settlement, per: str, agent: Any) -> Scheme:
    out = None if settlement is Settlement.GROSS else PaymentOutTerms("Доставка", "{report}")
    return Scheme(
        name="any",
        settlement=settlement,
        book="when_reported",
        agent=agent,
        paymentin_purpose="{order}",
        supply_per=per,
        services={fee: fee for fee in FEES},
        paymentout=out,
        salesreturn_description="{order}",
        states={"delivered": STATES, "partially_delivered": STATES, "returned": STATES},
    )


def desk(terms: Scheme) -> Desk:
    courier = Courier("any", "Любой", ("Любой",), "ООО «Любой»", "any")
    shop = Shop()
    for entity, name in [
        ("counterparty", courier.counterparty),
        ("expenseitem", "Доставка"),
        *(("service", fee) for fee in FEES),
    ]:
        shop.entries[entity, name] = uuid5(SPACE, name)
    shop.entries["counterparty", courier.counterparty] = COURIER_ID
    shop.states.update({item: uuid5(SPACE, str(item)) for item in STATES.items()})
    return Desk(SPACE, {"any": Terms(courier, terms)}, shop)


KOPECKS = st.integers(0, 10**9)
FEE_TABLES = st.fixed_dictionaries({fee: st.just(0) | KOPECKS for fee in FEES})


@st.composite
def clean_lines(draw: st.DrawFn, settlement: Settlement) -> list[Bookable]:
    """Lines that reconciling lets through: what the courier kept is what the contract says."""
    lines = []
    for number in range(draw(st.integers(1, 8))):
        fees = draw(FEE_TABLES)
        collected = draw(st.just(0) | KOPECKS)
        money = collected > 0 or draw(st.booleans())
        netted = sum(fees[fee] for fee in NETTED_FEES[settlement])
        payout = collected - netted if money else 0
        order = uuid5(SPACE, f"order {draw(st.integers(0, 5))}")
        lines.append(
            replace(
                LINE,
                line_id=number,
                line_key=uuid5(SPACE, f"line {number}"),
                collected=Minor(collected),
                payout=Minor(payout),
                fees={fee: Minor(amount) for fee, amount in fees.items() if amount},
                open_before=Minor(draw(st.integers(-(10**9), 2 * 10**9))),
                report_id=draw(st.integers(1, 2)),
                order_id=order,
                organization=uuid5(SPACE, f"organization {draw(st.integers(1, 2))}"),
                store=uuid5(SPACE, f"store {draw(st.integers(1, 2))}"),
                sha256=f"{draw(st.integers(1, 2))}",
            )
        )
    # Reports of one file have ordinals of their own.
    return [replace(line, ordinal=line.report_id, sha256="1") for line in lines]


LINE = Bookable(
    line_id=0,
    line_key=SPACE,
    revision=1,
    courier="any",
    verdict=VerdictKind.MATCHED,
    outcome="delivered",
    collected=Minor(0),
    payout=Minor(0),
    fees={},
    open_before=Minor(0),
    line_no=1,
    report_id=1,
    ordinal=0,
    report_words="отчёт",
    incoming_number=None,
    incoming_date=None,
    moment=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    file_name="report.xlsx",
    sha256="1",
    order_id=SPACE,
    order_name="1",
    order_agent=uuid5(SPACE, "order's agent"),
    order_state=None,
    demand_id=uuid5(SPACE, "demand"),
    demand_agent=uuid5(SPACE, "customer"),
    demand_state=None,
    demands=1,
    organization=SPACE,
    store=SPACE,
    doubtful=False,
    dry_run=False,
)


def drafts_of(terms: Scheme, lines: list[Bookable]) -> dict[PostingKind, list[Draft]]:
    found: dict[PostingKind, list[Draft]] = {kind: [] for kind in PostingKind}
    nothing = cast("Connection", NoBatches())
    for draft in _drafts(nothing, desk(terms), lines, Reconciled({}, {})):
        found[draft.kind].append(draft)
    return found


def total(drafts: list[Draft]) -> int:
    return sum(draft.amount for draft in drafts)


@pytest.mark.parametrize(
    "terms", [scheme(*one) for one in EVERY_SCHEME], ids=["-".join(one) for one in EVERY_SCHEME]
)
@given(data=st.data())
def test_the_books_get_what_the_courier_says(terms: Scheme, data: st.DataObject) -> None:
    lines = data.draw(clean_lines(terms.settlement))
    made = drafts_of(terms, lines)
    came, went = made[PostingKind.PAYMENTIN], made[PostingKind.PAYMENTOUT]
    assert total(came) == sum(line.collected for line in lines)
    assert total(made[PostingKind.SUPPLY]) == sum(sum(line.fees.values()) for line in lines)
    with_money = [line for line in lines if line.collected or line.payout]
    assert total(went) == sum(line.collected - line.payout for line in with_money)
    # What the account in MoySklad gains is what the bank gets.
    assert total(came) - total(went) == sum(line.payout for line in lines)
    for draft in came:
        check_paymentin(terms, draft)
    check_services(terms, lines, made)
    names = [draft.sync_id for drafts in made.values() for draft in drafts]
    assert len(names) == len(set(names))


def check_paymentin(terms: Scheme, draft: Draft) -> None:
    document = draft.document
    assert isinstance(document, PaymentIn)
    assert document.sum == draft.amount > 0
    payer = COURIER_ID if terms.agent == "courier" else uuid5(SPACE, "customer")
    assert document.agent.id == payer
    assert len(document.operations) <= 1
    for operation in document.operations:
        # Also with another payer the money is the order's.
        assert operation.document.id == draft.first.order_id
        assert 0 < operation.linked_sum <= min(document.sum, draft.first.open_before)


def check_services(
    terms: Scheme, lines: list[Bookable], made: dict[PostingKind, list[Draft]]
) -> None:
    supplies = {draft.sync_id: draft for draft in made[PostingKind.SUPPLY]}
    stands_for: Counter[int] = Counter()
    for draft in supplies.values():
        document = draft.document
        assert isinstance(document, Supply)
        assert document.agent.id == COURIER_ID
        assert sum(one.quantity * one.price for one in document.positions) == draft.amount > 0
        assert all(one.price > 0 for one in document.positions)
        stands_for.update(line.line_id for line in draft.lines)
        same = {(line.report_id, line.organization, line.store) for line in draft.lines}
        assert len(same) == 1
        assert len(draft.lines) == 1 or terms.supply_per == "report"
    # The fees of a row are in one supply and no other.
    assert stands_for == {line.line_id: 1 for line in lines if line.fees}
    paid: Counter[UUID] = Counter()
    for draft in made[PostingKind.PAYMENTOUT]:
        document = draft.document
        assert isinstance(document, PaymentOut)
        assert document.supply == draft.depends_on
        supply = supplies[document.supply]
        assert document.sum == draft.amount > 0
        assert document.organization == supply.document.organization
        assert document.agent == supply.document.agent
        paid[document.supply] += document.sum
        # The courier never keeps more than its services of these rows cost.
        assert paid[document.supply] <= supply.amount
    assert not (terms.settlement is Settlement.GROSS and paid)


def test_who_pays_is_the_counterparty_that_the_goods_were_shipped_to() -> None:
    terms = scheme(Settlement.NET, "line", "customer")
    line = replace(LINE, collected=Minor(100), payout=Minor(100), open_before=Minor(100))
    [shipped] = drafts_of(terms, [line])[PostingKind.PAYMENTIN]
    assert shipped.document.agent.id == line.demand_agent  # type: ignore[union-attr]
    several = replace(line, demand_id=None, demand_agent=None)
    [ordered] = drafts_of(terms, [several])[PostingKind.PAYMENTIN]
    assert ordered.document.agent.id == line.order_agent  # type: ignore[union-attr]


def test_two_organizations_of_one_report_have_documents_of_their_own() -> None:
    terms = scheme(Settlement.NET, "report", "customer")
    first = replace(LINE, fees={"fee_cod": Minor(5)}, collected=Minor(50), payout=Minor(45))
    other = replace(first, line_id=1, line_key=uuid5(SPACE, "1"), organization=uuid5(SPACE, "2"))
    elsewhere = replace(first, line_id=2, line_key=uuid5(SPACE, "2"), store=uuid5(SPACE, "s"))
    made = drafts_of(terms, [first, other, elsewhere])
    assert [draft.amount for draft in made[PostingKind.SUPPLY]] == [5, 5, 5]
    assert [draft.amount for draft in made[PostingKind.PAYMENTOUT]] == [5, 5, 5]


def test_nothing_kept_is_no_payment_and_no_fees_are_no_supply() -> None:
    terms = scheme(Settlement.AGENT_FEE_NETTED, "report", "customer")
    delivery = replace(LINE, fees={"fee_delivery": Minor(7)}, collected=Minor(5), payout=Minor(5))
    made = drafts_of(terms, [delivery])
    assert (total(made[PostingKind.SUPPLY]), made[PostingKind.PAYMENTOUT]) == (7, [])
    bare = drafts_of(terms, [replace(delivery, fees={})])
    assert bare[PostingKind.SUPPLY] == bare[PostingKind.PAYMENTOUT] == []
    assert all(isinstance(one.document, StateChange) for one in bare[PostingKind.DEMAND_STATE])
