"""The pages of Sverka inside the Airflow UI: published reports, for people who may see them."""

from datetime import date
from enum import StrEnum
from typing import Literal

from airflow.api_fastapi.core_api.security import requires_access_dag
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sverka_airflow.checks_page import router as checks
from sverka_airflow.served import HEADERS, settings, storage
from sverka_airflow.texts import DAYS_PAGE, NOT_YET_PAGE


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

# Without a dependency a plugin's endpoint is public (200 to anybody); the schema pages ignore
# dependencies, so there are none. Who may see the report's DAG may see the report.
app = FastAPI(
    title="Сверка",
    dependencies=[Depends(requires_access_dag("GET", param_dag_id="publish_discrepancies"))],
    openapi_url=None,
    docs_url=None,
    redoc_url=None,
)


@app.get("/report/{day}/{file}")
def report(day: date | Literal["latest"], file: File) -> Response:
    """A rendering of a day's report; only a date or `latest` reaches the storage's path."""
    try:
        data = storage().read(f"reports/{day}/{file}")
    except FileNotFoundError:
        if file is File.HTML:
            return HTMLResponse(NOT_YET_PAGE, status_code=404, headers=HEADERS)
        raise HTTPException(404, "Отчёта за этот день ещё нет") from None
    headers = dict(HEADERS)
    if file is not File.HTML:
        headers["Content-Disposition"] = f'attachment; filename="{day}-{file}"'
    return Response(data, media_type=MEDIA_TYPES[file], headers=headers)


@app.get("/days")
def days() -> HTMLResponse:
    """All days that have a report, the newest first."""
    from sverka.database.connection import connect

    with connect(settings().database_url) as conn, conn.cursor() as cursor:
        cursor.execute("select day from published_report order by day desc")
        rows = "".join(
            f'<li><a href="report/{day.isoformat()}/{File.HTML}">{day:%d.%m.%Y}</a></li>'
            for (day,) in cursor.fetchall()
        )
    return HTMLResponse(DAYS_PAGE.format(days=rows), headers=HEADERS)


@app.get("/run")
def run(run_id: str) -> RedirectResponse:
    """From a run to the report of the day its file came in; other runs lead to the newest."""
    from sverka.clock import moscow_day
    from sverka.database.connection import connect

    with connect(settings().database_url) as conn, conn.cursor() as cursor:
        cursor.execute("select received_at from file where claimed_by = %s", (run_id,))
        found = cursor.fetchone()
    day = moscow_day(found[0]).isoformat() if found else "latest"
    return RedirectResponse(f"report/{day}/{File.HTML}", headers=HEADERS)


# Under the same dependency as the pages above.
app.include_router(checks)
