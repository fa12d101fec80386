"""The MoySklad sandbox as a real server on the loopback, for the length of a test."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn
from starlette.types import ASGIApp

from sverka.clock import MOSCOW
from sverka.demo.shop import Shop
from sverka.moysklad.client import MoySklad
from sverka.moysklad.sandbox import app, seed
from sverka.moysklad.sandbox.limits import Limits
from sverka.moysklad.sandbox.recording import Recording
from sverka.moysklad.sandbox.timing import VirtualTime
from sverka.moysklad.sandbox.wire import CuttableProtocol
from sverka.settings import MoySkladConnection
from tests.support.traffic import Recorder

TOKEN = "sandbox"
UNLIMITED = Limits(rate=None, parallel=None)


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that answers; `origin` is scheme and host."""

    origin: str

    @property
    def connection(self) -> MoySkladConnection:
        return MoySkladConnection(
            url=f"{self.origin}/api/remap/1.2", token=TOKEN, answer_seconds=30
        )

    def client(self) -> MoySklad:
        return MoySklad(self.connection)

    def plan_fault(self, fault: str, **options: Any) -> None:
        """For example `plan_fault("lose_reply", method="POST", after=1)`."""
        answer = requests.post(
            f"{self.origin}/sandbox/faults",
            data=json.dumps({"fault": fault, **options}),
            timeout=10,
        )
        answer.raise_for_status()

    def plan_faults(self, **plan: Any) -> None:
        """A whole plan in place of everything planned: `plan_faults(seed=7, rate=0.2)`."""
        self._post("faults", plan)

    def struck(self) -> list[dict[str, Any]]:
        """What was done to which request: `[{"ordinal": 3, "fault": "lose_reply", …}]`."""
        log: list[dict[str, Any]] = requests.get(
            f"{self.origin}/sandbox/faults/log", timeout=10
        ).json()
        return log

    def set_account(self, **settings: Any) -> None:
        """How the account is set up: `set_account(replay="refuse")`."""
        self._post("account", settings)

    def advance(self, seconds: float) -> None:
        """Lets virtual time pass."""
        self._post("time", {"advance": seconds})

    def mark(self) -> None:
        """Makes the present documents what a reset goes back to."""
        self._post("mark", {})

    def reset(self, **options: Any) -> None:
        """The marked documents again; `faults`, `account`, `now` and `ids` (a seed) set the rest."""
        self._post("reset", options)

    def _post(self, what: str, body: dict[str, Any]) -> None:
        answer = requests.post(f"{self.origin}/sandbox/{what}", json=body, timeout=30)
        answer.raise_for_status()

    def forget_faults(self) -> None:
        requests.delete(f"{self.origin}/sandbox/faults", timeout=10).raise_for_status()

    def requests_seen(self) -> dict[str, Any]:
        """`{"total": …, "by_route": …, "by_status": …}`."""
        seen: dict[str, Any] = requests.get(f"{self.origin}/sandbox/requests", timeout=10).json()
        return seen


class Held(VirtualTime):
    """A slow answer is held back until the test lets it `go`."""

    def __init__(self) -> None:
        super().__init__(datetime(2026, 11, 20, 12, tzinfo=MOSCOW))
        self.go = threading.Event()

    def sleep(self, seconds: float) -> None:
        if seconds:
            self.go.wait(60)


@contextlib.contextmanager
def running_sandbox(
    database_url: str,
    *,
    recorder: Recorder | None = None,
    record: Path | None = None,
    **options: Any,
) -> Iterator[RunningSandbox]:
    """Runs the sandbox on this database, without limits unless `limits` says otherwise.

    `record` is a file for the traffic as JSON lines; other options are those of `app`.
    """
    application: ASGIApp = app(database_url, **{"limits": UNLIMITED, **options})
    if recorder is not None:
        application = recorder.listening_to(application)
    if record is not None:
        application = Recording(record).of(application)
    config = uvicorn.Config(application, http=CuttableProtocol, log_level="warning")
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until = time.monotonic() + 20
            while not server.started:
                if not thread.is_alive() or time.monotonic() > until:
                    raise RuntimeError("the sandbox did not start")
                time.sleep(0.01)
            yield RunningSandbox(f"http://127.0.0.1:{listening.getsockname()[1]}")
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(timeout=20)


@pytest.fixture
def sandbox(empty_database_url: str, shop: Shop) -> Iterator[RunningSandbox]:
    """One for each test, with the shop of who imports this."""
    with running_sandbox(empty_database_url) as running:
        seed(empty_database_url, shop)
        yield running
