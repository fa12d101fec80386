"""The whole way of the demo's files, without Airflow: what comes of them is what was planned."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from sverka import settling
from sverka.demo.expected import Expected, Fate
from sverka.demo.reports import demo_reports, expected
from sverka.demo.shop import build_shop
from sverka.errors import Refusal
from sverka.intake.intake import take
from sverka.intake.zones import Zone
from sverka.moysklad.sandbox.seeding import seed
from sverka.services import Services, services_from
from sverka.settings import Settings
from tests.support.sandbox import running_sandbox

SHOP = build_shop(orders=600)


@pytest.fixture
def services(database_url: str, empty_database_url: str, tmp_path: Path) -> Iterator[Services]:
    seed(empty_database_url, SHOP)
    with running_sandbox(empty_database_url) as sandbox:
        settings = Settings(
            database_url=database_url,
            storage_url=str(tmp_path / "storage"),
            storage_options={},
            zones=(),
            moysklad=sandbox.connection,
            settle_seconds=0,
        )
        yield services_from(settings, lambda: datetime.now(UTC))


def settle(services: Services, inbox: Path) -> dict[str, Fate]:
    """Drops the files one after another and settles each; what became of them."""
    fates = {}
    for name, data in demo_reports(SHOP).items():
        (inbox / name).write_bytes(data)
        keys = take(services, [Zone("inbox", str(inbox), {})], wait=time.sleep)
        fates[name] = Fate.SETTLED if keys else Fate.REPEATED
        for key in keys:
            file_id = settling.claim(services, key, "run")
            assert file_id is not None
            try:
                settling.settle(services, file_id)
            except Refusal as refusal:
                held = "Контрольный итог не сходится" in refusal.reason
                fates[name] = Fate.HELD if held else Fate.NO_REPORT
    return fates


def rows(services: Services, query: str) -> list[tuple[Any, ...]]:
    with psycopg2.connect(services.settings.database_url) as conn, conn.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def verdicts(services: Services) -> dict[tuple[str, int], tuple[str, bool]]:
    found = rows(
        services,
        "select f.name, row_number() over (partition by f.id order by r.ordinal, l.line_no, l.id),"
        " v.verdict, v.clean from verdict v join line l on l.id = v.line_id"
        " join report r on r.id = l.report_id join file f on f.id = r.file_id",
    )
    return {(name, ordinal): (verdict, clean) for name, ordinal, verdict, clean in found}


def posted(services: Services) -> dict[tuple[str, str], int]:
    found = rows(
        services,
        "select courier, kind, sum(amount) from posting where state = 'posted' and amount <> 0"
        " group by 1, 2",
    )
    return {(courier, kind): int(amount) for courier, kind, amount in found}


def test_files_lines_and_documents_come_out_as_planned(services: Services, tmp_path: Path) -> None:
    truth: Expected = expected(SHOP)
    inbox = tmp_path / "inbox"
    inbox.mkdir()

    fates = settle(services, inbox)

    assert fates == {file.name: file.fate for file in truth.files}
    assert verdicts(services) == {
        (line.file, line.ordinal): (line.verdict.value, line.clean) for line in truth.lines
    }
    assert posted(services) == {
        (courier, kind.value): amount
        for courier, sums in truth.sums().items()
        for kind, amount in sums.items()
        if amount
    }
    assert rows(services, "select count(*) from posting where state <> 'posted'") == [(0,)]
