"""What reconciling says about a line, rule by rule, at the edges."""

import uuid
from typing import Any

import pytest

from sverka.money import Minor, in_words_of_money
from sverka.moysklad.documents import Ref
from sverka.reconciling.partial import Goods
from tests.reconciling.conftest import terms
from tests.support.books import FETCHED, NOW, Books

NET = terms("gorod", netted=("fee_delivery", "fee_cod", "fee_insurance"))


@pytest.mark.parametrize("purpose", ["statuses", "returns", "statement"])
def test_a_report_that_is_no_settlement_gets_no_verdicts(
    books: Books, judge: Any, purpose: str
) -> None:
    books.shipped(total=100_000)
    settlement, other = books.file("gorod"), books.file("gorod", purpose=purpose)
    for file_id in (settlement, other):
        books.line(file_id, "1001", 100_000)
    assert judge(other) == {}
    assert [verdict.verdict for verdict in judge(settlement).values()] == ["matched"]


def goods(*prices: int, kind: str = "product") -> tuple[Goods, ...]:
    return tuple(Goods(Ref(kind, uuid.uuid4()), 1, Minor(price)) for price in prices)


@pytest.mark.parametrize(
    ("total", "paid", "collected", "tolerance", "verdict", "rule", "clean"),
    [
        (100_000, 0, 100_000, 0, "matched", "residual.exact", True),
        (100_000, 0, 99_999, 0, "underpaid", "residual.below", False),
        (100_000, 0, 100_001, 0, "overpaid", "residual.above", False),
        (100_000, 0, 99_999, 1, "matched_within_tolerance", "residual.tolerance", True),
        (100_000, 0, 100_001, 1, "matched_within_tolerance", "residual.tolerance", True),
        (100_000, 0, 99_998, 1, "underpaid", "residual.below", False),
        (100_000, 0, 100_002, 1, "overpaid", "residual.above", False),
        # A residual, never the gross sum.
        (100_000, 30_000, 70_000, 0, "matched", "residual.exact", True),
        (100_000, 30_000, 100_000, 0, "overpaid", "residual.above", False),
        (100_000, 30_000, 100_000, 29_999, "overpaid", "residual.above", False),
        # Paid already: tolerance is no reason to take more.
        (100_000, 100_000, 0, 0, "matched", "residual.prepaid", True),
        (100_000, 100_000, 1, 1, "overpaid", "residual.already_paid", False),
        (100_000, 100_000, 100_000, 0, "overpaid", "residual.already_paid", False),
        (100_000, 100_001, 0, 0, "overpaid", "residual.negative", False),
        # No money at all is never within a tolerance.
        (100_000, 0, 0, 0, "underpaid", "residual.no_money", False),
        (1, 0, 0, 1, "underpaid", "residual.no_money", False),
        (1, 0, 1, 0, "matched", "residual.exact", True),
        # The sign is part of the match.
        (100_000, 0, -100_000, 0, "return_not_booked", "return.money_back", False),
        (100_000, 100_000, -100_000, 0, "return_not_booked", "return.money_back", False),
    ],
)
def test_a_delivered_line_is_weighed_against_what_is_still_open(
    books: Books,
    judge: Any,
    total: int,
    paid: int,
    collected: int,
    tolerance: int,
    verdict: str,
    rule: str,
    clean: bool,
) -> None:
    books.shipped(total=total, paid=paid)
    file_id = books.file()
    line = books.line(file_id, collected=collected)
    found = judge(file_id, contract=terms(tolerance=tolerance))[line]
    assert (found.verdict, found.rule, found.clean) == (verdict, f"order.exact+{rule}", clean)
    assert found.received == collected


@pytest.mark.parametrize(
    ("on_order", "on_demand", "verdict"),
    [
        (0, 100_000, "overpaid"),
        (100_000, 100_000, "overpaid"),
        (60_000, 0, "matched"),
        (0, 60_000, "matched"),
        (60_000, 60_000, "matched"),
    ],
)
def test_a_payment_linked_to_the_demand_counts_too(
    books: Books, judge: Any, on_order: int, on_demand: int, verdict: str
) -> None:
    books.demand(books.order(paid=on_order), payed_sum=on_demand)
    file_id = books.file()
    line = books.line(file_id, collected=40_000)
    assert judge(file_id)[line].verdict == verdict


