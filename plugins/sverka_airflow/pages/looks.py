"""How every page is drawn: one layout, one style, one set of words, no script from content."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

from fastapi import Request
from fastapi.responses import HTMLResponse

from sverka_airflow.served import HEADERS, settings

if TYPE_CHECKING:
    from jinja2 import Environment

    from sverka.settings import Settings
    from sverka.texts import Texts

FOLDER = Path(__file__).parent

PAGE_HEADERS = HEADERS | {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "Referrer-Policy": "same-origin",
}
"""Style and script come from the plugin's own files only; what is in a report stays text."""


def draw(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The page; `values` are what its template names.

    Templates also have `say` (the texts), `base` (the prefix of all links), `here` (this page's
    address as a person can open it on its own), `run` (a run's address) and the words of states.
    """
    given = settings()
    say = say_of(given)
    html = (
        _pages()
        .get_template(template)
        .render(
            say=say,
            base=request.scope.get("root_path", "").rstrip("/"),
            here=_outside(request, given.public_url),
            run=lambda run_id: _run(request, given.public_url, run_id),
            query=dict(request.query_params),
            **_words(say),
            **values,
        )
    )
    return HTMLResponse(html, status_code=status, headers=PAGE_HEADERS)


def say_of(given: "Settings") -> "Texts":
    """The texts in the language of the settings."""
    from sverka.texts import Texts

    return Texts(given.language)


def _outside(request: Request, public_url: str) -> str:
    """This page's whole address; behind a proxy only the settings know the host that people use."""
    own, public = urlsplit(str(request.url)), urlsplit(public_url)
    if public.netloc:
        own = own._replace(scheme=public.scheme, netloc=public.netloc)
    return urlunsplit(own)


def _run(request: Request, public_url: str, run_id: str | None) -> str | None:
    """The run of `settle_report` in the Airflow UI."""
    if not run_id:
        return None
    ui = public_url or str(request.base_url)
    return f"{ui.rstrip('/')}/dags/settle_report/runs/{quote(run_id, safe='')}"


@cache
def _pages() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    pages = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["weblink"] = _weblink
    return pages


def _weblink(address: str | None) -> str | None:
    """The address when it is one of the web; what else a stored text may be is not made a link."""
    return address if address and urlsplit(address).scheme in {"http", "https"} else None


def _words(say: "Texts") -> dict[str, Any]:
    from sverka.audit.tree import actors, steps
    from sverka.discrepancies import State
    from sverka.discrepancies.words import actions, event_in_words, state_in_words
    from sverka.pages import help as sections
    from sverka.reporting import words
    from sverka.reporting.transfers import states

    return {
        "verdicts": words.verdicts(say),
        "questions": words.questions(say),
        "document_kinds": words.posting_kinds(say),
        "document_states": words.posting_states(say),
        "file_states": words.file_states(say),
        "purposes": words.purposes(say),
        "transfer_states": states(say),
        "events": steps(say),
        "actors": actors(say),
        "discrepancy_states": {state.value: state_in_words(say, state) for state in State},
        "decisions": actions(say),
        "event_in_words": event_in_words,
        "sections": sections,
    }
