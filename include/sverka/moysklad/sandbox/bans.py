"""«Автоматическое отключение доступа»: what makes MoySklad switch a user's API access off.

MoySklad docs, «Ограничения»: more than 200 identical failing requests, more than 200 answers 429, or
more than 100 PUTs to one entity within a minute. Access comes back only by asking the support; here
by a reset. «Одна и та же сущность» is read as one object.
"""

import hashlib
import threading
from collections import defaultdict, deque
from collections.abc import Callable

from sverka.moysklad.sandbox.errors import ApiError
from sverka.moysklad.sandbox.http import Request

_MINUTE = 60
_MOST_FAILURES = 200
_MOST_REFUSALS = 200
_MOST_PUTS = 100


class Watchman:
    """Remembers a minute of every user's calls and who is shut out; `monotonic` in seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._banned: dict[str, str] = {}

    def admit(self, user: str) -> None:
        """Raises ApiError 1061 when the user's access is off."""
        with self._lock:
            reason = self._banned.get(user)
        if reason is not None:
            text = f"Отсутствует доступ к API для данного пользователя ({reason})"
            raise ApiError(403, 1061, text)

    def note(self, user: str, request: Request, status: int) -> None:
        """Counts an answered request and bans the user who went too far."""
        if status == 429:
            self._count(user, "429", _MOST_REFUSALS, "ответы 429")
        elif status >= 400:
            told = hashlib.sha256(request.body).hexdigest()
            key = f"{request.method} {request.path}?{request.query} {told}"
            self._count(user, key, _MOST_FAILURES, "одинаковые ошибочные запросы")
        if request.method == "PUT":
            self._count(user, f"PUT {request.path}", _MOST_PUTS, "запросы PUT к одной сущности")

    def forget(self) -> None:
        """Lets everybody in again."""
        with self._lock:
            self._seen.clear()
            self._banned.clear()

    def _count(self, user: str, key: str, most: int, reason: str) -> None:
        now = self._monotonic()
        with self._lock:
            times = self._seen[user, key]
            times.append(now)
            while times[0] <= now - _MINUTE:
                times.popleft()
            if len(times) > most:
                self._banned.setdefault(user, reason)
