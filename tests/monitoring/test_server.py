"""The server: the figures, whether it lives, and nothing else."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from threading import Thread

import pytest

from sverka.monitoring.__main__ import main
from sverka.monitoring.collector import registry
from sverka.monitoring.server import server
from sverka.settings import Settings
from tests.conftest import FrozenClock
from tests.monitoring.conftest import Scrape, settings_of

Asking = Callable[[str], tuple[int, str]]


def asking(port: int) -> Asking:
    def ask(path: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    return ask


def serving(settings: Settings, clock: FrozenClock) -> Iterator[Asking]:
    with server(registry(settings, clock), "127.0.0.1", 0) as listening:
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield asking(listening.server_port)
        listening.shutdown()
        thread.join()


@pytest.fixture
def ask(settings: Settings, clock: FrozenClock) -> Iterator[Asking]:
    yield from serving(settings, clock)


@pytest.fixture
def ask_without_database(clock: FrozenClock) -> Iterator[Asking]:
    yield from serving(settings_of("postgresql://nobody@127.0.0.1:1/nothing"), clock)


def test_the_figures(ask: Asking) -> None:
    status, text = ask("/metrics")
    assert (status, Scrape(text).one("sverka_up")) == (200, 1)


def test_it_lives(ask: Asking) -> None:
    assert ask("/health") == (200, "ok\n")


@pytest.mark.parametrize("path", ["/", "/metrics/", "/metricsx", "/health/x", "/favicon.ico"])
def test_there_is_nothing_else(ask: Asking, path: str) -> None:
    assert ask(path) == (404, "")


def test_without_a_database_it_answers_and_says_so(ask_without_database: Asking) -> None:
    status, text = ask_without_database("/metrics")
    assert status == 200
    assert list(Scrape(text).families) == ["sverka_up"]
    assert ask_without_database("/health")[0] == 200


def test_what_is_not_configured_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SVERKA_DATABASE_URL", raising=False)
    with pytest.raises(SystemExit, match="SVERKA_DATABASE_URL is not set"):
        main(["--host", "127.0.0.1", "--port", "0"])


def test_the_command_serves_until_it_is_told_to_stop(url: str) -> None:
    command = [sys.executable, "-m", "sverka.monitoring", "--host", "127.0.0.1", "--port", "0"]
    environment = {"SVERKA_DATABASE_URL": url, "SVERKA_STORAGE_URL": "file:///nowhere"}
    process = subprocess.Popen(
        command, env=environment | {"PYTHONPATH": ":".join(sys.path)}, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    try:
        words = process.stderr.readline().decode()
        ask = asking(int(words.rpartition(":")[2]))
        assert Scrape(ask("/metrics")[1]).one("sverka_up") == 1
    finally:
        process.terminate()
        process.stderr.close()
    assert process.wait(timeout=30) == 0
