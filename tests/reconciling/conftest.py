"""Fixtures of reconciling: books in the database, and verdicts as a test reads them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from sverka.database.connection import connect
from sverka.reconciling.partial import Goods
from sverka.reconciling.reconcile import reconcile_in
from sverka.reconciling.shipments import Shipment
from sverka.reconciling.terms import Terms
from tests.support.books import NOW, Books


@dataclass(frozen=True)
class Verdict:
    """A row of the table `verdict`."""

    verdict: str
    rule: str
    clean: bool
    order_id: str | None
    demand_id: str | None
    expected: int | None
    received: int
    difference: int | None
    sentence: str


def terms(
    courier: str = "gorod",
    tolerance: int = 0,
    netted: tuple[str, ...] = (),
    *,
    dry_run: bool = False,
) -> Terms:
    return Terms(courier, tolerance, netted, ("Выполнен", "Возвращен"), dry_run)


@pytest.fixture
def books(database_url: str) -> Books:
    return Books(database_url)


@pytest.fixture
def judge(books: Books) -> Callable[..., dict[int, Verdict]]:
    """Reconciles a file; `goods` are the positions that MoySklad would show, by demand."""

    def run(
        file_id: int,
        *,
        contract: Terms | None = None,
        goods: Mapping[UUID, tuple[Goods, ...] | None] | None = None,
    ) -> dict[int, Verdict]:
        def shipments(demands: Any) -> dict[UUID, Shipment]:
            known = goods or {}
            return {demand: Shipment(known[demand]) for demand in demands if demand in known}

        with connect(books.url) as conn:
            reconcile_in(conn, file_id, [contract or terms()], shipments, NOW)
        return {
            row[0]: Verdict(*row[1:])
            for row in books.run(
                "select v.line_id, v.verdict, rule, clean, order_id::text, demand_id::text, "
                "expected, received, difference, sentence from verdict v join line l "
                "on l.id = v.line_id join report r on r.id = l.report_id where r.file_id = %s",
                file_id,
            )
        }

    return run
