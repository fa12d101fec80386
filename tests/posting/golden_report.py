"""One report that meets every branch of a posting scheme: what tests and docs show of each."""

from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid5

from sverka.demo.shop import Order
from sverka.nouns import NETTED_FEES
from sverka.payouts import note_statement
from sverka.schemes import Scheme, Schemes
from tests.posting.conftest import Desk
from tests.support.books import SPACE

COURIER = "dalli"
FEES = {"fee_delivery": 30_000, "fee_cod": 1_500}
FEES_BACK = {"fee_delivery": 25_000, "fee_return": 12_500}


class Golden(NamedTuple):
    """The file and its orders. `booked` is what the buyers paid for or brought back, in full."""

    file_id: int
    scheme: Scheme
    delivered: Order
    partly: Order
    returned: Order
    prepaid: Order
    collected: int
    fees: int
    kept: int

    @property
    def closed(self) -> tuple[Order, ...]:
        """The orders whose debt is gone when the report is booked."""
        return self.delivered, self.partly, self.returned


def scheme_named(desk: Desk, name: str) -> Scheme:
    return Schemes.load(desk.services.settings.posting_schemes).get(name)


def golden_report(desk: Desk, name: str) -> Golden:
    """A delivered order, a partly bought one, a refused one, a prepaid one, and two in doubt."""
    scheme = scheme_named(desk, name)
    desk.terms(COURIER, posting_scheme=name)
    partly = _two_different(desk)
    others = [order for order in desk.orders(COURIER) if order is not partly][:4]
    delivered, returned, prepaid, doubtful = others
    desk.mirror(delivered, partly, returned, prepaid, doubtful)
    desk.books.run("update snapshot_order set payed_sum = sum where id = %s", prepaid.id)
    _names(desk, delivered, partly, returned)
    file_id = desk.books.file(COURIER)
    netted = sum(FEES.get(fee, 0) for fee in NETTED_FEES[scheme.settlement])
    bought = partly.positions[1].price
    lines = desk.books.line
    for number, (order, money, outcome) in enumerate(
        [(delivered, delivered.sum, "delivered"), (partly, bought, "partially_delivered")]
    ):
        kept = {"payout": money - netted, "outcome": outcome, "identity": f"golden {number}"}
        lines(file_id, order.name, money, **FEES, **kept)
    lines(file_id, returned.name, 0, **FEES_BACK, outcome="refused", identity="golden back")
    lines(file_id, prepaid.name, 0, fee_delivery=32_000, identity="golden prepaid")
    lines(file_id, "нет такого", 50_000, identity="golden unknown")
    lines(file_id, doubtful.name, doubtful.sum, **FEES, payout=1, identity="golden kept")
    fees = 2 * sum(FEES.values()) + sum(FEES_BACK.values()) + 32_000
    money = delivered.sum + bought
    return Golden(
        file_id, scheme, delivered, partly, returned, prepaid, money, fees, kept=2 * netted
    )


def money_came(desk: Desk, file_id: int) -> None:
    """The bank statement shows the courier's transfer for this file."""
    [[payout]] = desk.books.run(
        "select sum(l.payout)::bigint from line l join report r on r.id = l.report_id "
        "where r.file_id = %s",
        file_id,
    )
    desk.terms(COURIER, inn="'7700000003'")
    statement = desk.books.file("bank", reports=0)
    head = {"schema": "bank_1c_statement", "purpose": "statement"}
    movement = {
        "report_id": desk.books.report(statement, "bank", 1, **head),
        "line_no": 1,
        "account": "40702810000000000001",
        "direction": "in",
        "number": "77",
        "document_date": date(2026, 11, 19),
        "moved_on": date(2026, 11, 20),
        "amount": payout,
        "currency": "RUB",
        "counterparty": "ООО «Далли Сервис»",
        "counterparty_inn": "7700000003",
        "movement_key": uuid5(SPACE, "golden movement"),
    }
    desk.books.insert("bank_movement", movement)
    note_statement(desk.services, statement)


def _two_different(desk: Desk) -> Order:
    return next(
        order
        for order in desk.orders(COURIER, positions=2)
        if len(order.positions) == 2
        and all(position.quantity == 1 for position in order.positions)
        and order.positions[0].price != order.positions[1].price
    )


def _names(desk: Desk, *orders: Order) -> None:
    known: dict[UUID, str] = {order.agent.id: order.agent.name for order in orders}
    known[desk.shop.couriers[COURIER].id] = desk.shop.couriers[COURIER].name
    desk.books.run("truncate snapshot_state")
    for state in desk.shop.states:
        row = {"id": state.id, "entity": state.entity, "name": state.name}
        desk.books.insert("snapshot_state", row | {"state_type": state.type})
    for counterparty, name in sorted(known.items()):
        moments = {"updated": desk.services.clock(), "fetched_at": desk.services.clock()}
        desk.books.insert("snapshot_counterparty", {"id": counterparty, "name": name} | moments)
