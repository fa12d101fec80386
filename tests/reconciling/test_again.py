"""The same order once more, in another file or another act: what is a repeat, and what a question."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from sverka.money import Minor
from sverka.moysklad.documents import Ref
from sverka.reconciling.partial import Goods
from tests.reconciling.conftest import terms
from tests.support.books import Books

FEE = {"fee_delivery": 30_000, "collected": 100_000, "payout": 70_000}
NET = terms("gorod", netted=("fee_delivery", "fee_storage"))


def booked(books: Books, kind: str = "paymentin", state: str = "posted", **row: Any) -> UUID:
    """An order and another file's line of it that has a document; the order's id."""
    order = books.shipped(paid=100_000 if state == "posted" else 0)
    earlier = books.file()
    dry = row.pop("dry_run", False)
    line = books.line(earlier, **({"identity": "money"} | row))
    [[key, fees]] = books.run("select line_key::text, fee_delivery from line where id = %s", line)
    books.posting(
        earlier,
        kind,
        state=state,
        line_id=line,
        line_key=key,
        order_id=order,
        amount=100_000 if kind == "paymentin" else fees,
        dry_run=dry,
    )
    return order


# --- a corrected act ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "rule", "difference"),
    [
        ({}, "line.settled", None),
        ({"outcome": None}, "line.settled", None),
        ({"occurred_on": date(2026, 11, 20)}, "line.settled", None),
        ({"collected": 90_000, "payout": 60_000}, "order.exact+settled.less", -10_000),
        ({"collected": 110_000, "payout": 80_000}, "order.exact+settled.more", 10_000),
        ({"fee_delivery": 35_000, "payout": 65_000}, "order.exact+settled.less", -5_000),
        # Two changes that cancel out are a change.
        ({"fee_delivery": 40_000, "collected": 110_000}, "order.exact+settled.other", 0),
        ({"payout": 100_000}, "order.exact+settled.other", 0),
        ({"outcome": "returned"}, "order.exact+settled.other", 0),
        # A number that comes round again every year: whose it is now, nobody knows.
        ({"occurred_on": date(2027, 2, 28)}, "order.exact+settled.other", 0),
        ({"occurred_on": date(2027, 11, 18)}, "settled.other", 0),
    ],
)
def test_settled_money_is_no_news_only_while_the_row_says_the_same(
    books: Books, judge: Any, change: dict[str, Any], rule: str, difference: int | None
) -> None:
    booked(books, **FEE)
    file_id = books.file()
    line = books.line(file_id, **(FEE | {"identity": "money"} | change))
    found = judge(file_id, contract=NET)[line]
    assert (found.rule, found.clean, found.difference) == (rule, False, difference)
    assert (found.verdict == "already_settled") == (rule == "line.settled")


def test_a_corrected_row_says_what_is_left_to_the_shop_then_and_now(
    books: Books, judge: Any
) -> None:
    booked(books, **FEE)
    file_id = books.file()
    row = FEE | {"collected": 90_000, "payout": 60_000, "identity": "money"}
    line = books.line(file_id, **row)
    found = judge(file_id, contract=NET)[line]
    assert (found.expected, found.received) == (70_000, 60_000)


# --- fees of rows without money -----------------------------------------------------------------


def prepaid(books: Books, **row: Any) -> int:
    """A row without money about order 1001 under another act's number; its file."""
    file_id = books.file()
    books.line(file_id, **({"fee_delivery": 30_000} | row))
    return file_id


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({}, "fees.repeated"),
        ({"fee_delivery": 29_000}, "fees.repeated"),
        ({"track_ref": "AB-1"}, "fees.repeated"),
        ({"fee_delivery": 0, "fee_storage": 500}, "residual.prepaid"),
        ({"fee_delivery": 0}, "residual.prepaid"),
    ],
)
def test_a_fee_that_another_act_has_already_charged_is_a_question(
    books: Books, judge: Any, row: dict[str, Any], rule: str
) -> None:
    booked(books, "supply", fee_delivery=30_000)
    [found] = judge(prepaid(books, **row)).values()
    assert found.rule == f"order.exact+{rule}"
    assert found.clean == (rule == "residual.prepaid")


@pytest.mark.parametrize("state", ["planned", "approved", "sending", "unsure", "rejected"])
def test_a_fee_that_is_on_its_way_counts(books: Books, judge: Any, state: str) -> None:
    order = booked(books, "supply", state, fee_delivery=30_000)
    books.run("update snapshot_order set payed_sum = sum where id = %s", order)
    [found] = judge(prepaid(books)).values()
    assert found.verdict == "duplicate_in_report"


def test_two_parcels_of_one_order_cost_twice(books: Books, judge: Any) -> None:
    booked(books, "supply", fee_delivery=30_000, track_ref="AB-1")
    [found] = judge(prepaid(books, track_ref="AB-2")).values()
    assert found.verdict == "matched"


def test_a_reversed_fee_may_be_charged_again(books: Books, judge: Any) -> None:
    order = booked(books, "supply", "reversed", fee_delivery=30_000)
    books.run("update snapshot_order set payed_sum = sum where id = %s", order)
    [found] = judge(prepaid(books)).values()
    assert found.verdict == "matched"


def test_a_fee_in_a_document_of_the_whole_report_counts(books: Books, judge: Any) -> None:
    order = books.shipped(paid=100_000)
    earlier = books.file()
    line = books.line(earlier, fee_delivery=30_000)
    judge(earlier)
    supply = books.posting(earlier, "supply", amount=30_000)
    [[key]] = books.run("select line_key::text from line where id = %s", line)
    row = {"line_key": key, "kind": "supply", "revision": 1, "sync_id": supply, "line_id": line}
    books.insert("posting_line", row)
    [found] = judge(prepaid(books)).values()
    assert (found.verdict, found.order_id) == ("duplicate_in_report", str(order))


