"""What a person decides about a plan: bound to its seal, silence posts nothing, the first answer stands."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from sverka import settling
from sverka.audit.trace import trace
from sverka.audit.tree import as_text
from sverka.commands import approve as command
from sverka.discrepancies import refresh
from sverka.intake import ledger
from sverka.money import Minor
from sverka.posting import deciding, questions
from sverka.posting.approve import POLICY, approve
from sverka.posting.asked import asked, body, subject
from sverka.posting.deciding import (
    AlreadyDecided,
    Answer,
    Look,
    ask_again,
    decide,
    look_again,
    wait,
)
from sverka.posting.policy import Why
from sverka.posting.questions import POST, REFUSE, VOID, Question, all_waiting
from sverka.posting.supersede import supersede
from sverka.posting.undo import undo
from sverka.texts import Language, Texts
from tests.posting.conftest import Desk
from tests.posting.corrected import edition, rows_of
from tests.posting.undone import FEE, Booked, delivered

RUN, NEXT_RUN = "run 1", "run 2"
SAY = Texts()


@pytest.fixture(autouse=True)
def quick_mirror(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The snapshot is prepared by hand; that it is renewed is asked of this list."""
    renewed: list[str] = []
    monkeypatch.setattr(deciding, "mirror", lambda _: renewed.append("renewed"))
    return renewed


def claimed(desk: Desk, file: Booked, run_id: str = RUN) -> Booked:
    desk.books.run("update file set claimed_by = %s, claimed_at = now()", run_id)
    return file


def planned(desk: Desk, file_id: int) -> dict[str, int]:
    settling.plan(desk.services, file_id)
    return dict(settling.approve(desk.services, file_id))


@pytest.fixture
def file(desk: Desk) -> Booked:
    """Two orders of a courier whose every plan a person approves; planned, claimed by a run."""
    desk.terms("dalli", approval="nothing")
    found = claimed(desk, delivered(desk, desk.orders("dalli")[:2]))
    assert planned(desk, found.file_id) == {"approved": 0, "asks": 10}
    return found


def shown(desk: Desk, file: Booked, run_id: str = RUN) -> Question:
    found = wait(desk.services, file.file_id, run_id)
    assert isinstance(found, Question)
    return found


def said(desk: Desk, file: Booked, approved: bool, seal: str, by: str = "Мария") -> str:
    return decide(desk.services, file.file_id, Answer(approved, seal, by, "так надо")).answer


def states(desk: Desk, file: Booked) -> set[tuple[str, str | None]]:
    rows = desk.books.run("select state, approved_by from posting where file_id = %s", file.file_id)
    return {(state, by) for state, by in rows}


def told(desk: Desk, kind: str) -> list[tuple[str, str]]:
    return [
        (by, detail)
        for by, detail in desk.books.run(
            "select by, coalesce(detail ->> 'comment', '') from journal where kind = %s order by id",
            kind,
        )
    ]


def test_nothing_is_posted_while_nobody_answers(desk: Desk, file: Booked) -> None:
    question = shown(desk, file)
    desk.clock.advance(seconds=3600 * 24 * 6)
    assert look_again(desk.services, file.file_id, RUN) is Look.WAITS
    settling.send(desk.services, file.file_id)
    assert desk.in_moysklad() == {}
    assert states(desk, file) == {("planned", None)}
    [waiting] = desk.books.run("select state, reason from file")
    assert waiting[0] == "waiting"
    assert "«Провести» или «Не проводить»" in waiting[1]
    with desk.services.connect() as conn:
        [one] = all_waiting(conn)
    assert (one.seal, one.documents, one.couriers) == (question.seal, 10, ("dalli",))
    assert one.stake == file.total
    assert one.since == desk.clock.now - timedelta(days=6)


