"""What opens, resolves and reopens a discrepancy, and what a person's word is worth."""

from collections.abc import Callable

import pytest

from sverka.discrepancies import Action, ResolvedBy, State, What, Why, history
from sverka.discrepancies.refresh import Refreshed
from tests.discrepancies.facts import PERSON, Facts
from tests.support.rows import a_line, a_report, a_verdict, an_id, insert

ORDER = an_id("order")


def test_a_line_in_question_opens_one_with_its_place_and_money(facts: Facts) -> None:
    line_id = facts.line(order="М-5", order_id=ORDER)
    assert facts.refresh() == Refreshed(opened=1)
    found = facts.only()
    assert (found.state, found.verdict, found.stake) == (State.OPEN, "underpaid", 10_000)
    assert (found.line_id, found.file, found.sheet) == (line_id, "реестр.xlsx", "Реестр")
    assert (found.order, found.order_id, found.sentence) == ("М-5", ORDER, "Потому что underpaid.")


@pytest.mark.parametrize(
    ("verdict", "clean"),
    [("matched", True), ("already_settled", False), ("service_row", False), ("returned", True)],
)
def test_what_asks_nobody_opens_nothing(facts: Facts, verdict: str, clean: bool) -> None:
    facts.line(verdict=verdict, clean=clean)
    assert facts.refresh() == Refreshed()
    assert facts.all() == ()


@pytest.mark.parametrize("state", ["rejected", "failed"])
def test_a_document_that_is_not_booked_opens_one(facts: Facts, state: str) -> None:
    sync_id = facts.document(state)
    facts.refresh()
    found = facts.only()
    assert (found.kind, found.key, found.verdict, found.stake) == ("document", sync_id, state, 5000)
    assert found.sentence == "Не принят."


@pytest.mark.parametrize(
    ("state", "received", "stake"),
    [("missing", None, 700_000), ("differs", 650_000, 50_000), ("contested", None, 700_000)],
)
def test_a_payout_that_asks_opens_one_for_all_its_reports(
    facts: Facts, state: str, received: int | None, stake: int
) -> None:
    facts.payout(state, received=received)
    facts.payout(state, received=received)
    facts.refresh()
    assert (facts.only().kind, facts.only().stake) == ("payout", stake)


@pytest.mark.parametrize("files", [None, "own"])
def test_refreshing_again_changes_nothing(facts: Facts, files: str | None) -> None:
    line_id = facts.line()
    facts.document()
    facts.payout()
    facts.refresh()
    before = facts.all(), facts.run("select count(*) from discrepancy_event")
    assert facts.refresh([facts.file_of(line_id)] if files else None) == Refreshed()
    assert (facts.all(), facts.run("select count(*) from discrepancy_event")) == before


def test_the_same_money_in_another_file_is_the_same_discrepancy(facts: Facts) -> None:
    facts.line()
    facts.refresh()
    first = facts.only()
    again = facts.line(facts.file("копия.xlsx"))
    assert facts.refresh() == Refreshed()
    assert (facts.only().id, facts.only().line_id) == (first.id, again)
    assert facts.only().updated == first.updated


def test_two_rows_of_one_file_with_one_key_are_two_questions(facts: Facts) -> None:
    file_id = facts.file()
    facts.line(file_id)
    facts.line(file_id, "duplicate_in_report", received=100)
    facts.refresh()
    assert sorted(found.verdict for found in facts.all()) == ["duplicate_in_report", "underpaid"]


def booked_for_the_line(facts: Facts, line_id: int) -> None:
    facts.book(facts.file(), line_key=an_id("key", "1"))


def booked_for_the_order(facts: Facts, line_id: int) -> None:
    facts.book(facts.file(), order_id=ORDER)


def booked_by_its_own_file(facts: Facts, line_id: int) -> None:
    facts.judge(line_id, "matched")
    facts.book(facts.file_of(line_id), line_key=an_id("key", "1"))


