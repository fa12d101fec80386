"""The pages of Sverka inside the Airflow UI, for people who may see them (docs/pages.md)."""

from fastapi import Depends, FastAPI

from sverka_airflow import checks_page
from sverka_airflow.pages import (
    couriers,
    deciding,
    discrepancies,
    documents,
    economics,
    files,
    guidance,
    lines,
    orders,
    reports,
    static,
    today,
    upload,
)
from sverka_airflow.pages.errors import handle_errors
from sverka_airflow.pages.guards import may_read

# Without a dependency a plugin's endpoint is public (200 to anybody); the schema pages ignore
# dependencies, so there are none. Who may see the report's DAG may see the pages.
app = FastAPI(
    title="Сверка",
    dependencies=[Depends(may_read)],
    openapi_url=None,
    docs_url=None,
    redoc_url=None,
)
handle_errors(app)

for _pages in (
    *(today, files, lines, documents, orders, couriers, discrepancies, deciding, economics),
    *(upload, reports, checks_page, guidance, static),
):
    app.include_router(_pages.router)