def test_yes_posts_exactly_what_was_shown_and_tells_who(desk: Desk, file: Booked) -> None:
    seal = shown(desk, file).seal
    answer = Answer(True, seal, "Мария", "проверила")
    counts = settling.decide(desk.services, file.file_id, answer)
    assert (counts["answer"], counts["by"], counts["again"]) == (POST, "Мария", False)
    assert states(desk, file) == {("posted", "Мария")}
    assert desk.in_moysklad(file.file_id)["paymentin"] == 2
    assert told(desk, "plan.approved") == [("Мария", "проверила")]
    assert {by for by, _ in told(desk, "posting.approved")} == {"Мария"}
    with desk.services.connect() as conn:
        text = as_text(trace(conn, file.orders[0].name))
        assert all_waiting(conn) == []
    assert "Мария" in text
    assert "решено провести" in as_text_of_file(desk)


def as_text_of_file(desk: Desk) -> str:
    with desk.services.connect() as conn:
        return as_text(trace(conn, "report-1.xlsx"))


def test_no_leaves_lines_that_say_whose_decision_it_was(desk: Desk, file: Booked) -> None:
    assert said(desk, file, False, shown(desk, file).seal) == REFUSE
    assert states(desk, file) == set()
    verdicts = desk.books.run("select distinct verdict, clean, sentence from verdict")
    [(verdict, clean, sentence)] = verdicts
    assert (verdict, clean) == ("matched", False)
    assert sentence.startswith("Не проведено по решению: Мария, 20\u00a0ноября: «так надо».")
    assert told(desk, "plan.refused") == [("Мария", "так надо")]
    with desk.services.connect() as conn:
        refresh(conn, desk.clock())
    rows = desk.books.run("select state, sentence, stake from discrepancy order by stake")
    assert [row[2] for row in rows] == sorted(order.sum for order in file.orders)
    assert {row[:2] for row in rows} == {("open", sentence)}
    # Another planning, by whomever, does not bring it back.
    assert planned(desk, file.file_id) == {"approved": 0, "asks": 0}
    assert desk.in_moysklad() == {}


def test_what_was_refused_is_asked_about_again_when_a_person_says_so(
    desk: Desk, file: Booked
) -> None:
    seal = shown(desk, file).seal
    said(desk, file, False, seal)
    settling.finish(desk.services, file.file_id)
    assert ask_again(desk.services, file.file_id, "Анна") == 10
    assert desk.books.run("select state, claimed_by from file") == [("registered", None)]
    assert told(desk, "plan.reopened") == [("Анна", "")]
    claimed(desk, file, NEXT_RUN)
    assert planned(desk, file.file_id)["asks"] == 10
    assert said(desk, file, True, shown(desk, file, NEXT_RUN).seal, "Анна") == POST
    assert ask_again(desk.services, file.file_id, "Анна") == 0


def test_another_row_of_the_order_asks_anew_and_the_other_refusal_stands(
    desk: Desk, file: Booked
) -> None:
    said(desk, file, False, shown(desk, file).seal)
    desk.books.run(
        "update line set fee_delivery = fee_delivery - 1, payout = payout + 1 where order_ref = %s",
        file.orders[0].name,
    )
    assert planned(desk, file.file_id)["asks"] == 5
    assert said(desk, file, True, shown(desk, file, NEXT_RUN).seal) == POST


def someone_paid(desk: Desk, file: Booked) -> None:
    desk.books.run("update snapshot_order set payed_sum = sum where name = %s", file.orders[0].name)


def test_an_answer_to_a_plan_that_holds_no_more_is_void_and_asked_anew(
    desk: Desk, file: Booked, quick_mirror: list[str]
) -> None:
    """Nothing of ours changed the plan: the books did, and nobody knew until the answer came."""
    old = shown(desk, file).seal
    someone_paid(desk, file)
    assert said(desk, file, True, old) == VOID
    assert quick_mirror == ["renewed"]
    assert states(desk, file) == {("planned", None)}
    assert [by for by, _ in told(desk, "plan.void")] == ["plan", "Мария"]
    # This run's form shows the old question for ever, so another run has to ask.
    assert wait(desk.services, file.file_id, RUN) is Look.CHANGED
    assert desk.books.run("select state, claimed_by from file") == [("registered", None)]
    claimed(desk, file, NEXT_RUN)
    new = shown(desk, file, NEXT_RUN)
    assert new.seal != old
    assert said(desk, file, True, old) == VOID
    assert said(desk, file, True, new.seal) == POST
    assert states(desk, file) == {("approved", "Мария")}


