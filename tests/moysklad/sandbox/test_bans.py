"""«Ограничения», «Автоматическое отключение доступа»: who goes too far is shut out."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from sverka.moysklad.sandbox.limits import Limits
from sverka.moysklad.sandbox.timing import VirtualTime
from tests.moysklad.sandbox.conftest import ORIGIN, Caller, refusal

PLENTY = Limits(rate=10**9)


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))


@pytest.fixture
def api(open_sandbox: Callable[..., Caller], time: VirtualTime) -> Caller:
    return open_sandbox(limits=PLENTY, virtual_time=time)


def fail(api: Caller, times: int, path: str = "/entity/unicorn") -> None:
    for _ in range(times):
        api.get(path)


def is_shut_out(api: Caller) -> bool:
    answer = api.get("/entity/store")
    return answer.status_code != 200 and refusal(answer) == (403, 1061)


def test_more_than_200_identical_failing_requests_a_minute(api: Caller) -> None:
    fail(api, 200)
    assert not is_shut_out(api)
    fail(api, 1)
    assert is_shut_out(api)


def test_different_failing_requests_are_counted_apart(api: Caller) -> None:
    fail(api, 150)
    fail(api, 150, "/entity/dragon")
    assert not is_shut_out(api)


def test_a_minute_later_they_are_not_counted(api: Caller, time: VirtualTime) -> None:
    fail(api, 200)
    time.sleep(60)
    fail(api, 200)
    assert not is_shut_out(api)


def test_more_than_200_answers_429_a_minute_whatever_was_asked(
    open_sandbox: Callable[..., Caller], time: VirtualTime
) -> None:
    api = open_sandbox(limits=Limits(), virtual_time=time)
    for n in range(15 + 201):
        api.get(f"/entity/store?limit={1 + n % 7}")
    assert is_shut_out(api)


def test_more_than_100_puts_to_one_object_a_minute(api: Caller) -> None:
    path = f"/entity/customerorder/{api.order.id}"
    for n in range(100):
        assert api.put(path, {"description": str(n)}).status_code == 200
    assert not is_shut_out(api)
    api.put(path, {"description": "x"})
    assert is_shut_out(api)


def test_access_stays_off_until_a_reset(api: Caller, time: VirtualTime) -> None:
    fail(api, 201)
    time.sleep(24 * 3600)
    assert is_shut_out(api)
    api.http.post(f"{ORIGIN}/sandbox/reset", json={}).raise_for_status()
    assert not is_shut_out(api)


def test_without_limits_nobody_is_shut_out(open_sandbox: Callable[..., Caller]) -> None:
    api = open_sandbox()
    fail(api, 201)
    assert not is_shut_out(api)
