"""What lines, documents and payouts say, changed as the steps of a file change it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sverka.database.connection import Connection
from sverka.discrepancies import (
    Action,
    Decided,
    Decision,
    Discrepancy,
    Filter,
    Refreshed,
    State,
    decide,
    open_ones,
    refresh,
)
from sverka.reconciling.keys import order_key
from tests.conftest import FrozenClock
from tests.support.rows import a_file, a_line, a_posting, a_report, a_verdict, an_id, insert

PERSON = "Анна"
EVERYTHING = Filter(states=tuple(State))


@dataclass
class Facts:
    """Every method is a moment of its own and leaves the clock a minute later."""

    conn: Connection
    clock: FrozenClock

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.conn.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []

    def file(self, name: str = "реестр.xlsx", state: str = "settled") -> int:
        self.clock.advance(seconds=60)
        return a_file(self.conn, name, state=state, received_at=self.clock())

    def line(
        self,
        file_id: int | None = None,
        verdict: str = "underpaid",
        *,
        expected: int = 100_000,
        received: int = 90_000,
        key: str = "1",
        **given: Any,
    ) -> int:
        """A line in question, unless its verdict is a good one; the id of the line."""
        self.clock.advance(seconds=60)
        file_id = file_id or self.file()
        clean = given.pop("clean", None)
        order_id = given.pop("order_id", None)
        report_id = a_report(self.conn, file_id)
        order = given.pop("order", f"М-{key}")
        line_id = a_line(
            self.conn,
            report_id,
            order,
            order_key=order_key(order),
            collected=received,
            line_key=an_id("key", key),
            **given,
        )
        a_verdict(
            self.conn,
            line_id,
            verdict,
            clean=clean,
            received=received,
            expected=expected,
            order_id=order_id,
            decided_at=self.clock(),
        )
        return line_id

    def judge(self, line_id: int, verdict: str, *, received: int = 90_000) -> None:
        """Its file is judged anew."""
        self.clock.advance(seconds=60)
        self.run(
            "update verdict set verdict = %s, rule = %s, clean = %s, received = %s, "
            "difference = %s - expected, decided_at = %s where line_id = %s",
            *(verdict, verdict, verdict == "matched", received, received, self.clock(), line_id),
        )

    def file_of(self, line_id: int) -> int:
        [(file_id,)] = self.run(
            "select r.file_id from line l join report r on r.id = l.report_id where l.id = %s",
            line_id,
        )
        return int(file_id)

    def state_of_file(self, file_id: int, state: str) -> None:
        self.run("update file set state = %s, reason = 'причина' where id = %s", state, file_id)

    def book(self, file_id: int, **given: Any) -> UUID:
        """A payment is posted from the file: for a line's key, or for an order."""
        self.clock.advance(seconds=60)
        report_id = a_report(self.conn, file_id)
        return a_posting(self.conn, report_id, None, posted_at=self.clock(), **given)

    def document(self, state: str = "rejected", amount: int = 5_000) -> UUID:
        self.clock.advance(seconds=60)
        report_id = a_report(self.conn, self.file())
        return a_posting(self.conn, report_id, None, state=state, amount=amount, error="Не принят.")

    def payout(self, state: str = "missing", key: str = "1", **given: Any) -> UUID:
        self.clock.advance(seconds=60)
        named = an_id("payout", key)
        values = {
            "file_id": self.file(),
            "ordinal": 1,
            "key": named,
            "courier": "gorod",
            "currency": "RUB",
            "expected": 700_000,
            "together": 1,
            "state": state,
            "sentence": "Денег нет.",
            "at": self.clock(),
        }
        insert(self.conn, "payout", **values | given)
        return named

    def statement(self, since: date, until: date, account: str = "40702", **given: Any) -> int:
        """A statement that has all these days of the account, with nothing from a courier."""
        file_id = self.file("выписка.txt")
        days = {"period_from": since, "period_to": until}
        report_id = a_report(self.conn, file_id, purpose="statement", **days)
        insert(self.conn, "bank_statement", file_id=file_id, noted_at=self.clock())
        values = {
            "report_id": report_id,
            "line_no": 1,
            "account": account,
            "direction": "out",
            "moved_on": until,
            "amount": 1,
            "currency": "RUB",
            "movement_key": an_id("movement", file_id),
        }
        insert(self.conn, "bank_movement", **values | given)
        return file_id

    def owed(self, key: str = "1", *, due_on: date, **given: Any) -> UUID:
        """A shipped order that somebody waits to be paid for; said again, it is another look."""
        order_id = an_id("order", key)
        name = f"М-{key}"
        books = {"id": order_id, "name": name, "name_key": order_key(name), "moment": self.clock()}
        agents = {"organization_id": order_id, "agent_id": order_id, "applicable": True}
        money = {"sum": 100_000, "payed_sum": 0, "currency": "RUB"}
        seen = {"updated": self.clock(), "fetched_at": self.clock()}
        if not self.run("select 1 from snapshot_order where id = %s", order_id):
            insert(self.conn, "snapshot_order", **books, **agents, **money, **seen)
        self.run("delete from owed_order where order_id = %s", order_id)
        shipped_on = due_on - timedelta(days=30)
        values = {
            "order_id": order_id,
            "courier": "gorod",
            "told_by": "attribute",
            "currency": "RUB",
            "open": 100_000,
            "phase": "on_the_way",
            "shipped_on": shipped_on,
            "since": shipped_on,
            "due_on": due_on,
        }
        insert(self.conn, "owed_order", **values | given)
        return order_id

    def refresh(self, files: list[int] | None = None) -> Refreshed:
        self.clock.advance(seconds=60)
        return refresh(self.conn, self.clock(), files)

    def decide(
        self, action: Action, comment: str | None = None, *, seen: int | None = None
    ) -> Decided:
        """Anna decides about the only discrepancy."""
        self.clock.advance(seconds=60)
        only = self.only()
        decision = Decision(only.id, only.updated if seen is None else seen, action, comment)
        return decide(self.conn, [decision], PERSON, self.clock())

    def all(self) -> tuple[Discrepancy, ...]:
        return open_ones(self.conn, EVERYTHING, self.clock(), limit=1000).items

    def only(self) -> Discrepancy:
        [found] = self.all()
        return found