@pytest.mark.parametrize(
    "answer", [Answer(True, None, "Мария"), Answer(None, "seal", "Мария"), Answer(True, "", "x")]
)
def test_an_answer_that_is_bound_to_nothing_answers_nothing(
    desk: Desk, file: Booked, answer: Answer
) -> None:
    question = shown(desk, file)
    bound = replace(answer, shown=question.seal) if answer.shown else answer
    assert decide(desk.services, file.file_id, bound).answer == VOID
    assert states(desk, file) == {("planned", None)}
    with desk.services.connect() as conn:
        assert questions.open_question(conn, file.file_id) is not None


def test_a_question_is_void_when_the_plan_changed_before_anybody_answered(
    desk: Desk, file: Booked
) -> None:
    since = shown(desk, file).since
    someone_paid(desk, file)
    desk.clock.advance(seconds=3600)
    desk.plan(file.file_id)
    assert look_again(desk.services, file.file_id, RUN) is Look.CHANGED
    claimed(desk, file, NEXT_RUN)
    new = shown(desk, file, NEXT_RUN)
    assert (new.since, new.asked_at) == (since, desk.clock.now)
    assert [by for by, _ in told(desk, "plan.void")] == ["plan"]
    assert look_again(desk.services, file.file_id, NEXT_RUN) is Look.WAITS


def test_after_a_week_a_fresh_run_asks_about_a_fresh_plan(desk: Desk, file: Booked) -> None:
    since = shown(desk, file).since
    desk.clock.advance(seconds=deciding.PATIENCE.total_seconds())
    assert look_again(desk.services, file.file_id, RUN) is Look.CHANGED
    claimed(desk, file, NEXT_RUN)
    assert planned(desk, file.file_id)["asks"] == 10
    assert shown(desk, file, NEXT_RUN).since == since
    assert look_again(desk.services, file.file_id, NEXT_RUN) is Look.WAITS
    assert desk.in_moysklad() == {}


def test_a_question_that_answered_itself_stops_nobody(desk: Desk, file: Booked) -> None:
    shown(desk, file)
    desk.books.run("update snapshot_order set payed_sum = sum + 1")
    desk.plan(file.file_id)
    assert look_again(desk.services, file.file_id, RUN) is Look.NOTHING
    assert desk.books.run("select state from file") == [("processing",)]
    assert planned(desk, file.file_id)["asks"] == 0
    with desk.services.connect() as conn:
        assert questions.open_question(conn, file.file_id) is None
    assert wait(desk.services, file.file_id, RUN) is Look.NOTHING


def test_of_two_people_the_first_one_has_decided(desk: Desk, file: Booked) -> None:
    seal = shown(desk, file).seal
    assert said(desk, file, True, seal, "Мария") == POST
    again = decide(desk.services, file.file_id, Answer(True, seal, "Анна"))
    assert (again.answer, again.by) == (POST, "Мария")
    with pytest.raises(AlreadyDecided, match=r"провести \(Мария\)"):
        decide(desk.services, file.file_id, Answer(False, seal, "Анна"))
    counts = settling.decide(desk.services, file.file_id, Answer(False, seal, "Анна"))
    assert (counts["answer"], counts["by"]) == (POST, "Мария")
    assert states(desk, file) == {("posted", "Мария")}
    assert told(desk, "plan.approved") == [("Мария", "так надо")]


