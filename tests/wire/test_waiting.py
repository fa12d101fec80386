"""Real seconds on the wire: nobody waits for nothing, and many at once keep within the limits."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from sverka.demo.shop import build_shop
from sverka.moysklad.client import MoySklad
from sverka.moysklad.errors import Transient, Unsure
from sverka.moysklad.sandbox import seed
from sverka.moysklad.sandbox.limits import Limits
from sverka.services import client_of
from sverka.settings import MoySkladConnection
from tests.support.proxy import Proxy, Visit, passes, running_proxy
from tests.support.sandbox import TOKEN, running_sandbox
from tests.wire import rules, sequence

ANSWER_SECONDS = 1
# A machine that does other things, too, must not turn this red: the wrong outcome takes longer.
LONG = 60
AT_ONCE, REQUESTS = 12, 24
WEIGHT = 4


@pytest.fixture
def proxy(empty_database_url: str) -> Iterator[Proxy]:
    with (
        running_sandbox(empty_database_url, limits=Limits(weight=WEIGHT)) as sandbox,
        running_proxy(sandbox.origin) as running,
    ):
        seed(empty_database_url, build_shop(orders=200))
        yield running


def as_in_a_task(proxy: Proxy, database_url: str, answer_seconds: int) -> MoySklad:
    """Limits in the database, real seconds."""
    url = f"{proxy.origin}/api/remap/1.2"
    connection = MoySkladConnection(url=url, token=TOKEN, answer_seconds=answer_seconds)
    return client_of(connection, database_url)


@pytest.fixture
def client(proxy: Proxy, database_url: str) -> MoySklad:
    return as_in_a_task(proxy, database_url, ANSWER_SECONDS)


def never_answers(visit: Visit) -> None:
    visit.ask()
    visit.until_gone(LONG + 1)
    visit.close()


def never_ends(visit: Visit) -> None:
    """No single wait is long, but the whole answer is."""
    reply = visit.ask()
    # More than the client takes at once: else it would wait for the rest inside one read.
    piece, pieces = b" " * 70_000, LONG * 10
    visit.give(reply.head(content_length=str(len(piece) * pieces), content_encoding=None))
    for _ in range(pieces):
        visit.give(piece)
        time.sleep(0.1)


@pytest.mark.parametrize("treat", [never_answers, never_ends])
def test_a_read_is_given_up_after_the_time_of_an_answer(
    proxy: Proxy, client: MoySklad, treat: object
) -> None:
    proxy.treat = treat  # type: ignore[assignment]
    began = time.monotonic()
    with pytest.raises(Transient):
        client.states("demand")
    assert time.monotonic() - began < LONG
    assert len(proxy.exchanges) == 1, "another try would hold the worker as long again"


def test_a_write_without_an_answer_is_unsure_and_sent_once(proxy: Proxy, client: MoySklad) -> None:
    proxy.treat = never_answers
    began = time.monotonic()
    with pytest.raises(Unsure):
        client.save("paymentin", [{"syncId": str(uuid4())}])
    assert time.monotonic() - began < LONG
    assert [one.method for one in proxy.exchanges] == ["POST"]


def test_many_threads_share_one_session_and_never_exceed_a_limit(
    proxy: Proxy, database_url: str
) -> None:
    client = as_in_a_task(proxy, database_url, 300)
    proxy.treat = passes
    together = threading.Barrier(AT_ONCE)

    def ask(number: int) -> int:
        if number < AT_ONCE:
            together.wait()
        return len(client.page("customerorder", filters=[f"sum>{number}"]))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert all(pool.map(ask, range(REQUESTS)))
    record = proxy.exchanges
    assert len(record) == REQUESTS
    assert list(sequence.limits(record, weight=WEIGHT)) == []
    assert list(sequence.refusals(record)) == []
    host = urlsplit(proxy.origin).netloc
    assert [text for one in record for text in rules.wrong(one, host, TOKEN)] == []
