"""A server that misbehaves on demand, and a client whose waiting takes no time."""

from collections.abc import Callable, Iterator

import pytest

from sverka.moysklad.client import MoySklad
from sverka.settings import MoySkladConnection
from tests.support.faulty import Faulty, Time, faulty_server


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    with faulty_server() as server:
        yield server


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def client_of(time: Time) -> Callable[..., MoySklad]:
    """Makes a client of a URL; `answer_seconds` is the only thing that takes real time."""

    def make(url: str, *, answer_seconds: int = 5, token: str | None = "secret") -> MoySklad:
        connection = MoySkladConnection(url=url, token=token, answer_seconds=answer_seconds)
        return MoySklad(connection, sleep=time.sleep, monotonic=time.monotonic)

    return make


@pytest.fixture
def client(faulty: Faulty, client_of: Callable[..., MoySklad]) -> MoySklad:
    return client_of(faulty.url)
