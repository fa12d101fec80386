"""The MoySklad sandbox as a real server on the loopback, for the length of a test."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
import uvicorn
from starlette.types import ASGIApp

from sverka.moysklad.client import MoySklad
from sverka.moysklad.sandbox import app
from sverka.moysklad.sandbox.limits import Limits
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

    def forget_faults(self) -> None:
        requests.delete(f"{self.origin}/sandbox/faults", timeout=10).raise_for_status()

    def requests_seen(self) -> dict[str, Any]:
        """`{"total": …, "by_route": …, "by_status": …}`."""
        seen: dict[str, Any] = requests.get(f"{self.origin}/sandbox/requests", timeout=10).json()
        return seen


@contextlib.contextmanager
def running_sandbox(
    database_url: str, *, recorder: Recorder | None = None, **options: Any
) -> Iterator[RunningSandbox]:
    """Runs the sandbox on this database, without limits unless `limits` says otherwise."""
    application: ASGIApp = app(database_url, **{"limits": UNLIMITED, **options})
    if recorder is not None:
        application = recorder.listening_to(application)
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
