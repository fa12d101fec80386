"""One look at the database for one scrape: read-only, as of one moment, and never a long one."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg2
from prometheus_client import Metric

from sverka.clock import Clock
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.recognition.known import couriers_known_to
from sverka.settings import Settings

PATIENCE_SECONDS = 5.0
"""For the whole look; Prometheus gives up after 10 (deploy/monitoring/prometheus.yml)."""

# A machine that is gone answers nothing, not even that a statement took too long.
_CONNECTION: dict[str, Any] = {
    "application_name": "sverka monitoring",
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}


@dataclass(frozen=True, slots=True)
class Look:
    """What a measure sees; `now` is what ages are counted to."""

    conn: Connection
    couriers: Couriers
    now: datetime


Measure = Callable[[Look], Iterable[Metric]]
"""Some families of metrics from a few statements."""


def look(settings: Settings, clock: Clock, measures: Sequence[Measure]) -> list[Metric]:
    """What the measures say, all or nothing.

    Raises:
        psycopg2.Error: the database is away, too slow, or is not of this version.
        Misconfigured: a courier's file is bad.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    found: list[Metric] = []
    with _connected(settings.database_url) as conn:
        _allow(conn, until)
        seen = Look(conn, couriers_known_to(conn, settings.couriers), clock())
        for measure in measures:
            _allow(conn, until)
            found += measure(seen)
    return found


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    # A new one each time: there is nothing to mend when the database was away.
    conn = psycopg2.connect(url, **_CONNECTION)
    try:
        conn.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with conn:
            yield conn
    finally:
        conn.close()


def _allow(conn: Connection, until: float) -> None:
    """Gives the next statements what is left of the time; PostgreSQL takes 0 for no limit."""
    left = max(int((until - time.monotonic()) * 1000), 1)
    with conn.cursor() as cursor:
        cursor.execute("set local statement_timeout = %s", (left,))
