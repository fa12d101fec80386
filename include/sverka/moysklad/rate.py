"""Lets requests through as MoySklad's limits allow: here for one process, in `budget` for all.

MoySklad docs, «Ограничения»: a bucket of units per window, and at most 5 requests of a user at the
same time.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from threading import BoundedSemaphore, Lock
from typing import Protocol

from sverka.moysklad.bucket import Bucket
from sverka.moysklad.errors import Transient
from sverka.moysklad.weights import Weight

IN_FLIGHT = 5


class Place:
    """One request's place among those in flight; whoever holds it notes here what came back."""

    def __init__(self) -> None:
        self.headers: Mapping[str, str] = {}
        """Headers of the answer; empty when none came."""
        self.refused_for: float | None = None
        """Seconds that nobody may send, when MoySklad said that the rate was exceeded."""

    def after(self, bucket: Bucket, *, weight: int, began: float, now: float) -> Bucket:
        """The bucket when the place is given back."""
        if self.refused_for is not None:
            return bucket.empty(now, self.refused_for)
        return bucket.answered(self.headers, weight=weight, began=began, now=now)


class TooBusy(Transient):
    """No place became free in the time that the request could wait; it was not sent."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            "Очередь к МоемуСкладу слишком длинная: запрос не отправлен.", seconds=int(seconds) + 1
        )


class Pace(Protocol):
    """Who says when the next request may go."""

    def place(self, longest: float) -> AbstractContextManager[Place]:
        """A place, when there is one and its weight is free; waits for it fairly.

        Raises:
            Transient: not within `longest` seconds, or nobody can say; nothing was sent.
        """

    def pause(self, seconds: float) -> None:
        """Waits because the server said so."""

    def now(self) -> float:
        """Seconds on a clock that only goes forward."""


class Limiter:
    """The limits for the threads of one process; `sleep` and `monotonic` are in seconds."""

    def __init__(
        self,
        weight: Weight,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._weight = weight
        self._sleep = sleep
        self._monotonic = monotonic
        self._places = BoundedSemaphore(IN_FLIGHT)
        self._turn = Lock()
        self._lock = Lock()
        self._bucket = Bucket()
        self._flying = 0

    @contextmanager
    def place(self, longest: float) -> Iterator[Place]:
        """As `Pace.place`."""
        until = self._monotonic() + longest
        if not self._places.acquire(timeout=longest):
            raise TooBusy(longest)
        try:
            began = self._enter(until)
            place = Place()
            try:
                yield place
            finally:
                self._leave(place, began)
        finally:
            self._places.release()

    def pause(self, seconds: float) -> None:
        """As `Pace.pause`."""
        self._sleep(seconds)

    def now(self) -> float:
        """As `Pace.now`."""
        return self._monotonic()

    def _enter(self, until: float) -> float:
        """Waits for room in the bucket and takes it; returns the moment."""
        with self._turn:  # the others would find the bucket empty, too
            while True:
                with self._lock:
                    now = self._monotonic()
                    self._bucket = self._bucket.at(now)
                    wait = self._bucket.wait(now, self._weight(), self._flying)
                    if wait == 0:
                        self._flying += 1
                        return now
                if now + wait > until:
                    raise TooBusy(wait)
                self._sleep(wait)

    def _leave(self, place: Place, began: float) -> None:
        with self._lock:
            self._flying -= 1
            self._bucket = place.after(
                self._bucket, weight=self._weight(), began=began, now=self._monotonic()
            )
