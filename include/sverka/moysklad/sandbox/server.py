"""The ASGI application: bytes in, bytes out, and faults where they were asked for.

A lost reply has to be lost on the wire, not only in the application. ASGI has no way to say so;
`sverka.moysklad.sandbox.wire` gives the application one as a scope extension under uvicorn.
"""

import json
import logging
import time
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope, Send

from sverka.clock import Clock, system_clock
from sverka.moysklad.sandbox.desk import Desk, RequestCounter, planned_too_many
from sverka.moysklad.sandbox.errors import too_long
from sverka.moysklad.sandbox.faults import (
    BEFORE_THE_WORK,
    HALFWAY,
    Fault,
    FaultKind,
    FaultSwitch,
    fault_from,
)
from sverka.moysklad.sandbox.gate import Credentials
from sverka.moysklad.sandbox.http import API_ROOT, Answer, Request, refused
from sverka.moysklad.sandbox.limits import Limiter, Limits
from sverka.moysklad.sandbox.page import front_page
from sverka.moysklad.sandbox.saving import Replay, Rules
from sverka.moysklad.sandbox.standard import create_standard_objects
from sverka.moysklad.sandbox.storage import Database
from sverka.moysklad.sandbox.wire import ABORT

logger = logging.getLogger(__name__)

_GATEWAY_PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1><hr>nginx</body></html>"
_HTML = "text/html;charset=utf-8"


class ReplyLost(ConnectionAbortedError):
    """Raised instead of cutting the connection where there is none (in-process test clients)."""


class Sandbox:
    """The application; the state of documents is in the database, that of limits and faults here."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self._database = database
        self._desk = desk
        self.faults = FaultSwitch()
        self.requests = RequestCounter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry point."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            request = await _read(scope, receive)
            if scope["path"].startswith(API_ROOT + "/"):
                await self._api(request, scope, receive, send)
            else:
                await _send(send, await run_in_threadpool(self._aside, request))

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self._database.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
            await send({"type": "lifespan.startup.complete"})

    async def _api(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests.came(request)
        fault = self.faults.strike(request.method, request.path)
        if fault is None:
            answer = await run_in_threadpool(self._answer, request)
            await _send(send, answer)
        else:
            logger.info("fault %s on %s %s", fault.kind, request.method, request.path)
            await self._faulty(fault, request, scope, receive, send)

    async def _faulty(
        self, fault: Fault, request: Request, scope: Scope, receive: Receive, send: Send
    ) -> None:
        answer = Answer()
        if fault.kind in HALFWAY:
            request = _first_half(request)
        if fault.kind not in BEFORE_THE_WORK:
            held = fault.seconds if fault.kind is FaultKind.SLOW else 0
            answer = await run_in_threadpool(self._answer, request, hold_seconds=held)
        match fault.kind:
            case FaultKind.SLOW:
                await _send(send, answer)
            case FaultKind.HTML_500:
                await _send(send, _gateway(500, "500 Internal Server Error"))
            case FaultKind.HTML_502_AFTER_COMMIT:
                await _send(send, _gateway(502, "502 Bad Gateway"))
            case FaultKind.TOO_MANY:
                await _send(send, planned_too_many())
            case FaultKind.CUT_OFF:
                await _send(send, refused(too_long()))
            case FaultKind.TRUNCATE_REPLY:
                await _send(send, answer, cut=True)
                await _abort(scope, receive)
            case _:
                await _abort(scope, receive)

    def _answer(self, request: Request, hold_seconds: int = 0) -> Answer:
        answer = self._desk.answer(request, hold_seconds=hold_seconds)
        self.requests.answered(answer.status)
        return answer

    def _aside(self, request: Request) -> Answer:
        """What is not MoySklad: the page for people and the switches for tests."""
        match request.method, request.path:
            case "GET", "/":
                with self._database.transaction() as store:
                    counts = store.counts()
                return Answer(content=front_page(request.origin, counts), media_type=_HTML)
            case "GET", "/sandbox/requests":
                return Answer(content=self.requests.shown())
            case "DELETE", "/sandbox/requests":
                self.requests.reset()
                return Answer(204)
            case "POST", "/sandbox/faults":
                return self._plan(request)
            case "DELETE", "/sandbox/faults":
                self.faults.clear()
                return Answer(204)
            case _:
                return Answer(404, {"error": f"nothing here: {request.path}"})

    def _plan(self, request: Request) -> Answer:
        try:
            given = json.loads(request.body)
            self.faults.plan(fault_from(given))
        except (ValueError, TypeError, AttributeError) as error:
            return Answer(400, {"error": str(error)})
        return Answer(content={"planned": len(self.faults.planned())})


def app(  # noqa: PLR0913 - all but the URL have defaults
    database_url: str,
    *,
    limits: Limits | None = None,
    credentials: Credentials | None = None,
    replay: Replay | str = Replay.RETURN,
    clock: Clock = system_clock,
    monotonic: Callable[[], float] = time.monotonic,
) -> Sandbox:
    """The sandbox on this database; it creates its schema and the account's own objects.

    `limits` defaults to the rules of 2026-12-01 for a user's token, `credentials` to the public
    words in `gate.Credentials`, `replay` says what a repeated create does.
    """
    who = credentials or Credentials()
    rules = Rules(clock=clock, new_id=uuid4, replay=Replay(replay))
    database = Database(database_url)
    with database.transaction() as store:
        create_standard_objects(store, who, clock)
    limiter = Limiter(limits or Limits(), monotonic)
    return Sandbox(database, Desk(database, limiter, who, rules))


async def _read(scope: Scope, receive: Receive) -> Request:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    path: str = scope["path"]
    return Request(
        method=scope["method"],
        path=path.removeprefix(API_ROOT) if path.startswith(API_ROOT + "/") else path,
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        origin=f"{scope['scheme']}://{headers.get('host', 'localhost')}",
    )


async def _send(send: Send, answer: Answer, *, cut: bool = False) -> None:
    """Sends the answer; `cut` announces all of it and sends half."""
    plain = answer.media_type == _HTML
    body = answer.content.encode() if plain else answer.encoded()
    headers: MutableMapping[str, str] = {"content-length": str(len(body)), **answer.headers}
    if body:
        headers["content-type"] = answer.media_type
        if not plain:
            headers["content-encoding"] = "gzip"
    start: Message = {
        "type": "http.response.start",
        "status": answer.status,
        "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
    }
    await send(start)
    sent = body[: len(body) // 2] if cut else body
    await send({"type": "http.response.body", "body": sent, "more_body": cut})


async def _abort(scope: Scope, receive: Receive) -> None:
    abort: Callable[[], None] | None = scope.get("extensions", {}).get(ABORT)
    if abort is None:
        raise ReplyLost("the connection was cut by a planned fault")
    abort()
    while (await receive())["type"] != "http.disconnect":
        pass


def _first_half(request: Request) -> Request:
    given: Any = request.json()
    half = given[: (len(given) + 1) // 2] if isinstance(given, list) else given
    body = json.dumps(half, default=str).encode()
    return replace(request, body=body)


def _gateway(status: int, title: str) -> Answer:
    return Answer(status, _GATEWAY_PAGE.format(title), _HTML)
