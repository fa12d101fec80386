"""The couriers' reports of one simulation: rows whose documents can be told by their content.

Every row has a number that stays with it in all files, and it is the row number that documents
name; every fee is a power of two, so the sum of a supply says which fees are in it. So MoySklad's
documents lead back to rows without a look at Sverka's own tables.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from random import Random
from typing import Any

from psycopg2.extras import Json, execute_values

from sverka.database.connection import Connection
from sverka.demo.things import Order
from sverka.nouns import FEES, NETTED_FEES, Settlement
from sverka.parsing.identity import line_key
from sverka.reconciling.keys import order_key

SETTLEMENTS = {
    "dalli": Settlement.NET,
    "cdek": Settlement.AGENT_FEE_NETTED,
    "gorod": Settlement.GROSS,
}
DAY = date(2026, 11, 19)


@dataclass(frozen=True)
class Row:
    """One row. `sure`: it must be booked when nobody meddles; what is not sure is a question."""

    number: int
    order: Order
    outcome: str
    collected: int
    fees: dict[str, int]
    occurrence: int = 1
    identity_number: int = 0
    kind: str = "order"
    sure: bool = True
    order_ref: str = ""

    @property
    def identity(self) -> str:
        return f"{self.order.name}|{self.identity_number or self.number}"

    def kept(self, courier: str) -> int:
        netted = NETTED_FEES[SETTLEMENTS[courier]]
        return sum(fee for name, fee in self.fees.items() if name in netted)

    def payout(self, courier: str) -> int:
        return self.collected - self.kept(courier) if self.collected else 0

    @property
    def brought_back(self) -> int:
        """The value of the goods that come back."""
        if self.outcome == "returned":
            return self.order.sum
        if self.outcome == "partially_delivered":
            return self.order.sum - self.collected
        return 0


@dataclass(frozen=True)
class Paper:
    """One file with one report; `corrects` is the file that it is a corrected edition of."""

    file_id: int
    courier: str
    report_no: str
    rows: tuple[Row, ...]
    corrects: int | None = None


@dataclass
class Clerk:
    """Writes the couriers' reports."""

    random: Random
    orders: list[Order]
    next_number: int = 1
    next_bit: int = 0
    tangled: bool = False
    """Rows speak of one order in different files, so some of them must end as questions."""
    owners: dict[int, int] = field(default_factory=dict)
    """Row by fee bit."""

    def rows(self, courier: str, count: int, known: Sequence[Paper]) -> tuple[Row, ...]:
        """New rows, now and then one that another file of the courier has already."""
        rows: list[Row] = []
        others = [row for paper in known if paper.courier == courier for row in paper.rows]
        while len(rows) < count and self.orders:
            chance = self.random.random()
            if others and chance < 0.15:
                again = self.random.choice(others)
                if all(one.identity != again.identity for one in rows):
                    rows += [one for one in others if one.identity == again.identity][:2]
            elif others and chance < 0.20:
                self.tangled = True
                rows += self._about(self.random.choice(others).order)
            else:
                rows += self._about(self.orders.pop())
        return _distinct(rows)

    def corrected(self, paper: Paper) -> tuple[Row, ...]:
        """What the courier says when it has looked again."""
        rows = list(paper.rows)
        for _ in range(self.random.randint(1, 2)):
            chance = self.random.random()
            place = self.random.randrange(len(rows)) if rows else 0
            if chance < 0.4 and rows:
                row = rows[place]
                rows[place] = replace(row, fees=self._fees(row.number, tuple(row.fees)))
            elif chance < 0.6 and len(rows) > 1:
                gone = rows[place]
                rows = [one for one in rows if one.identity != gone.identity]
            elif chance < 0.8 and self.orders:
                rows += self._about(self.orders.pop())
            elif rows and _may_come_back(row := rows[place]):
                fees = self._fees(row.number, ("fee_return",))
                rows[place] = replace(row, outcome="returned", collected=0, fees=fees)
        self.random.shuffle(rows)
        return tuple(rows)

    def _about(self, order: Order) -> list[Row]:
        chance = self.random.random()
        if chance < 0.08:
            number = self._number()
            return [Row(number, order, "delivered", order.sum - 100, {}, sure=False)]
        if chance < 0.12:
            number = self._number()
            fees = self._fees(number, ("fee_delivery",))
            unknown = {"sure": False, "order_ref": "нет такого"}
            return [Row(number, order, "delivered", order.sum, fees, **unknown)]
        if chance < 0.30:
            number = self._number()
            return [Row(number, order, "returned", 0, self._fees(number, ("fee_return",)))]
        if chance < 0.45 and len(order.positions) > 1:
            number = self._number()
            back = self.random.choice(order.positions)
            fees = self._fees(number, self._charged())
            return [Row(number, order, "partially_delivered", order.sum - back.price, fees)]
        if chance < 0.60 and len(order.positions) == 1:
            first, second = self._number(), self._number()
            half = order.sum // 2
            same = {"identity_number": first}
            return [
                Row(first, order, "delivered", half, {}, **same),
                Row(second, order, "delivered", half, {}, occurrence=2, **same),
            ]
        number = self._number()
        return [Row(number, order, "delivered", order.sum, self._fees(number, self._charged()))]

    def _charged(self) -> tuple[str, ...]:
        several = ("fee_delivery", "fee_cod")
        return self.random.choice((several, several, several[:1], several[1:], ()))

    def _number(self) -> int:
        self.next_number += 1
        return self.next_number - 1

    def _fees(self, number: int, names: Sequence[str]) -> dict[str, int]:
        fees = {}
        for name in names:
            self.owners[self.next_bit] = number
            fees[name] = 1 << self.next_bit
            self.next_bit += 1
        return fees


