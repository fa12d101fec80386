"""Connections that tests use again: a new one costs PostgreSQL more than most statements on it.

A step opens a connection for each transaction; in a run of the tests that is a third of the work.
Here a closed one is wiped (`discard all`) and waits for the next step of the same process.
"""

import os
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, connection

STEPS = "sverka"
"""The name under which steps connect; a lock's connection has another and really closes."""

_idle: dict[tuple[int, str], list["Pooled"]] = defaultdict(list)


class Pooled(connection):
    """Closing it gives it back, when its transaction is over and the server still answers."""

    def close(self) -> None:
        if not self.closed and self.get_transaction_status() == TRANSACTION_STATUS_IDLE:
            try:
                self.autocommit = True
                with self.cursor() as cursor:
                    cursor.execute("discard all")
                self.set_session(
                    isolation_level="default",
                    readonly="default",
                    deferrable="default",
                    autocommit=False,
                )
            except psycopg2.Error:
                super().close()
                return
            _idle[os.getpid(), self.dsn].append(self)
        else:
            super().close()


def connect(url: str, *, application_name: str) -> Any:
    """As `psycopg2.connect`, but an idle connection of this process is taken first."""
    if application_name != STEPS:
        return psycopg2.connect(url, application_name=application_name)
    wanted = psycopg2.extensions.make_dsn(url, application_name=application_name)
    idle = _idle[os.getpid(), wanted]
    return idle.pop() if idle else psycopg2.connect(wanted, connection_factory=Pooled)


def forget(url: str) -> None:
    """Closes what is idle on this database; it is going to be dropped."""
    wanted = psycopg2.extensions.make_dsn(url, application_name=STEPS)
    for one in _idle.pop((os.getpid(), wanted), []):
        connection.close(one)


module = SimpleNamespace(connect=connect)
"""What stands in for `psycopg2` in `sverka.database.connection`."""
