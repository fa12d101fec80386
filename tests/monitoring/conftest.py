"""A database to prepare, and a scrape of it read back as Prometheus reads it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg2
import pytest
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from sverka.database.connection import Connection
from sverka.monitoring.collector import registry
from sverka.settings import Settings
from tests.conftest import FrozenClock, fresh_database

EMPTY = """
    truncate file, notice, published_report, owed_order, daily_figure, discrepancy, payout,
             snapshot_order, snapshot_demand, snapshot_state, snapshot_cursor, moysklad_budget,
             account
    restart identity cascade
"""


@dataclass(frozen=True)
class Scrape:
    """What one scrape said."""

    text: str

    @property
    def families(self) -> dict[str, Metric]:
        return {one.name: one for one in text_string_to_metric_families(self.text)}

    def rows(self, name: str) -> dict[tuple[str, ...], float]:
        """The samples of a metric by their labels' values, in the order of the labels' names."""
        family = self.families[name.removesuffix("_total")]
        return {
            tuple(value for _, value in sorted(sample.labels.items())): sample.value
            for sample in family.samples
            if sample.name == name
        }

    def by(self, name: str) -> dict[str, float]:
        """The samples of a metric with one label, those of 0 left out."""
        return {label: value for (label,), value in self.rows(name).items() if value}

    def one(self, name: str) -> float | None:
        """The value of a metric without labels; None when it says nothing."""
        return self.rows(name).get(())


def scraped(from_registry: CollectorRegistry) -> Scrape:
    return Scrape(generate_latest(from_registry).decode())


@pytest.fixture(scope="session")
def shared_database(server_url: str, template_database: str) -> Iterator[str]:
    yield from fresh_database(server_url, template_database)


@pytest.fixture
def url(shared_database: str) -> str:
    """One database for all tests here, emptied before each: much quicker than a new one."""
    conn = psycopg2.connect(shared_database)
    with conn, conn.cursor() as cursor:
        cursor.execute(EMPTY)
    conn.close()
    return shared_database


@pytest.fixture
def conn(url: str) -> Iterator[Connection]:
    conn = psycopg2.connect(url)
    conn.autocommit = True
    yield conn
    conn.close()


@pytest.fixture
def settings(url: str) -> Settings:
    return settings_of(url)


def settings_of(url: str) -> Settings:
    return Settings(url, "file:///nowhere", {}, (), None)


@pytest.fixture
def scrape(settings: Settings, clock: FrozenClock) -> Callable[[], Scrape]:
    """Scrapes once more."""
    figures = registry(settings, clock)
    return lambda: scraped(figures)
