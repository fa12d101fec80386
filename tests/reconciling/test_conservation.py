"""No kopeck appears or disappears, whatever happens to the books and the files in whatever order.

For every courier and currency, after every step:

    Σ report = Σ matched + Σ differences + Σ unknown + Σ repeated + Σ service + Σ rejected

SVERKA_PROPERTY_EXAMPLES sets the number of histories; a failure names its seed and its last steps.
"""

import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sverka.clock import moscow_day
from sverka.couriers import Couriers
from sverka.database.connection import connect
from sverka.discrepancies.definition import FINE_WHEN_CLEAN
from sverka.errors import TryLater
from sverka.nouns import VerdictKind
from sverka.reconciling.reconcile import reconcile_in
from sverka.reconciling.rules import RULES
from sverka.reporting.collect import collect
from tests.reconciling.conftest import terms
from tests.support.batches import Batch, Row, add_lines
from tests.support.books import NOW, Books
from tests.support.tables import contents

HISTORIES = int(os.environ.get("SVERKA_PROPERTY_EXAMPLES", "6"))
STEPS = 14
ORDERS = 12
COURIERS = ("gorod", "dalli")
NETTED = ("fee_delivery",)
CONTRACTS = [terms(courier, 50, NETTED) for courier in COURIERS]

DIFFERENT, UNKNOWN, REPEATED, SERVICE = "different", "unknown", "repeated", "service"

CLASS_OF = {
    VerdictKind.MATCHED: DIFFERENT,
    VerdictKind.MATCHED_WITHIN_TOLERANCE: DIFFERENT,
    VerdictKind.UNDERPAID: DIFFERENT,
    VerdictKind.OVERPAID: DIFFERENT,
    VerdictKind.FEE_ABOVE_TARIFF: DIFFERENT,
    VerdictKind.NOT_SHIPPED: DIFFERENT,
    VerdictKind.CANCELLED_IN_BOOKS: DIFFERENT,
    VerdictKind.PARTIALLY_DELIVERED: DIFFERENT,
    VerdictKind.RETURNED: DIFFERENT,
    VerdictKind.RETURN_NOT_BOOKED: DIFFERENT,
    VerdictKind.LOST: DIFFERENT,
    VerdictKind.CURRENCY_MISMATCH: DIFFERENT,
    VerdictKind.DUPLICATE_IN_REPORT: DIFFERENT,
    VerdictKind.UNKNOWN_ORDER: UNKNOWN,
    VerdictKind.AMBIGUOUS_ORDER: UNKNOWN,
    VerdictKind.ALREADY_SETTLED: REPEATED,
    VerdictKind.SERVICE_ROW: SERVICE,
}
"""Where a line belongs that is not clean; a clean one is matched."""

OF_ORDERS = {VerdictKind.EXPECTED, VerdictKind.OVERDUE, VerdictKind.UNPAID}
"""Said of an order that no line is about: no line's money is in them."""


def test_every_verdict_falls_into_exactly_one_class() -> None:
    assert set(CLASS_OF) | OF_ORDERS == set(VerdictKind)
    assert not set(CLASS_OF) & OF_ORDERS
    assert {rule.verdict for rule in RULES} <= set(CLASS_OF)
    # A clean line is matched in the day's report, too.
    assert {rule.verdict for rule in RULES if rule.clean} <= set(FINE_WHEN_CLEAN)


def report(rng: random.Random, number: int) -> list[Row]:
    rows = []
    for at in range(rng.randrange(1, 25)):
        collected = rng.choice([0, 0, 5_000, 10_000, 10_000, 9_951, 9_949, 10_050, -10_000])
        fee = rng.choice([0, 300])
        row = {
            "order_ref": f"N{rng.randrange(ORDERS + 2)}",
            "collected": collected,
            "payout": collected - fee if collected else 0,
            "fee_delivery": fee,
            "outcome": rng.choice(["delivered"] * 5 + ["returned", "lost", None]),
            "row_kind": rng.choice(["order"] * 8 + ["service", "hold"]),
            "currency": rng.choice(["RUB"] * 6 + ["KZT"]),
            "identity": rng.choice([f"row {rng.randrange(60)}", f"{number}/{at}"]),
            "accepted": rng.random() < 0.9,
        }
        rows += [row] * rng.choice([1, 1, 1, 2])
    return rows


