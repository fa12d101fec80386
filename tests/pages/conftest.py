"""A connection to a fresh database, as the pages have it; rows come from tests.support.rows."""

from collections.abc import Iterator

import psycopg2
import pytest

from sverka.database.connection import Connection


@pytest.fixture
def conn(database_url: str) -> Iterator[Connection]:
    connection = psycopg2.connect(database_url)
    yield connection
    connection.close()