def test_two_acts_of_one_file_charge_a_fee_once(books: Books, judge: Any) -> None:
    books.shipped(paid=100_000)
    file_id = books.file(reports=2)
    first = books.line(file_id, fee_delivery=30_000)
    second = books.line(file_id, fee_delivery=30_000, ordinal=1)
    found = judge(file_id)
    assert (found[first].verdict, found[second].verdict) == ("matched", "duplicate_in_report")


def test_a_return_in_a_second_act_charges_its_fee_once(books: Books, judge: Any) -> None:
    demand = books.demand(books.order())
    books.salesreturn(demand, 100_000)
    file_id = books.file(reports=2)
    row = {"outcome": "returned", "fee_return": 20_000}
    first = books.line(file_id, **row)
    second = books.line(file_id, ordinal=1, **row)
    found = judge(file_id)
    assert (found[first].clean, found[second].clean) == (True, False)


# --- money for what came back -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("returned", "paid", "collected", "clean"),
    [
        (100_000, 0, 100_000, False),
        # A half that was kept and paid, and the other half that came back, look like a half open.
        (50_000, 50_000, 50_000, False),
        (100_000, 100_000, 0, False),
        (0, 50_000, 50_000, True),
    ],
)
def test_a_delivery_of_what_came_back_in_the_books_is_a_question(
    books: Books, judge: Any, returned: int, paid: int, collected: int, clean: bool
) -> None:
    demand = books.demand(books.order(paid=paid))
    if returned:
        books.salesreturn(demand, returned)
    file_id = books.file()
    line = books.line(file_id, collected=collected)
    found = judge(file_id)[line]
    assert found.clean == clean
    assert (found.verdict == "cancelled_in_books") != clean


def test_our_own_return_of_another_file_counts_before_the_snapshot_shows_it(
    books: Books, judge: Any
) -> None:
    order = books.order()
    demand = books.demand(order)
    books.posting(books.file(), "salesreturn", order_id=order, demand_id=demand, amount=100_000)
    file_id = books.file()
    line = books.line(file_id, collected=100_000)
    assert judge(file_id)[line].verdict == "cancelled_in_books"


def test_a_bare_row_of_fees_after_a_return_is_booked(books: Books, judge: Any) -> None:
    demand = books.demand(books.order(paid=100_000))
    books.salesreturn(demand, 100_000)
    file_id = books.file()
    line = books.line(file_id, outcome=None, fee_storage=500)
    assert judge(file_id)[line].clean


def test_of_two_parcels_only_the_returned_one_did_not_arrive(books: Books, judge: Any) -> None:
    order = books.order(paid=100_000)
    back = books.demand(order, 40_000, track="AB-1")
    books.demand(order, 60_000, track="AB-2")
    books.salesreturn(back, 40_000)
    file_id = books.file()
    came = books.line(file_id, track_ref="AB-2", fee_delivery=100)
    gone = books.line(file_id, track_ref="AB-1", fee_delivery=100)
    found = judge(file_id)
    assert (found[came].clean, found[gone].verdict) == (True, "cancelled_in_books")


# --- a dry run ----------------------------------------------------------------------------------


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_plan_of_a_dry_run_holds_no_money_of_a_live_courier(
    books: Books, judge: Any, dry_run: bool
) -> None:
    booked(books, state="planned", dry_run=dry_run, collected=100_000)
    file_id = books.file()
    again = books.line(file_id, collected=100_000, identity="money")
    other = books.file()
    order = books.line(other, collected=100_000)
    assert judge(file_id)[again].verdict == ("matched" if dry_run else "already_settled")
    assert judge(other)[order].verdict == ("matched" if dry_run else "overpaid")


def test_between_two_dry_runs_the_first_keeps_the_money(books: Books, judge: Any) -> None:
    booked(books, state="planned", dry_run=True, collected=100_000)
    file_id = books.file()
    line = books.line(file_id, collected=100_000, identity="money")
    contract = terms(dry_run=True)
    assert judge(file_id, contract=contract)[line].verdict == "already_settled"


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_return_that_a_dry_run_planned_stands_in_no_books_of_a_live_courier(
    books: Books, judge: Any, dry_run: bool
) -> None:
    order = books.order()
    demand = books.demand(order)
    plan = {"state": "planned", "dry_run": dry_run, "order_id": order, "demand_id": demand}
    books.posting(books.file(), "salesreturn", amount=100_000, **plan)
    file_id = books.file()
    line = books.line(file_id, outcome="returned")
    goods = {demand: (Goods(Ref("product", demand), 1, Minor(100_000)),)}
    found = judge(file_id, goods=goods)[line]
    assert found.rule == f"order.exact+return.{'whole' if dry_run else 'booked'}"
    # Between two dry runs the first one has returned it.
    again = judge(file_id, goods=goods, contract=terms(dry_run=True))[line]
    assert again.rule == "order.exact+return.booked"


# --- currency -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("base", "verdict"), [("RUB", "currency_mismatch"), ("KZT", "matched")])
def test_what_is_not_in_the_currency_of_account_is_not_booked(
    books: Books, judge: Any, base: str, verdict: str
) -> None:
    # A payment without a rate would be the same number of roubles.
    books.insert("account", {"id": "00000000-0000-4000-8000-00000000acc0", "currency": base})
    books.shipped(currency="KZT")
    file_id = books.file()
    line = books.line(file_id, collected=100_000, currency="KZT")
    assert judge(file_id)[line].verdict == verdict
