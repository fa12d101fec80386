"""A transfer whose term has passed is one question, and only where the statements could show it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from sverka.couriers import Couriers
from sverka.discrepancies import Action, Filter, Kind, ResolvedBy, State, open_ones
from sverka.discrepancies.refresh import Refreshed
from sverka.payouts.facts import BEFORE
from sverka.watching import refresh as look
from tests.discrepancies.facts import Facts
from tests.support.rows import a_line, a_report, a_verdict, an_id
from tests.watching.conftest import COURIERS

TODAY = date(2026, 11, 20)
DAY = date(2026, 11, 9)
DUE = TODAY - timedelta(days=1)
SUM = 700_000


def waits(facts: Facts, **given: Any) -> UUID:
    told = {"sentence": "Перевод на 7 000,00 ₽: деньги в банк ещё не пришли."}
    return facts.payout("waiting", **{"day": DAY, "due_on": DUE} | told | given)


@pytest.fixture
def covered(facts: Facts) -> None:
    facts.statement(DAY - BEFORE, DUE)


@pytest.mark.usefixtures("covered")
class TestLate:
    def test_one_opens_when_its_term_has_passed(self, facts: Facts) -> None:
        key = waits(facts)
        assert facts.refresh() == Refreshed(opened=1)
        found = facts.only()
        assert (found.kind, found.key, found.verdict) == (Kind.PAYOUT, key, "unpaid")
        assert (found.stake, found.file) == (SUM, "реестр.xlsx")
        assert found.sentence == (
            "Перевод на 7 000,00 ₽: деньги в банк ещё не пришли. Срок по договору вышел 19 ноября "
            "2026: запросите у курьера платёжное поручение."
        )
        assert facts.refresh() == Refreshed()

    @pytest.mark.parametrize("due_on", [TODAY, None])
    def test_what_is_not_due_is_waited_for(self, facts: Facts, due_on: date | None) -> None:
        waits(facts, due_on=due_on)
        assert facts.refresh() == Refreshed()

    def test_copies_of_a_report_are_one_transfer(self, facts: Facts) -> None:
        waits(facts)
        waits(facts)
        assert facts.refresh() == Refreshed(opened=1)
        assert facts.only().stake == SUM

    def test_another_account_without_the_days_may_have_it(self, facts: Facts) -> None:
        waits(facts)
        facts.statement(DAY, DUE, account="40817")
        assert facts.refresh() == Refreshed()

    def test_an_account_in_another_currency_cannot(self, facts: Facts) -> None:
        waits(facts)
        facts.statement(DAY, DUE, account="40817", currency="USD")
        assert facts.refresh() == Refreshed(opened=1)

    @pytest.mark.parametrize(
        ("changes", "how"),
        [
            ({"state": "paid", "movement_key": an_id("m"), "received": SUM}, ResolvedBy.BANK),
            ({"due_on": TODAY}, ResolvedBy.TERM),
            ({"state": "void"}, ResolvedBy.REPORT),
        ],
    )
    def test_it_is_resolved_when_the_money_comes(
        self, facts: Facts, changes: dict[str, Any], how: ResolvedBy
    ) -> None:
        waits(facts)
        facts.refresh()
        named = ", ".join(f"{name} = %s" for name in changes)
        facts.run(f"update payout set {named}", *changes.values())
        assert facts.refresh() == Refreshed(resolved=1)
        assert facts.only().resolved_by is how

    def test_a_month_later_it_is_the_same_question_with_another_word(self, facts: Facts) -> None:
        waits(facts)
        facts.refresh()
        facts.run("update payout set state = 'missing'")
        assert facts.refresh() == Refreshed(changed=1)
        assert facts.only().verdict == "missing"

    def test_what_somebody_explained_is_asked_again_when_a_part_came(self, facts: Facts) -> None:
        waits(facts)
        facts.refresh()
        facts.decide(Action.EXPLAIN, "Обещали до среды.")
        facts.run("update payout set state = 'differs', received = 650000")
        assert facts.refresh() == Refreshed(reopened=1)
        assert (facts.only().state, facts.only().stake) == (State.OPEN, 50_000)


@pytest.mark.parametrize(
    ("since", "until"),
    [(DAY, DUE), (DAY - BEFORE, DUE - timedelta(days=1)), (None, None)],
)
def test_without_all_the_days_nobody_knows(
    facts: Facts, since: date | None, until: date | None
) -> None:
    waits(facts)
    if since and until:
        facts.statement(since, until)
    assert facts.refresh() == Refreshed()


def test_two_statements_on_end_have_all_the_days(facts: Facts) -> None:
    waits(facts)
    facts.statement(DAY - BEFORE, DAY)
    facts.statement(DAY + timedelta(days=1), DUE)
    assert facts.refresh() == Refreshed(opened=1)


def test_the_look_writes_the_term_of_the_contract(facts: Facts) -> None:
    """Five banking days after Monday the 9th."""
    waits(facts, courier="dalli", due_on=None)
    look(facts.conn, Couriers({one.code: one for one in COURIERS}))
    assert facts.run("select due_on from payout") == [(date(2026, 11, 16),)]


class TestRowsThatWaitForIt:
    """Rows of a report whose transfer is in question are no questions of their own."""

    def row(self, facts: Facts, rule: str) -> int:
        """A row of the payout's own report."""
        [(file_id,)] = facts.run("select file_id from payout")
        report_id = a_report(facts.conn, file_id, ordinal=1)
        line_id = a_line(facts.conn, report_id, line_key=an_id("key", "row"))
        now = facts.clock()
        a_verdict(facts.conn, line_id, "unpaid", clean=False, rule=rule, decided_at=now)
        return int(file_id)

    def standing(self, facts: Facts) -> list[tuple[str, str]]:
        found = open_ones(facts.conn, Filter(), facts.clock()).items
        return [(one.kind, one.verdict) for one in found]

    @pytest.mark.parametrize("state", ["missing", "differs", "contested"])
    def test_the_transfer_speaks_for_them(self, facts: Facts, state: str) -> None:
        facts.payout(state, received=1)
        self.row(facts, "residual.exact+bank.asks")
        facts.refresh()
        assert self.standing(facts) == [("payout", state)]

    @pytest.mark.usefixtures("covered")
    def test_a_late_one_too(self, facts: Facts) -> None:
        waits(facts)
        self.row(facts, "residual.exact+bank.overdue")
        facts.refresh()
        assert self.standing(facts) == [("payout", "unpaid")]

    @pytest.mark.parametrize("state", ["unknown", "owed"])
    def test_where_no_transfer_is_asked_about_they_speak(self, facts: Facts, state: str) -> None:
        facts.payout(state)
        self.row(facts, "residual.exact+bank.asks")
        facts.refresh()
        assert self.standing(facts) == [("line", "unpaid")]

    def test_what_came_meanwhile_opens_nothing_until_it_is_booked(self, facts: Facts) -> None:
        facts.payout("missing")
        file_id = self.row(facts, "residual.exact+bank.asks")
        facts.refresh()
        facts.run("update payout set state = 'paid', movement_key = key")
        facts.refresh([file_id])
        assert self.standing(facts) == []

    def test_once_a_statement_shows_the_transfer_they_are_the_banks_matter(
        self, facts: Facts
    ) -> None:
        waits(facts)
        self.row(facts, "residual.exact+bank.overdue")
        facts.refresh()
        assert self.standing(facts) == [("line", "unpaid")]
        facts.statement(DAY - BEFORE, DUE)
        facts.refresh()
        assert self.standing(facts) == [("payout", "unpaid")]
        [resolved] = open_ones(facts.conn, Filter(states=(State.RESOLVED,)), facts.clock()).items
        assert resolved.resolved_by is ResolvedBy.BANK
