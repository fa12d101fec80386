"""Notices inside Airflow: the clock, the notifiers, the connections; nothing of them ends a run."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowFailException

from sverka.database.connection import Connection
from sverka.errors import Misconfigured
from sverka.notices.channels import By
from sverka.notices.deliver import Refused
from sverka.services import Services
from sverka_airflow import telling
from sverka_airflow.hooks.telegram import TelegramHook
from sverka_airflow.notifiers import TellOfAbsence, TellOfTask
from sverka_airflow.services import task_services
from tests.support.rows import a_file

CHANNELS = [
    {"name": "owner", "by": "email", "connection": "shop_mail", "to": ["owner@shop.example"]},
    {"name": "chat", "by": "telegram", "connection": "shop_bot", "to": ["-100"]},
]
BOT = {"conn_type": "telegram", "password": "1:secret"}


@pytest.fixture
def installed(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVERKA_DATABASE_URL", database_url)
    monkeypatch.setenv("SVERKA_STORAGE_URL", (tmp_path / "storage").as_uri())
    monkeypatch.setenv("SVERKA_NOTICES", json.dumps(CHANNELS))
    monkeypatch.setenv("SVERKA_PUBLIC_URL", "https://airflow.example")
    monkeypatch.setenv("AIRFLOW_CONN_SHOP_BOT", json.dumps(BOT))


@pytest.fixture
def conn(database_url: str) -> Iterator[Connection]:
    conn = psycopg2.connect(database_url)
    conn.autocommit = True
    yield conn
    conn.close()


@pytest.fixture
def went_out(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Recipient and title or text of what the channels were given."""
    out: list[tuple[str, str]] = []

    def senders(_: Services) -> dict[By, Any]:
        def send(_: Any, due: Any) -> None:
            out.append((due.recipient, due.notice.title))

        return {By.EMAIL: send, By.TELEGRAM: send}

    monkeypatch.setattr(telling, "senders", senders)
    return out


def states(conn: Connection) -> list[tuple[str, str, str | None]]:
    with conn.cursor() as cursor:
        cursor.execute("select channel, state, error from notice_delivery order by 1")
        return list(cursor.fetchall())


def failed_task(error: Exception | None = None) -> dict[str, Any]:
    return {
        "ti": SimpleNamespace(dag_id="watch_inbox", task_id="check_zones"),
        "dag": DAG("watch_inbox", dag_display_name="Приём отчётов", schedule=None),
        "task": SimpleNamespace(task_display_name="Проверить папки"),
        "dag_run": SimpleNamespace(run_id="scheduled 1"),
        "exception": error,
    }


def nothing_works(*_: Any) -> Any:
    raise OSError("it is away")


class TestNobodyIsTold:
    @pytest.fixture(autouse=True)
    def nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("SVERKA_NOTICES", "SVERKA_DATABASE_URL", "SVERKA_STORAGE_URL"):
            monkeypatch.delenv(name, raising=False)

    def test_there_is_no_clock(self) -> None:
        assert telling.every_few_minutes() is None

    def test_nothing_is_asked_of_the_database_or_of_airflow(self) -> None:
        assert telling.tell_of_report("2026-11-20") == {}
        TellOfTask().notify(failed_task())
        TellOfAbsence().notify({})


def test_with_a_channel_there_is_a_clock(installed: None) -> None:
    clock = telling.every_few_minutes()
    assert clock is not None
    assert clock.expression == "*/5 * * * *"


def test_a_wrong_setting_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVERKA_NOTICES", "[1]")
    with pytest.raises(Misconfigured, match="SVERKA_NOTICES"):
        telling.every_few_minutes()


def test_a_round_finds_and_delivers(
    installed: None, conn: Connection, went_out: list[tuple[str, str]]
) -> None:
    services = task_services()
    a_file(conn, "реестр.xlsx", state="quarantined", finished_at=services.clock())
    assert telling.tell() == {"made": 1, "sent": 2, "failed": 0, "given_up": 0}
    assert sorted(went_out) == [
        ("-100", "Отчёт не принят: реестр.xlsx"),
        ("owner@shop.example", "Отчёт не принят: реестр.xlsx"),
    ]


