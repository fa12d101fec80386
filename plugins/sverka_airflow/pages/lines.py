"""`/sverka/files/…/lines`: the rows of a file with their verdicts and documents."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from sverka_airflow.asked import Asked
from sverka_airflow.pages.errors import NotThere
from sverka_airflow.pages.files import FileId
from sverka_airflow.pages.looks import draw
from sverka_airflow.served import settings

router = APIRouter()


@router.get("/files/{file_id}/lines")
def lines(  # noqa: PLR0913, PLR0917 - the filters, by name
    request: Request,
    file_id: FileId,
    step: Asked = "",
    verdict: Asked = "",
    outcome: Asked = "",
    q: Asked = "",
    after: Asked = "",
) -> Response:
    """A page of rows; empty filters are none."""
    from sverka.nouns import Outcome, VerdictKind
    from sverka.pages import lines_of_file as domain
    from sverka.pages.files import file_name
    from sverka.pages.funnel import STEPS
    from sverka.pages.reading import look

    wanted = domain.Wanted(
        verdict if verdict in set(VerdictKind) else None,
        outcome if outcome in set(Outcome) else None,
        q.strip() or None,
        step if step in STEPS else None,
    )
    with look(settings().database_url) as conn:
        name = file_name(conn, file_id)
        if name is None:
            raise NotThere("file")
        found = domain.lines_of_file(conn, file_id, wanted, after)
    return draw(
        request, "lines.html.j2", file_id=file_id, name=name, lines=found, wanted=wanted,
        outcomes=list(Outcome), kinds=list(VerdictKind), steps=STEPS,
    )  # fmt: skip
