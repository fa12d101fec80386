"""The limiter keeps a bucket of 45 units per 3 seconds, and at most 5 requests in flight."""

import threading

import pytest

from sverka.moysklad.rate import Limiter, retry_after
from tests.support.faulty import Time


def limiter(time: Time) -> Limiter:
    return Limiter(sleep=time.sleep, monotonic=time.monotonic)


def headers(left: int, reset: int, limit: int = 45) -> dict[str, str]:
    return {
        "X-RateLimit-Remaining": str(left),
        "X-Lognex-Reset": str(reset),
        "X-RateLimit-Limit": str(limit),
    }


def test_a_window_has_room_for_eleven_requests_of_the_heaviest_weight(time: Time) -> None:
    mine = limiter(time)
    for _ in range(11):
        with mine.place():
            pass
    assert time.slept == []
    with mine.place():
        pass
    assert sum(time.slept) == pytest.approx(3)


def test_ten_thousand_requests_never_exceed_the_bucket_of_any_window(time: Time) -> None:
    mine = limiter(time)
    sent: list[float] = []
    for _ in range(10_000):
        with mine.place():
            sent.append(time.now)
    windows: dict[int, int] = {}
    for moment in sent:
        window = int((moment - 1000) // 3)
        windows[window] = windows.get(window, 0) + 4
    assert max(windows.values()) <= 45


def test_the_servers_count_replaces_ours(time: Time) -> None:
    mine = limiter(time)
    mine.learn(headers(left=3, reset=700))
    with mine.place():
        pass
    assert time.slept == [pytest.approx(0.7)]


def test_a_light_token_is_not_slowed_by_the_heavy_weight(time: Time) -> None:
    mine = limiter(time)
    for request in range(40):
        with mine.place():
            pass
        mine.learn(headers(left=44 - request, reset=3000))
    assert time.slept == []


def test_requests_of_other_threads_are_not_forgotten_when_a_reply_comes(time: Time) -> None:
    mine = limiter(time)
    with mine.place(), mine.place():
        # The server has seen one of the two: 41 left; the other one's 4 are still to come.
        mine.learn(headers(left=7, reset=1000))
    with mine.place():
        pass
    assert time.slept == [pytest.approx(1)]


@pytest.mark.parametrize(
    "useless",
    [
        {},
        {"X-RateLimit-Remaining": "0"},
        {"X-Lognex-Reset": "9000"},
        {"X-RateLimit-Remaining": "many", "X-Lognex-Reset": "9000"},
        {"X-RateLimit-Remaining": "-1", "X-Lognex-Reset": "9000"},
    ],
)
def test_headers_that_say_nothing_change_nothing(time: Time, useless: dict[str, str]) -> None:
    mine = limiter(time)
    mine.learn(useless)
    with mine.place():
        pass
    assert time.slept == []


@pytest.mark.parametrize("reply", [headers(left=0, reset=0), {"X-Lognex-Reset": "0"}])
def test_an_unlimited_account_is_not_slowed(time: Time, reply: dict[str, str]) -> None:
    mine = limiter(time)
    for _ in range(50):
        mine.learn(reply)
        with mine.place():
            pass
    assert time.slept == []


def test_the_window_stands_in_for_an_absent_reset(time: Time) -> None:
    mine = limiter(time)
    mine.learn({"X-RateLimit-Remaining": "0", "X-Lognex-Retry-TimeInterval": "3000"})
    with mine.place():
        pass
    assert time.slept == [pytest.approx(3)]


def test_a_bucket_smaller_than_one_weight_does_not_stop_the_world(time: Time) -> None:
    mine = limiter(time)
    mine.learn(headers(left=0, reset=1000, limit=1))
    with mine.place():
        pass
    assert sum(time.slept) == pytest.approx(1)


def test_no_more_than_five_requests_are_in_flight(time: Time) -> None:
    mine = limiter(time)
    inside, most = 0, 0
    lock = threading.Lock()
    all_in = threading.Barrier(5)

    def request() -> None:
        nonlocal inside, most
        with mine.place():
            with lock:
                inside += 1
                most = max(most, inside)
            # Ten threads pass in two groups of five: a sixth inside would break the count, a
            # limit below five would break the barrier.
            all_in.wait(timeout=10)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=request) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 5
    assert not all_in.broken


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
def test_a_busy_reply_says_how_long_to_wait(reply: dict[str, str], seconds: float) -> None:
    assert retry_after(reply) == seconds
