"""MoySklad's request limits for all processes of one user, shared through Postgres.

Who is in flight holds one of five advisory locks, so a killed process gives its place back with its
connection. Who waits queues on a sixth lock, which Postgres grants in turn; only the first in the
queue looks for a place, and is told when one becomes free. What is left of the rate is one row.
"""

import hashlib
import logging
import select
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from threading import Lock
from zlib import crc32

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from sverka.moysklad.bucket import Bucket
from sverka.moysklad.errors import Transient
from sverka.moysklad.rate import IN_FLIGHT, Place, TooBusy
from sverka.moysklad.weights import Weight
from sverka.settings import MoySkladConnection

log = logging.getLogger(__name__)

# A killed process tells nobody: the first in the queue looks again after this.
LOOK_SECONDS = 0.5
TURN = 0
"""The number of the lock that is the queue; places have the numbers from 1."""

# Nothing here has to outlive a crash, so no commit waits for the disk. A stopped process must not
# keep the row, and a machine that is gone must not keep its places.
_OPTIONS = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "synchronous_commit": "off",
        "idle_in_transaction_session_timeout": "5s",
        "tcp_keepalives_idle": 10,
        "tcp_keepalives_interval": 5,
        "tcp_keepalives_count": 3,
    }.items()
)

_ADD = "insert into moysklad_budget (user_key, capacity, units, opened, full_at)"
_ADD += " values (%(user)s, %(capacity)s, %(units)s, 0, 0) on conflict do nothing"
_QUEUE = f"set lock_timeout = %(patience)s; select pg_advisory_lock(%(lock)s, {TURN});"
_READ = """
    begin;
    select from moysklad_budget where user_key = %(user)s for update;
    select extract(epoch from clock_timestamp())::float8 as now, capacity, units, opened, full_at,
           flying, waiting
"""
_FROM = " from moysklad_budget where user_key = %(user)s"
_TRY = "".join(f", pg_try_advisory_lock(%(lock)s, {n})" for n in range(1, IN_FLIGHT + 1))
_WRITE = """
    update moysklad_budget
       set capacity = %(capacity)s, units = %(units)s, opened = %(opened)s, full_at = %(full_at)s,
           flying = %(flying)s, waiting = %(waiting)s
     where user_key = %(user)s;
"""
_UNLOCK = "select pg_advisory_unlock(%(lock)s, number) from unnest(%(unlocked)s::int[]) number;"
# The lock goes first: who is told must find it free. Postgres tells at the commit.
_TELL = "select pg_notify(%(channel)s, '');"


@dataclass(frozen=True, slots=True)
class _Shared:
    """The row; `flying` holds a bit per place, `free` the numbers of those nobody holds."""

    now: float
    bucket: Bucket
    flying: int
    waiting: bool
    free: tuple[int, ...] = ()