def told_by_a_later_report(facts: Facts, line_id: int) -> None:
    facts.line(facts.file("новый.xlsx"), "matched")


def put_right_in_the_books(facts: Facts, line_id: int) -> None:
    facts.judge(line_id, "matched")


def its_file_undone(facts: Facts, line_id: int) -> None:
    facts.state_of_file(facts.file_of(line_id), "undone")


def superseded(facts: Facts, line_id: int) -> None:
    facts.judge(line_id, "already_settled")


ENDS = [
    (booked_for_the_line, ResolvedBy.BOOKING),
    (booked_for_the_order, ResolvedBy.BOOKING),
    (booked_by_its_own_file, ResolvedBy.BOOKING),
    (told_by_a_later_report, ResolvedBy.REPORT),
    (put_right_in_the_books, ResolvedBy.BOOKS),
    (its_file_undone, ResolvedBy.UNDO),
    (superseded, ResolvedBy.REPORT),
]
End = Callable[[Facts, int], None]


@pytest.mark.parametrize("explained", [False, True])
@pytest.mark.parametrize(("end", "how"), ENDS, ids=lambda it: getattr(it, "__name__", str(it)))
def test_a_fact_resolves_it_and_says_how(
    facts: Facts, end: End, how: ResolvedBy, explained: bool
) -> None:
    line_id = facts.line(order_id=ORDER)
    facts.refresh()
    if explained:
        facts.decide(Action.EXPLAIN, "Ждём корректировку.")
    end(facts, line_id)
    assert facts.refresh().resolved == 1
    found = facts.only()
    assert (found.state, found.resolved_by, found.in_question) == (State.RESOLVED, how, False)
    assert found.comment == ("Ждём корректировку." if explained else None)


def test_what_its_own_file_booked_for_the_order_before_resolves_nothing(facts: Facts) -> None:
    line_id = facts.line(order_id=ORDER)
    facts.book(facts.file_of(line_id), order_id=ORDER)
    facts.refresh()
    assert facts.only().state is State.OPEN


def test_a_file_that_is_read_anew_keeps_its_discrepancies_meanwhile(facts: Facts) -> None:
    line_id = facts.line()
    facts.refresh()
    facts.state_of_file(facts.file_of(line_id), "processing")
    facts.run("delete from line where id = %s", line_id)
    assert facts.refresh() == Refreshed()
    facts.state_of_file(facts.only().file_id, "settled")
    assert facts.refresh() == Refreshed(resolved=1)
    assert facts.only().resolved_by is ResolvedBy.REPORT


@pytest.mark.parametrize(
    ("state", "how"), [("posted", "booking"), ("reversed", "undo"), ("planned", "books")]
)
def test_a_document_is_resolved_by_what_became_of_it(facts: Facts, state: str, how: str) -> None:
    sync_id = facts.document()
    facts.refresh()
    facts.run(
        "update posting set state = %s, moysklad_id = %s where sync_id = %s",
        *(state, sync_id, sync_id),
    )
    facts.refresh()
    assert facts.only().resolved_by == how


@pytest.mark.parametrize("state", ["approved", "sending", "unsure"])
def test_a_document_on_its_way_is_no_answer_yet(facts: Facts, state: str) -> None:
    sync_id = facts.document()
    facts.refresh()
    facts.run("update posting set state = %s where sync_id = %s", state, sync_id)
    assert facts.refresh() == Refreshed()


@pytest.mark.parametrize(("state", "how"), [("waiting", "bank"), ("void", "report")])
def test_a_payout_is_resolved_by_the_bank(facts: Facts, state: str, how: str) -> None:
    facts.payout()
    facts.refresh()
    facts.run("update payout set state = %s", state)
    facts.refresh()
    assert facts.only().resolved_by == how


