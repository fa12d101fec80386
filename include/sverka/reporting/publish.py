"""Publishes the report of a day: three renderings in the storage and a row that says how fresh."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from sverka import watching
from sverka.audit.heads import publish_head
from sverka.database.connection import Connection
from sverka.discrepancies import refresh
from sverka.recognition.known import knowledge, known_couriers
from sverka.reporting.collect import collect
from sverka.reporting.daily import Daily
from sverka.reporting.html import as_html
from sverka.reporting.json_report import json_report, summary_of
from sverka.reporting.links import Links
from sverka.reporting.standing import Standing, every, sums
from sverka.reporting.text import as_text
from sverka.reporting.xlsx import write_xlsx
from sverka.services import Services
from sverka.texts import Texts

HTML, XLSX, JSON = "otchet.html", "otchet.xlsx", "report.json"
RENDERINGS = (XLSX, JSON, HTML)
"""In the order of writing: whoever opens the page finds what it links to."""


@dataclass(frozen=True, slots=True)
class Published:
    """Where the day's report lies and what it says in short.

    `paths` are within the storage, by rendering (`html`, `xlsx`, `json`); `text` is the summary
    for a terminal, `summary` the same as numbers (docs/report.md).
    """

    day: date
    as_of: datetime
    paths: Mapping[str, str]
    summary: Mapping[str, Any]
    text: str


def publish(
    services: Services,
    day: date,
    *,
    not_before: datetime | None = None,
    renewed: bool = False,
) -> Published:
    """Renders and writes the report of a Moscow day.

    A caller that only needs everything up to `not_before` in the report gets the one that
    stands when it is fresh enough, so a burst of files costs one or two renderings. All three
    renderings are finished before the first is written: a failure leaves the old report.

    Debts and discrepancies are renewed as a whole first, unless the caller has `renewed` what its
    file says something of; the first report of a day renews them in any case.
    """
    with services.hold(f"publish {day}"):
        standing = _standing(services, day)
        if standing and not_before and standing.as_of >= not_before:
            return standing
        couriers, now = known_couriers(services), services.clock()
        with services.connect() as conn:
            if standing is None or not renewed:
                watching.refresh(conn, couriers)
                refresh(conn, now)
            watching.note_day(conn, couriers, day, now)
        with TemporaryDirectory(prefix="sverka-report-") as made:
            daily = _render(services, day, Path(made))
            for name in RENDERINGS:
                services.storage.take_in(f"{folder(day)}/{name}", f"{made}/{name}")
            publish_head(services, day)
            return _announce(services, daily, Path(made))


def folder(day: date) -> str:
    """The storage folder of a day's report."""
    return f"reports/{day.isoformat()}"


def _render(services: Services, day: date, made: Path) -> Daily:
    """Writes all renderings into a folder of this machine, from one look at the database.

    The workbook and JSON have every discrepancy, so they are written as the rows come.
    """
    known, say = knowledge(services), Texts(services.settings.language)
    public_url = services.settings.public_url
    with _look(services) as (conn, as_of):
        daily = collect(
            conn, day, as_of=as_of, public_url=public_url, couriers=known.couriers, say=say
        )
        daily = replace(daily, left_out=known.left_out)
        found = every(conn, as_of, say, Links(public_url))
        with json_report(made / JSON, daily, say) as add:
            rows = _told_to(add, found)
            write_xlsx(made / XLSX, daily, rows, sums(conn), say, linked=bool(public_url))
            for one in found:  # more than a sheet can hold
                add(one)
    (made / HTML).write_bytes(as_html(daily, say))
    return daily


def _told_to(add: Callable[[Standing], None], found: Iterator[Standing]) -> Iterator[Standing]:
    """The same discrepancies, each told to `add` when it is taken."""
    for one in found:
        add(one)
        yield one


@contextmanager
def _look(services: Services) -> Iterator[tuple[Connection, datetime]]:
    """One moment of the database; it is taken after `as_of`, so all committed by then is in it."""
    as_of = services.clock()
    with closing(psycopg2.connect(services.settings.database_url)) as conn:
        conn.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        yield conn, as_of


def _announce(services: Services, daily: Daily, made: Path) -> Published:
    """Copies the newest day to `latest` and records the publication.

    Both under one lock of all days: otherwise an older day could overwrite a newer `latest`.
    """
    say = Texts(services.settings.language)
    text = as_text(daily, say, services.storage.uri(f"{folder(daily.day)}/{HTML}"))
    summary = {**summary_of(daily, say), "text": text}
    with services.hold("publish latest"), services.connect() as conn:
        if _is_newest(conn, daily.day):
            for name in RENDERINGS:
                services.storage.take_in(f"reports/latest/{name}", str(made / name))
        with conn.cursor() as cursor:
            cursor.execute(
                """
                insert into published_report (day, as_of, path, summary) values (%s, %s, %s, %s)
                on conflict (day) do update
                   set as_of = excluded.as_of, path = excluded.path, summary = excluded.summary
                """,
                (daily.day, daily.as_of, folder(daily.day), json.dumps(summary)),
            )
    return _published(daily.day, daily.as_of, folder(daily.day), summary)


def _is_newest(conn: Connection, day: date) -> bool:
    with conn.cursor() as cursor:
        cursor.execute("select not exists (select from published_report where day > %s)", (day,))
        (newest,) = cursor.fetchone() or (True,)
    return bool(newest)


def _standing(services: Services, day: date) -> Published | None:
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute("select as_of, path, summary from published_report where day = %s", (day,))
        row = cursor.fetchone()
    return _published(day, *row) if row else None


def _published(day: date, as_of: datetime, path: str, summary: dict[str, Any]) -> Published:
    return Published(
        day=day,
        as_of=as_of,
        paths={"html": f"{path}/{HTML}", "xlsx": f"{path}/{XLSX}", "json": f"{path}/{JSON}"},
        summary=summary,
        text=summary["text"],
    )
