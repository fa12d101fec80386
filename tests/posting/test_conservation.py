"""What is posted is what was approved, and MoySklad shows exactly that, after every operation.

A seeded history of a shop: files are settled, settled again, corrected and undone; buyers pay past
the courier; goods come back by hand. After each step, by kind of document and to the kopeck:

    Σ of the rows that should be booked = Σ posted = Σ of our live documents in MoySklad

SVERKA_PROPERTY_EXAMPLES sets the number of histories.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from sverka.errors import Misconfigured, TryLater
from sverka.moysklad.errors import Transient
from sverka.posting.plan import plan
from sverka.posting.undo import undo
from tests.posting.conftest import DOCUMENTS, Desk
from tests.posting.corrected import Row, edition, run, superseded
from tests.posting.undone import WHO, balance, call, reference, undone
from tests.support.tables import contents

HISTORIES = int(os.environ.get("SVERKA_PROPERTY_EXAMPLES", "2"))
STEPS = 9
NET = "dalli"


@dataclass
class Booked:
    """A row that stands in the books, and the file whose documents they are."""

    row: Row
    file_id: int


def documents_of(row: Row) -> Counter[str]:
    """Worked out from the contract: what one delivered or returned row is to MoySklad."""
    found: Counter[str] = Counter(supply=row.fee)
    if row.outcome == "returned":
        found["salesreturn"] += row.order.sum
    else:
        found["paymentin"] += row.taken
        found["paymentout"] += row.fee
    return found


class Shop:
    """The operations of a history, and what an accountant would have in the books after them."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.rng, self.seed = desk, random.Random(seed), seed
        self.free = {courier: list(desk.orders(courier)) for courier in (NET, "cdek")}
        self.reports: dict[str, tuple[str, list[Row], int]] = {}
        self.booked: dict[str, Booked] = {}
        self.told: list[str] = []

    def step(self) -> None:
        steps = [self.settle] * 3 + [self.again, self.correct, self.correct, self.undo]
        step = self.rng.choice([*steps, self.stranger])
        self.told.append(step.__name__)
        step()

    def settle(self) -> None:
        courier = self.rng.choice(list(self.free))
        rows = []
        for _ in range(self.rng.randrange(1, 4)):
            order = self.free[courier].pop(0)
            self.desk.mirror(order)
            outcome = self.rng.choice(["delivered", "delivered", "returned"])
            rows.append(Row(order, self.rng.choice([1, 9_999]), outcome=outcome))
        # A row in doubt is never booked, and hinders none of the others.
        if self.rng.random() < 0.5:
            order = self.free[courier].pop(0)
            self.desk.mirror(order)
            rows.append(Row(order, 100, collected=order.sum - 1))
        number = str(100 + len(self.reports))
        file_id = edition(self.desk, courier, rows, report_no=number)
        self.reports[number] = (courier, rows, file_id)
        run(self.desk, file_id)
        self._now_booked(rows, file_id)

    def again(self) -> None:
        """The run of a file is cleared: what was undone is booked, nothing is booked twice."""
        if self.reports:
            _, rows, file_id = self.rng.choice(list(self.reports.values()))
            run(self.desk, file_id)
            self._now_booked(rows, file_id)

    def correct(self) -> None:
        """The report comes again with another fee, without a row, or with a return."""
        corrected = [n for n, (courier, *_) in self.reports.items() if courier == NET]
        if not corrected:
            return
        number = self.rng.choice(corrected)
        _, rows, old = self.reports[number]
        # What is undone has nothing to correct.
        if not any(one.file_id == old for one in self.booked.values()):
            return
        new = [row.but(fee=row.fee + 7) if at == 0 else row for at, row in enumerate(rows)]
        if len(new) > 1 and self.rng.random() < 0.5:
            new.pop()
        file_id = edition(self.desk, NET, new, report_no=number)
        run(self.desk, file_id)
        superseded(self.desk, file_id)
        run(self.desk, file_id)
        kept = {row.order.name: row for row in new if row in rows}
        for row in rows:
            if row.order.name not in kept:
                self.booked.pop(row.order.name, None)
        self.reports[number] = (NET, new, file_id)
        self._now_booked(new, file_id)

    def undo(self) -> None:
        if not self.reports:
            return
        _, _, file_id = self.rng.choice(list(self.reports.values()))
        undone(self.desk, file_id)
        self.booked = {name: one for name, one in self.booked.items() if one.file_id != file_id}

    def stranger(self) -> None:
        """A buyer pays to the shop's account; a courier's row about it is a question from now on."""
        order = self.free[NET].pop(0)
        self.desk.mirror(order)
        body = self.desk.sandbox.client().get("customerorder", order.id)
        assert body is not None
        operations = [reference(self.desk, "customerorder", order.id) | {"linkedSum": order.sum}]
        payment = {"organization": body["organization"], "agent": body["agent"]}
        paid = payment | {"sum": order.sum, "operations": operations, "applicable": True}
        call(self.desk, "POST", "paymentin", paid)
        self.desk.books.run("update snapshot_order set payed_sum = sum where id = %s", order.id)
        file_id = edition(self.desk, NET, [Row(order)], report_no=f"stranger {order.name}")
        run(self.desk, file_id)

    def _now_booked(self, rows: list[Row], file_id: int) -> None:
        for row in rows:
            clean = row.outcome == "returned" or row.taken == row.order.sum
            if clean and row.order.name not in self.booked:
                self.booked[row.order.name] = Booked(row, file_id)

    def due(self) -> dict[str, int]:
        """By kind, what the rows in the books come to."""
        sums: Counter[str] = Counter()
        for one in self.booked.values():
            sums += documents_of(one.row)
        return {kind: sums[kind] for kind in DOCUMENTS if sums[kind]}


