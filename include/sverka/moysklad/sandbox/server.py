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
from sverka.moysklad.sandbox.account import Account, Replay
from sverka.moysklad.sandbox.baseline import mark_if_none
from sverka.moysklad.sandbox.control import HTML, Control
from sverka.moysklad.sandbox.desk import Desk, planned_too_many
from sverka.moysklad.sandbox.errors import too_long
from sverka.moysklad.sandbox.fault_plan import FaultSwitch, Plan, Strike
from sverka.moysklad.sandbox.faults import BEFORE_THE_WORK, HALFWAY, FaultKind
from sverka.moysklad.sandbox.gate import Credentials
from sverka.moysklad.sandbox.http import API_ROOT, Answer, Request, dumps, refused
from sverka.moysklad.sandbox.limits import Limiter, Limits
from sverka.moysklad.sandbox.meddling import Meddling
from sverka.moysklad.sandbox.saving import Rules
from sverka.moysklad.sandbox.standard import create_standard_objects
from sverka.moysklad.sandbox.storage import Database
from sverka.moysklad.sandbox.timing import Timing, VirtualTime
from sverka.moysklad.sandbox.wire import ABORT

logger = logging.getLogger(__name__)

_GATEWAY_PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1><hr>nginx</body></html>"
_PAGES = {
    FaultKind.HTML_500: (500, "500 Internal Server Error"),
    FaultKind.HTML_502_AFTER_COMMIT: (502, "502 Bad Gateway"),
    FaultKind.HTML_503: (503, "503 Service Temporarily Unavailable"),
    FaultKind.HTML_504_AFTER_COMMIT: (504, "504 Gateway Time-out"),
}
_CUT = frozenset(
    {FaultKind.LOSE_REPLY, FaultKind.LOSE_REPLY_HALFWAY, FaultKind.RESET_BEFORE_COMMIT}
)


class ReplyLost(ConnectionAbortedError):
    """Raised instead of cutting the connection where there is none (in-process test clients)."""


class Sandbox:
    """The application; the state of documents is in the database, that of limits and faults here."""

    def __init__(self, database: Database, desk: Desk, control: Control, timing: Timing) -> None:
        self._database = database
        self._desk = desk
        self._sleep = timing.sleep
        self.control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry point."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            request = await _read(scope, receive)
            if scope["path"].startswith(API_ROOT + "/"):
                await self._api(request, scope, receive, send)
            else:
                await _send(send, await run_in_threadpool(self.control.answer, request))

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self._database.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
            await send({"type": "lifespan.startup.complete"})

    async def _api(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        self.control.requests.came(request)
        strike = self.control.faults.strike(request)
        if strike is None:
            await _send(send, await run_in_threadpool(self._answer, request))
            return
        logger.info("fault %s on %s %s", strike.fault.kind, request.method, request.path)
        worked = await run_in_threadpool(self._worked, strike, request)
        await _reply(strike.fault.kind, worked, scope, receive, send)

    def _worked(self, strike: Strike, request: Request) -> Answer:
        """What the service itself does and answers under this fault; it goes into the log."""
        kind, seconds = strike.fault.kind, strike.fault.seconds
        if kind in BEFORE_THE_WORK:
            self._sleep(seconds)
            self.control.faults.note(strike, request, status=None)
            return Answer()
        meddling = Meddling(strike)
        given = _first_half(request) if kind in HALFWAY else request
        answer = self._answer(given, hold_seconds=seconds, meddling=meddling)
        self.control.faults.note(strike, request, status=answer.status, **meddling.told)
        return answer

    def _answer(
        self, request: Request, *, hold_seconds: float = 0, meddling: Meddling | None = None
    ) -> Answer:
        answer = self._desk.answer(request, hold_seconds=hold_seconds, meddling=meddling)
        self.control.requests.answered(answer.status)
        return answer


def app(  # noqa: PLR0913 - all but the URL have defaults
    database_url: str,
    *,
    limits: Limits | None = None,
    credentials: Credentials | None = None,
    replay: Replay | str = Replay.RETURN,
    account: Account | None = None,
    faults: Plan | None = None,
    clock: Clock = system_clock,
    monotonic: Callable[[], float] = time.monotonic,
    virtual_time: VirtualTime | None = None,
) -> Sandbox:
    """The sandbox on this database; it creates its schema and the account's own objects.

    `limits` defaults to the rules for a user's token on the day of the clock, `credentials` to the
    public words in `gate.Credentials`. `account` says how the account is set up; without it
    `replay` says what a repeated create does. `virtual_time` takes the place of both clocks.
    """
    who = credentials or Credentials()
    timing = virtual_time.timing if virtual_time else Timing(clock, monotonic)
    settings = account or Account(replay=Replay(replay))
    rules = Rules(clock=timing.clock, new_id=uuid4, account=settings)
    database = Database(database_url)
    with database.transaction() as store:
        create_standard_objects(store, who, timing.clock)
        mark_if_none(store)
    limiter = Limiter(limits or Limits(), timing.monotonic, timing.clock)
    desk = Desk(database, limiter, who, rules, timing)
    control = Control(database, desk, who, FaultSwitch(faults), virtual_time)
    return Sandbox(database, desk, control, timing)


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


async def _reply(
    kind: FaultKind, answer: Answer, scope: Scope, receive: Receive, send: Send
) -> None:
    """What of the answer reaches the client under this fault."""
    if kind in _CUT:
        await _abort(scope, receive)
    elif kind is FaultKind.TRUNCATE_REPLY:
        await _send(send, answer, cut=True)
        await _abort(scope, receive)
    elif kind in _PAGES:
        status, title = _PAGES[kind]
        await _send(send, Answer(status, _GATEWAY_PAGE.format(title), HTML))
    elif kind in {FaultKind.TOO_MANY, FaultKind.TOO_MANY_AT_ONCE}:
        await _send(send, planned_too_many(kind))
    elif kind is FaultKind.CUT_OFF:
        await _send(send, refused(too_long()))
    elif kind is FaultKind.EMPTY_REPLY:
        await _send(send, Answer(200, headers=answer.headers))
    elif kind is FaultKind.GARBLE_REPLY:
        await _send(send, _garbled(answer))
    else:
        await _send(send, answer)


async def _send(send: Send, answer: Answer, *, cut: bool = False) -> None:
    """Sends the answer; `cut` announces all of it and sends half."""
    plain = answer.media_type == HTML
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
    if not request.body:
        return request
    given: Any = request.json()
    half = given[: (len(given) + 1) // 2] if isinstance(given, list) else given
    body = json.dumps(half, default=str).encode()
    return replace(request, body=body)


def _garbled(answer: Answer) -> Answer:
    if answer.content is None:
        return answer
    text = dumps(answer.content)
    return replace(answer, content=text[: len(text) // 2])
