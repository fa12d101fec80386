"""Files by state, their ages, and the questions that wait for people."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sverka.database.connection import Connection
from sverka.intake import ledger
from sverka.nouns import FileState
from sverka.posting import questions
from sverka.posting.questions import POST, Said, Shown
from tests.conftest import FrozenClock
from tests.monitoring.conftest import Scrape
from tests.support.rows import NOON, a_file, a_line, a_posting, a_report, insert

HOUR = timedelta(hours=1)
Scraping = Callable[[], Scrape]


def a_plan(conn: Connection, *, stake: int, seal: str = "s", dry_run: bool = False) -> int:
    """A file whose plan waits for a person since noon."""
    file_id = a_file(conn, state="waiting")
    report = a_report(conn, file_id)
    a_posting(conn, report, a_line(conn, report), state="planned", dry_run=dry_run)
    questions.ask(conn, file_id, Shown(seal, 1, stake, ()), "run", NOON)
    return file_id


def a_draft(conn: Connection, asks: str, file_id: int | None = None) -> int:
    file_id = file_id or a_file(conn, state="waiting", received_at=NOON - HOUR)
    words = {"schema": "s", "sha256": "h", "question": "{}", "knowledge": "k"}
    insert(conn, "draft", file_id=file_id, asks=asks, drafted_at=NOON, **words)
    return file_id


def test_every_state_is_there_even_without_a_file(scrape: Scraping) -> None:
    assert scrape().rows("sverka_files") == {(state,): 0 for state in FileState}


def test_files_are_counted_by_state(scrape: Scraping, conn: Connection) -> None:
    for state in ("settled", "settled", "quarantined", "stalled", "registered"):
        a_file(conn, state=state)
    assert scrape().by("sverka_files") == {
        "settled": 2,
        "quarantined": 1,
        "stalled": 1,
        "registered": 1,
    }


def test_the_oldest_file_of_a_state_says_its_age(
    scrape: Scraping, conn: Connection, clock: FrozenClock
) -> None:
    a_file(conn, state="registered", received_at=NOON - HOUR)
    a_file(conn, state="registered")
    clock.advance(seconds=60)
    assert scrape().by("sverka_files_oldest_age_seconds") == {"registered": 3660}


@pytest.mark.parametrize("state", ["settled", "quarantined", "undone"])
def test_a_finished_file_has_no_age(scrape: Scraping, conn: Connection, state: str) -> None:
    a_file(conn, state=state, received_at=NOON - 1000 * HOUR)
    found = scrape().rows("sverka_files_oldest_age_seconds")
    assert found == {("registered",): 0, ("processing",): 0, ("waiting",): 0, ("stalled",): 0}


def test_an_old_file_whose_run_is_alive_is_not_silent(
    scrape: Scraping, conn: Connection, clock: FrozenClock
) -> None:
    file_id = a_file(conn, state="registered", received_at=NOON - 48 * HOUR)
    with conn.cursor() as cursor:
        cursor.execute("select partition_key from file")
        [(key,)] = cursor.fetchall()
    ledger.claim(conn, key, "run", NOON - 5 * HOUR)
    assert scrape().by("sverka_files_silent_seconds") == {"processing": 5 * 3600}
    ledger.still_claimed(conn, file_id, "run", NOON)
    clock.advance(seconds=7)
    found = scrape()
    assert found.by("sverka_files_silent_seconds") == {"processing": 7}
    assert found.by("sverka_files_oldest_age_seconds") == {"processing": 48 * 3600 + 7}


def test_a_clock_that_is_behind_gives_no_negative_age(scrape: Scraping, conn: Connection) -> None:
    a_file(conn, state="registered", received_at=NOON + HOUR)
    assert scrape().by("sverka_files_oldest_age_seconds") == {}


def test_questions_about_layouts_and_couriers_wait_since_they_were_drafted(
    scrape: Scraping, conn: Connection, clock: FrozenClock
) -> None:
    a_draft(conn, "layout")
    a_draft(conn, "layout")
    a_draft(conn, "courier")
    clock.advance(seconds=90)
    found = scrape()
    assert found.by("sverka_questions") == {"layout": 2, "courier": 1}
    assert found.by("sverka_questions_oldest_age_seconds") == {"layout": 90, "courier": 90}


def test_an_answered_draft_is_no_question(scrape: Scraping, conn: Connection) -> None:
    ledger.answered(conn, a_draft(conn, "layout"))
    assert scrape().by("sverka_questions") == {}


def test_a_plan_that_waits_is_a_question_with_its_money(
    scrape: Scraping, conn: Connection, clock: FrozenClock
) -> None:
    a_plan(conn, stake=100_000)
    a_plan(conn, stake=50_050)
    clock.advance(seconds=3600)
    found = scrape()
    assert found.by("sverka_questions") == {"approval": 2}
    assert found.by("sverka_questions_oldest_age_seconds") == {"approval": 3600}
    assert found.by("sverka_approvals_stake_minor_units") == {"RUB": 150_050}


def test_a_file_that_asked_before_how_to_read_it_asks_one_thing_now(
    scrape: Scraping, conn: Connection
) -> None:
    a_draft(conn, "layout", a_plan(conn, stake=1))
    assert scrape().by("sverka_questions") == {"approval": 1}


def test_an_answered_plan_waits_no_more(scrape: Scraping, conn: Connection) -> None:
    file_id = a_plan(conn, stake=1)
    questions.answered(conn, file_id, "s", Said(POST, "Анна", NOON))
    found = scrape()
    assert found.by("sverka_questions") == {}
    assert found.rows("sverka_approvals_stake_minor_units") == {}
