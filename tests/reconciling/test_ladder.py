"""The ladder of keys: which rung books, which only suggests (docs/matching.md)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.reconciling.conftest import Verdict, terms
from tests.support.books import NOW, Books

PREFIXED = replace(terms(), order_prefixes=("IM-",))
LONG_AGO = {"moment": NOW - timedelta(days=300)}


def one(books: Books, judge: Any, order: str | None, collected: int = 100_000, **row: Any) -> Any:
    contract = row.pop("contract", PREFIXED)
    file_id = books.file()
    line = books.line(file_id, order, collected, **row)
    return judge(file_id, contract=contract)[line]


def unbooked(found: Verdict, rule: str) -> bool:
    return not found.clean and found.order_id is None and found.rule == rule


@pytest.mark.parametrize(
    ("in_books", "in_report", "rung"),
    [
        ("1042", "1042-1", "order.place"),
        ("1042", "1042/2", "order.place"),
        ("1042", "Заказ №1042 1 из 2", "order.place"),
        ("1042", "IM-1042", "order.prefix"),
        ("IM-1042", "1042", "order.prefix"),
        ("IM-1042", "1042-1", "order.prefix"),
    ],
)
def test_a_bare_number_books_what_exactly_pays_the_order(
    books: Books, judge: Any, in_books: str, in_report: str, rung: str
) -> None:
    order = books.shipped(in_books)
    found = one(books, judge, in_report)
    assert (found.order_id, found.rule, found.clean) == (str(order), f"{rung}+residual.exact", True)


@pytest.mark.parametrize(
    ("order", "row"),
    [
        # The money is not exactly what is open.
        ({}, {"collected": 99_999}),
        ({"paid": 1}, {}),
        ({"paid": 100_000}, {"collected": 0}),
        # No money proves nothing.
        ({}, {"collected": 0, "outcome": "returned"}),
        ({}, {"collected": 70_000, "outcome": "partially_delivered"}),
    ],
)
def test_a_bare_number_without_its_money_is_a_suggestion(
    books: Books, judge: Any, order: Any, row: Any
) -> None:
    books.shipped("1042", **order)
    assert unbooked(one(books, judge, "1042-1", **row), "order.alike")


def test_a_tolerance_is_no_proof_of_a_bare_number(books: Books, judge: Any) -> None:
    books.shipped("1042")
    found = one(books, judge, "1042-1", 99_999, contract=terms(tolerance=1))
    assert unbooked(found, "order.alike")


@pytest.mark.parametrize("days", [-2, 91])
def test_a_bare_number_is_shipped_in_the_90_days_before(
    books: Books, judge: Any, days: int
) -> None:
    order = books.order("1042")
    books.demand(order, moment=NOW - timedelta(days=2 + days))
    assert unbooked(one(books, judge, "1042-1"), "order.unknown")


@pytest.mark.parametrize("days", [-1, 0, 90])
def test_the_edges_of_the_90_days_belong_to_them(books: Books, judge: Any, days: int) -> None:
    books.demand(books.order("1042"), moment=NOW - timedelta(days=2 + days))
    assert one(books, judge, "1042-1").clean


def test_two_bare_candidates_are_a_suggestion(books: Books, judge: Any) -> None:
    books.shipped("1042")
    books.shipped("IM-1042")
    assert unbooked(one(books, judge, "1042-1"), "order.alike")


@pytest.mark.parametrize("dead", [{"deleted": True}, {"applicable": False}])
def test_a_whole_number_in_the_bin_is_still_the_number(books: Books, judge: Any, dead: Any) -> None:
    books.shipped("1042")
    books.shipped("1042-1", **dead)
    assert unbooked(one(books, judge, "1042-1"), "order.unknown")


def test_a_shop_that_numbers_with_dashes_has_no_places(books: Books, judge: Any) -> None:
    books.shipped("1042")
    books.shipped("1042-2")
    assert unbooked(one(books, judge, "1042-1"), "order.unknown")


def test_the_whole_number_goes_before_the_bare_one(books: Books, judge: Any) -> None:
    books.shipped("1042")
    whole = books.shipped("1042-1")
    assert one(books, judge, "1042-1").order_id == str(whole)


def test_places_pay_their_order_together(books: Books, judge: Any) -> None:
    books.shipped("1042")
    file_id = books.file()
    for place, collected in ((1, 60_000), (2, 40_000)):
        books.line(file_id, f"1042-{place}", collected)
    assert {one.rule for one in judge(file_id).values()} == {"order.place+residual.exact"}


def test_places_that_pay_too_much_are_perhaps_two_orders(books: Books, judge: Any) -> None:
    books.shipped("1042")
    file_id = books.file()
    for place in (1, 2):
        books.line(file_id, f"1042-{place}", 100_000)
    assert {one.rule for one in judge(file_id).values()} == {"order.alike"}


def test_a_row_that_names_the_order_is_not_disturbed_by_one_like_it(
    books: Books, judge: Any
) -> None:
    order = books.shipped("1042")
    file_id = books.file()
    named, alike = books.line(file_id, "1042", 100_000), books.line(file_id, "1042-1", 5_000)
    found = judge(file_id)
    assert (found[named].order_id, found[named].clean) == (str(order), True)
    assert unbooked(found[alike], "order.alike")


def test_an_order_of_another_courier_is_not_taken_by_a_bare_number(
    books: Books, judge: Any
) -> None:
    books.shipped("1042", total=200_000)
    other = books.file("cdek")
    books.line(other, "1042", 100_000)
    judge(other, contract=terms("cdek"))
    assert unbooked(one(books, judge, "1042-1", 200_000), "order.alike")


def test_the_parcel_makes_a_bare_number_sure(books: Books, judge: Any) -> None:
    order = books.shipped("1042", track="TR77")
    found = one(books, judge, "1042-1", 90_000, track_ref="TR77")
    assert (found.order_id, found.rule) == (str(order), "order.place+track.agrees+residual.below")


def test_a_bare_number_and_a_parcel_of_two_orders_are_a_conflict(books: Books, judge: Any) -> None:
    books.shipped("1042")
    books.shipped("1043", track="TR77")
    assert unbooked(one(books, judge, "1042-1", track_ref="TR77"), "order.conflict")


def test_a_bare_number_with_another_parcel_is_a_suggestion(books: Books, judge: Any) -> None:
    books.shipped("1042", track="TR77")
    assert unbooked(one(books, judge, "1042-1", track_ref="TR78"), "order.alike")


@pytest.mark.parametrize(
    ("in_books", "in_report"),
    [("00042", "42"), ("42", "00042"), ("W-42", "42"), ("42", "W-42"), ("1О42", "1042"),
     ("42З", "423"), ("1042", "1043")],
)  # fmt: skip
def test_zeros_unknown_prefixes_and_look_alike_digits_never_book(
    books: Books, judge: Any, in_books: str, in_report: str
) -> None:
    books.shipped(in_books)
    assert unbooked(one(books, judge, in_report), "order.unknown")


# --- the number alone ---------------------------------------------------------------------------


def test_one_number_in_two_years_is_decided_by_the_parcel_alone(books: Books, judge: Any) -> None:
    books.shipped("42", **LONG_AGO)
    this_year = books.shipped("42", track="TR77")
    assert unbooked(one(books, judge, "42"), "order.several")
    assert one(books, judge, "42", track_ref="TR77").order_id == str(this_year)


def test_an_order_of_long_ago_is_perhaps_another_one(books: Books, judge: Any) -> None:
    books.demand(books.order("42", **LONG_AGO), **LONG_AGO)
    assert unbooked(one(books, judge, "42"), "order.long_ago")


def test_an_old_order_that_was_shipped_lately_is_the_one(books: Books, judge: Any) -> None:
    books.shipped("42", **LONG_AGO)
    assert one(books, judge, "42").clean


@pytest.mark.parametrize(("days", "clean"), [(180, True), (181, False)])
def test_long_ago_begins_after_180_days(
    books: Books, judge: Any, days: int, *, clean: bool
) -> None:
    then = {"moment": NOW}
    books.demand(books.order("42", **then), **then)
    day = date(2026, 11, 20) - timedelta(days=days)
    assert one(books, judge, "42", occurred_on=day).clean is clean


def test_a_row_without_a_day_is_of_the_day_of_its_report(books: Books, judge: Any) -> None:
    books.shipped("42")
    assert one(books, judge, "42", occurred_on=None).clean


@pytest.mark.parametrize(
    ("in_books", "in_report", "doubt"),
    [
        ("DUD15086277", "DUD15086278", True),
        ("1014263974", "1014263975", True),
        # Numbers of two carriers differ in form: the parcel was handed on.
        ("A5185814", "80093053624992", False),
        ("1014263974", "80093053624992", False),
    ],
)
def test_another_parcel_of_the_same_carrier_is_perhaps_another_order(
    books: Books, judge: Any, in_books: str, in_report: str, *, doubt: bool
) -> None:
    books.shipped("1042", track=in_books)
    found = one(books, judge, "1042", track_ref=in_report)
    assert found.clean is not doubt
    assert not doubt or unbooked(found, "track.differs")


def test_a_second_place_of_an_order_may_have_a_number_of_its_own(books: Books, judge: Any) -> None:
    books.shipped("1042", track="TR77")
    file_id = books.file()
    books.line(file_id, "1042", 60_000, track_ref="TR77")
    books.line(file_id, "1042", 40_000, track_ref="TR78")
    assert all(one.clean for one in judge(file_id).values())


def test_a_return_travels_under_a_number_of_its_own(books: Books, judge: Any) -> None:
    books.shipped("1042", track="TR77")
    found = one(books, judge, "1042", 0, row_kind="return", track_ref="TR78")
    assert found.rule == "order.exact+demand.vanished"


# --- the unique candidate ------------------------------------------------------------------------


def test_one_parcel_number_on_two_orders_finds_none_of_them(books: Books, judge: Any) -> None:
    books.shipped("1", track="TR77")
    books.shipped("2", track="TR77")
    assert unbooked(one(books, judge, None, track_ref="TR77"), "order.several")


def test_the_number_chooses_among_orders_of_one_parcel_number(books: Books, judge: Any) -> None:
    books.shipped("1", track="TR77")
    second = books.shipped("2", track="TR77")
    assert one(books, judge, "2", track_ref="TR77").order_id == str(second)


def test_number_and_parcel_that_agree_twice_are_several(books: Books, judge: Any) -> None:
    for _ in range(2):
        books.shipped("1", track="TR77")
    assert unbooked(one(books, judge, "1", track_ref="TR77"), "order.several")


def test_one_number_in_two_organizations_is_never_matched(books: Books, judge: Any) -> None:
    books.shipped("1")
    books.shipped("1", organization_id="00000000-0000-4000-8000-0000000000aa")
    assert unbooked(one(books, judge, "1"), "order.several")


def test_a_row_without_any_number_is_unknown(books: Books, judge: Any) -> None:
    books.shipped("1", track="-")
    assert unbooked(one(books, judge, None, track_ref="-"), "order.unknown")


@pytest.mark.parametrize("track", ["-", "нет", "Самовывоз"])
def test_words_in_place_of_a_parcel_number_join_nothing(
    books: Books, judge: Any, track: str
) -> None:
    books.shipped("1", track=track)
    assert unbooked(one(books, judge, "2", track_ref=track), "order.unknown")


def test_an_order_in_another_currency_is_not_found_by_a_bare_number(
    books: Books, judge: Any
) -> None:
    books.shipped("1042", currency="KZT")
    assert unbooked(one(books, judge, "1042-1"), "order.alike")
