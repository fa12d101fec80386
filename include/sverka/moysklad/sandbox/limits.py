"""The limits that a client meets: a basket of units every three seconds, five calls at once.

MoySklad docs, «Ограничения»: «корзинка» of 45 units is given anew every 3 s, and a call with a
user's token weighs 4 of them from 2026-12-01. The state is in the process's memory: one process.
"""

import math
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sverka.moysklad.sandbox.errors import TOO_MANY, ApiError

WINDOW_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """`rate` None and `parallel` None mean no limit."""

    rate: int | None = 45
    weight: int = 4
    parallel: int | None = 5


class TooMany(Exception):
    """429: the error with its code and the value of `X-Lognex-Auth`."""

    def __init__(self, error: ApiError, auth_code: str) -> None:
        self.error = error
        self.auth_code = auth_code
        super().__init__(str(error))


def empty_basket() -> TooMany:
    """The refusal when nothing is left for this window."""
    text = "Превышено ограничение на количество запросов в единицу времени"
    return TooMany(ApiError(TOO_MANY, 1049, text), "429002")


@dataclass(slots=True)
class _Basket:
    opened: float
    left: int


class Limiter:
    """Counts calls per user; `monotonic` gives seconds that never go back."""

    def __init__(self, limits: Limits, monotonic: Callable[[], float]) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._baskets: dict[str, _Basket] = {}
        self._running: dict[str, int] = defaultdict(int)

    @contextmanager
    def one_of_few(self, user: str) -> Iterator[None]:
        """Holds one of the user's parallel places.

        Raises:
            TooMany: 1073, all places are taken.
        """
        with self._lock:
            most = self._limits.parallel
            if most is not None and self._running[user] >= most:
                text = "Превышено ограничение на одновременное количество запросов"
                raise TooMany(ApiError(TOO_MANY, 1073, text), "429005")
            self._running[user] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[user] -= 1

    def spend(self, user: str) -> None:
        """Takes the weight of one call from the user's basket.

        Raises:
            TooMany: 1049, the basket has less than that; a refused call takes nothing.
        """
        if self._limits.rate is None:
            return
        with self._lock:
            basket = self._basket(user, self._limits.rate)
            if basket.left < self._limits.weight:
                raise empty_basket()
            basket.left -= self._limits.weight

    def headers(self, user: str) -> dict[str, str]:
        """The headers that tell a client how much it may still do (times in milliseconds)."""
        rate = self._limits.rate
        if rate is None:
            return {"X-Lognex-Reset": "0"}
        with self._lock:
            basket = self._basket(user, rate)
            until_new = basket.opened + WINDOW_SECONDS - self._monotonic()
        reset = str(max(1, math.ceil(until_new * 1000)))
        headers = {
            "X-RateLimit-Limit": str(rate),
            "X-RateLimit-Remaining": str(basket.left),
            "X-Lognex-Retry-TimeInterval": str(WINDOW_SECONDS * 1000),
            "X-Lognex-Reset": reset,
        }
        if basket.left < self._limits.weight:
            headers["X-Lognex-Retry-After"] = reset
        else:
            headers["X-Lognex-Retry-After"] = "0"
        return headers

    def _basket(self, user: str, rate: int) -> _Basket:
        now = self._monotonic()
        basket = self._baskets.get(user)
        if basket is None or now - basket.opened >= WINDOW_SECONDS:
            basket = self._baskets[user] = _Basket(now, rate)
        return basket