def test_what_comes_back_is_the_same_one_reopened(facts: Facts) -> None:
    line_id = facts.line()
    facts.refresh()
    facts.judge(line_id, "matched")
    facts.refresh()
    facts.judge(line_id, "underpaid")
    assert facts.refresh() == Refreshed(reopened=1)
    found = facts.only()
    assert (found.state, found.times_reopened, found.resolved_by) == (State.OPEN, 1, None)
    assert history(facts.conn, found.id)[-1].how == "fact"


def test_another_stake_is_a_change_while_it_is_open(facts: Facts) -> None:
    line_id = facts.line()
    facts.refresh()
    facts.judge(line_id, "underpaid", received=80_000)
    assert facts.refresh() == Refreshed(changed=1)
    event = history(facts.conn, facts.only().id)[-1]
    assert (event.what, event.from_stake, event.to_stake) == (What.CHANGED, 10_000, 20_000)


DECISIONS = [
    (Action.EXPLAIN, State.EXPLAINED, None),
    (Action.RESOLVE, State.RESOLVED, ResolvedBy.PERSON),
    (Action.ACCEPT_LOSS, State.RESOLVED, ResolvedBy.ACCEPTED_LOSS),
]


@pytest.mark.parametrize(("action", "state", "how"), DECISIONS)
class TestAPersonsWord:
    def test_stands_while_nothing_changes(
        self, facts: Facts, action: Action, state: State, how: ResolvedBy | None
    ) -> None:
        facts.line()
        facts.refresh()
        assert facts.decide(action, "Так договорились.").applied == 1
        assert facts.refresh() == Refreshed()
        found = facts.only()
        assert (found.state, found.resolved_by, found.comment) == (state, how, "Так договорились.")
        assert (found.decided_by, found.in_question) == (PERSON, True)
        assert found.accepted_amount == (10_000 if action is Action.ACCEPT_LOSS else None)

    @pytest.mark.parametrize(("verdict", "received"), [("overpaid", 90_000), ("underpaid", 1)])
    def test_is_asked_again_when_the_facts_are_others(
        self,
        facts: Facts,
        action: Action,
        state: State,
        how: ResolvedBy | None,
        verdict: str,
        received: int,
    ) -> None:
        line_id = facts.line()
        facts.refresh()
        facts.decide(action, "Так договорились.")
        facts.judge(line_id, verdict, received=received)
        assert facts.refresh() == Refreshed(reopened=1)
        found = facts.only()
        assert (found.state, found.accepted_amount) == (State.OPEN, None)
        told = history(facts.conn, found.id)
        assert told[-1].how == "changed"
        assert [event.comment for event in told].count("Так договорились.") == 1

    def test_is_there_still_when_the_same_question_went_and_came_back(
        self, facts: Facts, action: Action, state: State, how: ResolvedBy | None
    ) -> None:
        line_id = facts.line()
        facts.refresh()
        facts.decide(action, "Так договорились.")
        facts.judge(line_id, "matched")
        facts.refresh()
        facts.judge(line_id, "underpaid")
        facts.refresh()
        found = facts.only()
        by_person = how is not None
        assert found.state is (State.RESOLVED if by_person else State.OPEN)
        assert found.resolved_by is how
        assert found.in_question

    def test_is_refused_about_what_changed_meanwhile(
        self, facts: Facts, action: Action, state: State, how: ResolvedBy | None
    ) -> None:
        line_id = facts.line()
        facts.refresh()
        seen = facts.only().updated
        facts.judge(line_id, "underpaid", received=1)
        facts.refresh()
        decided = facts.decide(action, "Так договорились.", seen=seen)
        assert (decided.applied, [one.why for one in decided.refused]) == (0, [Why.STALE])
        assert facts.only().state is State.OPEN

    def test_said_twice_is_said_once(
        self, facts: Facts, action: Action, state: State, how: ResolvedBy | None
    ) -> None:
        facts.line()
        facts.refresh()
        seen = facts.only().updated
        facts.decide(action, "Так договорились.", seen=seen)
        before = facts.only()
        again = facts.decide(action, "Так договорились.", seen=seen)
        assert (again.applied, again.same, again.refused) == (0, 1, ())
        assert facts.only() == before


