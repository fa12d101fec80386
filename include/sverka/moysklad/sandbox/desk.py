"""One request from admission to answer, in one thread and one transaction."""

import re
import time
from collections import Counter
from threading import Lock
from typing import Any

from sverka.moysklad.sandbox.errors import ApiError
from sverka.moysklad.sandbox.gate import (
    Credentials,
    NoGzip,
    caller,
    require_accept,
    require_gzip,
)
from sverka.moysklad.sandbox.http import LARGEST_HEAD, Answer, Request, refused
from sverka.moysklad.sandbox.limits import Limiter, TooMany, empty_basket
from sverka.moysklad.sandbox.routes import respond
from sverka.moysklad.sandbox.saving import Rules
from sverka.moysklad.sandbox.storage import Database

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
    """Admits, answers and refuses requests to the API."""

    def __init__(
        self, database: Database, limiter: Limiter, credentials: Credentials, rules: Rules
    ) -> None:
        self._database = database
        self._limiter = limiter
        self._credentials = credentials
        self._rules = rules

    def answer(self, request: Request, *, hold_seconds: int = 0) -> Answer:
        """The answer by the rules; every refusal is an answer too.

        `hold_seconds` keeps the answer back after the work is committed; the request goes on
        taking one of the caller's parallel places meanwhile.
        """
        if request.head_bytes > LARGEST_HEAD:
            return Answer(414)
        try:
            require_gzip(request.headers)
            with self._database.transaction() as store:
                login = caller(request.headers, self._credentials, store.owner_of)
        except NoGzip:
            return Answer(415)
        except ApiError as error:
            return refused(error)
        try:
            with self._limiter.one_of_few(login):
                self._limiter.spend(login)
                answer = self._admitted(request, login)
                time.sleep(hold_seconds)
        except TooMany as error:
            answer = _too_many(error)
        headers = {**answer.headers, **self._limiter.headers(login)}
        return Answer(answer.status, answer.content, answer.media_type, headers)

    def _admitted(self, request: Request, login: str) -> Answer:
        try:
            require_accept(request.headers)
            with self._database.transaction() as store:
                return respond(store, request, self._rules, login)
        except ApiError as error:
            return refused(error)


def planned_too_many() -> Answer:
    """429 as a caller sees it who has emptied the basket, for a planned fault."""
    answer = _too_many(empty_basket())
    wait = {"X-RateLimit-Remaining": "0", "X-Lognex-Retry-After": "1000"}
    return Answer(answer.status, answer.content, headers={**answer.headers, **wait})


def _too_many(error: TooMany) -> Answer:
    headers = {"X-Lognex-Auth": error.auth_code}
    return Answer(error.error.status, error.error.body(), headers=headers)