@pytest.mark.parametrize(("approved", "left"), [(True, {("approved", "Мария")}), (False, set())])
def test_a_kill_after_the_answer_loses_nothing_and_repeats_nothing(
    desk: Desk,
    file: Booked,
    monkeypatch: pytest.MonkeyPatch,
    approved: bool,
    left: set[tuple[str, str]],
) -> None:
    seal = shown(desk, file).seal
    plan, plannings = deciding.plan, []

    def dies_the_second_time(services: object, file_id: int) -> None:
        plannings.append(file_id)
        if len(plannings) > 1:
            raise KeyboardInterrupt
        plan(desk.services, file_id)

    monkeypatch.setattr(deciding, "plan", dies_the_second_time)
    if approved:
        said(desk, file, approved, seal)
    else:
        with pytest.raises(KeyboardInterrupt):
            said(desk, file, approved, seal)
    monkeypatch.setattr(deciding, "plan", plan)
    answered = said(desk, file, approved, seal)
    assert answered == (POST if approved else REFUSE)
    assert states(desk, file) == left
    assert len(told(desk, "plan.approved") + told(desk, "plan.refused")) == 1


def test_a_kill_before_the_answer_is_written_down_changes_nothing(
    desk: Desk, file: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = shown(desk, file).seal
    with monkeypatch.context() as patch:
        patch.setattr(deciding, "approve_in", lambda *_: pytest.fail("killed"))
        with pytest.raises(pytest.fail.Exception):
            said(desk, file, True, seal)
    assert states(desk, file) == {("planned", None)}
    assert told(desk, "plan.approved") == []
    assert said(desk, file, True, seal) == POST


def test_an_undone_file_is_not_booked_by_a_late_answer(desk: Desk, file: Booked) -> None:
    seal = shown(desk, file).seal
    undo(desk.services, file.file_id, "бухгалтер")
    assert look_again(desk.services, file.file_id, RUN) is Look.LEFT
    assert said(desk, file, True, seal) == VOID
    assert states(desk, file) == set()
    assert desk.in_moysklad() == {}
    assert [by for by, _ in told(desk, "plan.void")] == ["undo", "Мария"]
    # Dropped again months later it waits from then on.
    desk.clock.advance(seconds=90 * 24 * 3600)
    claimed(desk, file, NEXT_RUN)
    desk.books.run("update file set state = 'processing'")
    assert planned(desk, file.file_id)["asks"] == 10
    assert shown(desk, file, NEXT_RUN).since == desk.clock.now


def test_an_answer_after_a_corrected_report_came_is_void(desk: Desk) -> None:
    desk.terms("dalli", approval="nothing")
    rows = rows_of(desk)
    old = Booked(edition(desk, "dalli", rows), (), ())
    claimed(desk, old)
    planned(desk, old.file_id)
    seal = shown(desk, old).seal
    new = edition(desk, "dalli", [rows[0].but(fee=1), *rows[1:]])
    supersede(desk.services, new, "бухгалтер")
    booked = desk.in_moysklad()
    assert said(desk, old, True, seal) == VOID
    assert desk.in_moysklad() == booked
    assert states(desk, old) <= {("reversed", None)}


def test_nobody_is_asked_about_a_dry_run(desk: Desk) -> None:
    desk.terms("dalli", approval="nothing", dry_run="true")
    file = claimed(desk, delivered(desk, desk.orders("dalli")[:1]))
    assert planned(desk, file.file_id) == {"approved": 0, "asks": 0}
    assert wait(desk.services, file.file_id, RUN) is Look.NOTHING
    seal = desk.plan(file.file_id).seal
    assert said(desk, file, True, seal) == VOID
    assert states(desk, file) == {("planned", None)}


def test_a_file_that_goes_by_itself_asks_nothing_and_writes_nothing_down(desk: Desk) -> None:
    file = claimed(desk, delivered(desk, desk.orders("dalli")[:2]))
    assert planned(desk, file.file_id) == {"approved": 10, "asks": 0}
    assert wait(desk.services, file.file_id, RUN) is Look.NOTHING
    assert desk.books.run("select count(*) from plan_question") == [(0,)]
    assert states(desk, file) == {("approved", POLICY)}


def test_the_large_order_asks_and_the_rest_does_not_wait_for_it(desk: Desk) -> None:
    small, large = sorted(desk.orders("dalli")[:2], key=lambda order: order.sum)
    desk.terms("dalli", approval=f"{{by_itself: {{document: {large.sum - 1}}}}}")
    file = claimed(desk, delivered(desk, [large, small]))
    assert planned(desk, file.file_id) == {"approved": 5, "asks": 5}
    settling.send(desk.services, file.file_id)
    assert desk.in_moysklad(file.file_id)["paymentin"] == 1
    seal = shown(desk, file).seal
    assert said(desk, file, True, seal) == POST
    settling.send(desk.services, file.file_id)
    assert states(desk, file) == {("posted", POLICY), ("posted", "Мария")}
    assert desk.in_moysklad(file.file_id)["paymentin"] == 2


def test_the_limit_of_a_day_holds_over_files_and_over_midnight(desk: Desk) -> None:
    orders = desk.orders("dalli")[:3]
    first, second = (delivered(desk, [order]) for order in orders[:2])
    money = orders[0].sum + 2 * FEE
    desk.terms("dalli", approval=f"{{by_itself: {{day: {money}}}}}")
    assert planned(desk, first.file_id) == {"approved": 5, "asks": 0}
    assert planned(desk, second.file_id)["asks"] == 5
    desk.clock.advance(seconds=24 * 3600)
    assert planned(desk, second.file_id)["asks"] == 5, "midnight is no approval"
    third = delivered(desk, orders[2:])
    desk.books.run(
        "update file set received_at = received_at + interval '1 day' where id = %s", third.file_id
    )
    enough = orders[2].sum + 2 * FEE
    desk.terms("dalli", approval=f"{{by_itself: {{day: {max(enough, money)}}}}}")
    assert planned(desk, third.file_id)["approved"] == 5


def test_a_file_cleared_many_times_lets_no_more_go_than_its_limit(desk: Desk) -> None:
    orders = desk.orders("dalli")[:2]
    file = delivered(desk, orders[:1])
    money = orders[0].sum + 2 * FEE
    desk.terms("dalli", approval=f"{{by_itself: {{file: {money}}}}}")
    assert planned(desk, file.file_id)["asks"] == 0
    desk.mirror(orders[1])
    desk.books.line(
        file.file_id, orders[1].name, orders[1].sum, fee_delivery=FEE, payout=orders[1].sum - FEE
    )
    assert planned(desk, file.file_id) == {"approved": 0, "asks": 5}


def test_what_is_never_posted_is_not_planned_and_says_so(desk: Desk) -> None:
    desk.terms("dalli", approval="{never: {verdicts: [matched]}}")
    file = delivered(desk, desk.orders("dalli")[:1])
    assert planned(desk, file.file_id) == {"approved": 0, "asks": 0}
    [(rule, clean, sentence)] = desk.books.run("select rule, clean, sentence from verdict")
    assert (rule.endswith("+approval.never"), clean) == (True, False)
    assert "Сверка не проводит" in sentence
    desk.terms("dalli", approval="clean_lines")
    assert planned(desk, file.file_id)["approved"] == 5


def test_a_kind_that_is_never_posted_takes_along_what_needs_it(desk: Desk) -> None:
    file = delivered(desk, desk.orders("dalli")[:1])
    for never, left in (
        ("[customerorder.state, demand.state]", {"paymentin", "supply", "paymentout"}),
        ("[supply]", {"paymentin", "customerorder.state", "demand.state"}),
        ("[paymentin]", {"supply", "paymentout"}),
    ):
        desk.terms("dalli", approval=f"{{never: {{kinds: {never}}}}}")
        assert set(desk.plan(file.file_id).documents) == left


def test_a_correction_by_itself_needs_a_policy_that_lets_something_go(desk: Desk) -> None:
    desk.terms("dalli", approval="{by_itself: {kinds: []}}", supersede="auto")
    rows = rows_of(desk)
    old = edition(desk, "dalli", rows)
    approve(desk.services, old, "Анна", seal=desk.plan(old).seal)
    new = edition(desk, "dalli", [rows[0].but(fee=1), *rows[1:]])
    assert "held" in settling.plan(desk.services, new)


def test_the_question_says_how_much_of_what_and_why(desk: Desk, file: Booked) -> None:
    desk.terms("dalli", approval="{by_itself: {file: 100, kinds: [paymentin]}}")
    settings = replace(desk.services.settings, public_url="https://airflow.example/")
    found = asked(replace(desk.services, settings=settings), file.file_id)
    money = SAY.money(Minor(file.total))
    assert subject(found, SAY) == f"Провести 10\u00a0документов на {money}? report-1.xlsx"
    words = body(found, SAY)
    assert " ".join(f"| входящие платежи | 2 | {money} |".split()) in words
    assert "| статусы заказов | 2 | — |" in words
    assert "Почему спрашиваем: сами не проводятся приёмки услуг" in words
    assert f"(https://airflow.example/sverka/files/{file.file_id}/plan)" in words
    english = body(found, Texts(Language.ENGLISH))
    assert "Why we ask: not posted by themselves: supplies of services" in english
    [part] = found.parts
    assert part.reasons == (Why.KIND,)


def test_a_files_name_is_no_markup_in_the_question(desk: Desk, file: Booked) -> None:
    desk.books.run("update file set name = '[клик](http://x) **!**.xlsx'")
    assert "[клик](http" not in body(asked(desk.services, file.file_id), SAY)


Sverka = Callable[..., int]


@pytest.fixture
def sverka(desk: Desk) -> Sverka:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers(required=True), lambda: desk.services)

    def run(*arguments: object) -> int:
        parsed = parser.parse_args(["approve", *(str(one) for one in arguments)])
        code: int = parsed.run(parsed)
        return code

    return run


