"""Virtual time: it passes when it is told to, and everything of the sandbox follows it."""

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic

import pytest

from sverka.moysklad.sandbox.limits import Limits
from sverka.moysklad.sandbox.timing import VirtualTime
from tests.moysklad.sandbox.conftest import ORIGIN, Caller

NOON = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime(NOON)


@pytest.fixture
def api(open_sandbox: Callable[..., Caller], time: VirtualTime) -> Caller:
    return open_sandbox(virtual_time=time, limits=Limits())


def test_it_stands_still_and_sleeping_moves_both_clocks(time: VirtualTime) -> None:
    assert (time.clock(), time.monotonic()) == (NOON, 0)
    time.sleep(300)
    assert (time.clock().isoformat(), time.monotonic()) == ("2026-11-20T09:05:00+00:00", 300)


def test_setting_it_back_never_takes_the_monotonic_clock_back(time: VirtualTime) -> None:
    time.set(datetime(2026, 11, 20, 10, 0, tzinfo=UTC))
    time.set(NOON)
    assert (time.clock(), time.monotonic()) == (NOON, 3600)


def test_it_needs_a_zone_and_never_sleeps_backwards(time: VirtualTime) -> None:
    naive = datetime(2026, 11, 20)  # noqa: DTZ001 - what must be refused
    with pytest.raises(ValueError, match="zone"):
        VirtualTime(naive)
    with pytest.raises(ValueError, match="zone"):
        time.set(naive)
    with pytest.raises(ValueError, match="back"):
        time.sleep(-1)


def test_an_answer_of_five_minutes_takes_no_time_and_moves_the_clock(api: Caller) -> None:
    api.http.post(f"{ORIGIN}/sandbox/faults", json={"fault": "slow", "seconds": 300})
    began = monotonic()
    created = api.created("paymentin", api.paymentin())
    assert monotonic() - began < 30
    assert created["created"] == "2026-11-20 12:00:00.000", "committed before the wait"
    after = api.created("paymentin", api.paymentin())
    assert after["created"] == "2026-11-20 12:05:00.000"


def test_a_new_basket_comes_with_the_virtual_seconds(api: Caller) -> None:
    statuses = [api.get("/entity/store").status_code for _ in range(16)]
    assert statuses == [200] * 15 + [429]
    api.http.post(f"{ORIGIN}/sandbox/time", json={"advance": 3})
    assert api.get("/entity/store").status_code == 200


def test_it_can_be_told_and_set_over_http(api: Caller) -> None:
    url = f"{ORIGIN}/sandbox/time"
    told = api.http.post(url, json={"now": "2026-12-31T23:59:00+03:00", "advance": 60}).json()
    assert told == {"now": "2027-01-01T00:00:00+03:00", "virtual": True}
    assert api.http.get(url).json() == told
    assert api.created("paymentin", api.paymentin())["moment"] == "2027-01-01 00:00:00.000"


@pytest.mark.parametrize("body", [{"now": "noon"}, {"now": "2026-11-20"}, {"advance": -1}, []])
def test_a_moment_that_cannot_be_understood_is_refused(api: Caller, body: object) -> None:
    assert api.http.post(f"{ORIGIN}/sandbox/time", json=body).status_code == 400


def test_the_machines_clock_cannot_be_set(open_sandbox: Callable[..., Caller]) -> None:
    api = open_sandbox()
    assert api.http.get(f"{ORIGIN}/sandbox/time").json()["virtual"] is False
    assert api.http.post(f"{ORIGIN}/sandbox/time", json={"advance": 1}).status_code == 400
