"""`/sverka/couriers`: terms, layouts, the last files and transfers of every courier."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from sverka_airflow.asked import Asked
from sverka_airflow.pages.errors import NotThere
from sverka_airflow.pages.looks import draw
from sverka_airflow.served import settings

router = APIRouter()

LAST_FILES = 10


@router.get("/couriers")
def couriers(request: Request) -> Response:
    """All couriers."""
    from sverka.pages import couriers as domain
    from sverka.pages.reading import look
    from sverka.services import services_from

    given = settings()
    with look(given.database_url) as conn:
        found = domain.couriers(services_from(given), conn)
    return draw(request, "couriers.html.j2", couriers=found)


@router.get("/couriers/{code}")
def courier(request: Request, code: Asked) -> Response:
    """One courier; the code is looked up among the known ones and goes nowhere else."""
    from sverka.pages import couriers as domain
    from sverka.pages import files
    from sverka.pages.reading import look
    from sverka.posting.policy_told import terms_in_words
    from sverka.services import services_from
    from sverka.texts import Texts

    given = settings()
    with look(given.database_url) as conn:
        known = {one.courier.code: one for one in domain.couriers(services_from(given), conn)}
        if code not in known:
            raise NotThere("courier")
        last = files.files(conn, files.Wanted(courier=code), limit=LAST_FILES)
        transfers = domain.transfers(conn, code)
    return draw(
        request, "courier.html.j2", one=known[code], terms=known[code].courier, files=last,
        transfers=transfers, titles={code: known[code].courier.title},
        approval=terms_in_words(known[code].courier.approval, "RUB", Texts(given.language)),
    )  # fmt: skip
