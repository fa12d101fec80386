"""Fixtures of the audit: a journal on a real PostgreSQL, and hands that may do anything to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import psycopg2
import pytest

from sverka.audit.chain import Walked, walk
from sverka.audit.journal import Event, Kind, Subject, notes
from sverka.database.connection import Connection, connect
from sverka.intake.storage import Storage
from sverka.services import Services
from sverka.settings import INCLUDE, Settings
from tests.conftest import FrozenClock
from tests.support.books import NOW, SPACE, Books


def event(number: int = 1, **other: Any) -> Event:
    """An event about a document with every part of it filled."""
    ids = {
        name: uuid5(SPACE, f"{name} {number}") for name in ("line_key", "sync_id", "moysklad_id")
    }
    subject = Subject(file_id=number, report_id=number + 1000, **ids)
    values = {"kind": Kind.POSTING_POSTED, "subject": subject, "by": "Анна", "at": NOW}
    return Event(**values | {"detail": {"amount": number, "name": "№ 7 «é\n"}} | other)


def undoubted(conn: Connection) -> None:
    """What only an owner of the table can do: from here on the journal may be changed."""
    with conn.cursor() as cursor:
        cursor.execute("alter table journal disable trigger journal_append_only")


@dataclass
class Ledger:
    """A journal, with honest writers and a dishonest owner of the database."""

    url: str

    def write(self, *events: Event) -> None:
        with connect(self.url) as conn:
            notes(conn, events)

    def fill(self, number: int, start: int = 1) -> None:
        self.write(*(event(n) for n in range(start, start + number)))

    def rows(self, columns: str = "*") -> list[tuple[Any, ...]]:
        with connect(self.url) as conn, conn.cursor() as cursor:
            cursor.execute(f"select {columns} from journal order by id")
            return cursor.fetchall()

    @contextmanager
    def as_owner(self) -> Iterator[Any]:
        """A cursor that the journal's trigger does not stop."""
        with connect(self.url) as conn, conn.cursor() as cursor:
            undoubted(conn)
            yield cursor

    def walked(self, **arguments: Any) -> Walked:
        with connect(self.url) as conn:
            return walk(conn, **arguments)


@pytest.fixture
def ledger(database_url: str) -> Ledger:
    return Ledger(database_url)


@pytest.fixture
def books(database_url: str) -> Books:
    return Books(database_url)


@pytest.fixture
def services(database_url: str, tmp_path: Path, clock: FrozenClock) -> Services:
    """Without MoySklad: what is tested here must not need it."""

    def nobody() -> Any:
        raise AssertionError("MoySklad was asked")

    storage = f"file://{tmp_path}"
    settings = Settings(database_url, storage, {}, (), None, couriers=INCLUDE / "couriers")
    return Services(settings, Storage(storage, {}), nobody, clock)


def ids(rows: list[tuple[Any, ...]]) -> list[UUID]:
    return [UUID(str(row[0])) for row in rows]


@contextmanager
def session(url: str) -> Iterator[Connection]:
    """A connection whose transaction the test ends itself."""
    conn = psycopg2.connect(url)
    try:
        yield conn
    finally:
        conn.close()