def by_state(desk: Desk, *states: str) -> dict[str, int]:
    rows = desk.books.run(
        "select kind, sum(amount)::bigint from posting where state = any(%s) and amount <> 0 "
        "group by kind",
        list(states),
    )
    return dict(rows)


APPROVED = ("approved", "sending", "unsure", "posted", "rejected", "failed")


def check(desk: Desk, shop: Shop) -> None:
    due = shop.due()
    assert by_state(desk, *APPROVED) == due, "approved"
    assert by_state(desk, "posted") == due, "posted"
    assert balance(desk) == due, "in MoySklad"
    doubles = desk.books.run(
        "select line_key, kind from posting where state <> 'reversed' and line_key is not null "
        "group by 1, 2 having count(*) > 1"
    )
    assert doubles == []


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_posted_is_approved_is_in_moysklad_after_every_step(desk: Desk, seed: int) -> None:
    desk.terms(NET, tolerance=0)
    shop = Shop(desk, seed)
    for _ in range(STEPS):
        shop.step()
        try:
            check(desk, shop)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, steps {shop.told}: {error}") from error
    assert shop.booked, f"seed {seed} booked nothing: {shop.told}"


# --- what is refused changes nothing ------------------------------------------------------------


def away(desk: Desk) -> None:
    def nobody() -> Any:
        raise Transient("MoySklad is away", seconds=1)

    plan(replace(desk.services, moysklad=nobody), 2)


def no_such_name(desk: Desk) -> None:
    desk.terms(NET, counterparty="ООО «Такого нет»")
    plan(desk.services, 2)


def no_such_file(desk: Desk) -> None:
    undo(desk.services, 404, WHO)


@pytest.mark.parametrize("refused", [away, no_such_name, no_such_file])
def test_a_refused_operation_leaves_every_table_as_it_was(
    desk: Desk, refused: Callable[[Desk], None]
) -> None:
    orders = desk.orders(NET)[:2]
    desk.mirror(*orders)
    for order in orders:
        edition(desk, NET, [Row(order)], report_no=order.name)
    desk.settle(1)
    plan(desk.services, 2)
    before, in_moysklad = contents(desk.books.url), balance(desk)
    with pytest.raises((Transient, TryLater, Misconfigured, LookupError)):
        refused(desk)
    assert contents(desk.books.url) == before
    assert balance(desk) == in_moysklad
