"""A database to fill with rows, and the day's report read back from it."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psycopg2
import pytest

from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.intake.storage import Storage
from sverka.reporting import Daily, collect
from sverka.services import Services
from sverka.settings import INCLUDE, Settings
from tests.conftest import FrozenClock
from tests.support.rows import DAY, NOON

COURIERS = Couriers.load(INCLUDE / "couriers")


@pytest.fixture
def conn(database_url: str) -> Iterator[Connection]:
    conn = psycopg2.connect(database_url)
    yield conn
    conn.close()


@pytest.fixture
def daily(conn: Connection) -> Callable[..., Daily]:
    """Reads the report of a day as it stands now."""

    def read(day: date = DAY, public_url: str = "https://airflow.example.org") -> Daily:
        return collect(conn, day, as_of=NOON, public_url=public_url, couriers=COURIERS)

    return read


@pytest.fixture
def services(database_url: str, tmp_path: Path, clock: FrozenClock) -> Services:
    """Real storage in a folder, the real database, a clock that stands still."""
    storage_url = f"file://{tmp_path}/storage"

    def no_moysklad() -> None:
        raise AssertionError("the report asks MoySklad nothing")

    return Services(
        settings=Settings(
            database_url=database_url,
            storage_url=storage_url,
            storage_options={},
            zones=(),
            moysklad=None,
        ),
        storage=Storage(storage_url, {}),
        moysklad=no_moysklad,  # type: ignore[arg-type]
        clock=clock,
    )
