"""What people see instead of a page: kind words with the way back, never a stack trace."""

from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from sverka_airflow.pages.looks import draw


class NotThere(Exception):
    """What the address names does not exist; `what` is one of the words of `missing.html.j2`."""

    def __init__(self, what: str = "page") -> None:
        self.what = what
        super().__init__(what)


def handle_errors(app: FastAPI) -> None:
    """Answers with pages where the app would answer with JSON."""

    @app.exception_handler(NotThere)
    def not_there(request: Request, error: Exception) -> Response:
        what = error.what if isinstance(error, NotThere) else "page"
        return draw(request, "missing.html.j2", status=404, what=what)

    @app.exception_handler(RequestValidationError)
    def not_an_address(request: Request, _: Exception) -> Response:
        return draw(request, "missing.html.j2", status=404, what="page")

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException), "registered for it"
        if error.status_code == 404:
            return draw(request, "missing.html.j2", status=404, what="page")
        if error.status_code == 403 and getattr(request.state, "may_read", False):
            return draw(request, "refused.html.j2", status=403)
        return await http_exception_handler(request, error)
