"""The limits that a client meets: a basket of units every three seconds, five calls at once.

MoySklad docs, «Ограничения»: a «корзинка» of 45 units is given anew every 3 s to every user, and a
call with a user's token takes more of them by a schedule. The state is in the process's memory.
"""

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sverka.clock import Clock, moscow_day, system_clock
from sverka.moysklad.sandbox.errors import TOO_MANY, ApiError

WINDOW_SECONDS = 3

_WEIGHTS = ((date(2026, 12, 1), 4), (date(2026, 9, 1), 3), (date(2026, 5, 12), 2))
"""«Лимит запросов за 3-секундный период»: from this day a user's call weighs this much."""


def weight_on(moment: datetime) -> int:
    """Units that one call of a user takes at this moment."""
    day = moscow_day(moment)
    return next((weight for since, weight in _WEIGHTS if day >= since), 1)


@dataclass(frozen=True, slots=True)
class Limits:
    """`rate` None, `parallel` None and `of_account` None mean no limit; `weight` None: by the day.

    `of_account` is how many calls of all users together may run at once.
    """

    rate: int | None = 45
    weight: int | None = None
    parallel: int | None = 5
    of_account: int | None = 20


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


def no_place() -> TooMany:
    """The refusal when all parallel places are taken; the headers of the basket say nothing of it."""
    text = "Превышено ограничение на одновременное количество запросов"
    return TooMany(ApiError(TOO_MANY, 1073, text), "429005")


@dataclass(slots=True)
class _Basket:
    opened: float
    left: int


class Limiter:
    """Counts calls per user; `monotonic` gives seconds that never go back."""

    def __init__(
        self,
        limits: Limits,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Clock = system_clock,
    ) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._clock = clock
        self._lock = threading.Lock()
        self._baskets: dict[str, _Basket] = {}
        self._running: dict[str, int] = defaultdict(int)

    @property
    def is_limited(self) -> bool:
        """Whether calls are counted at all."""
        return self._limits.rate is not None

    def forget(self) -> None:
        """Gives every user a full basket; who is running goes on taking a place."""
        with self._lock:
            self._baskets.clear()

    @contextmanager
    def one_of_few(self, user: str) -> Iterator[None]:
        """Holds one of the user's parallel places.

        Raises:
            TooMany: 1073, all places of the user or of the account are taken.
        """
        with self._lock:
            if self._is_full(user):
                raise no_place()
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
        weight = self._weight()
        with self._lock:
            basket = self._basket(user, self._limits.rate)
            if basket.left < weight:
                raise empty_basket()
            basket.left -= weight

    def headers(self, user: str) -> dict[str, str]:
        """The headers that tell a client how much it may still do (times in milliseconds)."""
        rate = self._limits.rate
        if rate is None:
            return {"X-Lognex-Reset": "0"}
        with self._lock:
            basket = self._basket(user, rate)
            until_new = basket.opened + WINDOW_SECONDS - self._monotonic()
        reset = str(max(1, math.ceil(until_new * 1000)))
        return {
            "X-RateLimit-Limit": str(rate),
            "X-RateLimit-Remaining": str(basket.left),
            "X-Lognex-Retry-TimeInterval": str(WINDOW_SECONDS * 1000),
            "X-Lognex-Reset": reset,
            "X-Lognex-Retry-After": reset if basket.left < self._weight() else "0",
        }

    def _weight(self) -> int:
        given = self._limits.weight
        return weight_on(self._clock()) if given is None else given

    def _is_full(self, user: str) -> bool:
        own, together = self._limits.parallel, self._limits.of_account
        if own is None:
            return False
        everybody = sum(self._running.values())
        return self._running[user] >= own or (together is not None and everybody >= together)

    def _basket(self, user: str, rate: int) -> _Basket:
        now = self._monotonic()
        basket = self._baskets.get(user)
        if basket is None or now - basket.opened >= WINDOW_SECONDS:
            basket = self._baskets[user] = _Basket(now, rate)
        return basket
