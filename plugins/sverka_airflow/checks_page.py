"""The page of a file's checks inside the Airflow UI: from a run, and from the day's report.

The routes are part of `sverka_airflow.pages.app` and stand behind its log-in.
"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sverka_airflow.asked import Asked
from sverka_airflow.pages.errors import NotThere
from sverka_airflow.served import HEADERS, settings, storage

router = APIRouter()


@router.get("/report/{day}/checks/{page}")
def page(day: date, page: Annotated[str, Path(pattern=r"^[0-9]{1,18}\.html$")]) -> Response:
    """The checks of a file; only a date and a file's number reach the storage's path."""
    try:
        data = storage().read(f"reports/{day}/checks/{page}")
    except FileNotFoundError:
        raise NotThere("checks") from None
    return HTMLResponse(data, headers=HEADERS)


@router.get("/checks")
def checks(run_id: Asked) -> Response:
    """From a run to the checks of the file that it took."""
    from sverka.database.connection import connect
    from sverka.reporting.checks import page_path

    with connect(settings().database_url) as conn, conn.cursor() as cursor:
        cursor.execute("select id, received_at from file where claimed_by = %s", (run_id,))
        found = cursor.fetchone()
    if found is None:
        raise NotThere("checks")
    path = page_path(*found).removeprefix("reports/")
    return RedirectResponse(f"report/{path}", headers=HEADERS)