def test_the_numbers_and_the_sentence_say_what_is_missing(books: Books, judge: Any) -> None:
    books.shipped(total=123_456)
    file_id = books.file()
    line = books.line(file_id, collected=23_456)
    found = judge(file_id)[line]
    assert (found.expected, found.received, found.difference) == (123_456, 23_456, -100_000)
    expected, received, missing = (in_words_of_money(Minor(m)) for m in (123_456, 23_456, 100_000))
    assert found.sentence == (
        f"По заказу «1001» ждали {expected}, курьер передал {received}: не хватает {missing}. "
        "Запросите у курьера остаток."
    )


def test_two_lines_of_one_order_both_say_what_came_in_all(books: Books, judge: Any) -> None:
    books.shipped(total=100_000)
    file_id = books.file()
    lines = [books.line(file_id, collected=100_000, outcome=one) for one in ("delivered", "paid")]
    found = judge(file_id)
    expected, received, over = (in_words_of_money(Minor(m)) for m in (100_000, 200_000, 100_000))
    sentence = f"По заказу «1001» ждали {expected}, курьер передал {received}: больше на {over}. "
    advice = "Проверьте сумму заказа и спросите курьера."
    assert [found[line].rule for line in lines] == ["order.exact+residual.above"] * 2
    assert [found[line].sentence for line in lines] == [sentence + advice] * 2
    assert sum(found[line].difference for line in lines) == 100_000


def test_the_exact_number_goes_before_the_comparable_one(books: Books, judge: Any) -> None:
    exact = books.shipped("w-42")
    books.shipped("W-42")
    file_id = books.file()
    line = books.line(file_id, "w-42", 100_000)
    found = judge(file_id)[line]
    assert (found.order_id, found.rule) == (str(exact), "order.exact+residual.exact")


def test_a_comparable_number_finds_its_only_order(books: Books, judge: Any) -> None:
    order = books.shipped("W-42")
    file_id = books.file()
    line = books.line(file_id, "Заказ № w-42", 100_000)
    found = judge(file_id)[line]
    assert (found.order_id, found.rule) == (str(order), "order.key+residual.exact")


@pytest.mark.parametrize("names", [("1001", "1001"), ("w-7", "W-7")])
def test_two_candidates_are_never_matched(books: Books, judge: Any, names: Any) -> None:
    for name in names:
        books.shipped(name)
    file_id = books.file()
    line = books.line(file_id, names[0] if names[0] == names[1] else "№ w-7", 100_000)
    found = judge(file_id)[line]
    assert (found.verdict, found.rule, found.clean) == ("ambiguous_order", "order.several", False)
    assert found.order_id is None


def test_leading_zeros_tell_orders_apart(books: Books, judge: Any) -> None:
    books.shipped("00042")
    file_id = books.file()
    line = books.line(file_id, "42", 100_000)
    assert judge(file_id)[line].verdict == "unknown_order"


@pytest.mark.parametrize("where", ["order", "demand"])
def test_the_parcel_number_alone_finds_the_order(books: Books, judge: Any, where: str) -> None:
    if where == "order":
        order = books.order(track="TR 77")
        books.demand(order)
    else:
        order = books.shipped(track="TR 77")
    file_id = books.file()
    line = books.line(file_id, None, 100_000, track_ref="tr77")
    found = judge(file_id)[line]
    assert (found.order_id, found.rule) == (str(order), "track.unique+residual.exact")


def test_number_and_parcel_that_agree_are_both_named(books: Books, judge: Any) -> None:
    books.shipped(track="TR77")
    file_id = books.file()
    line = books.line(file_id, collected=100_000, track_ref="TR77")
    assert judge(file_id)[line].rule == "order.exact+track.agrees+residual.exact"


