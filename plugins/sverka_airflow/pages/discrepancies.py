"""`/sverka/discrepancies`: the list, and one of them with its history."""

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Request
from fastapi.responses import Response

from sverka_airflow.asked import Asked
from sverka_airflow.pages.chosen import filter_of, from_address
from sverka_airflow.pages.errors import NotThere
from sverka_airflow.pages.files import FileId
from sverka_airflow.pages.guards import allows, may_decide
from sverka_airflow.pages.looks import draw
from sverka_airflow.pages.titles import courier_titles
from sverka_airflow.served import settings

router = APIRouter()


@router.get("/discrepancies")
def discrepancies(
    request: Request, user: GetUserDep, after: Asked = "", done: Asked = ""
) -> Response:
    """A page of them, the most money first; empty filters are none."""
    from sverka.clock import system_clock
    from sverka.discrepancies import State, open_ones
    from sverka.pages.marks import cursor_from, mark_of
    from sverka.pages.reading import look

    chosen = from_address(request)
    by, now = "age" if chosen["by"] == "age" else "stake", system_clock()
    with look(settings().database_url) as conn:
        found = open_ones(
            conn, filter_of(chosen), now, after=cursor_from(after, by), limit=50, by=by
        )
    return draw(
        request, "discrepancies.html.j2", found=found.items, after=mark_of(found.after, by),
        chosen=chosen, now=now, states=list(State), done=_numbers(done),
        allowed=allows(may_decide, request, user), titles=courier_titles(),
    )  # fmt: skip


@router.get("/discrepancies/{discrepancy_id}")
def discrepancy(request: Request, discrepancy_id: FileId) -> Response:
    """One of them with its history."""
    from sverka.clock import system_clock
    from sverka.discrepancies import history, one
    from sverka.pages.reading import look

    with look(settings().database_url) as conn:
        found = one(conn, discrepancy_id)
        if found is None:
            raise NotThere("discrepancy")
        steps = history(conn, discrepancy_id)
    return draw(
        request, "discrepancy.html.j2", one=found, steps=steps, now=system_clock(),
        titles=courier_titles(),
    )  # fmt: skip


def _numbers(done: str) -> tuple[int, ...] | str | None:
    """How many were applied, stood so already, and were refused; words when nothing was tried."""
    parts = done.split(".")
    if len(parts) == 3 and all(one.isascii() and one.isdigit() and len(one) < 12 for one in parts):
        return tuple(map(int, parts))
    return "silent" if done == "silent" else None
