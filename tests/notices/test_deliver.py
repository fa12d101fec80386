"""Deliveries: once per recipient, tried again with patience, given up loudly, never in the way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from sverka.notices.channels import Kind
from sverka.notices.deliver import Refused, Undelivered
from sverka.notices.outbox import ATTEMPTS, FIRST_REST, LONGEST_REST, Due, claim, put
from sverka.services import Services
from tests.conftest import FrozenClock
from tests.notices.conftest import OWNER, Post, notice, with_channels

MAIL, GROUP, PERSON = "owner@shop.example", "-100", "200"


def test_everybody_gets_it_once(post: Post) -> None:
    post.note()
    assert post.round().sent == 3
    assert sorted(post.arrived) == [
        (GROUP, "Отчёт не принят"),
        (PERSON, "Отчёт не принят"),
        (MAIL, "Отчёт не принят"),
    ]
    assert post.later(hours=100).sent == 0
    assert post.rows()[MAIL] == ("sent", 1, None)


def test_two_processes_share_the_work_and_send_nothing_twice(post: Post) -> None:
    for number in range(20):
        post.note(f"Отчёт {number}", str(number))
    together = Barrier(4)

    def work(_: int) -> int:
        together.wait()
        return post.round().sent

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 60
    assert len(set(post.arrived)) == len(post.arrived) == 60


def test_one_who_fails_does_not_cost_the_others_theirs(post: Post) -> None:
    post.note()
    post.troubles[MAIL] = Undelivered("the mail server answered 451: later")
    counts = post.round()
    assert (counts.sent, counts.failed) == (2, 1)
    assert post.rows()[MAIL] == ("waiting", 1, "the mail server answered 451: later")
    post.troubles.clear()
    assert post.later(minutes=4).sent == 0
    assert post.later(minutes=1).sent == 1
    assert post.arrived.count((MAIL, "Отчёт не принят")) == 1


def test_a_channel_that_fails_is_left_alone_until_the_next_round(post: Post) -> None:
    asked: list[str] = []
    post.seen = lambda due: asked.append(due.recipient)
    for number in range(5):
        post.note(subject=str(number))
    post.troubles[MAIL] = Undelivered("away")
    post.round()
    assert asked.count(MAIL) == 1
    assert asked.count(GROUP) == 5


def test_the_rest_grows_and_after_the_last_attempt_it_is_given_up(
    post: Post, clock: FrozenClock
) -> None:
    post.note()
    post.troubles[MAIL] = Undelivered("away")
    began, rests = clock(), []
    post.round()
    while post.rows()[MAIL][0] == "waiting":
        next_try = post.next_try()
        rests.append(next_try - clock())
        assert post.later(seconds=rests[-1].total_seconds() - 1).failed == 0
        post.later(seconds=1)
    assert rests[:4] == [FIRST_REST * factor for factor in (1, 2, 4, 8)]
    assert max(rests) == LONGEST_REST
    assert post.rows()[MAIL] == ("given_up", ATTEMPTS, "away")
    assert timedelta(hours=16) < clock() - began < timedelta(hours=18)


def test_who_asks_to_be_left_alone_is(post: Post) -> None:
    post.note()
    post.troubles[GROUP] = Undelivered("Telegram answered 429", seconds=3600)
    post.round()
    post.troubles.clear()
    post.later(minutes=59)
    assert (GROUP, "Отчёт не принят") not in post.arrived
    post.later(minutes=1)
    assert (GROUP, "Отчёт не принят") in post.arrived


def test_a_refusal_is_final_and_concerns_nobody_else(post: Post) -> None:
    post.note()
    post.troubles[GROUP] = Refused("Forbidden: bot was blocked by the user")
    counts = post.round()
    assert (counts.sent, counts.given_up) == (2, 1)
    assert post.rows()[GROUP] == ("given_up", 1, "Forbidden: bot was blocked by the user")
    assert post.later(hours=10).sent == 0


@pytest.mark.parametrize("error", [ValueError("the token is 123:abc"), RuntimeError(), KeyError()])
def test_an_error_nobody_expected_ends_no_round_and_tells_no_secret(
    post: Post, error: Exception
) -> None:
    post.note()
    post.troubles[MAIL] = error
    assert post.round().sent == 2
    assert post.rows()[MAIL] == ("waiting", 1, type(error).__name__)


def test_a_process_that_dies_while_sending_has_spent_an_attempt(
    post: Post, services: Services, clock: FrozenClock
) -> None:
    only = with_channels(services, OWNER)
    post.services = only
    post.note()
    with only.connect() as conn:
        assert claim(conn, [OWNER.name], clock()) is not None
    assert post.round().sent == 0
    assert post.later(minutes=5).sent == 1
    assert post.rows()[MAIL] == ("sent", 2, None)


def test_one_who_dies_every_time_is_given_up_too(
    post: Post, services: Services, clock: FrozenClock
) -> None:
    post.services = with_channels(services, OWNER)
    post.note()
    for _ in range(ATTEMPTS):
        with services.connect() as conn:
            assert claim(conn, [OWNER.name], clock()) is not None
        clock.advance(seconds=LONGEST_REST.total_seconds())
    post.round()
    assert post.rows()[MAIL] == ("given_up", ATTEMPTS, "no attempt came to an end")
    assert post.arrived == []


def test_a_result_that_comes_too_late_changes_nothing(post: Post, services: Services) -> None:
    post.services = with_channels(services, OWNER)
    post.note()

    def slow(due: Due) -> None:
        if due.attempt == 1:
            post.later(minutes=6)
            raise Refused("the answer of a connection that hung")

    post.seen = slow
    post.round()
    assert post.rows()[MAIL] == ("sent", 2, None)


def test_who_is_not_in_the_settings_any_more_gets_nothing(post: Post, services: Services) -> None:
    post.note()
    post.round(with_channels(services, OWNER))
    assert post.arrived == [(MAIL, "Отчёт не принят")]
    assert post.rows()[GROUP][0] == "void"


def test_subjects_of_every_kind_stand_side_by_side(post: Post, services: Services) -> None:
    """A file's is a number, a report's a day, a transfer's neither."""
    subjects = {
        **dict.fromkeys((Kind.WAITING, Kind.STALLED, Kind.QUARANTINED, Kind.DISCREPANCIES), "1"),
        **dict.fromkeys((Kind.REPORT, Kind.NO_REPORT), "2026-11-20"),
        Kind.UNPAID: "payout:0b45e0de-0000-4000-8000-000000000001",
        Kind.FAILED: "watch_inbox.check_zones",
    }
    assert set(subjects) == set(Kind)
    with services.connect() as conn:
        for kind, subject in subjects.items():
            put(conn, notice(kind=kind), [(subject, "1")], [OWNER], post.clock())
        for number in range(2000):
            put(conn, notice(), [(f"a.{number}", "1")], [], post.clock())
        with conn.cursor() as cursor:
            cursor.execute("analyze notice; analyze notice_subject")
    assert post.round().sent == len(set(Kind)) - 3  # no file waits, stalls or is refused


def test_old_news_are_not_sent_after_a_standstill(post: Post) -> None:
    post.note()
    assert post.later(hours=25).sent == 0
    assert post.rows()[MAIL][0] == "given_up"