@pytest.mark.parametrize("action", [Action.EXPLAIN, Action.ACCEPT_LOSS])
@pytest.mark.parametrize(
    ("made", "changed"),
    [
        (Facts.document, "update posting set amount = 6000"),
        (Facts.payout, "update payout set expected = 710000"),
    ],
    ids=["document", "payout"],
)
def test_what_was_given_up_or_explained_is_asked_again_about_other_money(
    facts: Facts, made: Callable[[Facts], object], changed: str, action: Action
) -> None:
    made(facts)
    facts.refresh()
    facts.decide(action, "Мелочь.")
    facts.run(changed)
    assert facts.refresh() == Refreshed(reopened=1)
    assert (facts.only().state, facts.only().accepted_amount) == (State.OPEN, None)


def test_a_person_reopens_what_is_in_question(facts: Facts) -> None:
    facts.line()
    facts.refresh()
    facts.decide(Action.ACCEPT_LOSS)
    assert facts.decide(Action.REOPEN, "Курьер признал.").applied == 1
    found = facts.only()
    assert (found.state, found.times_reopened, found.accepted_amount) == (State.OPEN, 1, None)


def test_nobody_reopens_what_is_answered(facts: Facts) -> None:
    line_id = facts.line()
    facts.refresh()
    facts.judge(line_id, "matched")
    facts.refresh()
    assert [one.why for one in facts.decide(Action.REOPEN).refused] == [Why.ANSWERED]


@pytest.mark.parametrize(
    ("first", "then", "why"),
    [
        (None, Action.REOPEN, Why.OPEN),
        (Action.RESOLVE, Action.ACCEPT_LOSS, Why.RESOLVED),
        (Action.RESOLVE, Action.EXPLAIN, Why.RESOLVED),
    ],
)
def test_a_step_that_leads_nowhere_is_refused(
    facts: Facts, first: Action | None, then: Action, why: Why
) -> None:
    facts.line()
    facts.refresh()
    if first:
        facts.decide(first)
    assert [one.why for one in facts.decide(then, "Потому что.").refused] == [why]


def test_an_explanation_needs_words(facts: Facts) -> None:
    facts.line()
    facts.refresh()
    assert [one.why for one in facts.decide(Action.EXPLAIN, "  ").refused] == [Why.SILENT]


def test_a_refresh_of_one_file_sees_what_it_answers_in_others(facts: Facts) -> None:
    facts.line(order_id=ORDER)
    facts.refresh()
    later = facts.file("новый.xlsx")
    facts.book(later, order_id=ORDER)
    assert facts.refresh([later]) == Refreshed(resolved=1)


def test_a_refresh_of_one_file_sees_the_report_that_it_corrects(facts: Facts) -> None:
    line_id = facts.line()
    facts.refresh()
    later = facts.file("исправленный.xlsx")
    insert(
        facts.conn,
        "supersession",
        file_id=later,
        ordinal=1,
        old_file_id=facts.file_of(line_id),
        old_ordinal=1,
        verdict="supersedes",
        decided_by=PERSON,
        decided_at=facts.clock(),
    )
    facts.judge(line_id, "already_settled")
    assert facts.refresh([later]) == Refreshed(resolved=1)


def test_a_refresh_of_one_file_leaves_the_others_alone(facts: Facts) -> None:
    facts.line(key="1")
    own = facts.line(key="2")
    assert facts.refresh([facts.file_of(own)]) == Refreshed(opened=1)


def test_other_reports_are_no_question_of_money(facts: Facts) -> None:
    report_id = a_report(facts.conn, facts.file(), purpose="statuses")
    a_verdict(facts.conn, a_line(facts.conn, report_id), "underpaid", expected=1)
    assert facts.refresh() == Refreshed()
