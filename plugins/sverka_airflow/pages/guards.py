"""Who may see and do what, by the permissions that Airflow gives on Sverka's DAGs."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_dag
from fastapi import HTTPException, Request

Guard = Callable[[Request, Any], None]

_may_read: Guard = requires_access_dag("GET", param_dag_id="publish_discrepancies")

may_drop: Guard = requires_access_dag("POST", DagAccessEntity.RUN, "watch_inbox")
"""Who may start the intake may give it a file."""

may_decide: Guard = requires_access_dag("PUT", DagAccessEntity.HITL_DETAIL, "settle_report")
"""Who may answer Sverka's questions may decide about discrepancies."""


def may_read(request: Request, user: GetUserDep) -> None:
    """Who may see the DAG of the daily report may see the pages; nobody else, not even a refusal."""
    _may_read(request, user)
    request.state.may_read = True


def allows(guard: Guard, request: Request, user: Any) -> bool:
    """Whether the guard lets the user through, for a page that shows less to others."""
    try:
        guard(request, user)
    except HTTPException:
        return False
    return True


def from_our_page(request: Request) -> None:
    """Refuses a form that another site sent with the cookie of a person who is logged in.

    Browsers say where a request comes from: `Sec-Fetch-Site` on HTTPS, `Origin` with every POST.
    A program with a token of its own sends neither and has no cookie that could be misused.

    Raises:
        HTTPException: 403.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        ours = site == "same-origin"
    elif origin is not None:
        ours = urlsplit(origin).netloc == request.headers.get("host")
    else:
        ours = "authorization" in request.headers and "cookie" not in request.headers
    if not ours:
        raise HTTPException(403, "The form was not sent from Sverka's own page.")
