"""Where each shipped order is, by the couriers' own words; and which orders nobody waits for."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from sverka.watching import Phase
from tests.support.books import FETCHED, NOW
from tests.watching.conftest import Watch

DAY = date(2026, 11, 14)


def test_an_order_without_news_is_on_the_way(watch: Watch) -> None:
    assert watch.phase(watch.parcel("1")) is Phase.ON_THE_WAY


@pytest.mark.parametrize(
    ("outcome", "phase"),
    [
        ("delivered", Phase.DELIVERED),
        ("partially_delivered", Phase.DELIVERED),
        ("refused", Phase.COMING_BACK),
        ("returned", Phase.COMING_BACK),
        ("lost", Phase.LOST),
        ("destroyed", Phase.LOST),
        (None, Phase.ON_THE_WAY),
    ],
)
def test_a_status_says_where_it_is(watch: Watch, outcome: str | None, phase: Phase) -> None:
    order = watch.parcel("1")
    watch.status(watch.statuses(), "1", outcome, DAY)
    assert watch.phase(order) is phase


def test_an_act_of_returns_says_that_it_comes_back(watch: Watch) -> None:
    order = watch.parcel("1")
    watch.status(watch.statuses(purpose="returns"), "1", None, DAY)
    assert watch.phase(order) is Phase.COMING_BACK


def test_the_newest_status_counts_however_the_files_came(watch: Watch) -> None:
    order = watch.parcel("1")
    newer, older = watch.statuses(), watch.statuses()
    watch.status(newer, "1", "refused", DAY)
    watch.status(older, "1", "delivered", DAY - timedelta(days=1))
    assert watch.phase(order) is Phase.COMING_BACK


def test_a_status_finds_its_order_by_the_track_number(watch: Watch) -> None:
    order = watch.parcel("1", track="A1234567")
    watch.status(watch.statuses("dalli"), None, "delivered", DAY, track_ref="A1234567")
    assert watch.phase(order) is Phase.DELIVERED


def test_a_status_whose_numbers_mean_two_orders_is_about_none(watch: Watch) -> None:
    orders = [watch.parcel("1"), watch.parcel("2", track="A1234567")]
    watch.status(watch.statuses(), "1", "delivered", DAY, track_ref="A1234567")
    assert [watch.phase(order) for order in orders] == [Phase.ON_THE_WAY] * 2


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (date(2026, 11, 8), Phase.ON_THE_WAY),
        (date(2026, 11, 9), Phase.DELIVERED),  # the books may be a day late
        (date(2027, 5, 9), Phase.DELIVERED),
        (date(2027, 5, 10), Phase.ON_THE_WAY),
    ],
)
def test_a_status_of_another_year_is_about_another_order(
    watch: Watch, day: date, phase: Phase
) -> None:
    order = watch.parcel("1", handed=date(2026, 11, 10))
    watch.status(watch.statuses(), "1", "delivered", day)
    assert watch.phase(order) is phase


@pytest.mark.parametrize("state", ["undone", "quarantined"])
def test_a_file_that_does_not_count_says_nothing(watch: Watch, state: str) -> None:
    order = watch.parcel("1")
    file_id = watch.statuses()
    watch.status(file_id, "1", "delivered", DAY)
    watch.books.run("update file set state = %s, reason = 'x' where id = %s", state, file_id)
    assert watch.phase(order) is Phase.ON_THE_WAY


def test_a_superseded_settlement_says_nothing(watch: Watch) -> None:
    order = watch.parcel("1")
    old = watch.settled(order, "1")
    assert watch.phase(order) is Phase.REPORTED
    watch.books.insert(
        "supersession",
        {"file_id": watch.books.file(), "ordinal": 0, "old_file_id": old, "old_ordinal": 0}
        | {"verdict": "supersedes", "decided_by": "x", "decided_at": NOW},
    )
    assert watch.phase(order) is Phase.ON_THE_WAY


def test_a_settlement_goes_before_every_status(watch: Watch) -> None:
    order = watch.parcel("1")
    watch.settled(order, "1", occurred_on=DAY)
    watch.status(watch.statuses(), "1", "lost", DAY + timedelta(days=1))
    assert watch.phase(order) is Phase.REPORTED


def test_a_settlement_may_say_that_it_comes_back(watch: Watch) -> None:
    order = watch.parcel("1")
    watch.settled(order, "1", 0, row_kind="return", outcome="returned", verdict="returned")
    assert watch.phase(order) is Phase.COMING_BACK


@pytest.mark.parametrize("verdict", ["unknown_order", "ambiguous_order", "service_row"])
def test_a_row_that_is_perhaps_about_it_leaves_it_waited_for(watch: Watch, verdict: str) -> None:
    order = watch.parcel("1")
    watch.settled(order, "1", verdict=verdict)
    assert watch.phase(order) is Phase.ON_THE_WAY


class TestNotOwed:
    """Orders that no courier owes anything for."""

    def gone(self, watch: Watch, order: UUID) -> bool:
        return watch.phase(order) is None

    def test_paid_ones(self, watch: Watch) -> None:
        assert self.gone(watch, watch.parcel("1", paid=100_000))

    def test_those_paid_at_their_demand(self, watch: Watch) -> None:
        order = watch.books.order("1")
        watch.books.demand(order, payed_sum=100_000)
        assert self.gone(watch, order)

    def test_those_that_came_back(self, watch: Watch) -> None:
        order = watch.books.order("1")
        watch.books.salesreturn(watch.books.demand(order), 100_000)
        assert self.gone(watch, order)

    @pytest.mark.parametrize("state", ["Отменен", "Возвращен"])
    def test_cancelled_ones(self, watch: Watch, state: str) -> None:
        assert self.gone(watch, watch.parcel("1", state=state))

    def test_those_that_were_not_shipped(self, watch: Watch) -> None:
        draft = watch.books.order("2")
        watch.books.demand(draft, applicable=False)
        assert self.gone(watch, watch.books.order("1"))
        assert self.gone(watch, draft)

    @pytest.mark.parametrize("change", [{"deleted": True}, {"applicable": False}])
    def test_deleted_ones_and_drafts(self, watch: Watch, change: dict[str, bool]) -> None:
        assert self.gone(watch, watch.parcel("1", **change))


@pytest.mark.parametrize(
    ("posting", "left"),
    [
        ({"state": "sending"}, 40_000),
        ({"state": "unsure"}, 40_000),
        ({"state": "posted", "posted_at": FETCHED + timedelta(minutes=1)}, 40_000),
        ({"state": "posted", "posted_at": FETCHED - timedelta(minutes=1)}, 100_000),
        ({"state": "planned"}, 100_000),
        ({"state": "reversed"}, 100_000),
        ({"state": "posted", "kind": "salesreturn"}, 40_000),
    ],
)
def test_what_was_booked_after_the_mirror_was_read_counts(
    watch: Watch, posting: dict[str, object], left: int
) -> None:
    order = watch.parcel("1")
    watch.books.posting(watch.books.file(), amount=60_000, order_id=order, **posting)
    [owed] = watch.owed().values()
    assert owed.total.amount == left


def test_only_what_is_left_of_an_order_is_owed(watch: Watch) -> None:
    order = watch.books.order("1", 100_000, 30_000)
    watch.books.salesreturn(watch.books.demand(order), 20_050)
    [owed] = watch.owed().values()
    assert owed.total.amount == 49_950


def test_a_second_look_writes_nothing(watch: Watch) -> None:
    watch.parcel("1")
    watch.status(watch.statuses(), "1", "delivered", DAY)
    assert watch.look() == 1
    before = watch.books.run("select xmin::text, * from owed_order")
    assert watch.look() == 1
    assert watch.books.run("select xmin::text, * from owed_order") == before


def test_what_is_paid_leaves_the_table(watch: Watch) -> None:
    order = watch.parcel("1")
    assert watch.look() == 1
    watch.books.run("update snapshot_order set payed_sum = sum where id = %s", order)
    assert watch.look() == 0
