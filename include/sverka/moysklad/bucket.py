"""What is left of MoySklad's request limit: the arithmetic, without clocks, locks or storage.

MoySklad docs, «Ограничения»: 45 units for each user, given anew every 3 seconds. The server's own
count is the truth and comes with every answer. Between two answers the bucket holds what the
server said last; requests that are under way are held against it with their full weight, because
nobody knows whether that count has seen them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

CAPACITY = 45
WINDOW_SECONDS = 3.0
# A window begins when its first request arrives. Until an answer says when that was, this much is
# allowed for the way there; full too late only costs time, full too early is a 429.
WAY_SECONDS = 1.0
# Answers give milliseconds, cut off or rounded up: nobody says which.
GUARD_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Count:
    """What an answer says of the limit: units left, seconds until all are given anew."""

    units: int
    full_in: float
    capacity: int | None


@dataclass(frozen=True, slots=True)
class Bucket:
    """Units left in a window; `opened` and `full_at` are seconds on the caller's clock."""

    capacity: int = CAPACITY
    units: int = CAPACITY
    opened: float = 0.0
    full_at: float = 0.0

    def at(self, now: float) -> "Bucket":
        """The bucket now: full when its window is over."""
        if now < self.full_at:
            return self
        full_at = now + WINDOW_SECONDS + WAY_SECONDS
        return replace(self, units=self.capacity, opened=now, full_at=full_at)

    def wait(self, now: float, weight: int, flying: int) -> float:
        """Seconds until a request of this weight may go, 0 for at once, beside `flying` others."""
        left = self.units - weight * flying
        # A limit below one weight would stop everything for ever.
        alone = flying == 0 and self.units == self.capacity
        return 0.0 if left >= weight or alone else self.full_at - now + GUARD_SECONDS

    def counted(self, count: Count, began: float, now: float) -> "Bucket":
        """After an answer to a request that began in this window, or was the first of the next.

        Whether the count is of the request's arrival or of the answer is not documented: the
        window ends between `began + full_in` and `now + full_in`, and `full_at` never underrates.
        """
        bucket = replace(self, capacity=count.capacity or self.capacity)
        if count.full_in == 0:  # no limit, or full again by now
            return bucket
        if now >= self.full_at or began + count.full_in > self.full_at:
            return replace(bucket, units=count.units, opened=began, full_at=now + count.full_in)
        # Answers overtake one another: the lowest count is the latest.
        units, full_at = min(self.units, count.units), min(self.full_at, now + count.full_in)
        return replace(bucket, units=units, full_at=full_at)

    def spent(self, weight: int) -> "Bucket":
        """After a request of which no answer tells whether, and where, it was counted."""
        return replace(self, units=max(self.units - weight, 0))

    def empty(self, now: float, seconds: float) -> "Bucket":
        """Nothing may go for so long: MoySklad said so."""
        return replace(self, units=0, full_at=now + seconds)

    def answered(
        self, headers: Mapping[str, str], *, weight: int, began: float, now: float
    ) -> "Bucket":
        """After an answer with these headers to a request that began then."""
        count = count_in(headers)
        if count is None or began < self.opened:
            # Of the window before, or counted in this one already: the dearer of the two.
            return self.spent(weight)
        return self.counted(count, began, now)


def count_in(headers: Mapping[str, str]) -> Count | None:
    """What the headers say, or None when they do not say enough."""
    units = number(headers, "X-RateLimit-Remaining")
    full_in = number(headers, "X-Lognex-Reset")
    capacity = number(headers, "X-RateLimit-Limit")
    if full_in == 0:  # unlimited accounts may leave the count out
        return Count(units or 0, 0.0, capacity)
    if full_in is None:
        full_in = number(headers, "X-Lognex-Retry-TimeInterval")
    if units is None or full_in is None:
        return None
    return Count(units, full_in / 1000, capacity)


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that a 429 asks to wait; a whole window when it does not say."""
    for name in ("X-Lognex-Retry-After", "X-Lognex-Reset", "X-Lognex-Retry-TimeInterval"):
        if milliseconds := number(headers, name):
            return milliseconds / 1000
    return WINDOW_SECONDS


def number(headers: Mapping[str, str], name: str) -> int | None:
    """A header's whole number, or None where it holds something else."""
    text = headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