def test_the_command_lists_shows_and_answers(
    desk: Desk, file: Booked, sverka: Sverka, capsys: pytest.CaptureFixture[str]
) -> None:
    seal = shown(desk, file).seal
    assert sverka() == 0
    assert seal in capsys.readouterr().out
    assert sverka(file.file_id) == 0
    assert seal in capsys.readouterr().out
    assert sverka("report-1.xlsx", "--seal", "0" * 64, "--by", "Анна") == command.CHANGED
    assert states(desk, file) == {("planned", None)}
    assert sverka("report-1.xlsx", "--seal", seal, "--by", "Анна") == 0
    assert states(desk, file) == {("posted", "Анна")}
    assert sverka() == 0
    assert "Решения ничего не ждёт" in capsys.readouterr().out
    # The run that waits in Airflow finds nothing to ask any more.
    assert look_again(desk.services, file.file_id, RUN) is Look.NOTHING


def test_the_command_refuses_and_asks_again(desk: Desk, file: Booked, sverka: Sverka) -> None:
    seal = shown(desk, file).seal
    assert sverka(file.file_id, "--seal", seal, "--refuse", "--comment", "дорого") == 0
    assert states(desk, file) == set()
    assert sverka(file.file_id, "--ask-again") == 0
    assert planned(desk, file.file_id)["asks"] == 10


def test_a_claimed_file_is_alive_while_it_waits(desk: Desk, file: Booked) -> None:
    shown(desk, file)
    for _ in range(20):
        desk.clock.advance(seconds=900)
        assert look_again(desk.services, file.file_id, RUN) is Look.WAITS
        with desk.services.connect() as conn:
            assert ledger.offer(conn, desk.clock()) == []