class Budget:
    """The limits for every process that uses this database and this user of MoySklad.

    `key` names the user (`key_of`). May be shared by threads; each request that waits or flies
    has a connection to the database of its own.
    """

    def __init__(self, database_url: str, key: str, weight: Weight) -> None:
        self._url = database_url
        self._weight = weight
        self._user = key
        channel = f"moysklad_{hashlib.sha256(key.encode()).hexdigest()[:16]}"
        number = crc32(channel.encode())
        self._names = {
            "user": key,
            "channel": channel,
            "lock": number - (1 << 32) if number >> 31 else number,
        }
        self._idle: list[Connection] = []
        self._lock = Lock()

    @contextmanager
    def place(self, longest: float) -> Iterator[Place]:
        """As `Pace.place`; the database's clock counts."""
        conn, number, began = self._enter(longest)
        place = Place()
        try:
            yield place
        finally:
            self._leave(conn, number, place, began)

    def pause(self, seconds: float) -> None:
        """As `Pace.pause`."""
        time.sleep(seconds)

    def now(self) -> float:
        """As `Pace.now`."""
        return time.monotonic()

    def _enter(self, longest: float) -> tuple[Connection, int, float]:
        """A connection that holds a place, the place's number, and when it was taken."""
        conn = self._idle_one()
        if conn is not None:
            try:
                return conn, *self._queue(conn, longest)
            except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
                if isinstance(error, psycopg2.errors.LockNotAvailable):
                    raise TooBusy(longest) from error
                log.info("a connection that idled is gone: %s", error)
        try:
            conn = self._open()
            return conn, *self._queue(conn, longest)
        except psycopg2.errors.LockNotAvailable as error:
            raise TooBusy(longest) from error
        except psycopg2.Error as error:
            text = f"База Сверки не отвечает: запрос к МоемуСкладу не отправлен ({error})."
            raise Transient(text, seconds=60) from error

    def _queue(self, conn: Connection, longest: float) -> tuple[int, float]:
        """Waits for a place in turn; returns its number and the moment."""
        try:
            return self._first_place(conn, longest)
        except BaseException:  # gives up the turn and whatever is held
            _close(conn)
            raise

    def _first_place(self, conn: Connection, longest: float) -> tuple[int, float]:
        until = time.monotonic() + longest
        before = _QUEUE
        patience = f"{max(int(longest * 1000), 1)}ms"
        while True:
            shared = self._read(conn, before, _TRY, patience=patience)
            number, wait = self._take(conn, shared)
            if number:
                return number, shared.now
            if time.monotonic() + wait > until:
                raise TooBusy(wait)
            _listen(conn, min(wait, LOOK_SECONDS))
            before = ""

    def _take(self, conn: Connection, shared: _Shared) -> tuple[int, float]:
        """The number of the place that this request got, or 0 and how long to wait for one."""
        weight, bucket, flying = self._weight(), shared.bucket, shared.flying
        for number in shared.free:
            if flying & 1 << number:  # killed in flight: nobody knows whether it was counted
                flying &= ~(1 << number)
                bucket = bucket.spent(weight)
        bucket = bucket.at(shared.now)
        wait = LOOK_SECONDS
        if shared.free:
            wait = bucket.wait(shared.now, weight, IN_FLIGHT - len(shared.free))
        shared = replace(shared, bucket=bucket, flying=flying, waiting=wait > 0)
        if wait > 0:
            self._write(conn, shared, shared.free)
            return 0, wait
        number, *others = shared.free
        self._write(conn, replace(shared, flying=flying | 1 << number), (*others, TURN))
        return number, 0.0

    def _leave(self, conn: Connection, number: int, place: Place, began: float) -> None:
        """Gives the place back; never raises: an answer in hand is worth more than the count."""
        try:
            shared = self._read(conn)
            bucket = place.after(shared.bucket, weight=self._weight(), began=began, now=shared.now)
            flying = shared.flying & ~(1 << number)
            shared = replace(shared, bucket=bucket, flying=flying)
            self._write(conn, shared, (number,), tell=shared.waiting)
        except psycopg2.Error as error:
            log.warning("the request budget was not written: %s", error)
            _close(conn)
        except BaseException:
            _close(conn)
            raise
        else:
            with self._lock:
                self._idle.append(conn)

    def _read(self, conn: Connection, before: str = "", more: str = "", **values: str) -> _Shared:
        """Locks the row until `_write`."""
        with conn.cursor() as cursor:
            cursor.execute(before + _READ + more + _FROM, self._names | values)
            row = cursor.fetchone()
        if row is None:  # emptied by a crash of Postgres; a new connection adds it again
            raise psycopg2.InterfaceError("the row of this user is gone")
        free = tuple(number for number, got in enumerate(row[7:], start=1) if got)
        return _Shared(row[0], Bucket(*row[1:5]), row[5], row[6], free)

    def _write(
        self, conn: Connection, shared: _Shared, unlocked: Sequence[int], *, tell: bool = False
    ) -> None:
        bucket = shared.bucket
        values = {
            "capacity": bucket.capacity,
            "units": bucket.units,
            "opened": bucket.opened,
            "full_at": bucket.full_at,
            "flying": shared.flying,
            "waiting": shared.waiting,
            "unlocked": list(unlocked),
        }
        with conn.cursor() as cursor:
            statement = f"{_WRITE}{_UNLOCK}{_TELL if tell else ''}commit"
            cursor.execute(statement, self._names | values)

    def _idle_one(self) -> Connection | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _open(self) -> Connection:
        conn = psycopg2.connect(
            self._url, application_name="sverka moysklad", options=_OPTIONS, connect_timeout=10
        )
        conn.autocommit = True
        start = Bucket()
        values = {"capacity": start.capacity, "units": start.units}
        with conn.cursor() as cursor:
            cursor.execute(f"{_ADD}; listen {self._names['channel']}", self._names | values)
        return conn


def key_of(connection: MoySkladConnection) -> str:
    """Names the user whom MoySklad counts for, without giving the token away."""
    if connection.token:
        who = f"token {hashlib.sha256(connection.token.encode()).hexdigest()[:32]}"
    else:
        who = f"login {connection.login}"
    return f"{connection.url.rstrip('/')} {who}"


def _listen(conn: Connection, seconds: float) -> None:
    """Waits until somebody gives a place back, or so long."""
    select.select([conn], [], [], seconds)
    conn.poll()
    conn.notifies.clear()


def _close(conn: Connection) -> None:
    with suppress(psycopg2.Error):
        conn.close()
