"""What documents of other files count for, by their state, in live files and in dry runs."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from sverka.database.connection import connect
from sverka.money import Minor
from sverka.moysklad.documents import Ref
from sverka.reconciling.partial import Goods
from sverka.reconciling.reconcile import reconcile_in
from sverka.reconciling.shipments import Shipment
from tests.conftest import fresh_database
from tests.reconciling.conftest import terms
from tests.support.books import FETCHED, NOW, Books

TOTAL = 100_000
BEFORE, AFTER = FETCHED - timedelta(minutes=1), FETCHED + timedelta(minutes=1)
KINDS_OF_PLAN: dict[str, dict[str, Any]] = {
    "planned": {"state": "planned"},
    "planned in a dry run": {"state": "planned", "dry_run": True},
    "approved": {"state": "approved"},
    # Approved while the courier was live; a dry run that began since takes nothing back.
    "approved in a dry run": {"state": "approved", "dry_run": True},
    "sending": {"state": "sending"},
    "unsure": {"state": "unsure"},
    "posted after the snapshot": {"state": "posted", "posted_at": AFTER},
    "posted before the snapshot": {"state": "posted", "posted_at": BEFORE},
    "rejected": {"state": "rejected"},
    "failed": {"state": "failed"},
    "reversed": {"state": "reversed"},
}
SENT = {"approved", "approved in a dry run", "sending", "unsure", "posted after the snapshot"}
POSTED = "posted before the snapshot"
DRY = "planned in a dry run"

Put = Callable[[int, str, dict[str, Any]], int]
"""Puts books for one kind of plan, and a row of the file about them; gives the row's id."""


@pytest.fixture(scope="module")
def books(server_url: str, template_database: str) -> Iterator[Books]:
    """One for all of these tests: each has orders of its own."""
    for url in fresh_database(server_url, template_database):
        yield Books(url)


def judged(books: Books, put: Put, *, dry_run: bool) -> dict[str, tuple[str, str, int | None]]:
    """The rule, the verdict and what was expected, by the kind of plan: one file, judged once."""
    file_id = books.file()
    rows = {put(file_id, str(uuid4()), facts): name for name, facts in KINDS_OF_PLAN.items()}

    def shipments(demands: Any) -> dict[UUID, Shipment]:
        goods = (Goods(Ref("product", uuid4()), 1, Minor(TOTAL)),)
        return {demand: Shipment(goods) for demand in demands}

    with connect(books.url) as conn:
        netted = ("fee_delivery",)
        reconcile_in(conn, file_id, [terms(netted=netted, dry_run=dry_run)], shipments, NOW)
    found = books.run(
        "select line_id, rule, verdict, expected from verdict where line_id = any(%s)", list(rows)
    )
    return {
        rows[line_id]: (rule.rpartition("+")[2], verdict, expected)
        for line_id, rule, verdict, expected in found
    }


@pytest.mark.parametrize("dry_run", [False, True])
def test_money_that_the_snapshot_cannot_show_yet_is_not_open_any_more(
    books: Books, dry_run: bool
) -> None:
    def put(file_id: int, name: str, facts: dict[str, Any]) -> int:
        order = books.shipped(name)
        books.posting(books.file(), "paymentin", order_id=order, amount=30_000, **facts)
        books.posting(books.file(), "paymentout", order_id=order, amount=9, **facts)
        return books.line(file_id, name, TOTAL, identity=name)

    found = judged(books, put, dry_run=dry_run)
    counts = SENT | {"planned"} | ({DRY} if dry_run else set())
    assert {name: expected for name, (_, _, expected) in found.items()} == {
        name: TOTAL - 30_000 if name in counts else TOTAL for name in KINDS_OF_PLAN
    }
    assert {name for name, (_, verdict, _) in found.items() if verdict == "overpaid"} == counts


@pytest.mark.parametrize("dry_run", [False, True])
def test_goods_that_came_back_by_another_file_do_not_come_back_twice(
    books: Books, dry_run: bool
) -> None:
    def put(file_id: int, name: str, facts: dict[str, Any]) -> int:
        order = books.order(name)
        demand = books.demand(order)
        back = {"order_id": order, "demand_id": demand, "amount": TOTAL}
        books.posting(books.file(), "salesreturn", **back, **facts)
        books.posting(books.file(), "supply", **back, **facts)
        return books.line(file_id, name, 0, outcome="returned", identity=name)

    found = judged(books, put, dry_run=dry_run)
    counts = SENT | {POSTED, "planned"} | ({DRY} if dry_run else set())
    assert {name: rule for name, (rule, _, _) in found.items()} == {
        name: "return.booked" if name in counts else "return.whole" for name in KINDS_OF_PLAN
    }


