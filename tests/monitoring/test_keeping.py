"""The daily report, the notices, the journal, the size of the database."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from psycopg2.extras import Json

from sverka.audit.chain import head_of
from sverka.audit.journal import Event, Kind, Subject, notes
from sverka.database.connection import Connection, connect
from sverka.notices import outbox
from sverka.notices.channels import By, Channel
from sverka.notices.notice import Notice
from tests.conftest import FrozenClock
from tests.monitoring.conftest import Scrape
from tests.support.rows import DAY, NOON, insert

Scraping = Callable[[], Scrape]
CHAT = Channel("chat", By.TELEGRAM, "telegram", ("100", "200"))


def published(conn: Connection, days_ago: int) -> None:
    """The report of a day, published at seven in the morning after it."""
    day = DAY - timedelta(days=days_ago)
    as_of = NOON - timedelta(hours=5) - timedelta(days=days_ago - 1)
    insert(conn, "published_report", day=day, as_of=as_of, path="p", summary=Json({}))


def test_before_the_first_report_nothing_is_missing_and_there_is_no_age(scrape: Scraping) -> None:
    found = scrape()
    assert found.one("sverka_daily_report_missing") == 0
    assert found.one("sverka_daily_report_age_seconds") is None


def test_yesterdays_report_is_there(scrape: Scraping, conn: Connection) -> None:
    published(conn, 2)
    published(conn, 1)
    found = scrape()
    assert found.one("sverka_daily_report_missing") == 0
    assert found.one("sverka_daily_report_age_seconds") == 5 * 3600


def test_yesterdays_report_is_missing(scrape: Scraping, conn: Connection) -> None:
    published(conn, 2)
    found = scrape()
    assert found.one("sverka_daily_report_missing") == 1
    assert found.one("sverka_daily_report_age_seconds") == 29 * 3600


@pytest.fixture
def notice(conn: Connection) -> int:
    """Told to two people at noon."""
    told = Notice("failed", "Отчёт не принят", ("Нет колонки.",), "Исправьте.", "/")  # type: ignore[arg-type]
    return outbox.put(conn, told, [("1", "first")], [CHAT], NOON)


def test_without_notices_all_is_quiet(scrape: Scraping) -> None:
    found = scrape()
    names = ("waiting", "failing", "oldest_age_seconds", "given_up_total")
    assert [found.one(f"sverka_notices_{name}") for name in names] == [0, 0, 0, 0]


def test_a_notice_waits_fails_and_is_given_up(
    scrape: Scraping, conn: Connection, notice: int, clock: FrozenClock
) -> None:
    clock.advance(seconds=30)
    due = outbox.claim(conn, [CHAT.name], clock())
    assert due is not None
    outbox.failed(conn, due, "503", clock(), None)
    found = scrape()
    assert found.one("sverka_notices_waiting") == 2
    assert found.one("sverka_notices_failing") == 1
    assert found.one("sverka_notices_oldest_age_seconds") == 30
    outbox.given_up(conn, due, "403", clock())
    found = scrape()
    assert found.one("sverka_notices_waiting") == 1
    assert found.one("sverka_notices_given_up_total") == 1


def test_what_was_sent_waits_no_more(
    scrape: Scraping, conn: Connection, notice: int, clock: FrozenClock
) -> None:
    while due := outbox.claim(conn, [CHAT.name], clock()):
        outbox.sent(conn, due, clock())
    found = scrape()
    assert found.one("sverka_notices_waiting") == 0
    assert found.one("sverka_notices_oldest_age_seconds") == 0


def test_the_journal_grows_by_what_is_noted(scrape: Scraping, url: str) -> None:
    before = scrape().one("sverka_journal_entries_total")
    with connect(url) as conn:
        notes(conn, [Event(Kind.PLAN_ASKED, Subject(1), "policy", {})] * 3)
    after = scrape().one("sverka_journal_entries_total")
    assert after == (before or 0) + 3
    with connect(url) as conn:
        assert head_of(conn).id == after


def test_the_database_has_a_size(scrape: Scraping) -> None:
    assert (scrape().one("sverka_database_size_bytes") or 0) > 2**20
