"""A database for one worker's world."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg2 import sql

from sverka.database.migrate import migrate
from tests.posting.simulation.world import World, world
from tests.support.postgres import database_of, execute


@contextmanager
def fresh_world(folder: Path, server: str) -> Iterator[World]:
    """A world on a new database of this server."""
    name = f"simulation_{uuid.uuid4().hex}"
    execute(server, sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        url = database_of(server, name)
        migrate(url)
        with world(url, folder) as found:
            yield found
    finally:
        execute(server, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