def test_connections_that_do_not_exist_end_no_round(
    installed: None, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_SHOP_BOT")
    a_file(conn, state="quarantined", finished_at=task_services().clock())
    assert telling.tell() == {"made": 1, "sent": 0, "failed": 2, "given_up": 0}
    assert states(conn) == [
        ("chat", "waiting", "AirflowNotFoundException"),
        ("owner", "waiting", "AirflowException: SMTP connection is not found."),
    ]


def test_a_deadline_notes_what_is_absent_and_reads_no_connection(
    installed: None, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Airflow 3.3.2 denies its callback every stored connection."""
    monkeypatch.setattr("airflow.sdk.BaseHook.get_connection", nothing_works)
    a_file(conn, state="waiting")
    TellOfAbsence()({})
    assert states(conn) == [("chat", "waiting", None), ("owner", "waiting", None)]


@pytest.mark.parametrize(
    ("error", "body"),
    [
        (AirflowFailException("Папка «s3» недоступна.\nПроверьте её."), "Папка «s3» недоступна. П"),
        (Misconfigured("no token"), "Не хватает настройки, без неё продолжить нельзя."),
        (None, "Обработка прервалась из-за ошибки в Сверке."),
    ],
)
def test_a_task_that_gave_up_is_told_with_its_reason_and_its_run(
    installed: None,
    conn: Connection,
    went_out: list[tuple[str, str]],
    error: Exception | None,
    body: str,
) -> None:
    TellOfTask()(failed_task(error))
    TellOfTask()(failed_task(error))
    assert {title for _, title in went_out} == {"Не выполнено: Приём отчётов · Проверить папки"}
    assert len(went_out) == 2
    with conn.cursor() as cursor:
        cursor.execute("select body, path from notice")
        [(told, path)] = cursor.fetchall()
    assert told.startswith(body)
    assert path == "/dags/watch_inbox/runs/scheduled%201"


@pytest.mark.parametrize(
    "tell",
    [
        lambda: telling.tell_of_report("2026-11-20"),
        lambda: TellOfTask()(failed_task()),
        lambda: TellOfAbsence()({}),
    ],
    ids=["the report", "a task", "an absence"],
)
def test_no_failure_of_a_notice_leaves_it(
    installed: None,
    monkeypatch: pytest.MonkeyPatch,
    tell: Callable[[], Any],
) -> None:
    monkeypatch.setenv("SVERKA_DATABASE_URL", "postgresql://127.0.0.1:1/nothing")
    tell()
    monkeypatch.setattr("sverka.settings.from_environment", nothing_works)
    tell()


def test_a_bot_is_read_from_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SHOP_BOT", json.dumps(BOT))
    bot = TelegramHook("shop_bot").get_conn()
    assert (bot.token, bot.url) == ("1:secret", "https://api.telegram.org")
    own = BOT | {"extra": {"api_url": "https://bot.shop.example"}}
    monkeypatch.setenv("AIRFLOW_CONN_SHOP_BOT", json.dumps(own))
    assert TelegramHook("shop_bot").get_conn().url == "https://bot.shop.example"


def test_a_report_is_attached_under_the_name_of_its_day(installed: None) -> None:
    services = task_services()
    paths = ("reports/2026-11-20/otchet.html", "reports/2026-11-20/otchet.xlsx")
    for path in paths:
        services.storage.write(path, path.encode())
    found = telling.attachments(services, (*paths, "reports/2026-11-20/gone.json"))
    assert found == {
        "otchet-2026-11-20.html": paths[0].encode(),
        "otchet-2026-11-20.xlsx": paths[1].encode(),
    }


def test_what_no_mail_server_would_take_is_left_to_the_link(
    installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "ATTACHED_LIMIT", 10)
    services = task_services()
    services.storage.write("reports/2026-11-20/otchet.html", b"eleven byte")
    assert telling.attachments(services, ("reports/2026-11-20/otchet.html",)) == {}


def test_each_channel_gets_its_own_dress(
    installed: None, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: dict[str, str] = {}

    def bot(_: Any, chat: str, html: str) -> None:
        said[chat] = html
        raise Refused("Forbidden: bot was blocked by the user")

    def mail(connection: str, recipient: str, given: Any, key: str, attached: Any) -> None:
        said[recipient] = given.html

    monkeypatch.setattr("sverka.notices.telegram.Bot.send", bot)
    monkeypatch.setattr("sverka_airflow.mailing.send_mail", mail)
    a_file(conn, "<b>.csv", state="quarantined", finished_at=task_services().clock())
    telling.tell()
    assert said["-100"].startswith("<b>Отчёт не принят: &lt;b&gt;.csv</b>")
    assert said["owner@shop.example"].startswith("<!doctype html>")
    assert {channel: state for channel, state, _ in states(conn)} == {
        "chat": "given_up",
        "owner": "sent",
    }
