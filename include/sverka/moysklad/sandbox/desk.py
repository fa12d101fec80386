"""One request from admission to answer, in one thread and one transaction."""

import re
from collections import Counter
from threading import Lock
from typing import Any

from sverka.moysklad.sandbox.bans import Watchman
from sverka.moysklad.sandbox.errors import ApiError
from sverka.moysklad.sandbox.faults import FaultKind
from sverka.moysklad.sandbox.gate import (
    Credentials,
    NoGzip,
    caller,
    require_accept,
    require_gzip,
)
from sverka.moysklad.sandbox.http import LARGEST_HEAD, Answer, Request, refused
from sverka.moysklad.sandbox.limits import Limiter, TooMany, empty_basket, no_place
from sverka.moysklad.sandbox.meddling import Meddling
from sverka.moysklad.sandbox.routes import respond
from sverka.moysklad.sandbox.saving import Rules
from sverka.moysklad.sandbox.storage import Database
from sverka.moysklad.sandbox.timing import Timing

_ANY_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class RequestCounter:
    """How many requests came, by resource and by the status they got."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._routes: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()

    def came(self, request: Request) -> None:
        with self._lock:
            self._routes[f"{request.method} {_ANY_ID.sub('{id}', request.path)}"] += 1

    def answered(self, status: int) -> None:
        with self._lock:
            self._statuses[str(status)] += 1

    def reset(self) -> None:
        with self._lock:
            self._routes.clear()
            self._statuses.clear()

    def shown(self) -> dict[str, Any]:
        with self._lock:
            return {
                "total": self._routes.total(),
                "by_route": dict(self._routes),
                "by_status": dict(self._statuses),
            }


class Desk:
    """Admits, answers and refuses requests to the API; `rules` may be replaced at any time."""

    def __init__(
        self,
        database: Database,
        limiter: Limiter,
        credentials: Credentials,
        rules: Rules,
        timing: Timing,
    ) -> None:
        self.rules = rules
        self._database = database
        self._limiter = limiter
        self._watchman = Watchman(timing.monotonic)
        self._credentials = credentials
        self._sleep = timing.sleep
        self._owners: dict[str, str] = {}

    def forget(self) -> None:
        """Full baskets, no bans, and tokens are looked up anew."""
        self._limiter.forget()
        self._watchman.forget()
        self._owners.clear()

    def answer(
        self, request: Request, *, hold_seconds: float = 0, meddling: Meddling | None = None
    ) -> Answer:
        """The answer by the rules; every refusal is an answer too.

        `hold_seconds` keeps the answer back after the work is committed; the request goes on
        taking one of the caller's parallel places meanwhile.
        """
        if request.head_bytes > LARGEST_HEAD:
            return Answer(414)
        try:
            require_gzip(request.headers)
            login = caller(request.headers, self._credentials, self._owner_of)
            self._watchman.admit(login)
        except NoGzip:
            return Answer(415)
        except ApiError as error:
            return refused(error)
        try:
            with self._limiter.one_of_few(login):
                self._limiter.spend(login)
                answer = self._admitted(request, login, meddling or Meddling())
                if hold_seconds:
                    self._sleep(hold_seconds)
        except TooMany as error:
            answer = _too_many(error)
        if self._limiter.is_limited:
            self._watchman.note(login, request, answer.status)
        headers = {**answer.headers, **self._limiter.headers(login)}
        return Answer(answer.status, answer.content, answer.media_type, headers)

    def _owner_of(self, token: str) -> str | None:
        """Whose token it is; a known one is not looked up twice."""
        owner = self._owners.get(token)
        if owner is None:
            with self._database.reading() as store:
                owner = store.owner_of(token)
            if owner is not None:
                self._owners[token] = owner
        return owner

    def _admitted(self, request: Request, login: str, meddling: Meddling) -> Answer:
        try:
            require_accept(request.headers)
            meddling.before(self._database, request, self.rules)
            answer = self._worked(request, login, meddling)
            meddling.after(self._database, request, self.rules, answer)
        except ApiError as error:
            return refused(error)
        if request.path == "/security/token":
            self._owners.clear()
        return answer

    def _worked(self, request: Request, login: str, meddling: Meddling) -> Answer:
        database = self._database
        begun = database.reading() if request.method == "GET" else database.transaction()
        with begun as store:
            return respond(store, request, self.rules, login, meddling)


def planned_too_many(kind: FaultKind) -> Answer:
    """429 for a planned fault, as a caller sees it who has emptied the basket or taken all places.

    The headers tell of the basket only («Обработка ошибок»): with 1073 they show that much is left.
    """
    at_once = kind is FaultKind.TOO_MANY_AT_ONCE
    answer = _too_many(no_place() if at_once else empty_basket())
    basket = {
        "X-RateLimit-Limit": "45",
        "X-RateLimit-Remaining": "25" if at_once else "0",
        "X-Lognex-Retry-TimeInterval": "3000",
        "X-Lognex-Reset": "1000",
        "X-Lognex-Retry-After": "0" if at_once else "1000",
    }
    return Answer(answer.status, answer.content, headers={**answer.headers, **basket})


def _too_many(error: TooMany) -> Answer:
    headers = {"X-Lognex-Auth": error.auth_code}
    return Answer(error.error.status, error.error.body(), headers=headers)