class History:
    """Books and files that go on living; every step is one thing that happens to a shop."""

    def __init__(self, books: Books, seed: int) -> None:
        self.books, self.rng = books, random.Random(seed)
        self.files: list[int] = []
        self.told: list[str] = [f"seed {seed}"]
        batch = Batch(books)
        for number in range(ORDERS):
            order = batch.order(f"N{number}", 10_000, self.rng.choice([0, 0, 0, 5_000]))
            for _ in range(self.rng.choice([0, 1, 1, 1])):
                batch.demand(order, 10_000)
        batch.write()

    def step(self) -> None:
        step = self.rng.choice(
            [self.arrives] * 3
            + [self.again] * 2
            + [
                self.books_it,
                self.stranger_pays,
                self.comes_back,
                self.is_cancelled,
                self.is_rejected,
                self.is_reversed,
            ]
        )
        self.told.append(step.__name__)
        step()

    def judge(self, file_id: int) -> None:
        with connect(self.books.url) as conn:
            reconcile_in(conn, file_id, CONTRACTS, lambda _: {}, NOW)

    def arrives(self) -> None:
        courier = self.rng.choice(COURIERS)
        file_id = self.books.file(courier)
        add_lines(self.books, file_id, report(self.rng, file_id), courier=courier)
        self.books.run(
            "update report r set rows_read = (select count(*) from line where report_id = r.id)"
        )
        self.files.append(file_id)
        self.judge(file_id)

    def again(self) -> None:
        if self.files:
            self.judge(self.rng.choice(self.files))

    def books_it(self) -> None:
        """Clean lines of a file get their payments, as sending would leave them."""
        if not self.files:
            return
        file_id = self.rng.choice(self.files)
        self.judge(file_id)
        for line, key, order, collected in self.books.run(
            "select l.id, l.line_key::text, v.order_id::text, l.collected from verdict v "
            "join line l on l.id = v.line_id join report r on r.id = l.report_id "
            "where r.file_id = %s and v.clean and l.collected > 0 and not exists "
            "(select from posting p where p.line_id = l.id and p.state <> 'reversed') "
            "order by l.id limit 3",
            file_id,
        ):
            self.books.posting(
                file_id, line_id=line, line_key=key, order_id=order, amount=collected
            )

    def is_reversed(self) -> None:
        self.books.run(
            "update posting set state = 'reversed' where file_id = %s",
            self.rng.choice(self.files or [0]),
        )

    def stranger_pays(self) -> None:
        self._order("payed_sum = payed_sum + 5000")

    def is_cancelled(self) -> None:
        self._order("deleted = not deleted")

    def _order(self, change: str) -> None:
        name = f"N{self.rng.randrange(ORDERS)}"
        self.books.run(f"update snapshot_order set {change} where name = %s", name)

    def comes_back(self) -> None:
        demands = self.books.run("select id::text from snapshot_demand order by id")
        self.books.salesreturn(self.rng.choice(demands)[0], self.rng.choice([10_000, 4_000]))

    def is_rejected(self) -> None:
        """A check that became stricter; the file is judged again, as its run would do."""
        if not self.files:
            return
        file_id = self.rng.choice(self.files)
        self.books.run(
            "update line set accepted = not accepted where id = (select l.id from line l join "
            "report r on r.id = l.report_id where r.file_id = %s and not exists (select from "
            "posting p where p.line_id = l.id) order by l.id limit 1)",
            file_id,
        )
        self.judge(file_id)


Sums = dict[tuple[str, str], int]


