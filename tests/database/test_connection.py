"""One transaction per connection, and locks that die with their holder."""

import threading
import time

import psycopg2
import pytest

from sverka.database.connection import connect, hold


def _count(url: str) -> int:
    with connect(url) as conn, conn.cursor() as cursor:
        cursor.execute("select count(*) from file")
        row = cursor.fetchone()
        assert row is not None
        return int(row[0])


def _waiting(url: str) -> bool:
    """Whether somebody waits for a lock that another holds."""
    with connect(url) as conn, conn.cursor() as cursor:
        cursor.execute(
            "select exists (select from pg_locks l join pg_database d on d.oid = l.database"
            " where datname = current_database() and locktype = 'advisory' and not granted)"
        )
        return bool(cursor.fetchone() == (True,))


def _insert(cursor: psycopg2.extensions.cursor) -> None:
    cursor.execute(
        "insert into file (sha256, name, zone, size_bytes, partition_key, received_at)"
        " values ('a', 'a', 'z', 1, 'a', now())"
    )


def test_what_ends_well_is_kept(database_url: str) -> None:
    with connect(database_url) as conn, conn.cursor() as cursor:
        _insert(cursor)
    assert _count(database_url) == 1


def test_an_error_leaves_nothing_behind(database_url: str) -> None:
    def fail() -> None:
        with connect(database_url) as conn, conn.cursor() as cursor:
            _insert(cursor)
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        fail()
    assert _count(database_url) == 0


def test_a_lock_is_held_by_one_at_a_time(database_url: str) -> None:
    inside: list[str] = []

    def second() -> None:
        with hold(database_url, "account"):
            inside.append("second")

    with hold(database_url, "account"):
        waiting = threading.Thread(target=second)
        waiting.start()
        while not _waiting(database_url):
            time.sleep(0.02)
        inside.append("first")
    waiting.join(timeout=60)
    assert inside == ["first", "second"]


def test_locks_of_other_names_do_not_wait(database_url: str) -> None:
    with hold(database_url, "account"), hold(database_url, "mirror"):
        pass


def test_a_lock_falls_when_its_holders_connection_dies(database_url: str) -> None:
    with hold(database_url, "account"):
        with connect(database_url) as conn, conn.cursor() as cursor:
            cursor.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'sverka account'"
            )
        with hold(database_url, "account"):
            pass
