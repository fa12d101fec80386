"""`/sverka/orders`: find an order, and everything that is known of it."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from sverka_airflow.asked import Asked
from sverka_airflow.pages.errors import NotThere
from sverka_airflow.pages.looks import PAGE_HEADERS, draw
from sverka_airflow.pages.titles import courier_titles
from sverka_airflow.served import settings

router = APIRouter()


@router.get("/orders")
def orders(request: Request, q: Asked = "") -> Response:
    """The search; when only one order can be meant, straight to it."""
    from sverka.pages.reading import look
    from sverka.pages.search import search

    wanted = q.strip()
    if not wanted:
        return draw(request, "orders.html.j2", wanted="", found=None)
    with look(settings().database_url) as conn:
        found = search(conn, wanted)
    if found.only:
        base = request.scope.get("root_path", "").rstrip("/")
        return RedirectResponse(f"{base}/orders/{found.only}", 303, headers=PAGE_HEADERS)
    return draw(request, "orders.html.j2", wanted=wanted, found=found)


@router.get("/orders/{order_id}")
def order(request: Request, order_id: UUID) -> Response:
    """One order, by its MoySklad id."""
    from sverka.economics.orders import order_economics
    from sverka.pages.orders import order_view
    from sverka.pages.reading import look

    with look(settings().database_url) as conn:
        found = order_view(conn, str(order_id))
        left = order_economics(conn, str(order_id))
    if found is None:
        raise NotThere("order")
    return draw(
        request,
        "order.html.j2",
        order=found,
        facts=found.facts,
        left=left,
        titles=courier_titles(),
    )
