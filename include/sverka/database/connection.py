"""Connections to Sverka's database, and locks that several processes respect."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID
from zlib import crc32

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class
from psycopg2.extensions import register_adapter
from psycopg2.extras import UUID_adapter

__all__ = ["Connection", "connect", "hold"]

# Inside Airflow, SQLAlchemy has done so already; the command line runs without it.
register_adapter(UUID, UUID_adapter)


@contextmanager
def connect(url: str) -> Iterator[Connection]:
    """A connection for one transaction: committed at the end, rolled back on an error, closed.

    `url` is a libpq URL or DSN.
    """
    conn = psycopg2.connect(url, application_name="sverka")
    try:
        with conn:
            yield conn
    finally:
        conn.close()


@contextmanager
def hold(url: str, lock: str) -> Iterator[None]:
    """Holds the named lock for all processes of this database; it falls with the connection.

    A session-level advisory lock: PostgreSQL frees it when the process dies, so a killed holder
    never blocks the others.
    """
    conn = psycopg2.connect(url, application_name=f"sverka {lock}")
    conn.autocommit = True
    try:
        with conn.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", (crc32(lock.encode()),))
        yield
    finally:
        conn.close()
