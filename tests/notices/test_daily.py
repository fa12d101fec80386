"""The morning's notice: the report with its first screen, late transfers, and the report's absence."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg2.extras import Json

from sverka.database.connection import Connection
from sverka.notices.channels import Kind
from sverka.notices.daily import LATE_AFTER, PUBLISHED_AT
from sverka.notices.look import GaveUp, after_report, look, task_gave_up
from sverka.reporting import publish
from sverka.services import Services
from tests.conftest import FrozenClock
from tests.notices.conftest import OWNER, Post, with_channels
from tests.notices.test_files import told
from tests.support.rows import (
    DAY,
    NOON,
    a_discrepant_line,
    a_file,
    a_matched_line,
    a_report,
    an_id,
    insert,
    rows_add_up,
)

MORNING = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
"""Seven in Moscow, the day after `DAY`."""


@pytest.fixture
def day_with_lines(conn: Connection, clock: FrozenClock) -> None:
    report = a_report(conn, a_file(conn))
    for _ in range(3):
        a_matched_line(conn, report)
    a_discrepant_line(conn, report, "unknown_order")
    rows_add_up(conn)
    clock.now = MORNING


def published(conn: Connection, day: date, as_of: datetime) -> None:
    with conn.cursor() as cursor:
        cursor.execute(
            """insert into published_report values (%s, %s, 'reports', %s)
               on conflict (day) do update set as_of = excluded.as_of""",
            (day, as_of, Json({})),
        )


def test_the_report_comes_once_with_its_first_screen_and_its_files(
    conn: Connection, services: Services, day_with_lines: None
) -> None:
    summary = publish(services, DAY).summary
    assert after_report(services, DAY) == 1
    publish(services, DAY)
    assert after_report(services, DAY) == 0
    [notice] = told(conn)
    assert notice["kind"] == "report"
    assert notice["title"] == f"20\u00a0ноября. {summary['headline']}"
    came, owed, wrong, *decisions = notice["body"].split("\n")
    assert [came, owed, wrong] == summary["story"]
    assert "4\u00a0000,00\u00a0₽" in came
    assert "1\u00a0000,00\u00a0₽" in wrong
    assert any(": 1 на 1\u00a0000,00\u00a0₽" in line for line in decisions)
    assert notice["next_step"] == summary["decisions"][0]["next_step"]
    assert notice["path"] == "/sverka/report/2026-11-20/otchet.html"
    with conn.cursor() as cursor:
        cursor.execute("select attachments from notice")
        [[attachments]] = cursor.fetchall()
    assert all(services.storage.exists(path) for path in attachments)
    assert [path.rpartition("/")[2] for path in attachments] == ["otchet.html", "otchet.xlsx"]


def test_a_quiet_day_says_that_nothing_has_to_be_decided(
    conn: Connection, services: Services, clock: FrozenClock
) -> None:
    clock.now = MORNING
    publish(services, DAY)
    after_report(services, DAY)
    [notice] = told(conn)
    assert notice["title"].startswith("20\u00a0ноября. Новых отчётов курьеров в этот день не было.")
    assert notice["next_step"] == "Ничего: решать сегодня нечего."


def test_a_debt_that_is_late_is_no_quiet_day(
    conn: Connection, services: Services, clock: FrozenClock
) -> None:
    """The day's second rendering believes the debts that the first one looked up."""
    clock.now = MORNING
    row = {"order_id": an_id("late"), "courier": "dalli", "told_by": "track", "currency": "RUB"}
    days = {"shipped_on": date(2026, 10, 1), "since": date(2026, 10, 1), "due_on": DAY}
    publish(services, DAY)
    insert(conn, "owed_order", open=120_000, phase="delivered", **row, **days)
    publish(services, DAY, renewed=True)
    after_report(services, DAY)
    [notice] = told(conn)
    assert "из них просрочено 1\u00a0200,00\u00a0₽" in notice["body"]
    assert notice["next_step"].startswith("Спросите курьеров о просроченном")


@pytest.mark.parametrize("days_ago", [0, 2, 30])
def test_only_yesterdays_report_is_news(
    services: Services, clock: FrozenClock, days_ago: int
) -> None:
    clock.now = MORNING
    day = date(2026, 11, 21) - timedelta(days=days_ago)
    publish(services, day)
    assert after_report(services, day) == 0


def test_a_day_that_is_not_published_is_not_told(services: Services, clock: FrozenClock) -> None:
    clock.now = MORNING
    assert after_report(services, DAY) == 0


