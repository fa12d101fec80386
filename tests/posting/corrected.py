"""What tests of superseding need: reports and their corrected editions, and a run of the steps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sverka import settling
from sverka.demo.shop import Order
from sverka.errors import TryLater
from sverka.posting.supersede import Superseded, supersede
from tests.posting.conftest import Desk
from tests.posting.undone import WHO

INVOICES = "gorod"
"""This courier transfers all that it took, its fees are paid by invoice."""
FEE_OF = {"dalli": "fee_delivery", "cdek": "fee_cod", "gorod": "fee_delivery"}


@dataclass(frozen=True)
class Row:
    """One row of a report: an order, what was taken for it, what the courier charges."""

    order: Order
    fee: int = 10_000
    collected: int | None = None
    outcome: str = "delivered"

    @property
    def taken(self) -> int:
        return self.order.sum if self.collected is None else self.collected

    def but(self, **changes: Any) -> "Row":
        return replace(self, **changes)


def edition(desk: Desk, courier: str, rows: Sequence[Row], **head: Any) -> int:
    """A file with one report of these rows; by default of the same number and day as the others."""
    file_id = desk.books.file(courier, **head)
    for row in rows:
        fees = {FEE_OF[courier]: row.fee}
        back = row.outcome == "returned"
        desk.books.line(
            file_id,
            row.order.name,
            0 if back else row.taken,
            identity=f"55|{row.order.name}",
            outcome=row.outcome,
            payout=0 if back else row.taken - (0 if courier == INVOICES else row.fee),
            **fees,
        )
    return file_id


def rows_of(desk: Desk, courier: str = "dalli", count: int = 3) -> list[Row]:
    """Rows of orders that the snapshot knows."""
    orders = desk.orders(courier)[:count]
    desk.mirror(*orders)
    return [Row(order) for order in orders]


def run(desk: Desk, file_id: int) -> dict[str, Any]:
    """The steps from planning on, as a run does them; what each returned."""
    steps = (settling.plan, settling.approve, settling.send, settling.finish)
    for _ in range(10):
        try:
            return {step.__name__: step(desk.services, file_id) for step in steps}
        except TryLater as later:
            desk.clock.advance(seconds=later.seconds)
    raise AssertionError("the run never came to an end")


def superseded(desk: Desk, file_id: int) -> Superseded:
    """Supersedes until it succeeds, waiting as long as each attempt asks for."""
    for _ in range(10):
        try:
            return supersede(desk.services, file_id, WHO)
        except TryLater as later:
            desk.clock.advance(seconds=later.seconds)
    raise AssertionError("superseding never came to an end")


def expected(rows: Sequence[Row]) -> dict[str, int]:
    """The balance of a report whose courier keeps all its fees, to the kopeck."""
    money = sum(row.taken for row in rows if row.outcome != "returned")
    fees = sum(row.fee for row in rows)
    kept = sum(row.fee for row in rows if row.outcome != "returned")
    back = sum(row.order.sum for row in rows if row.outcome == "returned")
    sums = {"paymentin": money, "supply": fees, "paymentout": kept, "salesreturn": back}
    return {kind: total for kind, total in sums.items() if total}


def documents(desk: Desk, order: Order) -> set[str]:
    """The live documents of this order's line, by syncId."""
    rows = desk.books.run(
        "select p.sync_id::text from posting p join line l on l.id = p.line_id "
        "where l.order_ref = %s and p.state = 'posted'",
        order.name,
    )
    return {row[0] for row in rows}


LATER = date(2026, 11, 25)

Correct = Callable[[list[Row]], list[Row]]


def less_fee(rows: list[Row]) -> list[Row]:
    return [rows[0].but(fee=7_777), *rows[1:]]


def removed(rows: list[Row]) -> list[Row]:
    return rows[1:]


def came_back(rows: list[Row]) -> list[Row]:
    return [rows[0].but(outcome="returned"), *rows[1:]]


def all_else(rows: list[Row]) -> list[Row]:
    return [row.but(fee=row.fee + 1) for row in rows]


def reordered(rows: list[Row]) -> list[Row]:
    return list(reversed(rows))
