"""One process keeps to the limits: the bucket of every window, and at most 5 requests in flight."""

import threading

import pytest

from sverka.errors import TryLater
from sverka.moysklad.bucket import WAY_SECONDS, WINDOW_SECONDS
from sverka.moysklad.rate import Limiter, Place, TooBusy
from tests.support.faulty import Time

FRESH = WINDOW_SECONDS + WAY_SECONDS


def limiter(time: Time, weight: int = 4) -> Limiter:
    return Limiter(lambda: weight, sleep=time.sleep, monotonic=time.monotonic)


def headers(left: int, reset: int, limit: int = 45) -> dict[str, str]:
    return {
        "X-RateLimit-Remaining": str(left),
        "X-Lognex-Reset": str(reset),
        "X-RateLimit-Limit": str(limit),
    }


def pass_through(mine: Limiter, answer: dict[str, str] | None = None) -> None:
    with mine.place(60) as place:
        place.headers = answer or {}


def test_a_window_has_room_for_eleven_requests_of_the_heaviest_weight(time: Time) -> None:
    mine = limiter(time)
    for _ in range(11):
        pass_through(mine)
    assert time.slept == []
    pass_through(mine)
    assert sum(time.slept) == pytest.approx(FRESH, abs=0.01)


def test_ten_thousand_requests_never_exceed_the_bucket_of_any_window(time: Time) -> None:
    mine = limiter(time)
    sent: list[float] = []
    for _ in range(10_000):
        with mine.place(60):
            sent.append(time.now)
    assert all(
        later - first >= WINDOW_SECONDS for first, later in zip(sent, sent[11:], strict=False)
    )


def test_the_servers_count_replaces_ours(time: Time) -> None:
    mine = limiter(time)
    pass_through(mine, headers(left=3, reset=700))
    pass_through(mine)
    assert time.slept == [pytest.approx(0.705)]


def test_a_light_token_is_not_slowed_by_the_heavy_weight(time: Time) -> None:
    mine = limiter(time)
    for request in range(41):
        pass_through(mine, headers(left=44 - request, reset=3000))
    assert time.slept == []


def test_requests_of_other_threads_are_not_forgotten_when_an_answer_comes(time: Time) -> None:
    mine = limiter(time)
    with mine.place(60):
        # The server has seen one of the two: the other one's 4 are still to come.
        pass_through(mine, headers(left=7, reset=1000))
        pass_through(mine)
    assert time.slept == [pytest.approx(1.005)]


def test_after_a_refusal_everybody_waits_as_long_as_was_said(time: Time) -> None:
    mine = limiter(time)
    with mine.place(60) as place:
        place.refused_for = 1.5
    pass_through(mine)
    assert time.slept == [pytest.approx(1.505)]


def test_who_cannot_wait_so_long_is_told_to_come_later(time: Time) -> None:
    mine = limiter(time)
    pass_through(mine, headers(left=0, reset=3000))
    with pytest.raises(TryLater) as caught, mine.place(1):
        pytest.fail("it was let through")
    assert (time.slept, caught.value.seconds) == ([], 4)
    time.now += 3
    pass_through(mine)  # nothing was taken from the others


def test_a_request_that_failed_gives_its_place_back(time: Time) -> None:
    mine = limiter(time)
    for _ in range(7):
        with pytest.raises(OSError, match="reset"), mine.place(60):
            raise OSError("reset")
    pass_through(mine)


def test_no_more_than_five_requests_are_in_flight(time: Time) -> None:
    mine = limiter(time, weight=1)
    inside, most = 0, 0
    lock = threading.Lock()
    all_in = threading.Barrier(5)

    def request() -> None:
        nonlocal inside, most
        with mine.place(60):
            with lock:
                inside += 1
                most = max(most, inside)
            # Ten threads pass in two groups of five: a sixth inside would break the count, a
            # limit below five would break the barrier.
            all_in.wait(timeout=60)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=request) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 5
    assert not all_in.broken


def test_a_sixth_request_does_not_wait_for_ever(time: Time) -> None:
    mine = limiter(time, weight=1)
    holding, done = threading.Barrier(6), threading.Event()

    def hold() -> None:
        with mine.place(60):
            holding.wait(timeout=60)
            done.wait(timeout=60)

    threads = [threading.Thread(target=hold) for _ in range(5)]
    for thread in threads:
        thread.start()
    holding.wait(timeout=60)
    with pytest.raises(TooBusy), mine.place(0.05):
        pytest.fail("it was let through")
    done.set()
    for thread in threads:
        thread.join()


def test_a_place_without_an_answer_has_no_headers() -> None:
    assert (Place().headers, Place().refused_for) == ({}, None)
