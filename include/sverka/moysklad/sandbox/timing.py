"""The sandbox's time: that of the machine, or one that passes only when it is told to.

With virtual time nothing waits: a reply that takes 300 s is given at once, and the clock shows
300 s more. Rate windows, `created`, `updated` and the schedule of weights follow the same time.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sverka.clock import Clock, system_clock


@dataclass(frozen=True, slots=True)
class Timing:
    """Where the sandbox's time comes from; `monotonic` and `sleep` are in seconds."""

    clock: Clock = system_clock
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class VirtualTime:
    """A clock that stands still until somebody moves it or sleeps on it; safe in threads."""

    def __init__(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError(f"a moment without a zone: {now}")
        self._lock = threading.Lock()
        self._now = now
        self._passed = 0.0

    def clock(self) -> datetime:
        """The present moment, zone-aware."""
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        """Seconds that have passed; setting the clock back does not lessen them."""
        with self._lock:
            return self._passed

    def sleep(self, seconds: float) -> None:
        """Lets this much time pass at once.

        Raises:
            ValueError: less than nothing.
        """
        if seconds < 0:
            raise ValueError(f"time does not go back: {seconds}")
        with self._lock:
            self._now += timedelta(seconds=seconds)
            self._passed += seconds

    def set(self, now: datetime) -> None:
        """Moves the clock to this moment; what passed for `monotonic` is the way forward only.

        Raises:
            ValueError: a moment without a zone.
        """
        if now.tzinfo is None:
            raise ValueError(f"a moment without a zone: {now}")
        with self._lock:
            self._passed += max(0.0, (now - self._now).total_seconds())
            self._now = now

    @property
    def timing(self) -> Timing:
        """The same as the sandbox takes it."""
        return Timing(self.clock, self.monotonic, self.sleep)
