"""The basket of units and the parallel places."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

import pytest

from sverka.moysklad.sandbox.limits import Limiter, Limits, TooMany, weight_on
from sverka.moysklad.sandbox.timing import VirtualTime
from tests.moysklad.sandbox.conftest import Caller, refusal


class Seconds:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.mark.parametrize(("weight", "calls"), [(1, 45), (2, 22), (3, 15), (4, 11)])
def test_a_basket_holds_as_many_calls_as_the_docs_say(
    seconds: Seconds, weight: int, calls: int
) -> None:
    limiter = Limiter(Limits(weight=weight), seconds)
    for _ in range(calls):
        limiter.spend("user")
    with pytest.raises(TooMany):
        limiter.spend("user")


def test_a_new_basket_is_given_after_three_seconds_and_not_before(seconds: Seconds) -> None:
    limiter = Limiter(Limits(rate=4, weight=4), seconds)
    limiter.spend("user")
    seconds.now += 2.999
    with pytest.raises(TooMany):
        limiter.spend("user")
    seconds.now += 0.001
    limiter.spend("user")


def test_users_do_not_share_a_basket(seconds: Seconds) -> None:
    limiter = Limiter(Limits(rate=4, weight=4), seconds)
    limiter.spend("one")
    limiter.spend("other")


def test_headers_tell_what_is_left_and_when_it_is_given_anew(
    open_sandbox: Callable[..., Caller], seconds: Seconds
) -> None:
    api = open_sandbox(limits=Limits(), monotonic=seconds)
    api.get("/entity/store")
    seconds.now += 1
    headers = api.get("/entity/store").headers
    assert headers["X-RateLimit-Limit"] == "45"
    assert headers["X-RateLimit-Remaining"] == "39"
    assert headers["X-Lognex-Retry-TimeInterval"] == "3000"
    assert headers["X-Lognex-Reset"] == "2000"
    assert headers["X-Lognex-Retry-After"] == "0"


def test_an_empty_basket_is_429_with_the_time_to_wait(
    open_sandbox: Callable[..., Caller], seconds: Seconds
) -> None:
    api = open_sandbox(limits=Limits(), monotonic=seconds)
    taken = [api.get("/entity/store").status_code for _ in range(15)]
    seconds.now += 0.5
    refused = api.get("/entity/store")
    assert taken == [200] * 15
    assert refusal(refused) == (429, 1049)
    assert refused.headers["X-Lognex-Auth"] == "429002"
    assert refused.headers["X-Lognex-Retry-After"] == "2500"
    seconds.now += 2.5
    assert api.get("/entity/store").status_code == 200


def test_a_refused_request_also_costs_its_weight(
    open_sandbox: Callable[..., Caller], seconds: Seconds
) -> None:
    api = open_sandbox(limits=Limits(), monotonic=seconds)
    answer = api.get("/entity/nothing")
    assert answer.headers["X-RateLimit-Remaining"] == "42"


def test_without_a_limit_reset_is_zero(api: Caller) -> None:
    headers = api.get("/entity/store").headers
    assert headers["X-Lognex-Reset"] == "0"
    assert "X-RateLimit-Limit" not in headers


def test_the_sixth_call_at_once_is_refused_and_a_freed_place_is_given_again(
    seconds: Seconds,
) -> None:
    limiter = Limiter(Limits(), seconds)
    places = [limiter.one_of_few("user") for _ in range(5)]
    for place in places:
        place.__enter__()
    with pytest.raises(TooMany) as refused, limiter.one_of_few("user"):
        pass
    assert (refused.value.error.code, refused.value.auth_code) == (1073, "429005")
    places[0].__exit__(None, None, None)
    with limiter.one_of_few("user"):
        pass


def test_another_user_has_own_places(seconds: Seconds) -> None:
    limiter = Limiter(Limits(parallel=1), seconds)
    with limiter.one_of_few("one"), limiter.one_of_few("other"):
        pass


@pytest.mark.parametrize(
    ("day", "weight"),
    [
        ("2026-05-11T23:59:59", 1),
        ("2026-05-12T00:00:00", 2),
        ("2026-08-31T23:59:59", 2),
        ("2026-09-01T00:00:00", 3),
        ("2026-11-30T23:59:59", 3),
        ("2026-12-01T00:00:00", 4),
        ("2027-06-01T00:00:00", 4),
    ],
)
def test_a_users_call_weighs_more_from_the_days_in_the_docs(day: str, weight: int) -> None:
    """«Лимит запросов за 3-секундный период»; the days are those of Moscow."""
    assert weight_on(datetime.fromisoformat(f"{day}+03:00")) == weight


def test_the_limit_changes_while_the_sandbox_runs(open_sandbox: Callable[..., Caller]) -> None:
    time = VirtualTime(datetime.fromisoformat("2026-11-30T23:59:50+03:00"))
    api = open_sandbox(limits=Limits(), virtual_time=time)

    def calls_until_refused() -> int:
        return next(n for n in range(100) if api.get("/entity/store").status_code == 429)

    assert calls_until_refused() == 15
    time.sleep(10)
    assert calls_until_refused() == 11


def test_all_users_of_an_account_have_twenty_places_together(seconds: Seconds) -> None:
    """«не более 20 параллельных запросов от аккаунта»."""
    limiter = Limiter(Limits(), seconds)
    with ExitStack() as running:
        for n in range(20):
            running.enter_context(limiter.one_of_few(f"user {n // 5}"))
        with pytest.raises(TooMany) as refused, limiter.one_of_few("one more"):
            pass
    assert refused.value.error.code == 1073
    with limiter.one_of_few("one more"):
        pass
