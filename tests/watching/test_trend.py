"""Figures of days are written once and read for the charts; yesterday's debt is not computed anew."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg2
import pytest

from sverka.watching import (
    CameBack,
    Received,
    note_day,
    payouts_by_courier,
    returns_by_day,
    since_yesterday,
    trend,
)
from tests.watching.conftest import TODAY, Watch, noon

YESTERDAY = TODAY - timedelta(days=1)


def note(watch: Watch, day: date, now: date | None = None) -> None:
    watch.look()
    with watch.connect() as conn:
        note_day(conn, watch.couriers, day, noon(now or day))


def read(watch: Watch, question: Any, *args: Any) -> Any:
    with watch.connect() as conn:
        return question(conn, *args)


def paid(watch: Watch, day: date, received: int, key: UUID, **other: Any) -> None:
    watch.books.insert(
        "payout",
        {"file_id": watch.books.file("dalli"), "ordinal": 0, "key": key, "courier": "dalli"}
        | {"currency": "RUB", "own": received, "expected": received, "together": 1}
        | {"state": "paid", "movement_key": key, "moved_on": day, "received": received}
        | {"at": noon(day)}
        | other,
    )


def decided(watch: Watch, day: date, *whats: str) -> None:
    discrepancy = watch.books.insert(
        "discrepancy",
        {"kind": "line", "key": uuid4(), "verdict": "underpaid", "courier": "dalli"}
        | {"currency": "RUB", "stake": 5, "file_id": watch.books.file(), "sentence": "x"}
        | {"opened_at": noon(day), "changed_at": noon(day)},
        "id",
    )
    for what in whats:
        watch.books.insert(
            "discrepancy_event",
            {"discrepancy_id": discrepancy, "at": noon(day), "by": "x", "what": what}
            | {"from_state": None if what == "opened" else "open", "to_state": "open"}
            | {"to_verdict": "underpaid", "to_stake": 5, "sentence": "x"},
        )


def test_a_day_has_its_debt_its_money_and_its_discrepancies(watch: Watch) -> None:
    watch.parcel("1", 100, delivery="Dalli", handed=TODAY - timedelta(days=40))
    watch.parcel("2", 30, delivery="Dalli")
    watch.parcel("3", 7)
    paid(watch, TODAY, 900, UUID(int=1))
    paid(watch, YESTERDAY, 5, UUID(int=2))
    decided(watch, TODAY, "opened", "resolved", "reopened")
    decided(watch, YESTERDAY, "opened")
    note(watch, TODAY)
    unknown, dalli = read(watch, trend, TODAY)
    assert (unknown.courier, unknown.owed, unknown.overdue) == (None, 7, 0)
    assert (dalli.courier, dalli.day, dalli.owed, dalli.overdue) == ("dalli", TODAY, 130, 100)
    assert (dalli.received, dalli.opened, dalli.resolved) == (900, 2, 1)


def test_noting_again_changes_nothing_and_follows_what_changed(watch: Watch) -> None:
    order = watch.parcel("1", 100, delivery="Dalli")
    note(watch, TODAY)
    before = read(watch, trend, TODAY)
    note(watch, TODAY)
    assert read(watch, trend, TODAY) == before
    watch.books.run("update snapshot_order set payed_sum = sum where id = %s", order)
    note(watch, TODAY)
    [figure] = read(watch, trend, TODAY)
    assert figure.owed == 0


def test_an_old_day_keeps_its_debt_and_learns_of_late_statements(watch: Watch) -> None:
    watch.parcel("1", 100, delivery="Dalli")
    note(watch, YESTERDAY)
    watch.parcel("2", 50, delivery="Dalli")
    paid(watch, YESTERDAY, 900, UUID(int=1))
    note(watch, YESTERDAY, now=TODAY)
    [figure] = read(watch, trend, TODAY)
    assert (figure.day, figure.owed, figure.received) == (YESTERDAY, 100, 900)


def test_a_day_that_is_published_only_later_has_no_debt(watch: Watch) -> None:
    watch.parcel("1", 100, delivery="Dalli")
    paid(watch, YESTERDAY, 900, UUID(int=1))
    note(watch, YESTERDAY, now=TODAY)
    [figure] = read(watch, trend, TODAY)
    assert (figure.owed, figure.received) == (None, 900)


@pytest.mark.parametrize(("days", "seen"), [(30, 2), (2, 2), (1, 1)])
def test_a_trend_is_as_long_as_asked_for(watch: Watch, days: int, seen: int) -> None:
    watch.parcel("1", 100)
    for day in (YESTERDAY, TODAY, TODAY + timedelta(days=1)):
        note(watch, day)
    assert len(read(watch, trend, TODAY, days)) == seen


class TestSinceYesterday:
    def test_the_first_day_has_nothing_to_compare_with(self, watch: Watch) -> None:
        watch.parcel("1", 100)
        note(watch, TODAY)
        [change] = read(watch, since_yesterday, TODAY)
        assert (change.owed, change.before, change.owed_before) == (100, None, None)

    def test_sums_of_all_couriers_are_compared_with_the_last_day_that_has_some(
        self, watch: Watch
    ) -> None:
        watch.parcel("1", 100, delivery="Dalli")
        note(watch, TODAY - timedelta(days=3))
        watch.parcel("2", 20, delivery="СДЭК", handed=TODAY - timedelta(days=40))
        note(watch, TODAY)
        [change] = read(watch, since_yesterday, TODAY)
        assert change.before == TODAY - timedelta(days=3)
        assert (change.owed_before, change.owed) == (100, 120)
        assert (change.overdue_before, change.overdue) == (0, 20)

    def test_a_currency_that_is_new_was_owed_nothing_in(self, watch: Watch) -> None:
        watch.parcel("1", 100)
        note(watch, YESTERDAY)
        watch.parcel("2", 9, currency="EUR")
        note(watch, TODAY)
        euro, _ = read(watch, since_yesterday, TODAY)
        assert (euro.currency, euro.owed_before, euro.owed) == ("EUR", 0, 9)

    def test_a_day_without_figures_says_nothing(self, watch: Watch) -> None:
        assert read(watch, since_yesterday, TODAY) == []


def test_money_in_the_bank_is_counted_once_per_movement(watch: Watch) -> None:
    for key in (1, 1, 2):
        paid(watch, YESTERDAY, 100 * key, UUID(int=key))
    paid(watch, TODAY - timedelta(days=30), 7, UUID(int=3))
    paid(watch, TODAY, 1, UUID(int=4), courier="cdek")
    assert read(watch, payouts_by_courier, TODAY) == [
        Received("dalli", "RUB", 2, 300),
        Received("cdek", "RUB", 1, 1),
    ]


def test_a_parcel_that_came_back_is_counted_once(watch: Watch) -> None:
    first, second = watch.statuses("dalli"), watch.statuses("dalli", "returns")
    watch.status(first, "1", "refused", YESTERDAY)
    watch.status(second, "1", None, TODAY, row_kind="return")
    watch.status(first, "2", "returned", TODAY)
    watch.status(first, "3", "delivered", TODAY)
    assert read(watch, returns_by_day, TODAY) == [
        CameBack(YESTERDAY, "dalli", 1),
        CameBack(TODAY, "dalli", 1),
    ]
    watch.books.run("update file set state = 'undone'")
    assert read(watch, returns_by_day, TODAY) == []


def test_reading_needs_no_right_to_write(watch: Watch) -> None:
    """The report reads everything in one read-only transaction."""
    conn = psycopg2.connect(watch.books.url)
    conn.set_session(readonly=True)
    try:
        assert trend(conn, TODAY) == since_yesterday(conn, TODAY) == []
        assert payouts_by_courier(conn, TODAY) == returns_by_day(conn, TODAY) == []
    finally:
        conn.close()
