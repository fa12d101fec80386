"""Publishes the report of a day: three renderings in the storage and a row that says how fresh."""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from sverka.audit.heads import publish_head
from sverka.database.connection import Connection
from sverka.recognition.known import knowledge
from sverka.reporting.collect import collect
from sverka.reporting.daily import Daily
from sverka.reporting.html import as_html
from sverka.reporting.json_report import as_json, summary_of
from sverka.reporting.text import as_text
from sverka.reporting.xlsx import as_xlsx
from sverka.services import Services

HTML, XLSX, JSON = "otchet.html", "otchet.xlsx", "report.json"


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


def publish(services: Services, day: date, *, not_before: datetime | None = None) -> Published:
    """Renders and writes the report of a Moscow day.

    A caller that only needs everything up to `not_before` in the report gets the one that
    stands when it is fresh enough, so a burst of files costs one or two renderings. All three
    renderings are finished before the first is written: a failure leaves the old report.
    """
    with services.hold(f"publish {day}"):
        standing = _standing(services, day)
        if standing and not_before and standing.as_of >= not_before:
            return standing
        daily = _read(services, day)
        rendered = {HTML: as_html(daily), XLSX: as_xlsx(daily), JSON: as_json(daily)}
        for name, data in rendered.items():
            services.storage.write(f"{folder(day)}/{name}", data)
        publish_head(services, day)
        return _announce(services, daily, rendered)


def folder(day: date) -> str:
    """The storage folder of a day's report."""
    return f"reports/{day.isoformat()}"


def _read(services: Services, day: date) -> Daily:
    """`as_of` is taken before the snapshot, so all that was committed by then is in it."""
    known = knowledge(services)
    as_of = services.clock()
    with closing(psycopg2.connect(services.settings.database_url)) as conn:
        conn.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        daily = collect(
            conn,
            day,
            as_of=as_of,
            public_url=services.settings.public_url,
            couriers=known.couriers,
        )
    return replace(daily, left_out=known.left_out)


def _announce(services: Services, daily: Daily, rendered: Mapping[str, bytes]) -> Published:
    """Copies the newest day to `latest` and records the publication.

    Both under one lock of all days: otherwise an older day could overwrite a newer `latest`.
    """
    text = as_text(daily, services.storage.uri(f"{folder(daily.day)}/{HTML}"))
    summary = {**summary_of(daily), "text": text}
    with services.hold("publish latest"), services.connect() as conn:
        if _is_newest(conn, daily.day):
            for name, data in rendered.items():
                services.storage.write(f"reports/latest/{name}", data)
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
