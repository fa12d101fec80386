"""A shop with parcels under way, couriers with terms, and a look at what they owe."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import psycopg2
import pytest

from sverka.clock import MOSCOW
from sverka.couriers import Courier, Couriers
from sverka.watching import Late, Owed, Phase, overdue_now, owed, refresh
from sverka.watching.owed import about
from tests.conftest import fresh_database
from tests.support.books import Books

EMPTY = """
    delete from supersession; delete from verdict; delete from line; delete from posting;
    delete from payout; delete from bank_statement; delete from bank_movement; delete from report;
    delete from discrepancy_event; delete from discrepancy; delete from file;
    delete from snapshot_salesreturn; delete from snapshot_demand; delete from snapshot_order;
    delete from owed_order; delete from daily_figure
"""
TODAY = date(2026, 11, 20)
COURIERS = (
    Courier("gorod", "Городской курьер", ("Городской курьер",), "ООО «Городской курьер»", "gross"),
    Courier("dalli", "Dalli", ("Dalli", "Далли"), "к", "net", track_shapes=("[A-Z][0-9]{7}",)),
    Courier("cdek", "СДЭК", ("СДЭК",), "ООО «СДЭК»", "net", track_shapes=("[0-9]{9,11}",)),
    Courier("market", "Маркет", ("Маркет",), "м", "net", track_shapes=("[0-9]{8,12}",)),
)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), MOSCOW)


class Watch:
    """The books, and what watching says of them."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.couriers = Couriers({courier.code: courier for courier in COURIERS})

    def terms(self, courier: Courier) -> None:
        self.couriers = self.couriers.plus([courier])

    def parcel(
        self, name: str, total: int = 100_000, *, handed: date = date(2026, 11, 10), **other: Any
    ) -> UUID:
        """A shipped order; `delivery` is what the shop wrote into «Служба доставки»."""
        parcel = {key: other.pop(key) for key in ("track", "delivery") if key in other}
        order_id = self.books.order(name, total, **other)
        self.books.demand(order_id, total, moment=noon(handed), **parcel)
        return order_id

    def statuses(self, courier: str = "gorod", purpose: str = "statuses", **head: Any) -> int:
        return self.books.file(courier, purpose=purpose, schema=f"{courier}_{purpose}", **head)

    def status(
        self, file_id: int, order: str | None, outcome: str | None, day: date, **other: Any
    ) -> None:
        self.books.line(file_id, order, 0, outcome=outcome, occurred_on=day, **other)

    def settled(self, order_id: UUID, name: str, collected: int = 100_000, **other: Any) -> int:
        """A settlement with one row about the order; returns the file."""
        file_id = self.books.file(other.pop("courier", "gorod"))
        verdict = other.pop("verdict", "matched")
        line_id = self.books.line(file_id, name, collected, **other)
        self.books.insert(
            "verdict",
            {
                "line_id": line_id,
                "verdict": verdict,
                "rule": "residual.exact",
                "clean": True,
                "order_id": order_id,
                "received": collected,
                "sentence": "",
                "decided_at": noon(TODAY),
            },
        )
        return file_id

    def connect(self) -> Any:
        return psycopg2.connect(self.books.url)

    def look(self, *file_ids: int) -> int:
        """At all orders, or at those that these files say something of."""
        with self.connect() as conn:
            return refresh(conn, self.couriers, file_ids or None)

    def owed(self, day: date = TODAY) -> dict[tuple[str | None, str], Owed]:
        self.look()
        with self.connect() as conn:
            return {(o.courier, o.currency): o for o in owed(conn, self.couriers, noon(day))}

    def late(self, day: date = TODAY, **how: Any) -> list[Late]:
        self.look()
        with self.connect() as conn:
            return overdue_now(conn, self.couriers, noon(day), **how)

    def phase(self, order_id: UUID) -> Phase | None:
        self.look()
        with self.connect() as conn:
            found = about(conn, order_id, noon(TODAY))
        return found.phase if found else None

    def courier(self, order_id: UUID) -> tuple[str | None, str]:
        self.look()
        with self.connect() as conn:
            found = about(conn, order_id, noon(TODAY))
        assert found is not None
        return found.courier, found.told_by


@pytest.fixture(scope="module")
def books(server_url: str, template_database: str) -> Iterator[Books]:
    """One database for a module: hundreds of cases, and a copy of the schema costs a third of a second."""
    for url in fresh_database(server_url, template_database):
        yield Books(url)


@pytest.fixture
def watch(books: Books) -> Watch:
    """Empty books."""
    books.run(EMPTY)
    return Watch(books)
