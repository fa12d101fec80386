"""The arithmetic of the limit against every server that the documentation allows."""

import heapq
import random
from collections import deque
from dataclasses import dataclass, field

import pytest

from sverka.moysklad.bucket import (
    GUARD_SECONDS,
    WAY_SECONDS,
    WINDOW_SECONDS,
    Bucket,
    Count,
    count_in,
    retry_after,
)

FRESH = WINDOW_SECONDS + WAY_SECONDS


def headers(left: int, reset: int, limit: int = 45) -> dict[str, str]:
    return {
        "X-RateLimit-Remaining": str(left),
        "X-Lognex-Reset": str(reset),
        "X-RateLimit-Limit": str(limit),
    }


# ---------------------------------------------------------------------------------------------
# A simulated server, and clients that share one bucket


@dataclass
class Server:
    """Counts units per window; a refused request is what must never happen."""

    weight: int
    aligned: bool
    """Windows follow the clock, or begin with their first request."""
    counts_at_arrival: bool
    """Headers are of the request's arrival, or of its answer."""
    window: float = -100.0
    left: int = 45
    refused: int = 0

    def look(self, now: float) -> Count:
        if now >= self.window + WINDOW_SECONDS:
            self.window = now // WINDOW_SECONDS * WINDOW_SECONDS if self.aligned else now
            self.left = 45
        # Whole milliseconds, rounded down.
        return Count(self.left, int((self.window + WINDOW_SECONDS - now) * 1000) / 1000, 45)

    def take(self, now: float) -> Count:
        self.look(now)
        if self.left < self.weight:
            self.refused += 1
        self.left -= self.weight
        return self.look(now)


@dataclass
class Trip:
    """How long a request is on its way, worked on, and on its way back (seconds)."""

    there: float
    work: float
    back: float


@dataclass
class Simulation:
    """Five places, a bucket, and trips that all want to start at once."""

    server: Server
    assumed: int
    trips: list[Trip]
    bucket: Bucket = field(default_factory=Bucket)
    now: float = 1000.0
    flying: int = 0
    finished: int = 0

    def run(self) -> float:
        """Seconds until the last answer."""
        began = self.now
        waiting = deque(self.trips)
        events: list[tuple[float, int, str, Trip, float, Count | None]] = []
        order = 0
        while waiting or events:
            wait = self._try(waiting, events)
            assert wait is None or wait > 0
            until = self.now + wait if wait is not None else float("inf")
            if events and events[0][0] <= until:
                moment, _, what, trip, start, count = heapq.heappop(events)
                self.now = moment
                order += 1
                if what == "arrives":
                    count = self.server.take(moment)
                    event = (moment + trip.work, 10**6 + order, "works", trip, start, count)
                    heapq.heappush(events, event)
                elif what == "works":
                    if not self.server.counts_at_arrival:
                        count = self.server.look(moment)
                    event = (moment + trip.back, 10**6 + order, "answers", trip, start, count)
                    heapq.heappush(events, event)
                else:
                    self._answered(start, count)
            else:
                self.now = until
        return self.now - began

    def _try(self, waiting: deque[Trip], events: list) -> float | None:
        while waiting and self.flying < 5:
            self.bucket = self.bucket.at(self.now)
            wait = self.bucket.wait(self.now, self.assumed, self.flying)
            if wait > 0:
                return wait
            trip = waiting.popleft()
            self.flying += 1
            heapq.heappush(
                events, (self.now + trip.there, -len(waiting), "arrives", trip, self.now, None)
            )
        return None

    def _answered(self, start: float, count: Count | None) -> None:
        assert count is not None
        self.flying -= 1
        self.finished += 1
        shown = {
            "X-RateLimit-Remaining": str(count.units),
            "X-Lognex-Reset": str(max(int(count.full_in * 1000), 1)),
            "X-RateLimit-Limit": "45",
        }
        self.bucket = self.bucket.answered(shown, weight=self.assumed, began=start, now=self.now)


WAYS = (0.001, 0.01, 0.05, 0.2, 0.6)
WORK = (0.001, 0.001, 0.03, 0.03, 0.2, 1.0, 2.5, 7.0)


def trips_of(seed: int) -> list[Trip]:
    """Enough of them to empty several windows; quick and slow ones, in all mixtures."""
    dice = random.Random(seed)
    ways = dice.sample(WAYS, dice.randint(1, 3))
    work = dice.sample(WORK, dice.randint(1, 4))
    return [
        Trip(dice.choice(ways), dice.choice(work), dice.choice(ways))
        for _ in range(dice.randint(30, 150))
    ]


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("at_arrival", [True, False])
@pytest.mark.parametrize(("real", "assumed"), [(4, 4), (3, 4), (3, 3), (2, 4), (1, 4), (1, 1)])
def test_no_server_ever_refuses_and_every_request_gets_through(
    real: int, assumed: int, aligned: bool, at_arrival: bool
) -> None:
    for seed in range(60):
        trips = trips_of(seed)
        server = Server(real, aligned, at_arrival)
        simulation = Simulation(server, assumed, trips, now=1000 + seed / 20)
        simulation.run()
        assert server.refused == 0, f"seed {seed}"
        assert simulation.finished == len(trips), f"seed {seed}"


