"""Documents by state, exact however they are counted, and the money that is not booked yet."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sverka.database.connection import Connection
from sverka.nouns import PostingState
from sverka.pages.counting import count
from tests.conftest import FrozenClock
from tests.monitoring.conftest import Scrape
from tests.support.rows import NOON, a_file, a_line, a_posting, a_report

HOUR = timedelta(hours=1)
NOT_BOOKED = ("planned", "approved", "sending", "unsure", "rejected", "failed")
Scraping = Callable[[], Scrape]


class Shelf:
    """One file with one report, and documents in it."""

    def __init__(self, conn: Connection, courier: str = "gorod", **report: str) -> None:
        self.conn = conn
        self.file_id = a_file(conn)
        self.report = a_report(conn, self.file_id, courier, **report)

    def put(self, state: str = "posted", kind: str = "paymentin", **given: object) -> None:
        line = a_line(self.conn, self.report)
        a_posting(self.conn, self.report, line, kind, state=state, **given)  # type: ignore[arg-type]

    def run(self, statement: str) -> None:
        with self.conn.cursor() as cursor:
            cursor.execute(statement)


@pytest.fixture
def shelf(conn: Connection) -> Shelf:
    return Shelf(conn)


def test_every_state_is_there_even_without_a_document(scrape: Scraping) -> None:
    assert scrape().rows("sverka_postings") == {(state,): 0 for state in PostingState}


def test_documents_are_counted_by_state(scrape: Scraping, shelf: Shelf) -> None:
    for number, state in enumerate((*NOT_BOOKED, "posted", "reversed"), start=1):
        for _ in range(number):
            shelf.put(state)
    expected = dict(zip((*NOT_BOOKED, "posted", "reversed"), range(1, 9), strict=True))
    assert scrape().by("sverka_postings") == expected
    count(shelf.conn, shelf.file_id, NOON + HOUR)
    assert scrape().by("sverka_postings") == expected


def test_what_was_counted_and_what_changed_since_add_up(
    scrape: Scraping, shelf: Shelf, conn: Connection
) -> None:
    shelf.put()
    count(conn, shelf.file_id, NOON + HOUR)
    other = Shelf(conn)
    other.put()
    other.put()
    assert scrape().by("sverka_postings") == {"posted": 3}


def test_a_document_that_is_taken_back_after_the_count_is_seen_at_once(
    scrape: Scraping, shelf: Shelf
) -> None:
    shelf.put()
    shelf.put()
    count(shelf.conn, shelf.file_id, NOON + HOUR)
    shelf.run("update posting set state = 'reversed' where line_id = (select min(id) from line)")
    assert scrape().by("sverka_postings") == {"posted": 1, "reversed": 1}


def test_a_file_in_work_is_counted_as_it_is_now(scrape: Scraping, shelf: Shelf) -> None:
    count(shelf.conn, shelf.file_id, NOON + HOUR)
    shelf.run("update file set state = 'processing', finished_at = null")
    shelf.put()
    shelf.run("delete from funnel_change")
    assert scrape().by("sverka_postings") == {"posted": 1}


def test_a_count_from_before_the_end_of_the_run_does_not_hold(
    scrape: Scraping, shelf: Shelf
) -> None:
    count(shelf.conn, shelf.file_id, NOON)
    shelf.put()
    shelf.run("delete from funnel_change")
    assert scrape().by("sverka_postings") == {"posted": 1}


def test_a_dry_run_is_no_document(scrape: Scraping, shelf: Shelf) -> None:
    shelf.put("planned", dry_run=True)
    found = scrape()
    assert found.by("sverka_postings") == {}
    assert found.rows("sverka_money_waiting_minor_units") == {}


@pytest.mark.parametrize("state", ["undone", "quarantined"])
def test_what_an_undone_file_left_refused_is_nobodys_trouble(
    scrape: Scraping, shelf: Shelf, state: str
) -> None:
    shelf.put("rejected")
    shelf.put("failed")
    shelf.put("unsure")  # what may stand in MoySklad counts, whatever became of the file
    shelf.run(f"update file set state = '{state}', reason = 'причина'")
    assert scrape().by("sverka_postings") == {"unsure": 1}


def test_a_document_is_as_old_as_its_state(
    scrape: Scraping, shelf: Shelf, clock: FrozenClock
) -> None:
    shelf.put("planned")
    shelf.put("approved", approved_at=NOON + HOUR)
    shelf.put("sending", approved_at=NOON + HOUR, sent_at=NOON + 2 * HOUR)
    shelf.put("unsure", approved_at=NOON + HOUR, sent_at=NOON + 3 * HOUR)
    shelf.put("unsure", approved_at=NOON + HOUR, sent_at=NOON + 2 * HOUR)
    shelf.put("failed")
    clock.advance(seconds=4 * 3600)
    assert scrape().rows("sverka_postings_oldest_age_seconds") == {
        ("planned",): 4 * 3600,
        ("approved",): 3 * 3600,
        ("sending",): 2 * 3600,
        ("unsure",): 2 * 3600,
    }


def test_money_waits_in_every_state_but_booked_and_taken_back(
    scrape: Scraping, shelf: Shelf
) -> None:
    for power, state in enumerate((*NOT_BOOKED, "posted", "reversed")):
        shelf.put(state, amount=10**power)
    money = scrape().rows("sverka_money_waiting_minor_units")
    assert money == {("gorod", "RUB", state): 10**power for power, state in enumerate(NOT_BOOKED)}


def test_only_incoming_money_counts_and_currencies_stay_apart(
    scrape: Scraping, conn: Connection, shelf: Shelf
) -> None:
    shelf.put("approved", amount=100_000)
    shelf.put("approved", "supply", amount=7)
    shelf.put("approved", "salesreturn", amount=9)
    Shelf(conn, "cdek", currency="KZT").put("approved", amount=500)
    assert scrape().rows("sverka_money_waiting_minor_units") == {
        ("gorod", "RUB", "approved"): 100_000,
        ("cdek", "KZT", "approved"): 500,
    }


def test_money_waits_since_it_was_planned_whatever_happened_then(
    scrape: Scraping, shelf: Shelf, clock: FrozenClock
) -> None:
    shelf.put("planned")
    shelf.put("rejected", planned_at=NOON - 30 * HOUR, sent_at=NOON)
    shelf.put("posted", planned_at=NOON - 90 * HOUR)
    clock.advance(seconds=60)
    assert scrape().rows("sverka_money_waiting_oldest_age_seconds") == {
        ("gorod", "RUB"): 30 * 3600 + 60
    }


def test_money_beyond_the_whole_numbers_of_a_float32_is_exact(
    scrape: Scraping, shelf: Shelf
) -> None:
    shelf.put("approved", amount=123_456_789_012_345)
    assert scrape().rows("sverka_money_waiting_minor_units") == {
        ("gorod", "RUB", "approved"): 123_456_789_012_345
    }
