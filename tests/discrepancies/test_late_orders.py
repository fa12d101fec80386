"""A shipped order that nobody paid for in time has a life too; one that is waited for has none."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from sverka.discrepancies import Action, Filter, Kind, ResolvedBy, State, history, open_ones, totals
from sverka.discrepancies.refresh import Refreshed
from sverka.discrepancies.words import event_in_words
from sverka.texts import Texts
from tests.discrepancies.facts import Facts
from tests.support.rows import an_id

TODAY = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)
"""The last day of a term that has just passed."""


def test_what_is_not_due_yet_is_no_discrepancy(facts: Facts) -> None:
    facts.owed(due_on=TODAY)
    assert facts.refresh() == Refreshed()


def test_the_day_after_its_term_it_opens_one_without_a_file(facts: Facts) -> None:
    order_id = facts.owed(due_on=YESTERDAY)
    assert facts.refresh() == Refreshed(opened=1)
    found = facts.only()
    assert (found.kind, found.key, found.order_id) == (Kind.ORDER, order_id, order_id)
    assert (found.verdict, found.stake, found.courier) == ("overdue", 100_000, "gorod")
    assert (found.file_id, found.file, found.line_id, found.order) == (None, None, None, "М-1")
    assert found.sentence.startswith("Заказ М-1 передан 20 октября 2026")
    assert found.opened_at == datetime(2026, 11, 19, 21, tzinfo=UTC)  # midnight in Moscow
    assert facts.refresh() == Refreshed()


def test_it_opens_when_the_day_begins_in_moscow(facts: Facts) -> None:
    facts.owed(due_on=TODAY)
    facts.clock.now = datetime(2026, 11, 20, 20, 58, tzinfo=UTC)
    assert facts.refresh() == Refreshed()
    assert facts.refresh() == Refreshed(opened=1)


def test_it_is_found_by_its_number_and_counted_with_the_others(facts: Facts) -> None:
    facts.owed(due_on=YESTERDAY, courier=None, told_by="nobody")
    facts.line(key="2")
    facts.refresh()
    [found] = open_ones(facts.conn, Filter(order="М-1"), facts.clock()).items
    assert (found.kind, found.courier) == (Kind.ORDER, "")
    sums = {
        (one.courier, one.verdict): one.stake for one in totals(facts.conn, Filter(), facts.clock())
    }
    assert sums == {("", "overdue"): 100_000, ("gorod", "underpaid"): 10_000}


def paid(facts: Facts, order_id: UUID) -> None:
    facts.book(facts.file(), order_id=order_id)
    facts.run("delete from owed_order")


def reported(facts: Facts, order_id: UUID) -> None:
    facts.run("update owed_order set phase = 'reported', due_on = null")


def coming_back(facts: Facts, order_id: UUID) -> None:
    facts.run("update owed_order set phase = 'coming_back', due_on = null")


def paid_by_hand(facts: Facts, order_id: UUID) -> None:
    facts.run("delete from owed_order")


def delivered(facts: Facts, order_id: UUID) -> None:
    facts.owed(due_on=TODAY, phase="delivered", delivered_on=YESTERDAY)


ENDS = [
    (paid, ResolvedBy.BOOKING, "деньги проведены"),
    (reported, ResolvedBy.REPORT, "ответил новый отчёт курьера"),
    (coming_back, ResolvedBy.REPORT, "ответил новый отчёт курьера"),
    (paid_by_hand, ResolvedBy.BOOKS, "исправлено в МоёмСкладе"),
    (delivered, ResolvedBy.TERM, "срок ещё не вышел"),
]


@pytest.mark.parametrize(("end", "how", "words"), ENDS, ids=[one[0].__name__ for one in ENDS])
def test_it_is_resolved_when_the_money_comes_or_nothing_is_late(
    facts: Facts, end: Callable[[Facts, UUID], None], how: ResolvedBy, words: str
) -> None:
    order_id = facts.owed(due_on=YESTERDAY)
    facts.refresh()
    end(facts, order_id)
    assert facts.refresh() == Refreshed(resolved=1)
    assert (facts.only().state, facts.only().resolved_by) == (State.RESOLVED, how)
    told = history(facts.conn, facts.only().id)[-1]
    assert event_in_words(Texts(), told, "RUB") == f"решено: {words}"


def test_a_row_in_a_report_speaks_for_the_order_from_then_on(facts: Facts) -> None:
    order_id = facts.owed(due_on=YESTERDAY)
    facts.refresh()
    reported(facts, order_id)
    facts.line(order_id=order_id)
    assert facts.refresh() == Refreshed(opened=1, resolved=1)
    [standing] = open_ones(facts.conn, Filter(), facts.clock()).items
    assert (standing.kind, standing.verdict) == (Kind.LINE, "underpaid")


def test_when_its_report_is_undone_it_is_the_same_one_again(facts: Facts) -> None:
    order_id = facts.owed(due_on=YESTERDAY)
    facts.refresh()
    first = facts.only()
    paid(facts, order_id)
    facts.refresh()
    facts.owed(due_on=YESTERDAY)
    assert facts.refresh() == Refreshed(reopened=1)
    assert (facts.only().id, facts.only().times_reopened) == (first.id, 1)


@pytest.mark.parametrize("action", [Action.EXPLAIN, Action.ACCEPT_LOSS, Action.RESOLVE])
def test_a_persons_word_stands_until_other_money_is_at_stake(facts: Facts, action: Action) -> None:
    facts.owed(due_on=YESTERDAY)
    facts.refresh()
    assert facts.decide(action, "Курьер обещал до среды.").applied == 1
    facts.clock.advance(seconds=24 * 3600)
    assert facts.refresh() == Refreshed()
    facts.owed(due_on=YESTERDAY, open=60_000)  # the buyer paid a part
    assert facts.refresh() == Refreshed(reopened=1)
    found = facts.only()
    assert (found.state, found.stake, found.accepted_amount) == (State.OPEN, 60_000, None)


class TestOfOneFile:
    def test_the_orders_that_its_verdicts_found_are_looked_at(self, facts: Facts) -> None:
        order_id, other = facts.owed(due_on=YESTERDAY), facts.owed("2", due_on=YESTERDAY)
        facts.refresh()
        facts.run("delete from owed_order")
        file_id = facts.file_of(facts.line(verdict="matched", order_id=order_id))
        assert facts.refresh([file_id]) == Refreshed(resolved=1)
        assert {one.key: one.state for one in facts.all()} == {
            order_id: State.RESOLVED,
            other: State.OPEN,
        }

    def test_a_file_that_says_nothing_of_an_order_opens_none(self, facts: Facts) -> None:
        facts.owed(due_on=YESTERDAY)
        assert facts.refresh([facts.file()]) == Refreshed()

    def test_a_file_that_was_undone_opens_what_it_had_answered(self, facts: Facts) -> None:
        order_id = an_id("order", "1")
        file_id = facts.file_of(facts.line(verdict="matched", order_id=order_id))
        facts.owed(due_on=YESTERDAY)
        facts.state_of_file(file_id, "undone")
        assert facts.refresh([file_id]) == Refreshed(opened=1)