@pytest.mark.parametrize("dry_run", [False, True])
def test_money_for_what_came_back_is_a_contradiction(books: Books, dry_run: bool) -> None:
    def put(file_id: int, name: str, facts: dict[str, Any]) -> int:
        order = books.order(name)
        books.demand(order)
        books.posting(books.file(), "salesreturn", order_id=order, amount=TOTAL, **facts)
        return books.line(file_id, name, TOTAL, identity=name)

    found = judged(books, put, dry_run=dry_run)
    counts = SENT | {POSTED, "planned"} | ({DRY} if dry_run else set())
    assert {name: rule for name, (rule, _, _) in found.items()} == {
        name: "order.came_back" if name in counts else "residual.exact" for name in KINDS_OF_PLAN
    }


@pytest.mark.parametrize(("dry_run", "per_report"), [(False, False), (False, True), (True, False)])
def test_the_same_money_in_another_file_is_settled_there(
    books: Books, dry_run: bool, per_report: bool
) -> None:
    def put(file_id: int, name: str, facts: dict[str, Any]) -> int:
        books.shipped(name)
        other = books.file()
        line = books.line(other, name, TOTAL, identity=name)
        document(books, other, line, facts, per_report=per_report)
        return books.line(file_id, name, TOTAL, identity=name)

    found = judged(books, put, dry_run=dry_run)
    free = {"reversed"} | (set() if dry_run else {DRY})
    assert {name: rule for name, (rule, _, _) in found.items()} == {
        name: "residual.exact" if name in free else "line.settled" for name in KINDS_OF_PLAN
    }


@pytest.mark.parametrize(("dry_run", "per_report"), [(False, False), (False, True), (True, False)])
def test_a_fee_that_another_file_has_charged_is_a_question(
    books: Books, dry_run: bool, per_report: bool
) -> None:
    def put(file_id: int, name: str, facts: dict[str, Any]) -> int:
        order = books.shipped(name, paid=TOTAL)
        other = books.file()
        line = books.line(other, name, 0, fee_delivery=500, identity=f"{name} first")
        row = {"line_id": line, "verdict": "matched", "rule": "x", "clean": True}
        row |= {"order_id": order, "received": 0, "sentence": ""}
        books.insert("verdict", row | {"decided_at": NOW})
        document(books, other, line, facts, per_report=per_report, order=order)
        return books.line(file_id, name, 0, fee_delivery=500, identity=name)

    found = judged(books, put, dry_run=dry_run)
    free = {"reversed"} | (set() if dry_run else {DRY})
    assert {name for name, (rule, _, _) in found.items() if rule != "fees.repeated"} == free


def document(
    books: Books,
    file_id: int,
    line_id: int,
    facts: dict[str, Any],
    *,
    per_report: bool,
    order: UUID | None = None,
) -> None:
    """The supply of a row: its own, or one of the whole report."""
    [[key]] = books.run("select line_key::text from line where id = %s", line_id)
    own = {} if per_report else {"line_id": line_id, "line_key": key, "order_id": order}
    sync_id = books.posting(file_id, "supply", **facts, **own)
    if per_report:
        row = {"line_key": key, "kind": "supply", "revision": 1, "line_id": line_id}
        books.insert("posting_line", row | {"sync_id": sync_id})


@pytest.mark.parametrize(
    ("shown", "rule"),
    [
        ({}, "return.booked"),
        ({"applicable": False}, "return.draft"),
        ({"deleted": True}, "return.whole"),
        ({"sum": 40_000}, "return.partly_booked"),
    ],
)
def test_our_return_counts_as_moysklad_shows_it_once_the_snapshot_has_it(
    books: Books, shown: dict[str, Any], rule: str
) -> None:
    name = str(uuid4())
    order = books.order(name)
    demand = books.demand(order)
    back = books.salesreturn(demand, TOTAL)
    for column, value in shown.items():
        books.run(f"update snapshot_salesreturn set {column} = %s where id = %s", value, back)
    facts = {"order_id": order, "demand_id": demand, "amount": TOTAL}
    books.posting(books.file(), "salesreturn", moysklad_id=back, posted_at=AFTER, **facts)
    file_id = books.file()
    line = books.line(file_id, name, 0, outcome="returned")
    goods = (Goods(Ref("product", demand), 1, Minor(TOTAL)),)
    with connect(books.url) as conn:
        reconcile_in(conn, file_id, [terms()], lambda _: {demand: Shipment(goods)}, NOW)
    [[found]] = books.run("select rule from verdict where line_id = %s", line)
    assert found.rpartition("+")[2] == rule
