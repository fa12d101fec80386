"""A database to fill with rows, and the day's report read back from it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from sverka import watching
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.discrepancies import refresh
from sverka.intake.storage import Storage
from sverka.reporting import Daily, collect
from sverka.reporting.json_report import json_report
from sverka.reporting.links import Links
from sverka.reporting.standing import Standing, every, sums
from sverka.reporting.xlsx import write_xlsx
from sverka.services import Services
from sverka.settings import INCLUDE, Settings
from sverka.texts import Texts
from tests.conftest import FrozenClock
from tests.support.rows import DAY, NOON

RUSSIAN = Texts()
COURIERS = Couriers.load(INCLUDE / "couriers")


@pytest.fixture
def conn(database_url: str) -> Iterator[Connection]:
    conn = psycopg2.connect(database_url)
    yield conn
    conn.close()


@pytest.fixture
def daily(conn: Connection) -> Callable[..., Daily]:
    """Brings life and debt up to now as publishing does, and reads the report of a day."""

    def read(day: date = DAY, public_url: str = "https://airflow.example.org") -> Daily:
        watching.refresh(conn, COURIERS)
        refresh(conn, NOON)
        return collect(conn, day, as_of=NOON, public_url=public_url, couriers=COURIERS)

    return read


@dataclass(frozen=True)
class Rendered:
    """The renderings of a report, as one look at the database gives them."""

    conn: Connection
    folder: Path
    say: Texts = RUSSIAN

    def xlsx(self, daily: Daily, *, linked: bool = True) -> Path:
        path = self.folder / "otchet.xlsx"
        write_xlsx(path, daily, self.every(), sums(self.conn), self.say, linked=linked)
        return path

    def json(self, daily: Daily) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.json_bytes(daily))
        return found

    def json_bytes(self, daily: Daily) -> bytes:
        path = self.folder / "report.json"
        with json_report(path, daily, self.say) as add:
            for one in self.every():
                add(one)
        return path.read_bytes()

    def every(self) -> Iterator[Standing]:
        return every(self.conn, NOON, self.say, Links("https://airflow.example.org"))


@pytest.fixture
def rendered(conn: Connection, tmp_path: Path) -> Rendered:
    return Rendered(conn, tmp_path)


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
