"""Keeps this process within MoySklad's request limits, by the limits' own headers.

MoySklad docs, «Ограничения»: a bucket of 45 units per 3 seconds for each user; a request with a
user's token or password weighs 4 units from 2026-12-01 (3 before, 1 for a published solution);
not more than 5 requests at the same time.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

BUCKET = 45
WINDOW_SECONDS = 3.0
# The heaviest documented weight: a lighter token only leaves a few units of a window unused,
# because the server's own count of what is left is taken over with every reply.
WEIGHT = 4
IN_FLIGHT = 5


class Limiter:
    """Lets a request through when the bucket has room for it; shared by the threads of a client.

    `sleep` takes seconds; `monotonic` returns seconds.
    """

    def __init__(
        self,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._places = BoundedSemaphore(IN_FLIGHT)
        self._lock = Lock()
        self._left = BUCKET
        self._bucket = BUCKET
        self._flying = 0
        self._refilled_at = monotonic() + WINDOW_SECONDS

    @contextmanager
    def place(self) -> Iterator[None]:
        """One request's place among those in flight, entered when its weight is free."""
        with self._places:
            self._take()
            try:
                yield
            finally:
                with self._lock:
                    self._flying -= 1

    def learn(self, headers: Mapping[str, str]) -> None:
        """Takes over what a reply says: units left, milliseconds until the bucket is full again."""
        left = _number(headers, "X-RateLimit-Remaining")
        reset = _number(headers, "X-Lognex-Reset")
        if reset == 0:  # unlimited, or full again by now
            left = left or 0
        elif reset is None:
            reset = _number(headers, "X-Lognex-Retry-TimeInterval")
        if left is None or reset is None:
            return
        with self._lock:
            self._bucket = _number(headers, "X-RateLimit-Limit") or self._bucket
            # Other requests of ours may not be counted in this reply yet.
            self._left = left - WEIGHT * max(self._flying - 1, 0)
            self._refilled_at = self._monotonic() + reset / 1000

    def now(self) -> float:
        """Seconds on the clock that the limiter goes by."""
        return self._monotonic()

    def pause(self, seconds: float) -> None:
        """Waits because the server said so (429)."""
        self._sleep(seconds)

    def _take(self) -> None:
        with self._lock:
            self._refill_if_due()
            # Sleeping with the lock held is meant: the others would find the bucket empty, too.
            while self._left < WEIGHT:
                self._sleep(max(self._refilled_at - self._monotonic(), 0.01))
                self._refill_if_due()
            self._left -= WEIGHT
            self._flying += 1

    def _refill_if_due(self) -> None:
        now = self._monotonic()
        if now >= self._refilled_at:
            self._left = max(self._bucket, WEIGHT)
            self._refilled_at = now + WINDOW_SECONDS


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that a 429 reply asks to wait; a whole window when it does not say."""
    for name in ("X-Lognex-Retry-After", "X-Lognex-Reset", "X-Lognex-Retry-TimeInterval"):
        if milliseconds := _number(headers, name):
            return milliseconds / 1000
    return WINDOW_SECONDS


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None
