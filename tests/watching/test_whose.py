"""Whose parcel an order is: the shop's word, then the couriers', then the number's shape; no guess."""

from datetime import date

import pytest

from tests.watching.conftest import Watch

DAY = date(2026, 11, 14)
NOBODY = (None, "nobody")


@pytest.mark.parametrize(
    ("delivery", "courier"),
    [
        ("СДЭК", "cdek"),
        ("сдэк, склад-дверь", "cdek"),
        ("ООО «СДЭК»", "cdek"),
        ("к", "dalli"),
        ("Далли", "dalli"),
    ],
)
def test_the_shops_own_field_names_it(watch: Watch, delivery: str, courier: str) -> None:
    assert watch.courier(watch.parcel("1", delivery=delivery)) == (courier, "attribute")


@pytest.mark.parametrize("delivery", ["Боксберри", "СДЭК или Далли", "самовывоз"])
def test_a_field_that_names_none_of_ours_says_that_a_track_number_is_not_ours_either(
    watch: Watch, delivery: str
) -> None:
    assert watch.courier(watch.parcel("1", delivery=delivery, track="A1234567")) == NOBODY


def test_the_field_may_stand_on_the_order(watch: Watch) -> None:
    order = watch.books.order("1", delivery="Dalli")
    watch.books.demand(order)
    assert watch.courier(order) == ("dalli", "attribute")


def test_two_shipments_with_two_couriers_are_nobodys(watch: Watch) -> None:
    order = watch.parcel("1", delivery="СДЭК")
    watch.books.demand(order, delivery="Dalli")
    assert watch.courier(order) == NOBODY


def test_the_shops_word_goes_before_a_file_and_a_file_before_the_shape(watch: Watch) -> None:
    named = watch.parcel("1", delivery="СДЭК", track="A1234567")
    shaped = watch.parcel("2", track="A1234568")
    silent = watch.parcel("3", track="A1234569")
    file_id = watch.statuses("gorod")
    watch.status(file_id, "1", "delivered", DAY)
    watch.status(file_id, "2", "delivered", DAY)
    assert watch.courier(named) == ("cdek", "attribute")
    assert watch.courier(shaped) == ("gorod", "report")
    assert watch.courier(silent) == ("dalli", "track")


def test_files_of_two_couriers_about_one_order_name_nobody(watch: Watch) -> None:
    order = watch.parcel("1")
    for courier in ("gorod", "market"):
        watch.status(watch.statuses(courier), "1", "delivered", DAY)
    assert watch.courier(order) == NOBODY


@pytest.mark.parametrize(
    ("track", "courier"),
    [
        ("A1234567", "dalli"),
        ("А1234567", "dalli"),  # a Cyrillic letter
        ("12345678", "market"),
        ("123456789012", "market"),
        ("1234567890", None),  # two couriers number like that
        ("XA1234567", None),
        ("A12345678", None),
        ("80093053624992", None),
    ],
)
def test_a_track_number_names_the_only_courier_with_such_numbers(
    watch: Watch, track: str, courier: str | None
) -> None:
    expected = (courier, "track") if courier else NOBODY
    assert watch.courier(watch.parcel("1", track=track)) == expected


def test_without_any_evidence_nobody_is_named(watch: Watch) -> None:
    assert watch.courier(watch.parcel("1")) == NOBODY
    assert [one.courier for one in watch.owed().values()] == [None]