def reported(books: Books) -> Sums:
    """Σ report: from the lines alone."""
    rows = books.run(
        "select r.courier, l.currency, sum(l.collected) from line l "
        "join report r on r.id = l.report_id group by 1, 2"
    )
    return {(courier, currency): total for courier, currency, total in rows}


def classified(books: Books) -> dict[str, Sums]:
    """Σ of every class; every line in exactly one."""
    found: dict[str, Sums] = defaultdict(Counter)
    for courier, currency, accepted, verdict, clean, collected in books.run(
        "select r.courier, l.currency, l.accepted, v.verdict, v.clean, l.collected from line l "
        "join report r on r.id = l.report_id left join verdict v on v.line_id = l.id"
    ):
        if not accepted:
            assert verdict is None, "a rejected line has no verdict"
            kind = "rejected"
        else:
            kind = "matched" if clean else CLASS_OF[VerdictKind(verdict)]
        found[kind][courier, currency] += collected
    return found


def in_the_report(books: Books) -> dict[str, Sums]:
    """The same classes as the day's report prints them."""
    with connect(books.url) as conn:
        day = collect(
            conn, moscow_day(NOW), as_of=datetime.now(UTC), public_url="", couriers=Couriers({})
        )
    assert day.adds_up
    found: dict[str, Sums] = defaultdict(Counter)
    for one in day.couriers:
        assert one.parts.unreconciled.lines == 0
        for name in ("matched", "discrepant", "service", "repeated", "rejected"):
            found[name][one.courier, one.currency] += getattr(one.parts, name).collected
    return found


def check(books: Books) -> None:
    whole, classes = reported(books), classified(books)
    together: Counter[Any] = Counter()
    for sums in classes.values():
        for key, total in sums.items():
            together[key] += total
    assert dict(together) == whole
    printed = in_the_report(books)
    for name in ("matched", "service", "repeated", "rejected"):
        for key in whole:
            assert printed[name][key] == classes[name][key], (name, key)
    for key in whole:
        assert printed["discrepant"][key] == classes[DIFFERENT][key] + classes[UNKNOWN][key]
    wrong = books.run("select rule from verdict where difference <> received - expected")
    assert wrong == []


def nothing_is_paid_twice(books: Books) -> None:
    """What one file books of an order is never more than is open, but for the tolerance."""
    over = books.run(
        "select o.name from verdict v join line l on l.id = v.line_id "
        "join report r on r.id = l.report_id join snapshot_order o on o.id = v.order_id "
        "where v.clean and not exists (select from posting p where p.order_id = o.id) "
        "and v.decided_at = %s group by o.id, r.file_id having sum(l.collected) > o.sum + 50",
        NOW,
    )
    assert over == []


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_every_kopeck_is_accounted_for_after_every_step(books: Books, seed: int) -> None:
    history = History(books, seed)
    for _ in range(STEPS):
        history.step()
        try:
            check(books)
            nothing_is_paid_twice(books)
        except AssertionError as error:
            raise AssertionError(f"{history.told[0]}, last: {history.told[-6:]}") from error


def test_judging_again_leaves_everything_byte_for_byte(books: Books) -> None:
    history = History(books, 1)
    for _ in range(6):
        history.arrives()
    history.books_it()
    for file_id in history.files:
        history.judge(file_id)
    before = contents(books.url)
    for file_id in history.files:
        history.judge(file_id)
    assert contents(books.url) == before


def test_a_pass_that_fails_changes_nothing(books: Books, judge: Callable[..., Any]) -> None:
    order = books.shipped()
    books.shipped("1002")
    file_id = books.file()
    books.line(file_id, collected=100_000)
    books.line(file_id, "1002", outcome="returned")
    judge(file_id)
    books.run("update snapshot_order set payed_sum = 1 where id = %s", order)
    before = contents(books.url)

    def away(_: Any) -> Any:
        raise TryLater("MoySklad is away", seconds=1)

    with pytest.raises(TryLater), connect(books.url) as conn:
        reconcile_in(conn, file_id, [terms()], away, NOW + timedelta(days=1))
    assert contents(books.url) == before
