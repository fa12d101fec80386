"""`/sverka/files/…/documents`: the documents that a file's rows became."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from sverka_airflow.asked import Asked
from sverka_airflow.pages.errors import NotThere
from sverka_airflow.pages.files import FileId
from sverka_airflow.pages.looks import draw
from sverka_airflow.served import settings

router = APIRouter()


@router.get("/files/{file_id}/documents")
def documents(
    request: Request, file_id: FileId, kind: Asked = "", state: Asked = "", after: Asked = ""
) -> Response:
    """A page of them; empty filters are none."""
    from sverka.nouns import PostingKind, PostingState
    from sverka.pages.documents_of_file import Wanted, documents_of_file
    from sverka.pages.files import file_name
    from sverka.pages.reading import look

    wanted = Wanted(
        kind if kind in set(PostingKind) else None, state if state in set(PostingState) else None
    )
    with look(settings().database_url) as conn:
        name = file_name(conn, file_id)
        if name is None:
            raise NotThere("file")
        found = documents_of_file(conn, file_id, wanted, after)
    return draw(
        request, "documents.html.j2", file_id=file_id, name=name, found=found, wanted=wanted
    )
