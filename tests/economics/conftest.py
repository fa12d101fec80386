"""Booked orders: each helper writes the line, its verdict and the documents that stand for it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from psycopg2.extras import Json

from sverka.database.connection import Connection, connect
from sverka.economics import refresh
from sverka.economics.refresh import start_anew
from sverka.nouns import FEES
from tests.support.books import NOW, Books

DAY = date(2026, 11, 19)
"""The day of a document unless a test says another one."""


@dataclass
class Booked:
    """A shop's books with documents; `run` asks, everything is committed."""

    books: Books
    files: dict[str, int] = field(default_factory=dict)

    def row(
        self,
        order_id: UUID,
        collected: int = 0,
        *,
        courier: str = "gorod",
        day: date = DAY,
        per_report: UUID | None = None,
        state: str = "posted",
        **line: Any,
    ) -> int:
        """A booked row of the order; fees go to a supply of its own or to `per_report`."""
        file_id = self.file(courier)
        line_id = self.books.line(file_id, collected=collected, **line)
        self.books.run(
            "insert into verdict (line_id, verdict, rule, clean, order_id, received, sentence,"
            " decided_at) values (%s, 'matched', 'r', true, %s, %s, 's', %s)",
            line_id,
            order_id,
            collected,
            NOW,
        )
        fees = sum(line.get(fee, 0) for fee in FEES)
        if collected:
            self.document(line_id, order_id, "paymentin", collected, day=day, state=state)
        if fees and per_report is None:
            self.document(line_id, order_id, "supply", fees, day=day, state=state)
        if fees and per_report is not None:
            self.books.run(
                "insert into posting_line (line_key, kind, revision, sync_id, line_id)"
                " select line_key, 'supply', 1, %s, id from line where id = %s",
                per_report,
                line_id,
            )
        return line_id

    def document(
        self, line_id: int, order_id: UUID, kind: str, amount: int, *, day: date = DAY, **given: Any
    ) -> UUID:
        """A document of one row."""
        file_id = self.books.run(
            "select r.file_id from line l join report r on r.id = l.report_id where l.id = %s",
            line_id,
        )[0][0]
        moment = Json({"moment": f"{day}T12:00:00+03:00"})
        return self.books.posting(
            file_id,
            kind,
            line_id=line_id,
            order_id=order_id,
            amount=amount,
            document=moment,
            **given,
        )

    def supply_of_report(
        self, amount: int, courier: str = "gorod", *, day: date = DAY, **given: Any
    ) -> UUID:
        """A supply for many rows of the courier's report."""
        moment = Json({"moment": f"{day}T12:00:00+03:00"})
        return self.books.posting(
            self.file(courier), "supply", amount=amount, document=moment, **given
        )

    def file(self, courier: str) -> int:
        """The courier's only file."""
        if courier not in self.files:
            self.files[courier] = self.books.file(courier)
        return self.files[courier]

    def set_state(self, sync_id: UUID, state: str) -> None:
        """As sending and undoing do it: an update."""
        self.books.run(
            "update posting set state = %s, moysklad_id = coalesce(moysklad_id, %s),"
            " posted_at = coalesce(posted_at, %s) where sync_id = %s",
            state,
            uuid.uuid4(),
            NOW,
            sync_id,
        )

    def work_out(self) -> None:
        """Works out everything that is booked."""
        with connect(self.books.url) as conn:
            start_anew(conn)
            refresh(conn)


@pytest.fixture
def booked(database_url: str) -> Booked:
    return Booked(Books(database_url))


@pytest.fixture
def conn(database_url: str) -> Iterator[Connection]:
    with connect(database_url) as conn:
        yield conn
