"""`/sverka/files`: the list of files, and one file from its rows to its documents."""

from datetime import date
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from sverka_airflow.asked import Asked
from sverka_airflow.pages.errors import NotThere
from sverka_airflow.pages.looks import PAGE_HEADERS, draw
from sverka_airflow.pages.titles import courier_titles
from sverka_airflow.served import settings

router = APIRouter()

FileId = Annotated[int, Path(ge=1, le=2**63 - 1)]

SHOWN_ORDERS = 50
"""Of a plan; a plan of a hundred thousand is read with `sverka plan`."""


@router.get("/files")
def files(
    request: Request,
    state: Asked = "",
    courier: Asked = "",
    day: Asked = "",
    after: Asked = "",
) -> Response:
    """The list; empty filters are none."""
    from sverka.nouns import FileState
    from sverka.pages import files as domain
    from sverka.pages.reading import look

    chosen = _day(day)
    known = state if state in set(FileState) else None
    wanted = domain.Wanted(known, courier or None, chosen)
    with look(settings().database_url) as conn:
        found = domain.files(conn, wanted, after)
    return draw(
        request,
        "files.html.j2",
        files=found,
        wanted=wanted,
        states=list(FileState),
        titles=courier_titles(),
    )


@router.get("/files/{file_id}")
def file(request: Request, file_id: FileId) -> Response:
    """One file."""
    from sverka.pages.files import file_view
    from sverka.pages.funnel import file_funnel
    from sverka.pages.reading import look

    given = settings()
    _count_what_changed(given.database_url, file_id)
    with look(given.database_url) as conn:
        found = file_view(conn, file_id)
        if found is None:
            raise NotThere("file")
        funnel = file_funnel(conn, file_id)
    return draw(
        request,
        "file.html.j2",
        file=found,
        facts=found.facts,
        funnel=funnel,
        checks=_checks_of(found.facts) if funnel.begun else None,
        titles=courier_titles(),
    )


@router.get("/files/{file_id}/plan")
def plan(request: Request, file_id: FileId) -> Response:
    """What is going to be created in MoySklad for the file."""
    from sverka.pages.files import file_name
    from sverka.pages.reading import look
    from sverka.posting.preview import preview
    from sverka.services import services_from

    given = settings()
    with look(given.database_url) as conn:
        if file_name(conn, file_id) is None:
            raise NotThere("file")
    with preview(services_from(given), file_id) as found:
        orders = list(islice(found.orders(), SHOWN_ORDERS))
        left_out = list(islice(found.left_out(), SHOWN_ORDERS))
    return draw(
        request, "plan.html.j2", head=found.head, orders=orders, left_out=left_out,
        titles=courier_titles(),
    )  # fmt: skip


@router.get("/file")
def file_of_run(run_id: Asked) -> Response:
    """From a run to the file that it took."""
    from sverka.pages import files as domain
    from sverka.pages.reading import look

    with look(settings().database_url) as conn:
        found = domain.file_of_run(conn, run_id)
    if found is None:
        raise NotThere("run")
    return RedirectResponse(f"files/{found}", headers=PAGE_HEADERS)


def _count_what_changed(database_url: str, file_id: int) -> None:
    """A file that another one corrected, or that was never counted, is counted by who looks first."""
    from sverka.clock import system_clock
    from sverka.database.connection import connect
    from sverka.pages.counting import count, is_counted
    from sverka.pages.files import file_name

    with connect(database_url) as conn:
        if file_name(conn, file_id) is not None and not is_counted(conn, file_id):
            count(conn, file_id, system_clock())


def _checks_of(facts: object) -> str:
    from sverka.pages.files import FileFacts
    from sverka.reporting.checks import page_path

    assert isinstance(facts, FileFacts), "a file's facts"
    return page_path(facts.id, facts.received_at).removeprefix("reports/")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