class TestUnpaid:
    @pytest.fixture(autouse=True)
    def late(self, conn: Connection, clock: FrozenClock) -> None:
        """500,00 ₽ of dalli were due long ago; the statements have all the days."""
        clock.now = MORNING
        self.a_payout(conn, "dalli.xlsx", 50_000)
        bank = a_file(conn, "bank.txt")
        period = {"period_from": date(2026, 9, 1), "period_to": DAY}
        report_id = a_report(conn, bank, purpose="statement", **period)
        insert(conn, "bank_statement", file_id=bank, noted_at=NOON)
        movement = {"account": "40", "direction": "out", "moved_on": DAY, "amount": 1}
        movement |= {"currency": "RUB", "movement_key": UUID(int=1)}
        insert(conn, "bank_movement", report_id=report_id, line_no=1, **movement)

    def a_payout(self, conn: Connection, name: str, amount: int) -> None:
        file_id = a_file(conn, name)
        a_report(conn, file_id, "dalli", ordinal=0)
        row = {"ordinal": 0, "key": an_id(name), "courier": "dalli", "currency": "RUB"}
        row |= {"own": amount, "expected": amount, "together": 1, "day": date(2026, 10, 1)}
        insert(conn, "payout", file_id=file_id, at=NOON, **row)

    def test_a_late_transfer_is_told_once_with_its_money(
        self, conn: Connection, services: Services, clock: FrozenClock
    ) -> None:
        only = with_channels(services, OWNER)
        assert after_report(only, DAY) == 1
        clock.advance(seconds=86_400)
        assert after_report(only, DAY + timedelta(days=1)) == 0
        [notice] = told(conn)
        assert notice["kind"] == "unpaid"
        assert notice["title"] == "Просрочены переводы курьеров: 500,00\u00a0₽"
        assert "По отчёту из файла dalli.xlsx не пришло в банк 500,00\u00a0₽" in notice["body"]
        assert "Запросите у курьеров платёжные поручения" in notice["next_step"]

    def test_a_new_one_is_told_alone(self, conn: Connection, services: Services) -> None:
        after_report(services, DAY)
        self.a_payout(conn, "second.xlsx", 100)
        assert after_report(services, DAY) == 1
        assert told(conn)[-1]["title"] == "Просрочены переводы курьеров: 1,00\u00a0₽"


class TestAbsence:
    def at(self, clock: FrozenClock, **after: float) -> None:
        clock.now = MORNING + timedelta(**after)

    def test_a_report_that_is_not_there_in_an_hour_is_missed_once(
        self, conn: Connection, services: Services, clock: FrozenClock
    ) -> None:
        published(conn, DAY - timedelta(days=1), MORNING - timedelta(days=1))
        published(conn, DAY - timedelta(days=2), MORNING - timedelta(days=2))
        self.at(clock, minutes=59)
        assert look(services) == 0
        self.at(clock, minutes=60)
        assert look(services) == 1
        assert look(services) == 0
        [notice] = told(conn)
        assert notice["kind"] == "no_report"
        assert notice["title"] == "Нет отчёта за 20\u00a0ноября"
        assert "в 07:00 по Москве" in notice["body"]
        assert "Откройте «Отчёт о расхождениях»" in notice["next_step"]
        self.at(clock, days=1, hours=1)
        assert look(services) == 1

    def test_it_stays_missed_through_the_night(
        self, conn: Connection, services: Services, clock: FrozenClock
    ) -> None:
        published(conn, DAY - timedelta(days=1), MORNING - timedelta(days=1))
        self.at(clock, hours=20)
        assert look(services) == 1
        assert told(conn)[0]["title"] == "Нет отчёта за 20\u00a0ноября"
        self.at(clock, hours=24)
        assert look(services) == 0

    @pytest.mark.parametrize(("minutes", "missed"), [(-30, 1), (0, 0), (20, 0)])
    def test_what_an_evenings_file_renewed_is_not_the_mornings_report(
        self, conn: Connection, services: Services, clock: FrozenClock, minutes: int, missed: int
    ) -> None:
        published(conn, DAY - timedelta(days=1), NOON)
        published(conn, DAY, MORNING + timedelta(minutes=minutes))
        self.at(clock, hours=2)
        assert look(services) == missed

    def test_a_new_installation_misses_nothing(
        self, services: Services, clock: FrozenClock
    ) -> None:
        self.at(clock, hours=5)
        assert look(services) == 0

    def test_a_report_that_came_late_makes_the_notice_void(
        self, conn: Connection, services: Services, clock: FrozenClock, post: Post
    ) -> None:
        published(conn, DAY - timedelta(days=1), NOON)
        self.at(clock, hours=2)
        look(services)
        published(conn, DAY, MORNING + timedelta(hours=3))
        assert post.round().sent == 0

    def test_the_dag_begins_and_is_missed_when_the_words_say(self) -> None:
        assert (PUBLISHED_AT.hour, PUBLISHED_AT.minute) == (7, 0)
        assert timedelta(hours=1) == LATE_AFTER


def gave_up(**given: Any) -> GaveUp:
    told_of = {"task": "watch_inbox.check_zones", "title": "Приём отчётов · Проверить папки"}
    return GaveUp(**(told_of | {"reason": "Папка недоступна.", "path": "/dags/x/runs/y"} | given))


def test_a_task_that_gave_up_is_told_once_a_day(
    conn: Connection, services: Services, clock: FrozenClock
) -> None:
    assert task_gave_up(services, gave_up()) == 1
    clock.advance(seconds=3600)
    assert task_gave_up(services, gave_up()) == 0
    assert task_gave_up(services, gave_up(task="mirror_moysklad.mirror")) == 1
    clock.advance(seconds=86_400)
    assert task_gave_up(services, gave_up()) == 1
    first, *_ = told(conn)
    assert first["title"] == "Не выполнено: Приём отчётов · Проверить папки"
    assert (first["body"], first["path"]) == ("Папка недоступна.", "/dags/x/runs/y")
    assert Kind.FAILED not in {Kind(one["kind"]) for one in told(conn)[3:]}
