"""`/sverka/`: what waits for a decision, the files of the day, the newest report."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from sverka_airflow.pages.looks import draw
from sverka_airflow.pages.titles import courier_titles
from sverka_airflow.served import settings

router = APIRouter()


@router.get("/")
def today(request: Request) -> Response:
    """The first page."""
    from sverka.clock import moscow_day, system_clock
    from sverka.pages import today as domain
    from sverka.pages.reading import look

    now = system_clock()
    day = moscow_day(now)
    with look(settings().database_url) as conn:
        found = domain.today(conn, now, day)
        days = domain.archive(conn, limit=7)
    return draw(request, "today.html.j2", today=found, day=day, days=days, titles=courier_titles())
