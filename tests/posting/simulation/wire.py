"""The way from the real client to the real sandbox within one process and in virtual time.

Real HTTP costs 1 ms a request, half of what the sandbox needs for its answer; tests/posting/test_kill.py
and tests/wire go over real sockets. Everything above the socket is real here: the client's
session, its headers, its limiter, the sandbox's ASGI application with its faults. Besides these the
wire itself can keep a request and carry it out later, as a service does that was slow to begin.
"""

import io
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from random import Random
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError
from urllib3.response import HTTPResponse

from sverka.moysklad.sandbox import server
from sverka.moysklad.sandbox.timing import VirtualTime
from sverka.moysklad.sandbox.wire import ABORT
from tests.posting.simulation.mortal import Life

ROOT = "/api/remap/1.2/"


async def _at_once(work: Callable[..., Any], *given: Any) -> Any:
    return work(*given)


@dataclass
class Exchanged:
    """What came back; `status` is None when the connection was cut."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Sent:
    """A request on its way."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    @property
    def resource(self) -> str:
        """For example `paymentin` or `paymentin/delete`."""
        return self.path.partition(f"{ROOT}entity/")[2] or self.path


@dataclass
class Wire:
    """Carries requests out, now or later; `after` looks at the sandbox after every write."""

    application: server.Sandbox
    time: VirtualTime
    answer_seconds: int = 300
    late_share: float = 0.0
    refused_share: float = 0.0
    forgets_sync_ids: bool = False
    random: Random = field(default_factory=lambda: Random(0))
    after: Callable[[Sent, bool], None] = lambda _sent, _late: None
    count: Callable[[str], None] = lambda _what: None
    waiting: list[tuple[float, Sent]] = field(default_factory=list)

    def carry_out(self, sent: Sent) -> Exchanged:
        """The sandbox does what it does with this request, faults included."""
        exchanged = run(self.application, self._forgetful(sent))
        if sent.is_write:
            self.after(sent, False)
        return exchanged

    def keep(self, sent: Sent) -> None:
        """The service has the request and begins with it at some moment within its time."""
        due = self.time.monotonic() + self.random.uniform(0, self.answer_seconds)
        self.waiting.append((due, sent))

    def catch_up(self) -> None:
        """Carries out what was kept until now; nobody hears the answers."""
        for entry in sorted(self.waiting, key=lambda one: one[0]):
            if entry[0] <= self.time.monotonic():
                self.waiting.remove(entry)
                self.count("late request carried out")
                run(self.application, self._forgetful(entry[1]))
                self.after(entry[1], True)

    def _forgetful(self, sent: Sent) -> Sent:
        """Without syncIds: their uniqueness is a promise that nobody could check yet."""
        if not self.forgets_sync_ids or not sent.is_write:
            return sent
        given = json.loads(sent.body)
        elements = given if isinstance(given, list) else [given]
        if not any("syncId" in one for one in elements):
            return sent
        bare = [{k: v for k, v in one.items() if k != "syncId"} for one in elements]
        body = json.dumps(bare if isinstance(given, list) else bare[0]).encode()
        return Sent(sent.method, sent.path, sent.query, sent.headers, body)


class Adapter(BaseAdapter):
    """What the client's session sends through instead of a socket."""

    def __init__(self, wire: Wire, life: Life) -> None:
        super().__init__()
        self._wire = wire
        self._life = life

    def close(self) -> None:
        pass

    def send(self, request: requests.PreparedRequest, **given: Any) -> requests.Response:  # type: ignore[override]
        wire, life = self._wire, self._life
        sent = _sent(request)
        how = life.comes_to("request")
        wire.time.sleep(wire.random.uniform(0.01, 0.1))
        wire.catch_up()
        if how == "before":
            raise life.dies(f"before {sent.method} {sent.resource}")
        if how in {"lost", "done", "late"}:
            if how == "late":
                wire.keep(sent)
            elif how == "done":
                wire.carry_out(sent)
            raise life.dies(f"during {sent.method} {sent.resource} ({how})")
        self._trouble(sent)
        began = wire.time.monotonic()
        exchanged = wire.carry_out(sent)
        wire.time.sleep(wire.random.uniform(0.01, 0.1))
        if how == "answered":
            raise life.dies(f"after {sent.method} {sent.resource}")
        if wire.time.monotonic() - began > wire.answer_seconds:
            raise requests.ReadTimeout("no answer in time")
        if exchanged.status is None:
            raise requests.ConnectionError(ProtocolError("cut", ConnectionResetError(104, "reset")))
        return _response(request, exchanged)

    def _trouble(self, sent: Sent) -> None:
        """What may happen before the service has looked at the request."""
        wire = self._wire
        chance = wire.random.random()
        if sent.is_write and chance < wire.late_share:
            wire.keep(sent)
            wire.count("cut, carried out late")
            self._life.tell(f"{self._life.name}: {sent.method} {sent.resource} cut, done later")
            raise requests.ConnectionError(ProtocolError("cut", ConnectionResetError(104, "reset")))
        if chance > 1 - wire.refused_share:
            wire.count("connection refused")
            refused = NewConnectionError(None, "connection refused")  # type: ignore[arg-type]
            raise requests.ConnectionError(MaxRetryError(None, sent.path, refused))  # type: ignore[arg-type]


def _sent(request: requests.PreparedRequest) -> Sent:
    url = urlsplit(request.url or "")
    body = request.body or b""
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers["host"] = url.netloc
    text = body.encode() if isinstance(body, str) else bytes(body)
    return Sent(str(request.method), url.path, url.query, headers, text)


def _response(request: requests.PreparedRequest, exchanged: Exchanged) -> requests.Response:
    assert exchanged.status is not None
    response = requests.Response()
    response.status_code = exchanged.status
    response.headers = CaseInsensitiveDict(exchanged.headers)
    response.url = request.url or ""
    response.request = request
    response.raw = HTTPResponse(
        io.BytesIO(exchanged.body),
        headers=exchanged.headers,
        status=exchanged.status,
        preload_content=False,
        enforce_content_length=True,
        request_method=request.method,
    )
    return response


def run(application: server.Sandbox, sent: Sent) -> Exchanged:
    """Drives the application's coroutine, which never has to wait for anything."""
    exchanged = Exchanged()
    messages = [{"type": "http.request", "body": sent.body}, {"type": "http.disconnect"}]

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            exchanged.status = message["status"]
            exchanged.headers = {k.decode(): v.decode() for k, v in message["headers"]}
        else:
            exchanged.body += message["body"]

    scope = {
        "type": "http",
        "method": sent.method,
        "path": sent.path,
        "query_string": sent.query.encode(),
        "headers": [(k.encode(), v.encode()) for k, v in sent.headers.items()],
        "scheme": "http",
        "extensions": {ABORT: lambda: None},
    }
    _finish(application(scope, receive, send))
    return exchanged


def _finish(coroutine: Coroutine[Any, Any, None]) -> None:
    # The application's work in a thread of its own would cost as much as the work itself.
    with patch.object(server, "run_in_threadpool", _at_once):
        try:
            coroutine.send(None)
        except StopIteration:
            return
    raise AssertionError("the sandbox waits for something")
