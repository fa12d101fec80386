"""The published reports: a day's renderings, the archive, and the way from a run to them."""

from datetime import date
from enum import StrEnum
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from sverka_airflow.asked import Asked
from sverka_airflow.pages.errors import NotThere
from sverka_airflow.pages.looks import draw
from sverka_airflow.served import HEADERS, settings, storage

router = APIRouter()


class File(StrEnum):
    """The three renderings of a day's report, by their names in the storage."""

    HTML = "otchet.html"
    XLSX = "otchet.xlsx"
    JSON = "report.json"


MEDIA_TYPES = {
    File.HTML: "text/html; charset=utf-8",
    File.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    File.JSON: "application/json",
}


@router.get("/report/{day}/{file}")
def report(day: date | Literal["latest"], file: File) -> Response:
    """A rendering of a day's report; only a date or `latest` reaches the storage's path."""
    try:
        data = storage().read(f"reports/{day}/{file}")
    except FileNotFoundError:
        raise NotThere("report") from None
    headers = dict(HEADERS)
    if file is not File.HTML:
        headers["Content-Disposition"] = f'attachment; filename="{day}-{file}"'
    return Response(data, media_type=MEDIA_TYPES[file], headers=headers)


@router.get("/days")
def days(request: Request, before: date | None = None) -> Response:
    """The days that have a report, the newest first, a month at a time."""
    from sverka.pages.reading import look
    from sverka.pages.today import archive

    with look(settings().database_url) as conn:
        found = archive(conn, before)
    return draw(request, "days.html.j2", days=found, before=before)


@router.get("/run")
def run(run_id: Asked) -> RedirectResponse:
    """From a run to the report of the day its file came in; other runs lead to the newest."""
    from sverka.clock import moscow_day
    from sverka.database.connection import connect

    with connect(settings().database_url) as conn, conn.cursor() as cursor:
        cursor.execute("select received_at from file where claimed_by = %s", (run_id,))
        found = cursor.fetchone()
    day = moscow_day(found[0]).isoformat() if found else "latest"
    return RedirectResponse(f"report/{day}/{File.HTML}", headers=HEADERS)
