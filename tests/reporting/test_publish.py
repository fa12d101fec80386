"""Publishing: fresh enough is enough, a failure leaves what stands, the newest day is `latest`."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from sverka.database.connection import Connection, connect
from sverka.intake.storage import Storage
from sverka.reporting import publish
from sverka.services import Services
from tests.conftest import FrozenClock
from tests.support.rows import (
    DAY,
    a_discrepant_line,
    a_file,
    a_matched_line,
    a_report,
    rows_add_up,
)

FILES = ("otchet.html", "otchet.xlsx", "report.json")


@pytest.fixture
def a_day(conn: Connection) -> Connection:
    report_id = a_report(conn, a_file(conn))
    a_matched_line(conn, report_id)
    a_discrepant_line(conn, report_id, "unknown_order")
    rows_add_up(conn)
    conn.commit()
    return conn


def stored(services: Services, folder: str) -> dict[str, bytes]:
    return {name: services.storage.read(f"{folder}/{name}") for name in FILES}


def one_more_discrepancy(conn: Connection) -> None:
    a_discrepant_line(conn, a_report(conn, a_file(conn)), "not_shipped")
    rows_add_up(conn)
    conn.commit()


def test_three_renderings_lie_in_the_days_folder_and_in_latest(
    a_day: Connection, services: Services
) -> None:
    published = publish(services, DAY)
    assert dict(published.paths) == {
        "html": "reports/2026-11-20/otchet.html",
        "xlsx": "reports/2026-11-20/otchet.xlsx",
        "json": "reports/2026-11-20/report.json",
    }
    assert stored(services, "reports/2026-11-20") == stored(services, "reports/latest")
    assert services.storage.uri("reports/2026-11-20/otchet.html") in published.text


def test_the_summary_is_kept_in_the_database(a_day: Connection, services: Services) -> None:
    published = publish(services, DAY)
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute("select day, as_of, path, summary from published_report")
        row = cursor.fetchone()
    assert row == (DAY, services.clock(), "reports/2026-11-20", dict(published.summary))
    assert published.summary["discrepancies"] == 1


def test_publishing_again_without_a_change_gives_the_same_bytes(
    a_day: Connection, services: Services
) -> None:
    publish(services, DAY)
    first = stored(services, "reports/2026-11-20")
    publish(services, DAY)
    assert stored(services, "reports/2026-11-20") == first


def test_a_report_that_is_fresh_enough_stands(
    a_day: Connection, services: Services, clock: FrozenClock
) -> None:
    needed = clock.now
    first = publish(services, DAY)
    one_more_discrepancy(a_day)
    clock.advance(seconds=60)
    assert publish(services, DAY, not_before=needed) == first
    newer = publish(services, DAY, not_before=clock.now)
    assert newer.summary["discrepancies"] == 2
    assert newer.as_of == clock.now


def test_without_a_limit_the_report_is_always_renewed(
    a_day: Connection, services: Services
) -> None:
    publish(services, DAY)
    one_more_discrepancy(a_day)
    assert publish(services, DAY).summary["discrepancies"] == 2


def test_a_burst_of_publications_ends_with_everything_in_the_report(
    a_day: Connection, services: Services, clock: FrozenClock
) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: publish(services, DAY, not_before=clock.now), range(8)))
    assert {published.as_of for published in done} == {clock.now}
    assert (
        json.loads(services.storage.read("reports/2026-11-20/report.json"))["summary"]["files"] == 1
    )


def test_an_older_day_does_not_replace_latest(
    a_day: Connection, services: Services, conn: Connection
) -> None:
    publish(services, DAY)
    latest = stored(services, "reports/latest")
    publish(services, DAY - timedelta(days=1))
    assert stored(services, "reports/latest") == latest
    publish(services, DAY + timedelta(days=1))
    assert stored(services, "reports/latest") == stored(services, "reports/2026-11-21")


class Killed(Exception):
    """Stands for the end of the process."""


@pytest.mark.parametrize("writes", range(6))
def test_killed_between_writes_every_file_is_whole_and_the_next_one_repairs(
    a_day: Connection,
    services: Services,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
    writes: int,
) -> None:
    publish(services, DAY)
    old = stored(services, "reports/2026-11-20")
    one_more_discrepancy(a_day)
    clock.advance(seconds=60)
    take_in, left = Storage.take_in, [writes]

    def take_in_or_die(self: Storage, path: str, local: str) -> None:
        if not left[0]:
            raise Killed
        left[0] -= 1
        take_in(self, path, local)

    with monkeypatch.context() as patched:
        patched.setattr(Storage, "take_in", take_in_or_die)
        with pytest.raises(Killed):
            publish(services, DAY)
    if writes == 0:
        assert stored(services, "reports/2026-11-20") == old
    repaired = publish(services, DAY, not_before=clock.now)
    assert repaired.summary["discrepancies"] == 2
    assert stored(services, "reports/latest") == stored(services, "reports/2026-11-20")
    assert (
        json.loads(stored(services, "reports/latest")["report.json"])["as_of"]
        == clock.now.isoformat()
    )


def test_a_rendering_that_fails_leaves_the_old_report(
    a_day: Connection, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(services, DAY)
    old = stored(services, "reports/2026-11-20")
    one_more_discrepancy(a_day)

    def fails(*_: object) -> bytes:
        raise Killed

    monkeypatch.setitem(publish.__globals__, "as_html", fails)
    with pytest.raises(Killed):
        publish(services, DAY)
    assert stored(services, "reports/2026-11-20") == old


def test_what_is_not_committed_is_not_in_the_report(
    a_day: Connection, services: Services, database_url: str
) -> None:
    with connect(database_url) as other:
        a_file(other, "ещё не записан.xlsx")
        assert publish(services, DAY).summary["files"] == 1
    assert publish(services, DAY).summary["files"] == 2
