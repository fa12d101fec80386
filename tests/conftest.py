"""Fixtures shared by all tests: one embedded PostgreSQL per session, a fresh database per test."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from psycopg2 import sql

from sverka.couriers import Couriers
from sverka.database.migrate import migrate
from sverka.recognition.schemas import Schemas
from sverka.schemes import Schemes
from sverka.settings import INCLUDE
from tests.support import pooled
from tests.support.postgres import database_of, execute, postgres
from tests.support.s3 import s3_server
from tests.support.sftp import sftp_server

__all__ = ["s3_server", "sftp_server"]  # one server of each kind for the whole session


LONGEST_FIRST = (
    "tests/wire/test_whole_run.py",
    "tests/posting/test_superseding_table.py",
    "tests/posting/test_superseding.py",
    "tests/posting/simulation/",
    "tests/posting/",
)
"""They begin first, so that no core waits in the end for the last file of another."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    places = (n for n, path in enumerate(LONGEST_FIRST) if item.nodeid.startswith(path))
    return next(places, len(LONGEST_FIRST))


class FrozenClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, *, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(scope="session", autouse=True)
def _connections_are_used_again() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sverka.database.connection.psycopg2", pooled.module)
        yield


@pytest.fixture(scope="session", autouse=True)
def _what_is_shipped_is_read_once() -> Iterator[None]:
    """Shipped layouts, schemes and terms do not change in a run, and every step reads them anew."""
    with pytest.MonkeyPatch.context() as patch:
        for kind, folder in (
            (Schemas, "courier_schemas"),
            (Schemes, "posting_schemes"),
            (Couriers, "couriers"),
        ):
            patch.setattr(kind, "load", _once(kind.load, INCLUDE / folder))
        yield


def _once(load: Callable[[Path], object], shipped: Path) -> Callable[[Path], object]:
    read = cache(load)
    return lambda folder: (read if folder == shipped else load)(folder)


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    """The layouts that are shipped."""
    return Schemas.load(INCLUDE / "courier_schemas")


@pytest.fixture(scope="session")
def couriers() -> Couriers:
    """The couriers that are shipped."""
    return Couriers.load(INCLUDE / "couriers")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A running PostgreSQL server's URL; `SVERKA_TEST_POSTGRES` names one that already runs."""
    with postgres() as url:
        yield url


@pytest.fixture(scope="session")
def template_database(server_url: str) -> str:
    """The name of a migrated database that tests copy."""
    name = f"sverka_template_{uuid.uuid4().hex}"
    execute(server_url, sql.SQL("create database {}").format(sql.Identifier(name)))
    migrate(database_of(server_url, name))
    return name


def fresh_database(server_url: str, template: str) -> Iterator[str]:
    """The URL of a new copy of the template, which is dropped in the end."""
    name = f"test_{uuid.uuid4().hex}"
    pooled.forget(database_of(server_url, template))  # nobody may be in it while it is copied
    execute(
        server_url,
        # Files are copied three times quicker than a log of their pages is written and replayed.
        sql.SQL("create database {} template {} strategy file_copy").format(
            sql.Identifier(name), sql.Identifier(template)
        ),
    )
    url = database_of(server_url, name)
    try:
        yield url
    finally:
        pooled.forget(url)
        execute(server_url, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def database_url(server_url: str, template_database: str) -> Iterator[str]:
    """A fresh database with Sverka's schema."""
    yield from fresh_database(server_url, template_database)


@pytest.fixture
def empty_database_url(server_url: str) -> Iterator[str]:
    """A fresh database with nothing in it."""
    yield from fresh_database(server_url, "template0")
