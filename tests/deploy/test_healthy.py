"""Health: the answer is no whenever it is not surely yes."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import psycopg2
import pytest

from deploy import healthy

JOBS = "create table job (job_type text, hostname text, state text, latest_heartbeat timestamptz)"


def test_what_nobody_can_ask_is_left_to_docker() -> None:
    assert healthy.main({}) == 0
    assert healthy.main({"SVERKA_COMPONENT": "init"}) == 0


@pytest.fixture
def answering() -> Iterator[tuple[str, list[int]]]:
    """An address, and the status codes it will answer with."""
    statuses: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(statuses.pop(0))
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/health", statuses
    server.shutdown()
    server.server_close()


def asked(monkeypatch: pytest.MonkeyPatch, check: object, **environ: str) -> int:
    monkeypatch.setitem(healthy.CHECKS, "probe", check)  # type: ignore[arg-type]
    return healthy.main({"SVERKA_COMPONENT": "probe", **environ})


def test_a_server_is_healthy_when_it_says_so(
    monkeypatch: pytest.MonkeyPatch, answering: tuple[str, list[int]]
) -> None:
    url, statuses = answering
    statuses += [200, 503]
    assert asked(monkeypatch, healthy._http(url)) == 0
    assert asked(monkeypatch, healthy._http(url)) == 1


def test_a_server_that_is_not_there_is_not_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(monkeypatch, healthy._http("http://127.0.0.1:9/")) == 1
    assert asked(monkeypatch, healthy._port(9)) == 1


@pytest.mark.parametrize(
    ("kind", "state", "silent", "code"),
    [
        ("TriggererJob", "running", 5, 0),
        ("TriggererJob", "running", 600, 1),
        ("TriggererJob", "failed", 5, 1),
        ("SchedulerJob", "running", 5, 1),
    ],
)
def test_a_job_lives_as_long_as_its_heart_beats(
    monkeypatch: pytest.MonkeyPatch,
    empty_database_url: str,
    kind: str,
    state: str,
    silent: int,
    code: int,
) -> None:
    conn = psycopg2.connect(empty_database_url)
    with conn, conn.cursor() as cursor:
        cursor.execute(JOBS)
        cursor.execute(
            "insert into job values (%s, %s, %s, now() - make_interval(secs => %s))",
            (kind, socket.getfqdn(), state, silent),
        )
    conn.close()
    url = empty_database_url.replace("postgresql://", "postgresql+psycopg2://")
    given = {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url}
    assert asked(monkeypatch, healthy._job("TriggererJob"), **given) == code


def test_a_host_is_known_by_the_name_that_airflow_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a search domain the canonical name and the reverse one are different names."""
    from airflow.utils.net import getfqdn

    found = [(2, 2, 17, "worker.shop.example", ("10.0.0.2", 0))]
    monkeypatch.setattr("socket.gethostname", lambda: "worker")
    monkeypatch.setattr("socket.getaddrinfo", lambda *_: found)
    monkeypatch.setattr("socket.getfqdn", lambda *_: "stack_worker_1.stack_default")
    getfqdn.cache_clear()
    assert getfqdn() in healthy._names()
    getfqdn.cache_clear()


def test_a_host_without_an_address_still_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError("no address")

    monkeypatch.setattr("socket.getaddrinfo", refused)
    assert socket.gethostname() in healthy._names()


def test_a_worker_without_a_broker_is_not_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: object) -> str:
        raise ConnectionError("no broker")

    assert asked(monkeypatch, refused) == 1
