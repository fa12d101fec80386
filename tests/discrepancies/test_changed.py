"""What changed since yesterday: days are Moscow's, and each thing belongs to exactly one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sverka.clock import moscow_day
from sverka.couriers import Couriers
from sverka.discrepancies import (
    Action,
    Filter,
    aged_since,
    ages,
    changed_since,
    day_in_moscow,
    totals,
)
from sverka.watching import note_day, trend
from tests.discrepancies.facts import Facts
from tests.watching.conftest import COURIERS

TODAY = date(2026, 11, 20)
MIDNIGHT = datetime(2026, 11, 19, 21, tzinfo=UTC)
"""When the 20th begins in Moscow."""
INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)

Told = list[tuple[str, str | None, int, int]]


def at(facts: Facts, moment: datetime) -> None:
    """The next refresh or decision is at this moment: each moves the clock a minute before."""
    facts.clock.now = moment - timedelta(minutes=1)


def on(facts: Facts, day: date) -> Told:
    found = changed_since(facts.conn, *day_in_moscow(day))
    return [(one.what, one.how, one.count, one.stake) for one in found]


def test_a_day_begins_and_ends_at_midnight_in_moscow() -> None:
    assert day_in_moscow(TODAY) == (MIDNIGHT, MIDNIGHT + DAY)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (MIDNIGHT - INSTANT, TODAY - DAY),
        (MIDNIGHT, TODAY),
        (datetime(2026, 11, 20, tzinfo=UTC), TODAY),  # midnight in Greenwich is no boundary
        (MIDNIGHT + DAY - INSTANT, TODAY),
        (MIDNIGHT + DAY, TODAY + DAY),
    ],
)
def test_each_moment_belongs_to_one_day_of_moscow(
    facts: Facts, moment: datetime, day: date
) -> None:
    facts.line()
    at(facts, moment)
    facts.refresh()
    days = [TODAY + number * DAY for number in (-2, -1, 0, 1, 2)]
    assert [one for one in days if on(facts, one)] == [day] == [moscow_day(moment)]
    assert on(facts, day) == [("opened", None, 1, 10_000)]


def opened_yesterday(facts: Facts) -> int:
    line_id = facts.line()
    at(facts, MIDNIGHT - INSTANT)
    facts.refresh()
    return line_id


def test_what_was_resolved_says_how_and_which_money(facts: Facts) -> None:
    line_id = opened_yesterday(facts)
    facts.judge(line_id, "matched")
    at(facts, MIDNIGHT)
    facts.refresh()
    assert on(facts, TODAY) == [("resolved", "books", 1, 10_000)]


def test_what_a_person_gave_up_is_resolved_with_its_money(facts: Facts) -> None:
    opened_yesterday(facts)
    at(facts, MIDNIGHT)
    facts.decide(Action.ACCEPT_LOSS)
    assert on(facts, TODAY) == [("resolved", "accepted_loss", 1, 10_000)]


def test_an_explanation_changes_no_sum(facts: Facts) -> None:
    opened_yesterday(facts)
    at(facts, MIDNIGHT)
    facts.decide(Action.EXPLAIN, "Ждём акт.")
    assert on(facts, TODAY) == []


def test_resolved_before_and_open_again_after_midnight_are_two_days(facts: Facts) -> None:
    line_id = facts.line()
    at(facts, MIDNIGHT - DAY)
    facts.refresh()
    facts.judge(line_id, "matched")
    at(facts, MIDNIGHT - INSTANT)
    facts.refresh()
    facts.judge(line_id, "underpaid", received=70_000)
    at(facts, MIDNIGHT)
    facts.refresh()
    assert on(facts, TODAY) == [("reopened", None, 1, 30_000)]


def test_back_and_forth_within_a_day_is_nothing_new(facts: Facts) -> None:
    line_id = opened_yesterday(facts)
    at(facts, MIDNIGHT)
    for verdict in ("matched", "underpaid"):
        facts.judge(line_id, verdict)
        facts.refresh()
    assert on(facts, TODAY) == []


def test_the_days_explain_what_stands_now(facts: Facts) -> None:
    lines = [facts.line(key=key) for key in "1234"]
    at(facts, MIDNIGHT - DAY)
    facts.refresh()
    facts.judge(lines[0], "matched")
    facts.judge(lines[1], "underpaid", received=50_000)
    at(facts, MIDNIGHT)
    facts.refresh()
    facts.judge(lines[0], "underpaid")
    facts.line(key="5")
    at(facts, MIDNIGHT + DAY)
    facts.refresh()
    sign = {"opened": 1, "reopened": 1, "changed": 1, "resolved": -1}
    days = [TODAY + number * DAY for number in (-1, 0, 1)]
    moved = sum(sign[what] * stake for day in days for what, _, _, stake in on(facts, day))
    standing = sum(one.stake for one in totals(facts.conn, Filter(), facts.clock()))
    assert moved == standing == 90_000


def test_the_figures_of_a_day_are_counted_on_the_same_day(facts: Facts) -> None:
    line_id = opened_yesterday(facts)
    facts.judge(line_id, "matched")
    at(facts, MIDNIGHT)
    facts.refresh()
    couriers = Couriers({one.code: one for one in COURIERS})
    for day in (TODAY - DAY, TODAY):
        note_day(facts.conn, couriers, day, MIDNIGHT + DAY)
    assert [(one.day, one.opened, one.resolved) for one in trend(facts.conn, TODAY)] == [
        (TODAY - DAY, 1, 0),
        (TODAY, 0, 1),
    ]


class TestAged:
    def seen(self, facts: Facts, moment: datetime) -> int:
        """A discrepancy first seen at a moment."""
        at(facts, moment)
        line_id = facts.line(facts.file())
        facts.run("update file set received_at = %s", moment)
        facts.refresh()
        return line_id

    def on(self, facts: Facts, day: date) -> list[tuple[int, int | None, int, int]]:
        found = aged_since(facts.conn, *day_in_moscow(day))
        return [(one.since, one.until, one.count, one.stake) for one in found]

    @pytest.mark.parametrize("days", [2, 8, 31, 91])
    def test_on_the_day_it_comes_into_an_older_bucket(self, facts: Facts, days: int) -> None:
        """First seen at the last instant of a day, so it is so many days old on a later day."""
        self.seen(facts, MIDNIGHT + DAY - INSTANT - days * DAY)
        until = {2: 8, 8: 31, 31: 91, 91: None}[days]
        assert self.on(facts, TODAY) == [(days, until, 1, 10_000)]
        assert self.on(facts, TODAY - DAY) == self.on(facts, TODAY + DAY) == []
        [now] = ages(facts.conn, Filter(), day_in_moscow(TODAY)[1])
        assert (now.since, now.until) == (days, until)

    def test_what_was_resolved_grows_no_older(self, facts: Facts) -> None:
        line_id = self.seen(facts, MIDNIGHT - 2 * DAY)
        facts.judge(line_id, "matched")
        facts.refresh()
        assert self.on(facts, TODAY - DAY) == []

    def test_what_is_resolved_later_had_grown_older_on_its_day(self, facts: Facts) -> None:
        line_id = self.seen(facts, MIDNIGHT - 2 * DAY + INSTANT)
        facts.judge(line_id, "matched")
        at(facts, MIDNIGHT + DAY)
        facts.refresh()
        assert self.on(facts, TODAY) == [(2, 8, 1, 10_000)]

    def test_a_week_counts_each_once_where_it_is_at_the_end(self, facts: Facts) -> None:
        self.seen(facts, MIDNIGHT - DAY)
        [one] = aged_since(facts.conn, MIDNIGHT, MIDNIGHT + 7 * DAY)
        assert (one.since, one.count) == (8, 1)
