"""Suggestions: what a person may look at where a line was not booked."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from sverka.database.connection import connect
from sverka.money import Minor
from sverka.moysklad.documents import Ref
from sverka.reconciling.partial import Goods
from sverka.reconciling.possible import SHOWN, possible_returns
from sverka.reconciling.reconcile import reconcile_in
from sverka.reconciling.shipments import Shipment
from tests.reconciling.conftest import terms
from tests.support.books import NOW, Books

LAST_YEAR = {"moment": NOW - timedelta(days=360)}


def suggested(books: Books, line: int) -> list[str]:
    rows = books.run("select words from suggestion where line_id = %s order by rank", line)
    return [words for (words,) in rows]


def ask(books: Books, judge: Any, order: str | None, collected: int = 100_000, **row: Any) -> Any:
    file_id = books.file()
    line = books.line(file_id, order, collected, **row)
    found = judge(file_id)[line]
    assert not found.clean
    return suggested(books, line)


@pytest.mark.parametrize(
    ("in_books", "in_report", "words"),
    [
        ("00042", "42", "номер без нулей, сумма та же"),
        ("42", "00042", "номер без нулей, сумма та же"),
        ("W-42", "IM-42", "номер без приставки и нулей, сумма та же"),
        ("1О42", "1042", "номер, если О это ноль, а З это три, сумма та же"),
        ("1З42", "1342", "номер, если О это ноль, а З это три, сумма та же"),
        ("1043", "1042", "номер отличается одной цифрой, сумма та же"),
        ("777", "1042", "та же сумма"),
    ],
)
def test_an_unknown_number_is_answered_with_orders_like_it(
    books: Books, judge: Any, in_books: str, in_report: str, words: str
) -> None:
    books.shipped(in_books)
    assert ask(books, judge, in_report) == [f"заказ «{in_books}» от 15.11.2026: {words}"]


def test_a_bare_number_without_its_money_is_named_with_its_reason(books: Books, judge: Any) -> None:
    books.shipped("1042")
    assert ask(books, judge, "1042-1", 1) == ["заказ «1042» от 15.11.2026: номер без номера места"]


def test_one_number_in_two_years_shows_both_the_nearer_first(books: Books, judge: Any) -> None:
    books.shipped("42", total=5, **LAST_YEAR)
    books.shipped("42", total=7)
    assert ask(books, judge, "42", 6) == [
        "заказ «42» от 15.11.2026: тот же номер",
        "заказ «42» от 25.11.2025: тот же номер в другом году",
    ]


@pytest.mark.parametrize(
    ("dead", "words"),
    [
        ({"deleted": True}, "тот же номер, но заказ в корзине"),
        ({"applicable": False}, "тот же номер, но заказ не проведён"),
    ],
)
def test_an_order_that_is_no_candidate_is_shown_with_why(
    books: Books, judge: Any, dead: Any, words: str
) -> None:
    books.shipped("42", **dead)
    assert ask(books, judge, "42") == [f"заказ «42» от 15.11.2026: {words}"]


def test_a_conflict_shows_both_sides(books: Books, judge: Any) -> None:
    books.shipped("1")
    books.shipped("2", total=5, track="TR77")
    assert ask(books, judge, "1", track_ref="TR77") == [
        "заказ «1» от 15.11.2026: тот же номер, сумма та же",
        "заказ «2» от 15.11.2026: тот же трек-номер",
    ]


def test_the_wrong_money_is_answered_only_with_an_order_that_it_fits(
    books: Books, judge: Any
) -> None:
    books.shipped("1042", total=90_000)
    books.shipped("1052", total=100_000)
    books.shipped("1062", total=95_000)
    words = "номер отличается одной цифрой, сумма та же"
    assert ask(books, judge, "1042") == [f"заказ «1052» от 15.11.2026: {words}"]


def test_an_order_that_is_paid_fits_nothing(books: Books, judge: Any) -> None:
    books.shipped("777", paid=100_000)
    books.demand(books.order("778"), payed_sum=100_000)
    paid_by_us = books.shipped("779")
    books.posting(books.file(), order_id=paid_by_us, amount=100_000)
    assert ask(books, judge, "1042") == []


def test_a_sum_that_many_orders_have_says_nothing(books: Books, judge: Any) -> None:
    for number in range(4):
        books.shipped(f"77{number}")
    assert ask(books, judge, "1042") == []


def test_three_at_most_and_the_likeliest_first(books: Books, judge: Any) -> None:
    for name in ("W-42", "X-42", "042", "Y-42"):
        books.shipped(name, total=100_000 if name == "Y-42" else 5)
    found = ask(books, judge, "42")
    assert len(found) == 3
    assert found[0].startswith("заказ «Y-42»")


def test_an_order_of_another_row_is_told_to_be_so(books: Books, judge: Any) -> None:
    books.shipped("1042")
    file_id = books.file()
    books.line(file_id, "1042", 100_000)
    line = books.line(file_id, "1042-1", 5)
    judge(file_id)
    assert suggested(books, line) == [
        "заказ «1042» от 15.11.2026: номер без номера места, о нём говорит другая строка"
    ]


def test_what_is_booked_has_no_suggestions_and_judging_again_renews_them(
    books: Books, judge: Any
) -> None:
    books.shipped("1042")
    file_id = books.file()
    good, bad = books.line(file_id, "1042", 100_000), books.line(file_id, "1099", 70_000)
    books.shipped("2000", total=70_000)
    for _ in range(2):
        judge(file_id)
        assert (suggested(books, good), len(suggested(books, bad))) == ([], 1)
    books.shipped("1099", total=70_000)
    judge(file_id)
    assert suggested(books, bad) == []


# --- what may have come back ---------------------------------------------------------------------


def goods(*rows: tuple[int, int], kind: str = "product") -> tuple[Goods, ...]:
    return tuple(Goods(Ref(kind, uuid4()), count, Minor(price)) for count, price in rows)


def test_goods_that_may_have_come_back_are_named(books: Books) -> None:
    demand = books.demand(books.order())
    kettle, mug, lid = shipped = goods((1, 40_000), (2, 20_000), (1, 20_000))
    names = {
        kettle.assortment: "Чайник",
        mug.assortment: "Кружка",
        lid.assortment: "Крышка",
    }

    def shipments(_: Any) -> dict[UUID, Shipment]:
        return {demand: Shipment(shipped, names)}

    file_id = books.file()
    line = books.line(file_id, collected=60_000, outcome="partially_delivered")
    with connect(books.url) as conn:
        reconcile_in(conn, file_id, [terms()], shipments, NOW)
    assert books.run("select rule, clean from verdict where line_id = %s", line) == [
        ("order.exact+partial.several_ways", False)
    ]
    sets = [words.removeprefix("могли вернуться: ") for words in suggested(books, line)]
    assert sets[0] == "Чайник × 1"
    assert {frozenset(one.split(", ")) for one in sets[1:]} == {
        frozenset({"Кружка × 2"}),
        frozenset({"Кружка × 1", "Крышка × 1"}),
    }


@pytest.mark.parametrize(
    ("rows", "missing", "sets"),
    [
        (((1, 100), (1, 100)), 100, 2),
        (((2, 100),), 100, 1),
        (((1, 100),), 99, 0),
        (((1, 100), (1, 0)), 100, 1),
        (tuple((1, 100) for _ in range(9)), 100, SHOWN),
        (tuple((9, 10**6 + n) for n in range(60)), 7, 0),
        (tuple((9, 1000 + 2 * n) for n in range(60)), 300_001, 0),
    ],
)
def test_five_sets_at_most_in_bounded_time(rows: Any, missing: int, sets: int) -> None:
    found = possible_returns(goods(*rows), Minor(missing), ("product",))
    assert len(found) == sets
    assert all(sum(one.quantity * one.price for one in some) == missing for some in found)


def test_two_rows_of_the_same_goods_are_one_set_and_services_never_come_back() -> None:
    [mug] = goods((1, 100))
    [service] = goods((1, 100), kind="service")
    assert possible_returns((mug, mug, service), Minor(100), ("product",)) == ((mug,),)
