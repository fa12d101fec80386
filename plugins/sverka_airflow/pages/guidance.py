"""`/sverka/help`: «Что делать, когда…» and the operator's guide with its pictures."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from sverka_airflow.asked import Asked
from sverka_airflow.pages.errors import NotThere
from sverka_airflow.pages.looks import PAGE_HEADERS, draw

router = APIRouter()


@router.get("/help")
def what_now(request: Request) -> Response:
    """What to do about each verdict, state and refusal; a section is reached by its anchor."""
    return help_page(request, "what-now")


@router.get("/help/{name}")
def help_page(request: Request, name: Asked) -> Response:
    """One of the pages of help; no other file is read."""
    from sverka.pages.help import Page
    from sverka.pages.help_drawn import drawn

    if name not in set(Page):
        raise NotThere
    base = request.scope.get("root_path", "").rstrip("/")
    return draw(request, "help.html.j2", page=drawn(Page(name), base), name=name)


@router.get("/help/images/{image}")
def picture(image: Asked) -> Response:
    """A picture of the guide; only a name that is in its folder reaches the disk."""
    from sverka.pages.help import IMAGES

    if image not in {path.name for path in IMAGES.glob("*.png")}:
        raise NotThere
    headers = PAGE_HEADERS | {"Cache-Control": "private, max-age=300"}
    return Response((IMAGES / image).read_bytes(), media_type="image/png", headers=headers)
