"""Many orders and many rows at once: one statement per table, for tests that judge thousands."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from psycopg2.extras import execute_values

from sverka.database.connection import connect
from sverka.nouns import FEES
from sverka.reconciling.keys import order_key, track_key
from tests.support.books import AGENT, FETCHED, NOW, ORGANIZATION, SHIPPED, SPACE, STORE, Books
from tests.support.books import state_id as id_of_state

Row = dict[str, Any]


@dataclass
class Batch:
    """Rows of the books that wait to be written; ids are known before."""

    books: Books
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def order(self, name: str, total: int, paid: int = 0, **other: Any) -> UUID:
        order_id = uuid.uuid5(SPACE, f"order {len(self.tables.get('snapshot_order', ()))} {name}")
        state = other.pop("state", SHIPPED)
        track = other.pop("track", None)
        return self._add(
            "snapshot_order",
            {
                "id": order_id,
                "name": name,
                "name_key": order_key(name),
                "moment": NOW,
                "organization_id": ORGANIZATION,
                "agent_id": AGENT,
                "sum": total,
                "payed_sum": paid,
                "currency": "RUB",
                "state_id": id_of_state("customerorder", state),
                "applicable": True,
                "deleted": False,
                "track_key": track_key(track) if track else None,
                "updated": FETCHED,
                "fetched_at": FETCHED,
            }
            | other,
        )

    def demand(self, order_id: UUID, total: int, **other: Any) -> UUID:
        demand_id = uuid.uuid5(SPACE, f"demand {len(self.tables.get('snapshot_demand', ()))}")
        track = other.pop("track", None)
        return self._add(
            "snapshot_demand",
            {
                "id": demand_id,
                "name": "00001",
                "order_id": order_id,
                "moment": NOW,
                "organization_id": ORGANIZATION,
                "agent_id": AGENT,
                "store_id": STORE,
                "sum": total,
                "payed_sum": 0,
                "currency": "RUB",
                "state_id": id_of_state("demand", SHIPPED),
                "applicable": True,
                "deleted": False,
                "track_key": track_key(track) if track else None,
                "updated": FETCHED,
                "fetched_at": FETCHED,
            }
            | other,
        )

    def salesreturn(self, demand_id: UUID, total: int, *, applicable: bool = True) -> UUID:
        count = len(self.tables.get("snapshot_salesreturn", ()))
        row = {
            "id": uuid.uuid5(SPACE, f"return {count}"),
            "demand_id": demand_id,
            "sum": total,
            "applicable": applicable,
            "updated": FETCHED,
            "fetched_at": FETCHED,
        }
        return self._add("snapshot_salesreturn", row)

    def _add(self, table: str, row: Row) -> UUID:
        self.tables.setdefault(table, []).append(row)
        return UUID(str(row["id"]))

    def write(self) -> None:
        """Writes everything, parents first."""
        for table in ("snapshot_order", "snapshot_demand", "snapshot_salesreturn"):
            rows = self.tables.get(table, [])
            inserted(self.books, table, rows)


def inserted(books: Books, table: str, rows: Sequence[Row], returning: str = "") -> list[Any]:
    """Inserts rows of the same columns; what `returning` gives, in their order."""
    if not rows:
        return []
    columns = list(rows[0])
    tail = f" returning {returning}" if returning else ""
    with connect(books.url) as conn, conn.cursor() as cursor:
        found = execute_values(
            cursor,
            f"insert into {table} ({', '.join(columns)}) values %s{tail}",
            [[_plain(row[column]) for column in columns] for row in rows],
            page_size=max(len(rows), 1),
            fetch=bool(returning),
        )
    return [row[0] for row in found or ()]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def report_id(books: Books, file_id: int, ordinal: int = 0) -> int:
    [[found]] = books.run(
        "select id from report where file_id = %s and ordinal = %s", file_id, ordinal
    )
    return int(found)


def line_row(report: int, line_no: int, courier: str, row: Row) -> Row:
    """A row of the table `line`: a delivered order of nothing, unless `row` says otherwise."""
    identity = row.get("identity", f"{report}/{line_no}")
    occurrence = row.get("occurrence", 1)
    order, track = row.get("order_ref"), row.get("track_ref")
    collected = row.get("collected", 0)
    return {
        "report_id": report,
        "sheet": None,
        "line_no": line_no,
        "row_kind": "order",
        "order_ref": order,
        "track_ref": track,
        "outcome": "delivered",
        "occurred_on": date(2026, 11, 18),
        "collected": collected,
        **dict.fromkeys(FEES, 0),
        "payout": collected,
        "currency": "RUB",
        "identity": identity,
        "occurrence": occurrence,
        "line_key": uuid.uuid5(SPACE, f"{courier} {identity} {occurrence}"),
        "order_key": order_key(order) if order else None,
        "track_key": track_key(track) if track else None,
        "accepted": True,
    } | row


def add_lines(
    books: Books, file_id: int, rows: Sequence[Row], *, courier: str = "gorod", ordinal: int = 0
) -> list[int]:
    """Writes the rows in this order, numbered as a sheet numbers them; the ids of the lines.

    Rows of one identity get their occurrence as parsing counts it: from the top.
    """
    report = report_id(books, file_id, ordinal)
    seen: dict[str, int] = {}
    lines = []
    for number, row in enumerate(rows, start=1):
        identity = row.get("identity", f"{report}/{number}")
        seen[identity] = seen.get(identity, 0) + 1
        numbered = {"occurrence": seen[identity], "identity": identity, "line_no": number} | row
        lines.append(line_row(report, numbered["line_no"], courier, numbered))
    return inserted(books, "line", lines, "id")
