"""The pages' own style and script: the only ones that a browser may use with them."""

from enum import StrEnum

from fastapi import APIRouter
from fastapi.responses import Response

from sverka_airflow.pages.looks import FOLDER, PAGE_HEADERS

router = APIRouter()


class Static(StrEnum):
    """The files, by name; nothing else reaches the disk."""

    STYLE = "style.css"
    SCRIPT = "page.js"


MEDIA_TYPES = {Static.STYLE: "text/css", Static.SCRIPT: "text/javascript"}


@router.get("/static/{file}")
def static(file: Static) -> Response:
    """One of the plugin's own files."""
    data = (FOLDER / file).read_bytes()
    headers = PAGE_HEADERS | {"Cache-Control": "private, max-age=300"}
    return Response(data, media_type=f"{MEDIA_TYPES[file]}; charset=utf-8", headers=headers)
