"""Sverka's database as a mortal process sees it: real connections that are kept for the next one.

A new connection costs PostgreSQL 3 ms and a simulation needs a hundred of them a second. What a
process leaves when it dies is the same: its transaction is rolled back and its locks fall.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain
from typing import Any
from zlib import crc32

import psycopg2
from psycopg2.extensions import connection as RealConnection  # noqa: N812 - it is a class
from psycopg2.extensions import cursor as RealCursor  # noqa: N812 - it is a class

from sverka.services import Services
from tests.posting.simulation.mortal import Life

OPTIONS = (
    "-c jit=off -c synchronous_commit=off -c max_parallel_workers_per_gather=0 "
    "-c join_collapse_limit=1 -c from_collapse_limit=1"
)
"""For files of a few rows the planning of a statement costs more than its work."""
PATIENCE = " -c lock_timeout=2ms"
"""Who waits longer for a row waits for the other process, which stands still meanwhile."""


class Cursor(RealCursor):
    """Dies before or after a statement when it is time."""

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - as in the base
        life = self.connection.life
        if isinstance(query, str):
            query = _without_statistics(query)
        how = life.comes_to("statement") if life else None
        if how == "before":
            raise life.dies(f"before {_words(query)}")
        if life is not None and life.breath is not None and self.name is None:
            self._in_turn(life, query, vars)
        else:
            super().execute(query, vars)
        if how == "after":
            raise life.dies(f"after {_words(query)}")

    def _in_turn(self, life: Life, query: Any, given: Any) -> None:
        """One of two processes may have to wait for a row of the other."""
        while True:
            with self.connection.cursor(cursor_factory=RealCursor) as other:
                other.execute("savepoint turn")
            try:
                super().execute(query, given)
            except psycopg2.errors.LockNotAvailable:
                super().execute("rollback to savepoint turn")
                life.blocked = True
                life.breath()
                life.blocked = False
            else:
                return


class Connection(RealConnection):
    """A connection that knows whose it is now."""

    life: Life | None = None
    pooled: str = ""


@dataclass
class Pool:
    """Connections for transactions, and connections that only hold locks."""

    url: str
    _idle: dict[str, list[Connection]] = field(default_factory=lambda: defaultdict(list))
    _keys: list[RealConnection] = field(default_factory=list)

    def take(self, life: Life) -> Connection:
        options = OPTIONS if life.breath is None else OPTIONS + PATIENCE
        idle = self._idle[options]
        conn = idle.pop() if idle else self._new(options)
        conn.life, conn.pooled = life, options
        return conn

    def give(self, conn: Connection) -> None:
        conn.life = None
        self._idle[conn.pooled].append(conn)

    def _new(self, options: str) -> Connection:
        return psycopg2.connect(
            self.url,
            application_name="sverka",
            connection_factory=Connection,
            cursor_factory=Cursor,
            options=options,
        )

    def take_key(self) -> RealConnection:
        if self._keys:
            return self._keys.pop()
        conn = psycopg2.connect(self.url, application_name="sverka lock")
        conn.autocommit = True
        return conn

    def give_key(self, conn: RealConnection) -> None:
        _let_go(conn)
        self._keys.append(conn)

    def close(self) -> None:
        for conn in (*chain(*self._idle.values()), *self._keys):
            conn.close()


@dataclass(frozen=True, kw_only=True)
class MortalServices(Services):
    """The services of one process that may die."""

    life: Life
    pool: Pool

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """As `Services.connect`."""
        conn = self.pool.take(self.life)
        try:
            yield conn
            self._commit(conn)
        except BaseException:
            conn.rollback()
            raise
        finally:
            self.pool.give(conn)

    def _commit(self, conn: Connection) -> None:
        how = self.life.comes_to("commit")
        if how == "before":
            raise self.life.dies("before a commit")
        conn.commit()
        if how == "after":
            raise self.life.dies("after a commit")

    @contextmanager
    def hold(self, lock: str) -> Iterator[None]:
        """As `Services.hold`; who has to wait lets the other process go on."""
        life, key = self.life, None
        conn = self.pool.take_key()
        try:
            while not _locked(conn, lock):
                if life.breath is None:
                    raise AssertionError(f"{life.name} would wait for the lock {lock!r} for ever")
                life.blocked = True
                life.breath()
                life.blocked = False
            key = partial(_let_go, conn)
            life.keys.append(key)
            yield
        finally:
            if key in life.keys:
                life.keys.remove(key)
            self.pool.give_key(conn)


@cache
def _without_statistics(query: str) -> str:
    """The same without `analyze`, which changes no result: of a few rows it costs the most."""
    return re.sub(r"\banalyze \w+\s*(;|$)", "", query) if "analyze" in query else query


def _let_go(conn: RealConnection) -> None:
    with conn.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock_all()")


def _locked(conn: RealConnection, lock: str) -> bool:
    with conn.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", (crc32(lock.encode()),))
        return bool(cursor.fetchone()[0])


def _words(query: Any) -> str:
    text = query.decode() if isinstance(query, bytes) else str(query)
    return "«" + " ".join(text.split())[:60] + "»"
