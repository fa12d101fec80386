"""All measures as a collector of Prometheus: every scrape asks the database anew."""

import logging
from collections.abc import Iterator
from threading import Lock

import psycopg2
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.registry import Collector

from sverka.clock import Clock, system_clock
from sverka.errors import SverkaError
from sverka.monitoring.families import gauge
from sverka.monitoring.files import files, questions
from sverka.monitoring.keeping import daily_report, database, journal, notices
from sverka.monitoring.looking import look
from sverka.monitoring.money import debts, discrepancies
from sverka.monitoring.moysklad import budget, snapshot
from sverka.monitoring.postings import postings
from sverka.settings import Settings

log = logging.getLogger(__name__)

MEASURES = (
    *(files, questions, postings, discrepancies, debts, budget, snapshot),
    *(daily_report, notices, journal, database),
)


class SverkaCollector(Collector):
    """Sverka's figures; without a database only `sverka_up 0`, never the figures of before."""

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        self._settings = settings
        self._clock = clock
        # However many scrape us, the database has one reader.
        self._lock = Lock()

    def collect(self) -> Iterator[Metric]:
        """As `prometheus_client` asks for it."""
        try:
            with self._lock:
                found = look(self._settings, self._clock, MEASURES)
        except (psycopg2.Error, SverkaError) as error:
            log.warning("nothing is measured: %s", error)
            found = []
        yield gauge("sverka_up", "1 when the database answered in time.", (), [(int(bool(found)),)])
        yield from found


def registry(settings: Settings, clock: Clock = system_clock) -> CollectorRegistry:
    """A registry with Sverka's figures and nothing of this process."""
    registry = CollectorRegistry()
    registry.register(SverkaCollector(settings, clock))
    return registry
