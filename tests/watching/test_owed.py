"""What each courier owes adds up to the kopeck, and every number has its orders behind it."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sverka.watching import AGES, STAGES, Behind, orders_behind
from sverka.watching.owed import BUCKETS
from tests.watching.conftest import COURIERS, EMPTY, TODAY, Watch, noon


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def behind(watch: Watch, courier: str | None, bucket: str, limit: int = 100) -> list[Behind]:
    """All pages one after the other."""
    found, after = [], None
    with watch.connect() as conn:
        while True:
            page = orders_behind(conn, courier, bucket, after, limit, now=noon(TODAY))
            found += page.orders
            if (after := page.after) is None:
                return found


@pytest.mark.parametrize(
    ("days", "age"),
    [
        *((0, "0-7"), (7, "0-7"), (8, "8-14"), (14, "8-14"), (15, "15-30"), (30, "15-30")),
        *((31, "31-60"), (60, "31-60"), (61, "61+"), (400, "61+")),
    ],
)
def test_an_age_is_counted_from_the_hand_over(watch: Watch, days: int, age: str) -> None:
    watch.parcel("1", delivery="Dalli", handed=ago(days))
    [owed] = watch.owed().values()
    assert {code for code, part in owed.ages.items() if part.orders} == {age}
    assert [order.age for order in behind(watch, "dalli", age)] == [days]


def test_a_known_delivery_makes_it_younger(watch: Watch) -> None:
    watch.parcel("1", delivery="Городской курьер", handed=ago(20))
    watch.status(watch.statuses(), "1", "delivered", ago(3))
    [owed] = watch.owed().values()
    assert (owed.oldest, owed.ages["0-7"].orders, owed.stages["not_due"].orders) == (ago(3), 1, 1)


@pytest.mark.parametrize(
    ("term", "delivered", "stage"),
    [
        ({}, ago(14), "not_due"),  # by 20 November, which is today
        ({}, ago(15), "overdue"),
        ({"report_days": 3}, ago(3), "not_due"),
        ({"report_days": 3}, ago(4), "overdue"),
        ({"report_days": 5, "calendar": "banking"}, ago(7), "not_due"),  # over a weekend
        ({"report_days": 5, "calendar": "banking"}, ago(8), "overdue"),
        ({"report_days": 30}, ago(15), "not_due"),
    ],
)
def test_the_contract_says_when_a_delivered_order_is_overdue(
    watch: Watch, term: dict[str, int], delivered: date, stage: str
) -> None:
    watch.terms(replace(COURIERS[0], **term))
    watch.parcel("1", handed=ago(40))
    watch.status(watch.statuses(), "1", "delivered", delivered)
    [owed] = watch.owed().values()
    assert {name for name, part in owed.stages.items() if part.orders} == {stage}


@pytest.mark.parametrize(
    ("term", "handed", "stage"),
    [
        ({}, ago(30), "on_the_way"),
        ({}, ago(31), "overdue"),
        ({"transit_days": 60}, ago(31), "on_the_way"),
        ({"transit_days": 5}, ago(6), "overdue"),
    ],
)
def test_a_parcel_without_news_is_overdue_when_it_should_have_arrived(
    watch: Watch, term: dict[str, int], handed: date, stage: str
) -> None:
    watch.terms(replace(COURIERS[0], **term))
    watch.parcel("1", delivery="Городской курьер", handed=handed)
    [owed] = watch.owed().values()
    assert {name for name, part in owed.stages.items() if part.orders} == {stage}


def test_what_comes_back_and_what_is_reported_is_not_waited_for(watch: Watch) -> None:
    watch.parcel("1", 100)
    watch.status(watch.statuses(), "1", "refused", ago(2))
    watch.settled(watch.parcel("2", 200), "2", 200)
    [owed] = watch.owed().values()
    assert (owed.total.orders, owed.coming_back.amount, owed.reported.amount) == (0, 100, 200)
    assert [one.name for one in behind(watch, "gorod", "coming_back")] == ["1"]
    assert [one.name for one in behind(watch, "gorod", "reported")] == ["2"]


def test_currencies_are_not_mixed(watch: Watch) -> None:
    watch.parcel("1", 100, delivery="Dalli")
    watch.parcel("2", 70, delivery="Dalli", currency="EUR")
    sums = {key: one.total.amount for key, one in watch.owed().items()}
    assert sums == {("dalli", "RUB"): 100, ("dalli", "EUR"): 70}


def test_an_unknown_bucket_is_refused(watch: Watch) -> None:
    with watch.connect() as conn, pytest.raises(ValueError, match="nonsense"):
        orders_behind(conn, None, "nonsense", now=noon(TODAY))


def test_pages_have_every_order_once_the_oldest_first(watch: Watch) -> None:
    for number in range(23):
        watch.parcel(str(number), handed=ago(number % 4))
    watch.look()
    found = behind(watch, None, "all", limit=5)
    assert len({one.order_id for one in found}) == len(found) == 23
    assert [one.since for one in found] == sorted(one.since for one in found)
    assert len(behind(watch, None, "all", limit=23)) == 23


PARCEL = st.tuples(
    st.integers(1, 10**12),  # the sum
    st.integers(0, 100),  # per cent of it that is paid
    st.integers(0, 90),  # days since the hand-over
    st.sampled_from(["СДЭК", "Dalli", "Боксберри", None]),
    st.sampled_from([None, "delivered", "refused", "lost"]),
    st.booleans(),  # in a settlement
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parcels=st.lists(PARCEL, min_size=1, max_size=12), seed=st.integers(0, 9))
def test_every_open_kopeck_is_in_exactly_one_place(
    watch: Watch, parcels: list[tuple[int, int, int, str | None, str | None, bool]], seed: int
) -> None:
    watch.books.run(EMPTY)
    Random(seed).shuffle(parcels)
    still_open: dict[UUID, int] = {}
    file_id = watch.statuses()
    for number, (total, percent, days, delivery, outcome, settled) in enumerate(parcels):
        name, paid = f"N{number}", total * percent // 100
        order = watch.parcel(name, total, paid=paid, handed=ago(days), delivery=delivery)
        if paid < total:
            still_open[order] = total - paid
        if outcome:
            watch.status(file_id, name, outcome, ago(days // 2))
        if settled:
            watch.settled(order, name, total)
    found = watch.owed()
    for (courier, _), one in found.items():
        assert sum(part.amount for part in one.stages.values()) == one.total.amount
        assert sum(part.amount for part in one.ages.values()) == one.total.amount
        assert sum(part.orders for part in one.ages.values()) == one.total.orders
        parts = {"all": one.total, **one.stages, **one.ages}
        parts |= {"coming_back": one.coming_back, "reported": one.reported}
        for bucket, part in parts.items():
            orders = behind(watch, courier, bucket, limit=3)
            assert (len(orders), sum(o.open for o in orders)) == (part.orders, part.amount)
    kept: dict[UUID, int] = defaultdict(int)
    for courier, _ in found:
        for bucket in ("all", "coming_back", "reported"):
            for order in behind(watch, courier, bucket):
                kept[order.order_id] += order.open
    assert kept == still_open
    named = {"all", "lost", "coming_back", "reported", *STAGES, *(age.code for age in AGES)}
    assert named == set(BUCKETS)