def test_the_parcel_number_chooses_among_orders_of_one_number(books: Books, judge: Any) -> None:
    books.shipped("1001", track="A1")
    second = books.shipped("1001", track="B2")
    file_id = books.file()
    line = books.line(file_id, "1001", 100_000, track_ref="B2")
    assert judge(file_id)[line].order_id == str(second)


def test_number_and_parcel_of_two_orders_are_a_conflict(books: Books, judge: Any) -> None:
    books.shipped("1001")
    books.shipped("1002", track="TR77")
    file_id = books.file()
    line = books.line(file_id, "1001", 100_000, track_ref="TR77")
    found = judge(file_id)[line]
    assert (found.verdict, found.rule, found.clean) == ("ambiguous_order", "order.conflict", False)


def test_an_unknown_number_does_not_hide_a_known_parcel(books: Books, judge: Any) -> None:
    order = books.shipped("1001", track="TR77")
    file_id = books.file()
    line = books.line(file_id, "курьерский 5", 100_000, track_ref="TR77")
    assert judge(file_id)[line].order_id == str(order)


@pytest.mark.parametrize("dead", [{"deleted": True}, {"applicable": False}])
def test_deleted_and_draft_orders_are_no_candidates(books: Books, judge: Any, dead: Any) -> None:
    books.shipped("1001", **dead)
    file_id = books.file()
    line = books.line(file_id, collected=100_000)
    assert judge(file_id)[line].verdict == "unknown_order"
    live = books.shipped("1001")
    assert judge(file_id)[line].order_id == str(live)


@pytest.mark.parametrize("dead", [{"deleted": True}, {"applicable": False}])
def test_deleted_and_draft_demands_ship_nothing(books: Books, judge: Any, dead: Any) -> None:
    books.demand(books.order(track="TR77"), **dead)
    file_id = books.file()
    line = books.line(file_id, collected=100_000)
    found = judge(file_id)[line]
    assert (found.verdict, found.clean, found.expected) == ("not_shipped", False, 100_000)


@pytest.mark.parametrize("text", ["", "№", None])
def test_an_empty_number_matches_nothing(books: Books, judge: Any, text: str | None) -> None:
    books.shipped("№")
    file_id = books.file()
    line = books.line(file_id, text, 100_000, order_key="", track_key="", track_ref="-")
    found = judge(file_id)[line]
    assert found.verdict == ("matched" if text == "№" else "unknown_order")


@pytest.mark.parametrize(
    "row_kind", ["pickup", "service", "fine", "correction", "hold", "hold_release"]
)
def test_rows_that_are_no_orders_are_shown_and_not_booked(
    books: Books, judge: Any, row_kind: str
) -> None:
    books.shipped()
    file_id = books.file()
    line = books.line(file_id, row_kind=row_kind, payout=-30_000)
    found = judge(file_id)[line]
    assert (found.verdict, found.rule, found.clean) == ("service_row", "row.service", False)


def test_another_currency_is_no_match(books: Books, judge: Any) -> None:
    books.shipped()
    file_id = books.file()
    line = books.line(file_id, collected=100_000, currency="KZT")
    found = judge(file_id)[line]
    assert (found.verdict, found.clean, found.expected) == ("currency_mismatch", False, None)


def test_a_cancelled_order_is_shown(books: Books, judge: Any) -> None:
    books.shipped(state="Отменен")
    file_id = books.file()
    line = books.line(file_id, collected=100_000)
    assert judge(file_id)[line].verdict == "cancelled_in_books"


def test_the_returned_state_is_not_a_cancellation(books: Books, judge: Any) -> None:
    books.shipped(state="Возвращен")
    file_id = books.file()
    line = books.line(file_id, collected=100_000)
    assert judge(file_id)[line].verdict == "matched"


