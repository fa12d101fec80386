"""What an operator decides about discrepancies: the ticked ones, or all that the filters find.

All at once is asked again first, with how many and how much money that is.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from sverka_airflow.asked import Asked
from sverka_airflow.pages.chosen import Chosen, filter_of, from_form
from sverka_airflow.pages.errors import NotThere
from sverka_airflow.pages.guards import from_our_page, may_decide
from sverka_airflow.pages.looks import PAGE_HEADERS, draw
from sverka_airflow.pages.titles import courier_titles
from sverka_airflow.served import settings

if TYPE_CHECKING:
    from sverka.discrepancies import Action, Decided, Decision

router = APIRouter()

LONGEST_COMMENT = 2000

Text = Annotated[Asked, Form()]


@router.post("/discrepancies", dependencies=[Depends(may_decide), Depends(from_our_page)])
def decide(  # noqa: PLR0913, PLR0917 - the form, field by field
    request: Request,
    user: GetUserDep,
    action: Text,
    pick: Annotated[list[str] | None, Form()] = None,
    comment: Annotated[str, Form()] = "",
    scope: Text = "picked",
    seen_at: Text = "",
    filters: Annotated[str, Form()] = "",
) -> Response:
    """Applies the decision and shows the list again; for all of a filter it asks first.

    `seen_at` is when the person was told how many they are: it comes only from that question.
    """
    from sverka.discrepancies import Action

    if action not in set(Action):
        raise NotThere
    what, words = Action(action), comment.replace("\0", "").strip()[:LONGEST_COMMENT]
    chosen, told = from_form(filters), _moment(seen_at)
    if what is Action.EXPLAIN and not words:
        return _back(request, chosen, "silent")
    if scope == "all" and told is None:
        return _ask(request, chosen, what, words)
    if scope == "all" and told is not None:
        done = _decide_all(chosen, what, words, user.get_name(), told)
    else:
        done = _decide(list(_decisions(pick or [], what, words)), user.get_name())
    return _back(request, chosen, f"{done.applied}.{done.same}.{done.refusals}")


def _ask(request: Request, chosen: Chosen, what: "Action", words: str) -> Response:
    """How many they are and how much money, before anything is done."""
    from sverka.clock import system_clock
    from sverka.discrepancies import totals
    from sverka.pages.reading import look

    now = system_clock()
    with look(settings().database_url) as conn:
        found = totals(conn, filter_of(chosen), now)
    return draw(
        request, "decide.html.j2", found=found, chosen=chosen, action=what.value, comment=words,
        now=now, titles=courier_titles(),
    )  # fmt: skip


def _decide_all(chosen: Chosen, what: "Action", words: str, by: str, told: datetime) -> "Decided":
    from sverka.clock import system_clock
    from sverka.database.connection import connect
    from sverka.discrepancies import decide_all

    now = system_clock()
    with connect(settings().database_url) as conn:
        return decide_all(
            conn, filter_of(chosen), what, words, by=by, now=now, seen_at=min(told, now)
        )


def _decide(decisions: "list[Decision]", by: str) -> "Decided":
    from sverka.clock import system_clock
    from sverka.database.connection import connect
    from sverka.discrepancies import decide

    with connect(settings().database_url) as conn:
        return decide(conn, decisions, by, system_clock())


def _decisions(picked: Iterable[str], what: "Action", words: str) -> "Iterable[Decision]":
    """`id.version` of every ticked row; what is no such pair was not made by our page."""
    from sverka.discrepancies import Decision
    from sverka.pages.reading import pair_of

    for pair in filter(None, map(pair_of, picked)):
        yield Decision(pair[0], pair[1], what, words or None)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _back(request: Request, chosen: Chosen, done: str) -> Response:
    base = request.scope.get("root_path", "").rstrip("/")
    query = urlencode({key: value for key, value in chosen.items() if value} | {"done": done})
    return RedirectResponse(f"{base}/discrepancies?{query}", 303, headers=PAGE_HEADERS)
