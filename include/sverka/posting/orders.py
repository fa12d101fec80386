"""The documents about a line's order: the buyer's payment, the return, and the final states."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sverka.money import Minor
from sverka.moysklad.documents import (
    Operation,
    PaymentIn,
    Ref,
    SalesReturn,
    SalesReturnPosition,
    StateChange,
)
from sverka.nouns import PostingKind, VerdictKind
from sverka.posting import identity
from sverka.posting.bookable import Bookable
from sverka.posting.drafts import Draft
from sverka.posting.shop import OUTCOME, Desk
from sverka.posting.words import filled
from sverka.reconciling.partial import Goods


def payment(desk: Desk, line: Bookable) -> Iterator[Draft]:
    """What the buyer paid, gross, linked to the order as far as the order was still open."""
    if line.collected <= 0:
        return
    linked = Minor(max(0, min(line.collected, line.open_before)))
    order = Ref("customerorder", line.order_id)
    document = PaymentIn(
        sync_id=identity.of_line(desk.account, line, PostingKind.PAYMENTIN),
        moment=line.moment,
        organization=Ref("organization", line.organization),
        agent=_payer(desk, line),
        sum=line.collected,
        incoming_number=line.incoming_number,
        incoming_date=line.incoming_date,
        payment_purpose=filled(desk.scheme(line).paymentin_purpose, line, desk.courier(line)),
        operations=(Operation(order, linked),) if linked else (),
    )
    yield Draft(PostingKind.PAYMENTIN, document, line.collected, (line,))


def _payer(desk: Desk, line: Bookable) -> Ref:
    """Whose debt the payment settles, as the scheme wants it.

    The customer is who the goods were shipped to: the demand makes the debt, and nobody stops a
    person from shipping an order to another counterparty.
    """
    if desk.scheme(line).agent == "courier":
        return desk.shop.ref("counterparty", desk.courier(line).counterparty)
    return Ref("counterparty", line.demand_agent or line.order_agent)


def returns(
    desk: Desk, lines: Sequence[Bookable], coming_back: Mapping[int, tuple[Goods, ...]]
) -> Iterator[Draft]:
    """One return per demand: two rows about one parcel bring it back once."""
    seen: set[UUID] = set()
    for line in lines:
        goods = coming_back.get(line.line_id)
        if goods is None or line.demand_id is None or line.demand_id in seen:
            continue
        seen.add(line.demand_id)
        amount = Minor(sum(one.quantity * one.price for one in goods))
        document = _return(desk, line, line.demand_id, goods)
        yield Draft(PostingKind.SALESRETURN, document, amount, (line,), demand_id=line.demand_id)


def _return(desk: Desk, line: Bookable, demand_id: UUID, goods: Sequence[Goods]) -> SalesReturn:
    return SalesReturn(
        sync_id=identity.of_line(desk.account, line, PostingKind.SALESRETURN),
        moment=line.moment,
        organization=Ref("organization", line.organization),
        # MoySklad requires the demand's own agent (error 3004).
        agent=Ref("counterparty", line.demand_agent or line.order_agent),
        store=Ref("store", line.store),
        demand=Ref("demand", demand_id),
        description=filled(desk.scheme(line).salesreturn_description, line, desk.courier(line)),
        positions=tuple(
            SalesReturnPosition(
                one.assortment, one.quantity, one.price, one.vat.rate, one.vat.charged
            )
            for one in goods
        ),
        vat_enabled=goods[0].vat.enabled,
        vat_included=goods[0].vat.included,
    )


def states(desk: Desk, lines: Sequence[Bookable], parents: Mapping[int, UUID]) -> Iterator[Draft]:
    """The final states, once per order and once per demand; what stands there already is left.

    `parents` is the document of a line that must be in the books before its order is closed.
    """
    seen: set[UUID] = set()
    for line in lines:
        if line.doubtful or not _ended(line):
            continue
        names = desk.scheme(line).states[OUTCOME[line.verdict]]
        for kind, entity, document, now in _closed_by(line):
            target = desk.shop.state(entity, names[entity])
            if document in seen:
                continue
            seen.add(document)
            if target.id == now:
                continue
            change = StateChange(
                identity.of_line(desk.account, line, kind), Ref(entity, document), target
            )
            parent = parents.get(line.line_id)
            yield Draft(
                kind,
                change,
                Minor(0),
                (line,),
                depends_on=parent,
                demand_id=line.demand_id,
                state_now=now,
            )


def _ended(line: Bookable) -> bool:
    """Whether the row says how the delivery ended; a bare row of fees does not."""
    return line.verdict is VerdictKind.RETURNED or line.outcome is not None or line.collected > 0


def _closed_by(line: Bookable) -> Iterator[tuple[PostingKind, str, UUID, UUID | None]]:
    # One parcel of several that came back does not end the whole order.
    if line.verdict is not VerdictKind.RETURNED or line.demands == 1:
        yield PostingKind.CUSTOMERORDER_STATE, "customerorder", line.order_id, line.order_state
    if line.demand_id is not None:
        yield PostingKind.DEMAND_STATE, "demand", line.demand_id, line.demand_state