@pytest.mark.parametrize("outcome", ["lost", "destroyed"])
def test_lost_parcels_are_a_claim_of_what_was_open(books: Books, judge: Any, outcome: str) -> None:
    books.shipped(paid=40_000)
    file_id = books.file()
    line = books.line(file_id, outcome=outcome)
    found = judge(file_id)[line]
    assert (found.verdict, found.clean, found.difference) == ("lost", False, -60_000)


# --- several rows of one order ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ((40_000, 60_000), "matched"),
        ((100_000, 0), "matched"),
        ((40_000, 59_999), "underpaid"),
        ((40_000, 60_001), "overpaid"),
        ((100_000, 100_000), "overpaid"),
    ],
)
def test_rows_of_one_order_are_weighed_together(
    books: Books, judge: Any, parts: tuple[int, ...], verdict: str
) -> None:
    books.shipped()
    file_id = books.file()
    for part in parts:
        books.line(file_id, collected=part)
    found = judge(file_id)
    assert {one.verdict for one in found.values()} == {verdict}
    assert sum(one.expected for one in found.values()) == 100_000
    assert sum(one.difference for one in found.values()) == sum(parts) - 100_000


def test_rows_of_one_order_in_two_reports_of_a_file_share_the_residual(
    books: Books, judge: Any
) -> None:
    books.shipped()
    file_id = books.file(reports=2)
    books.line(file_id, collected=100_000)
    books.line(file_id, collected=100_000, ordinal=1)
    assert {one.verdict for one in judge(file_id).values()} == {"overpaid"}


def test_two_honest_identical_parcels_stay_two(books: Books, judge: Any) -> None:
    books.shipped()
    file_id = books.file()
    for occurrence in (1, 2):
        books.line(file_id, collected=50_000, identity="same", occurrence=occurrence)
    assert {one.verdict for one in judge(file_id).values()} == {"matched"}


@pytest.mark.parametrize("copies", [2, 3])
def test_a_copy_beyond_the_residual_is_a_duplicate(books: Books, judge: Any, copies: int) -> None:
    books.shipped()
    file_id = books.file()
    lines = [
        books.line(file_id, collected=100_000, identity="same", occurrence=occurrence)
        for occurrence in range(1, copies + 1)
    ]
    found = judge(file_id)
    assert [found[line].verdict for line in lines] == ["matched"] + ["duplicate_in_report"] * (
        copies - 1
    )
    assert [found[line].clean for line in lines] == [True] + [False] * (copies - 1)


def test_a_copy_of_a_fee_row_is_a_duplicate(books: Books, judge: Any) -> None:
    books.shipped(paid=100_000)
    file_id = books.file()
    for occurrence in (1, 2):
        books.line(file_id, identity="same", occurrence=occurrence, fee_delivery=30_000)
    assert sorted(one.verdict for one in judge(file_id).values()) == [
        "duplicate_in_report",
        "matched",
    ]


def test_the_same_row_in_two_reports_of_a_file_counts_once(books: Books, judge: Any) -> None:
    books.shipped()
    file_id = books.file(reports=2)
    first = books.line(file_id, collected=100_000, identity="same")
    second = books.line(file_id, collected=100_000, identity="same", ordinal=1)
    found = judge(file_id)
    assert (found[first].verdict, found[second].verdict) == ("matched", "duplicate_in_report")
    assert found[second].rule == "line.repeated"


# --- what was booked before ---------------------------------------------------------------------


def booked(books: Books, **posting: Any) -> tuple[int, Any]:
    """Another file that booked the same money; returns its line and the order."""
    order = books.shipped()
    earlier = books.file()
    line = books.line(earlier, collected=100_000, identity="money")
    key = books.run("select line_key::text from line where id = %s", line)[0][0]
    books.posting(earlier, line_id=line, line_key=key, order_id=order, amount=100_000, **posting)
    return line, order


@pytest.mark.parametrize(
    "state", ["planned", "approved", "sending", "posted", "unsure", "rejected", "failed"]
)
def test_money_of_another_file_is_already_settled(books: Books, judge: Any, state: str) -> None:
    booked(books, state=state)
    file_id = books.file()
    line = books.line(file_id, collected=100_000, identity="money")
    found = judge(file_id)[line]
    assert (found.verdict, found.rule, found.clean) == ("already_settled", "line.settled", False)


