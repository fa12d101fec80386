"""A scrape is all or nothing; its labels are few and tell no secrets."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Lock

import psycopg2
import pytest
from prometheus_client import REGISTRY

from sverka.database.connection import Connection
from sverka.monitoring import looking
from sverka.monitoring.collector import MEASURES, registry
from sverka.monitoring.looking import Look
from sverka.settings import Settings
from tests.conftest import FrozenClock, fresh_database
from tests.monitoring.conftest import Scrape, scraped, settings_of
from tests.support.rows import a_discrepant_line, a_file, a_line, a_posting, a_report

DOWN = ["sverka_up"]
LABELS = {"state", "courier", "currency", "kind", "verdict", "stage", "entity", "user"}
Scraping = Callable[[], Scrape]


def test_a_database_that_answers(scrape: Scraping) -> None:
    found = scrape()
    assert found.one("sverka_up") == 1
    assert len(found.families) > 25


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://nobody@127.0.0.1:1/nothing",
        "postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=60",
        "no address at all",
    ],
)
def test_a_database_that_is_away(address: str, clock: FrozenClock) -> None:
    found = scraped(registry(settings_of(address), clock))
    assert (list(found.families), found.one("sverka_up")) == (DOWN, 0)


def test_a_database_of_another_version(empty_database_url: str, clock: FrozenClock) -> None:
    found = scraped(registry(settings_of(empty_database_url), clock))
    assert (list(found.families), found.one("sverka_up")) == (DOWN, 0)


@pytest.fixture
def coming_and_going(server_url: str, template_database: str) -> Iterator[str]:
    yield from fresh_database(server_url, template_database)


def test_it_goes_and_comes_back_with_the_figures_of_now(
    coming_and_going: str, server_url: str, clock: FrozenClock
) -> None:
    name = psycopg2.extensions.parse_dsn(coming_and_going)["dbname"]

    def let(*, connect: str) -> None:
        conn = psycopg2.connect(server_url)
        conn.autocommit = True
        with conn.cursor() as cursor:
            cursor.execute(f'alter database "{name}" allow_connections {connect}')
        conn.close()

    figures = registry(settings_of(coming_and_going), clock)
    assert scraped(figures).one("sverka_up") == 1
    conn = psycopg2.connect(coming_and_going)
    with conn:
        a_file(conn, state="registered")
    conn.close()
    let(connect="false")
    try:
        assert list(scraped(figures).families) == DOWN
    finally:
        let(connect="true")
    back = scraped(figures)
    assert (back.one("sverka_up"), back.by("sverka_files")) == (1, {"registered": 1})


def test_a_table_that_somebody_holds_costs_seconds_and_not_for_ever(
    settings: Settings, url: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PATIENCE_SECONDS", 0.2)
    conn = psycopg2.connect(url)
    with conn.cursor() as cursor:
        cursor.execute("lock table notice_delivery in access exclusive mode")
    found = scraped(registry(settings, clock))
    conn.close()
    assert list(found.families) == DOWN
    monkeypatch.undo()
    assert scraped(registry(settings, clock)).one("sverka_up") == 1


def test_a_courier_whose_file_is_bad_is_no_crash(
    settings: Settings, clock: FrozenClock, tmp_path: Path
) -> None:
    (tmp_path / "gorod.yaml").write_text("courier: [", encoding="utf-8")
    found = scraped(registry(replace(settings, couriers=tmp_path), clock))
    assert list(found.families) == DOWN


def test_a_defect_of_ours_is_not_hidden(
    settings: Settings, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(look: Look) -> list[object]:
        raise KeyError("defect")

    monkeypatch.setattr("sverka.monitoring.collector.MEASURES", (*MEASURES, broken))
    with pytest.raises(KeyError):
        scraped(registry(settings, clock))


def test_nothing_is_written_and_nothing_stays_open(settings: Settings, clock: FrozenClock) -> None:
    seen: list[str] = []

    def measure(look: Look) -> list[object]:
        with look.conn.cursor() as cursor:
            cursor.execute("show transaction_read_only")
            seen.extend(value for (value,) in cursor.fetchall())
            cursor.execute("show transaction_isolation")
            seen.extend(value for (value,) in cursor.fetchall())
        return []

    found = looking.look(settings, clock, [measure])  # type: ignore[list-item]
    assert (found, seen) == ([], ["on", "repeatable read"])
    conn = psycopg2.connect(settings.database_url)
    with conn.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity where datname = current_database() "
            "and application_name = 'sverka monitoring' and state is not null "
            "and pid <> pg_backend_pid() and state <> 'idle'"
        )
        assert cursor.fetchall() == [(0,)]
    conn.close()


def test_however_many_scrape_at_once_the_database_has_one_reader(
    settings: Settings, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, met = Lock(), []

    def measure(look: Look) -> list[object]:
        met.append(alone.acquire(blocking=False))
        with look.conn.cursor() as cursor:
            cursor.execute("select pg_sleep(0.01)")
        alone.release()
        return []

    monkeypatch.setattr("sverka.monitoring.collector.MEASURES", (*MEASURES, measure))
    figures = registry(settings, clock)
    with ThreadPoolExecutor(4) as scrapers:
        found = list(scrapers.map(lambda _: scraped(figures).one("sverka_up"), range(4)))
    assert (found, met) == ([1.0] * 4, [True] * 4)


def test_labels_are_few_and_say_nothing_of_orders_files_or_people(
    scrape: Scraping, conn: Connection
) -> None:
    report = a_report(conn, a_file(conn, "секретный-реестр.xlsx", state="registered"), "gorod")
    line = a_line(conn, report, "ORDER-4711", track_ref="TRACK-4711")
    a_posting(conn, report, line, state="unsure", error="TOKEN-4711", approved_by="Анна")
    a_discrepant_line(conn, report, "unknown_order", order_ref="ORDER-4712")
    found = scrape()
    names = {
        label
        for family in found.families.values()
        for sample in family.samples
        for label in sample.labels
    }
    assert names <= LABELS
    for secret in ("4711", "4712", "секретный", "Анна", "postgres", "/"):
        assert secret not in re.sub(r"^#.*$", "", found.text, flags=re.MULTILINE)


def test_no_series_is_said_twice(scrape: Scraping, conn: Connection) -> None:
    for courier in ("gorod", "cdek"):
        for state in ("unsure", "planned"):
            report = a_report(conn, a_file(conn), courier)
            a_posting(conn, report, a_line(conn, report), state=state)
    lines = [line.rpartition(" ")[0] for line in scrape().text.splitlines() if line[0] != "#"]
    assert len(lines) == len(set(lines))


def test_names_keep_to_the_conventions(scrape: Scraping) -> None:
    for name, family in scrape().families.items():
        assert name.startswith("sverka_")
        assert family.documentation.endswith(".")
        if "age" in name.split("_"):
            assert name.endswith("_seconds")
        if "stake" in name or "money" in name:
            assert name.endswith(("_minor_units", "_seconds"))
        counted = {sample.name.endswith("_total") for sample in family.samples}
        assert counted <= {family.type == "counter"}


def test_the_registry_of_the_process_is_left_alone(settings: Settings, clock: FrozenClock) -> None:
    registry(settings, clock)
    assert not [one.name for one in REGISTRY.collect() if one.name.startswith("sverka")]
