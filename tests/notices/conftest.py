"""Services with two channels, a clock that stands still, and senders that remember or fail."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import psycopg2
import pytest

from sverka.database.connection import Connection, connect
from sverka.intake.storage import Storage
from sverka.notices.channels import By, Channel, Kind
from sverka.notices.deliver import Delivered, deliver
from sverka.notices.notice import Notice
from sverka.notices.outbox import Due, put
from sverka.services import Services
from sverka.settings import Settings
from tests.conftest import FrozenClock, fresh_database

OWNER = Channel("owner", By.EMAIL, "smtp", ("owner@shop.example",))
CHAT = Channel("chat", By.TELEGRAM, "telegram", ("-100", "200"))


@pytest.fixture(scope="session")
def shared_database(server_url: str, template_database: str) -> Iterator[str]:
    yield from fresh_database(server_url, template_database)


@pytest.fixture
def database_url(shared_database: str) -> str:
    """One database for all tests here, emptied before each: much quicker than a new one."""
    with connect(shared_database) as conn, conn.cursor() as cursor:
        cursor.execute(
            "truncate file, notice, published_report, owed_order, daily_figure "
            "restart identity cascade"
        )
    return shared_database


@pytest.fixture
def services(database_url: str, tmp_path: Path, clock: FrozenClock) -> Services:
    storage_url = f"file://{tmp_path}/storage"

    def no_moysklad() -> None:
        raise AssertionError("notices ask MoySklad nothing")

    settings = Settings(
        database_url=database_url,
        storage_url=storage_url,
        storage_options={},
        zones=(),
        moysklad=None,
        public_url="https://airflow.example",
        notices=(OWNER, CHAT),
    )
    return Services(settings, Storage(storage_url, {}), no_moysklad, clock)  # type: ignore[arg-type]


@pytest.fixture
def conn(database_url: str) -> Iterator[Connection]:
    conn = psycopg2.connect(database_url)
    conn.autocommit = True
    yield conn
    conn.close()


def with_channels(services: Services, *channels: Channel) -> Services:
    return replace(services, settings=replace(services.settings, notices=channels))


def notice(title: str = "Отчёт не принят", kind: Kind = Kind.FAILED) -> Notice:
    return Notice(kind, title, ("Нет колонки «Сумма».",), "Исправьте файл.", "/sverka/files/1")


@dataclass
class Post:
    """A post office: what arrived, in order, and what it answers by recipient."""

    services: Services
    clock: FrozenClock
    arrived: list[tuple[str, str]] = field(default_factory=list)
    troubles: dict[str, Exception] = field(default_factory=dict)
    seen: Callable[[Due], None] | None = None

    def send(self, channel: Channel, due: Due) -> None:
        if self.seen:
            self.seen(due)
        if trouble := self.troubles.get(due.recipient):
            raise trouble
        self.arrived.append((due.recipient, due.notice.title))

    def round(self, services: Services | None = None) -> Delivered:
        senders = {By.EMAIL: self.send, By.TELEGRAM: self.send}
        return deliver(services or self.services, senders)

    def later(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> Delivered:
        self.clock.advance(seconds=seconds + 60 * minutes + 3600 * hours)
        return self.round()

    def next_try(self) -> datetime:
        with self.services.connect() as conn, conn.cursor() as cursor:
            cursor.execute("select min(try_at) from notice_delivery where state = 'waiting'")
            [[moment]] = cursor.fetchall()
        return moment  # type: ignore[no-any-return]

    def note(self, title: str = "Отчёт не принят", subject: str = "1") -> None:
        with self.services.connect() as conn:
            channels = self.services.settings.notices
            put(conn, notice(title), [(subject, "first")], channels, self.clock())

    def rows(self) -> dict[str, tuple[str, int, str | None]]:
        """Recipient → state, attempts, error of the newest notice."""
        with self.services.connect() as conn, conn.cursor() as cursor:
            cursor.execute(
                "select recipient, state, attempts, error from notice_delivery "
                "where notice_id = (select max(id) from notice)"
            )
            return {recipient: tuple(rest) for recipient, *rest in cursor.fetchall()}


@pytest.fixture
def post(services: Services, clock: FrozenClock) -> Post:
    return Post(services, clock)