def test_reversed_money_may_be_booked_again(books: Books, judge: Any) -> None:
    booked(books, state="reversed")
    file_id = books.file()
    line = books.line(file_id, collected=100_000, identity="money")
    assert judge(file_id)[line].verdict == "matched"


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        ("planned", "overpaid"),
        ("approved", "overpaid"),
        ("sending", "overpaid"),
        ("unsure", "overpaid"),
        ("posted", "overpaid"),
        ("rejected", "matched"),
        ("failed", "matched"),
        ("reversed", "matched"),
    ],
)
def test_our_own_payments_that_the_snapshot_cannot_show_lower_the_residual(
    books: Books, judge: Any, state: str, verdict: str
) -> None:
    booked(books, state=state, posted_at=NOW)
    file_id = books.file()
    line = books.line(file_id, collected=100_000)
    assert judge(file_id)[line].verdict == verdict


def test_a_payment_that_the_snapshot_shows_is_not_counted_twice(books: Books, judge: Any) -> None:
    _, order = booked(books, posted_at=FETCHED)
    books.run("update snapshot_order set payed_sum = 100000, sum = 150000 where id = %s", order)
    file_id = books.file()
    line = books.line(file_id, collected=50_000)
    assert judge(file_id)[line].verdict == "matched"


def test_a_booked_line_keeps_its_verdict(books: Books, judge: Any) -> None:
    order = books.shipped()
    file_id = books.file()
    line = books.line(file_id, collected=100_000)
    before = judge(file_id)[line]
    books.posting(file_id, line_id=line, order_id=order, amount=100_000)
    books.run("update snapshot_order set payed_sum = 100000")
    assert judge(file_id)[line] == before


def test_a_planned_line_is_judged_again(books: Books, judge: Any) -> None:
    order = books.shipped()
    file_id = books.file()
    line = books.line(file_id, collected=100_000)
    assert judge(file_id)[line].clean
    books.posting(file_id, line_id=line, order_id=order, amount=100_000, state="planned")
    assert judge(file_id)[line].clean
    books.run("update snapshot_order set payed_sum = 100000")
    assert judge(file_id)[line].verdict == "overpaid"


def test_fees_booked_per_report_settle_their_lines(books: Books, judge: Any) -> None:
    books.shipped(paid=100_000)
    earlier = books.file()
    old = books.line(earlier, identity="fee", fee_delivery=30_000)
    supply = books.posting(earlier, "supply", amount=30_000)
    books.insert(
        "posting_line",
        {
            "line_key": books.run("select line_key::text from line where id = %s", old)[0][0],
            "kind": "supply",
            "revision": 1,
            "sync_id": supply,
            "line_id": old,
        },
    )
    file_id = books.file()
    line = books.line(file_id, identity="fee", fee_delivery=30_000)
    assert judge(file_id)[line].verdict == "already_settled"


# --- what comes back ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("collected", "paid", "row", "rule", "clean"),
    [
        (0, 0, {"outcome": "returned"}, "return.whole", True),
        (0, 0, {"outcome": "refused"}, "return.whole", True),
        (0, 0, {"outcome": None, "row_kind": "return"}, "return.whole", True),
        (1, 0, {"outcome": "returned"}, "return.with_money", False),
        (0, 1, {"outcome": "returned"}, "return.already_paid", False),
        (-1, 0, {"outcome": "returned"}, "return.money_back", False),
    ],
)
def test_a_return_is_clean_only_without_any_money(
    books: Books, judge: Any, collected: int, paid: int, row: dict[str, Any], rule: str, clean: bool
) -> None:
    demand = books.demand(books.order(paid=paid))
    file_id = books.file()
    line = books.line(file_id, collected=collected, **row)
    found = judge(file_id, goods={demand: goods(100_000)})[line]
    assert (found.rule, found.clean) == (f"order.exact+{rule}", clean)