@pytest.mark.parametrize(
    ("weight", "assumed", "least"), [(4, 4, 10), (3, 3, 14), (3, 4, 13), (1, 4, 40)]
)
def test_a_quick_service_is_used_nearly_to_its_limit(weight: int, assumed: int, least: int) -> None:
    trips = [Trip(0.005, 0.02, 0.005) for _ in range(400)]
    seconds = Simulation(
        Server(weight, aligned=False, counts_at_arrival=True), assumed, trips
    ).run()
    assert 400 / (seconds / WINDOW_SECONDS) >= least


# ---------------------------------------------------------------------------------------------
# One step at a time


def test_a_new_bucket_is_full_and_its_window_counts_from_the_first_request() -> None:
    bucket = Bucket().at(10.0)
    assert (bucket.units, bucket.opened, bucket.full_at) == (45, 10.0, 10.0 + FRESH)
    assert bucket.at(10.0 + FRESH - 0.001) is bucket
    assert bucket.at(10.0 + FRESH).opened == 10.0 + FRESH


@pytest.mark.parametrize(
    ("units", "flying", "free"),
    [(45, 0, True), (4, 0, True), (3, 0, False), (8, 1, True), (7, 1, False), (20, 4, True)],
)
def test_requests_under_way_are_held_against_the_bucket(
    units: int, flying: int, free: bool
) -> None:
    bucket = Bucket(units=units, opened=10.0, full_at=12.0)
    assert bucket.wait(11.0, 4, flying) == (0 if free else pytest.approx(1.0 + GUARD_SECONDS))


def test_a_bucket_below_one_weight_lets_one_request_through() -> None:
    bucket = Bucket(capacity=3, units=3, opened=10.0, full_at=12.0)
    assert bucket.wait(11.0, 4, 0) == 0
    assert bucket.wait(11.0, 4, 1) > 0


OPEN = Bucket(units=30, opened=10.0, full_at=14.0)


def test_the_servers_count_replaces_ours() -> None:
    after = OPEN.answered(headers(12, 900), weight=4, began=10.5, now=11.0)
    assert (after.units, after.full_at) == (12, pytest.approx(11.9))


def test_an_answer_that_was_overtaken_does_not_raise_the_count() -> None:
    after = OPEN.answered(headers(41, 900), weight=4, began=10.5, now=11.0)
    assert after.units == 30


def test_an_answer_to_a_request_of_the_window_before_counts_for_both() -> None:
    after = OPEN.answered(headers(1, 5), weight=4, began=9.9, now=10.1)
    assert after == Bucket(units=26, opened=10.0, full_at=14.0)


def test_an_answer_of_the_next_window_begins_it() -> None:
    after = OPEN.answered(headers(41, 2900), weight=4, began=13.9, now=14.2)
    assert (after.units, after.opened, after.full_at) == (41, 13.9, pytest.approx(17.1))


@pytest.mark.parametrize(
    "useless",
    [
        {},
        {"X-RateLimit-Remaining": "0"},
        {"X-Lognex-Reset": "9000"},
        {"X-RateLimit-Remaining": "many", "X-Lognex-Reset": "9000"},
        {"X-RateLimit-Remaining": "-1", "X-Lognex-Reset": "9000"},
        {"X-RateLimit-Remaining": "1", "X-Lognex-Reset": "9" * 40},
    ],
)
def test_an_answer_that_does_not_count_costs_its_weight(useless: dict[str, str]) -> None:
    assert OPEN.answered(useless, weight=4, began=10.5, now=11.0).units == 26
    assert Bucket(units=1, full_at=14.0).spent(4).units == 0


@pytest.mark.parametrize("reply", [headers(left=0, reset=0), {"X-Lognex-Reset": "0"}])
def test_an_unlimited_account_keeps_its_bucket(reply: dict[str, str]) -> None:
    assert OPEN.answered(reply, weight=4, began=10.5, now=11.0) == OPEN


def test_the_window_stands_in_for_an_absent_reset() -> None:
    told = {"X-RateLimit-Remaining": "7", "X-Lognex-Retry-TimeInterval": "3000"}
    assert count_in(told) == Count(7, 3.0, None)


def test_the_servers_capacity_is_taken_over() -> None:
    after = OPEN.answered(headers(12, 900, limit=90), weight=4, began=10.5, now=11.0)
    assert after.at(20.0).units == 90


def test_after_a_refusal_nobody_sends_for_as_long_as_was_said() -> None:
    after = OPEN.empty(11.0, 1.5)
    assert after.wait(11.0, 1, 0) == pytest.approx(1.5 + GUARD_SECONDS)
    assert after.at(12.5).units == 45


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        ({"X-Lognex-Retry-After": "1500", "X-Lognex-Reset": "9"}, 1.5),
        ({"X-Lognex-Retry-After": "0", "X-Lognex-Reset": "900"}, 0.9),
        ({"X-Lognex-Retry-TimeInterval": "3000"}, 3),
        ({"X-Lognex-Retry-After": "soon"}, 3),
        ({}, 3),
    ],
)
def test_a_busy_answer_says_how_long_to_wait(reply: dict[str, str], seconds: float) -> None:
    assert retry_after(reply) == seconds