def _may_come_back(row: Row) -> bool:
    return row.sure and row.outcome == "delivered" and not row.identity_number


def _distinct(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple({row.number: row for row in rows}.values())


def write(conn: Connection, paper: Paper, now: datetime) -> int:
    """Puts the file into Sverka's tables as reading, parsing and checking would; its id."""
    text = f"{paper.courier} {paper.report_no} {paper.corrects} {now} {paper.rows}"
    sha = hashlib.sha256(text.encode()).hexdigest()
    name = f"{paper.report_no}-{sha[:6]}.xlsx"
    with conn.cursor() as cursor:
        cursor.execute(
            "insert into file (sha256, name, zone, size_bytes, partition_key, state, courier, "
            "received_at) values (%s, %s, 'inbox', 1, %s, 'registered', %s, %s) returning id",
            (sha, name, f"{name} · {sha[:12]}", paper.courier, now),
        )
        file_id: int = cursor.fetchone()[0]
        cursor.execute(
            "insert into report (file_id, ordinal, courier, schema, schema_version, report_no, "
            "report_date, currency, totals, rows_read) "
            "values (%s, 0, %s, 'simulated', 1, %s, %s, 'RUB', %s, %s) returning id",
            (file_id, paper.courier, paper.report_no, DAY, Json({}), len(paper.rows)),
        )
        report_id: int = cursor.fetchone()[0]
        rows = [_line(paper, row, report_id) for row in paper.rows]
        columns = ", ".join(rows[0]) if rows else ""
        if rows:
            values = [tuple(row.values()) for row in rows]
            execute_values(cursor, f"insert into line ({columns}) values %s", values)
    return file_id


def _line(paper: Paper, row: Row, report_id: int) -> dict[str, Any]:
    ref = row.order_ref or row.order.name
    return {
        "report_id": report_id,
        "line_no": row.number,
        "row_kind": row.kind,
        "order_ref": ref,
        "outcome": row.outcome,
        "occurred_on": DAY,
        "collected": row.collected,
        **{name: row.fees.get(name, 0) for name in FEES},
        "payout": row.payout(paper.courier),
        "currency": "RUB",
        "identity": row.identity,
        "occurrence": row.occurrence,
        "line_key": str(line_key(paper.courier, row.identity, row.occurrence)),
        "order_key": order_key(ref),
    }