def test_of_a_paid_order_nothing_is_due_on_any_of_its_rows(books: Books, judge: Any) -> None:
    books.demand(books.order(paid=100_000))
    file_id = books.file()
    lines = [books.line(file_id, collected=amount) for amount in (66_800, 19_990, 32_900)]
    found = judge(file_id)
    assert [(found[line].expected, found[line].difference) for line in lines] == [
        (0, 66_800),
        (0, 19_990),
        (0, 32_900),
    ]


@pytest.mark.parametrize(
    ("returned", "applicable", "rule", "clean"),
    [
        (100_000, True, "return.booked", True),
        (99_999, True, "return.partly_booked", False),
        (100_000, False, "return.draft", False),
    ],
)
def test_a_return_that_the_books_have_is_not_made_twice(
    books: Books, judge: Any, returned: int, applicable: bool, rule: str, clean: bool
) -> None:
    demand = books.demand(books.order())
    books.salesreturn(demand, returned, applicable=applicable)
    file_id = books.file()
    line = books.line(file_id, outcome="returned")
    found = judge(file_id)[line]
    assert (found.rule, found.clean) == (f"order.exact+{rule}", clean)


def test_our_own_return_counts_before_the_snapshot_shows_it(books: Books, judge: Any) -> None:
    order = books.order()
    demand = books.demand(order)
    earlier = books.file()
    books.posting(
        earlier, "salesreturn", order_id=order, demand_id=demand, amount=100_000, state="unsure"
    )
    file_id = books.file()
    line = books.line(file_id, outcome="returned")
    assert judge(file_id)[line].rule == "order.exact+return.booked"


def test_delivered_and_returned_in_one_file_is_a_question(books: Books, judge: Any) -> None:
    demand = books.demand(books.order())
    file_id = books.file()
    books.line(file_id, collected=0)
    line = books.line(file_id, outcome="returned")
    found = judge(file_id, goods={demand: goods(100_000)})
    assert not any(one.clean for one in found.values())
    assert found[line].rule == "order.exact+return.and_delivered"


def test_of_several_demands_the_parcel_chooses_the_returned_one(books: Books, judge: Any) -> None:
    order = books.order()
    books.demand(order, 40_000, track="A1")
    second = books.demand(order, 60_000, track="B2")
    file_id = books.file()
    known = books.line(file_id, outcome="returned", track_ref="B2")
    vague = books.line(file_id, outcome="returned")
    found = judge(file_id, goods={second: goods(60_000)})
    assert (found[known].rule, found[known].demand_id) == (
        "order.exact+track.agrees+return.whole",
        str(second),
    )
    assert (found[vague].verdict, found[vague].clean) == ("ambiguous_order", False)


def test_several_demands_do_not_hinder_a_payment(books: Books, judge: Any) -> None:
    order = books.order()
    books.demand(order, 40_000)
    books.demand(order, 60_000)
    file_id = books.file()
    line = books.line(file_id, collected=100_000)
    found = judge(file_id)[line]
    assert (found.verdict, found.demand_id) == ("matched", None)


def test_a_demand_that_moysklad_no_longer_has_returns_nothing(books: Books, judge: Any) -> None:
    books.shipped()
    file_id = books.file()
    line = books.line(file_id, outcome="returned")
    found = judge(file_id, goods={})[line]
    assert (found.rule, found.clean) == ("order.exact+demand.vanished", False)


