"""Facts to make and unmake, and the discrepancies that come of them."""

from collections.abc import Iterator

import psycopg2
import pytest

from sverka.database.connection import Connection
from tests.conftest import FrozenClock, fresh_database
from tests.discrepancies.facts import Facts


@pytest.fixture(scope="module")
def shared_url(server_url: str, template_database: str) -> Iterator[str]:
    yield from fresh_database(server_url, template_database)


@pytest.fixture
def conn(shared_url: str) -> Iterator[Connection]:
    """One transaction that is never committed; who commits takes a database of its own."""
    conn = psycopg2.connect(shared_url)
    yield conn
    conn.close()


@pytest.fixture
def facts(conn: Connection, clock: FrozenClock) -> Facts:
    return Facts(conn, clock)