@pytest.mark.parametrize(
    ("prices", "collected", "rule", "clean"),
    [
        ((70_000, 30_000), 70_000, "partial.explained", True),
        ((70_000, 30_000), 30_000, "partial.explained", True),
        ((70_000, 30_000), 69_999, "partial.unexplained", False),
        ((70_000, 30_000), 70_001, "partial.unexplained", False),
        ((50_000, 50_000), 50_000, "partial.several_ways", False),
        ((70_000, 30_000), 100_000, "partial.nothing_missing", False),
        ((70_000, 30_000), 100_001, "residual.above", False),
        ((70_000, 30_000), 0, "residual.no_money", False),
        ((70_000, 30_001), 70_000, "partial.not_in_pieces", False),
        (None, 70_000, "partial.not_in_pieces", False),
    ],
)
def test_a_partial_buy_out_is_clean_only_if_the_goods_explain_it(
    books: Books, judge: Any, prices: tuple[int, ...] | None, collected: int, rule: str, clean: bool
) -> None:
    demand = books.demand(books.order())
    file_id = books.file()
    line = books.line(file_id, collected=collected, outcome="partially_delivered")
    known = goods(*prices) if prices else None
    found = judge(file_id, goods={demand: known})[line]
    assert (found.rule, found.clean) == (f"order.exact+{rule}", clean)


def test_a_service_among_the_goods_never_comes_back(books: Books, judge: Any) -> None:
    demand = books.demand(books.order())
    file_id = books.file()
    line = books.line(file_id, collected=70_000, outcome="partially_delivered")
    known = goods(70_000) + goods(30_000, kind="service")
    assert judge(file_id, goods={demand: known})[line].rule.endswith("partial.unexplained")


def test_a_partial_return_that_the_books_have_is_not_made_twice(books: Books, judge: Any) -> None:
    demand = books.demand(books.order())
    books.salesreturn(demand, 30_000)
    file_id = books.file()
    line = books.line(file_id, collected=70_000, outcome="partially_delivered")
    found = judge(file_id)[line]
    assert (found.rule, found.clean) == ("order.exact+partial.booked", True)


def test_a_partial_buy_out_in_several_rows_is_a_question(books: Books, judge: Any) -> None:
    demand = books.demand(books.order())
    file_id = books.file()
    books.line(file_id, collected=40_000)
    books.line(file_id, collected=30_000, outcome="partially_delivered")
    found = judge(file_id, goods={demand: goods(70_000, 30_000)})
    assert {one.rule for one in found.values()} == {"order.exact+partial.several_rows"}


# --- what the courier kept ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("collected", "payout", "fees", "rule", "clean", "difference"),
    [
        (100_000, 95_000, {"fee_delivery": 3_000, "fee_cod": 2_000}, "residual.exact", True, 0),
        (100_000, 94_999, {"fee_delivery": 5_000}, "contract.kept_more", False, -1),
        (100_000, 95_001, {"fee_delivery": 5_000}, "contract.kept_less", False, 1),
        (100_000, 95_000, {"fee_storage": 5_000}, "contract.kept_more", False, -5_000),
        (100_000, 100_001, {}, "contract.kept_less", False, 1),
        (100_000, 101_000, {"fee_cod": -1_000}, "contract.negative_fee", False, 0),
    ],
)
def test_what_the_courier_kept_is_what_the_contract_says(
    books: Books,
    judge: Any,
    collected: int,
    payout: int,
    fees: dict[str, int],
    rule: str,
    clean: bool,
    difference: int,
) -> None:
    books.shipped()
    file_id = books.file()
    line = books.line(file_id, collected=collected, payout=payout, **fees)
    found = judge(file_id, contract=NET)[line]
    assert (found.rule, found.clean) == (f"order.exact+{rule}", clean)
    assert found.difference == difference


@pytest.mark.parametrize(("payout", "clean"), [(0, True), (-30_000, True), (-29_999, False)])
def test_a_row_without_money_keeps_nothing_or_its_whole_fee(
    books: Books, judge: Any, payout: int, clean: bool
) -> None:
    books.shipped(paid=100_000)
    file_id = books.file()
    line = books.line(file_id, payout=payout, fee_delivery=30_000)
    assert judge(file_id, contract=NET)[line].clean is clean


def test_lines_that_checking_refused_have_no_verdict(books: Books, judge: Any) -> None:
    books.shipped()
    file_id = books.file()
    line = books.line(file_id, collected=100_000)
    assert line in judge(file_id)
    books.run("update line set accepted = false where id = %s", line)
    assert judge(file_id) == {}
