"""Builds the books and a report directly in the database, for tests of reconciling and posting."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg2
from psycopg2.extras import Json

from sverka.nouns import FEES
from sverka.reconciling.keys import order_key, track_key

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FETCHED = NOW - timedelta(hours=1)
SPACE = UUID("00000000-0000-4000-8000-000000000001")
ORGANIZATION, AGENT, STORE = (uuid.uuid5(SPACE, name) for name in ("org", "agent", "store"))
SHIPPED = "Отгружен"
STATES = {"Новый": "Regular", SHIPPED: "Regular", "Выполнен": "Successful"} | {
    "Возвращен": "Unsuccessful",
    "Отменен": "Unsuccessful",
}


def state_id(entity: str, name: str) -> UUID:
    return uuid.uuid5(SPACE, f"{entity} {name}")


@dataclass
class Books:
    """The snapshot of a shop, and files with lines. Every method commits."""

    url: str
    files: int = 0
    lines: dict[int, int] = field(default_factory=dict)
    ordinals: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entity in ("customerorder", "demand"):
            for name, state_type in STATES.items():
                row = {"id": state_id(entity, name), "entity": entity, "name": name}
                self.insert("snapshot_state", row | {"state_type": state_type})

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        conn = psycopg2.connect(self.url)
        try:
            with conn, conn.cursor() as cursor:
                cursor.execute(
                    statement, [str(v) if isinstance(v, UUID) else v for v in values] or None
                )
                return cursor.fetchall() if cursor.description else []
        finally:
            conn.close()

    def insert(self, table: str, row: dict[str, Any], returning: str = "") -> Any:
        tail = f" returning {returning}" if returning else ""
        places = ", ".join(["%s"] * len(row))
        statement = f"insert into {table} ({', '.join(row)}) values ({places}){tail}"
        found = self.run(statement, *row.values())
        return found[0][0] if found else None

    def order(self, name: str = "1001", total: int = 100_000, paid: int = 0, **other: Any) -> UUID:
        order_id = other.pop("id", None) or uuid.uuid4()
        state = other.pop("state", SHIPPED)
        row = {
            "id": order_id,
            "name": name,
            "name_key": order_key(name),
            "moment": NOW - timedelta(days=5),
            "organization_id": ORGANIZATION,
            "agent_id": AGENT,
            "sum": total,
            "payed_sum": paid,
            "currency": "RUB",
            "state_id": state_id("customerorder", state),
            "applicable": True,
            "track_key": track_key(other.get("track") or "") or None,
            "updated": FETCHED,
            "fetched_at": FETCHED,
        } | other
        self.insert("snapshot_order", row)
        return UUID(str(order_id))

    def demand(self, order_id: UUID | None, total: int = 100_000, **other: Any) -> UUID:
        demand_id = other.pop("id", None) or uuid.uuid4()
        state = other.pop("state", SHIPPED)
        row = {
            "id": demand_id,
            "name": "00001",
            "order_id": order_id,
            "moment": NOW - timedelta(days=4),
            "organization_id": ORGANIZATION,
            "agent_id": AGENT,
            "store_id": STORE,
            "sum": total,
            "payed_sum": 0,
            "currency": "RUB",
            "state_id": state_id("demand", state),
            "applicable": True,
            "track_key": track_key(other.get("track") or "") or None,
            "updated": FETCHED,
            "fetched_at": FETCHED,
        } | other
        self.insert("snapshot_demand", row)
        return UUID(str(demand_id))

    def shipped(self, name: str = "1001", total: int = 100_000, **other: Any) -> UUID:
        """An order with one demand of the same sum."""
        track = other.pop("track", None)
        order_id = self.order(name, total, **other)
        self.demand(order_id, total, track=track)
        return order_id

    def salesreturn(self, demand_id: UUID, total: int, *, applicable: bool = True) -> UUID:
        return_id = uuid.uuid4()
        row = {"id": return_id, "demand_id": demand_id, "sum": total, "applicable": applicable}
        self.insert("snapshot_salesreturn", row | {"updated": FETCHED, "fetched_at": FETCHED})
        return return_id

    def file(self, courier: str = "gorod", reports: int = 1, **head: Any) -> int:
        """A file with empty reports."""
        self.files += 1
        sha = hashlib.sha256(f"file {self.files}".encode()).hexdigest()
        file_id: int = self.insert(
            "file",
            {
                "sha256": sha,
                "name": f"report-{self.files}.xlsx",
                "zone": "inbox",
                "size_bytes": 1,
                "partition_key": f"report-{self.files} · {sha[:12]}",
                "state": "processing",
                "courier": courier,
                "received_at": NOW,
            },
            "id",
        )
        for ordinal in range(reports):
            self.report(file_id, courier, ordinal, **head)
        return file_id

    def report(self, file_id: int, courier: str, ordinal: int, **head: Any) -> int:
        row = {
            "file_id": file_id,
            "ordinal": ordinal,
            "courier": courier,
            "schema": courier,
            "schema_version": 1,
            "report_no": "55",
            "report_date": date(2026, 11, 19),
            "currency": "RUB",
            "totals": Json({}),
            "rows_read": 1,
        } | head
        report_id: int = self.insert("report", row, "id")
        return report_id

    def line(
        self, file_id: int, order: str | None = "1001", collected: int = 0, **other: Any
    ) -> int:
        """One accepted order row; the courier keeps nothing unless `payout` says so."""
        number = self.lines[file_id] = self.lines.get(file_id, 0) + 1
        ordinal = other.pop("ordinal", 0)
        track = other.get("track_ref")
        found = self.run(
            "select id, courier from report where file_id = %s and ordinal = %s", file_id, ordinal
        )
        report_id, courier = found[0]
        identity = other.pop("identity", f"{file_id}/{number}")
        occurrence = other.get("occurrence", 1)
        row = {
            "report_id": report_id,
            "line_no": number,
            "row_kind": "order",
            "order_ref": order,
            "track_ref": None,
            "outcome": "delivered",
            "occurred_on": date(2026, 11, 18),
            "collected": collected,
            **dict.fromkeys(FEES, 0),
            "payout": collected,
            "currency": "RUB",
            "identity": identity,
            "occurrence": 1,
            "line_key": uuid.uuid5(SPACE, f"{courier} {identity} {occurrence}"),
            "order_key": order_key(order) if order else None,
            "track_key": track_key(track) if track else None,
        } | other
        line_id: int = self.insert("line", row, "id")
        return line_id

    def posting(self, file_id: int, kind: str = "paymentin", **other: Any) -> UUID:
        sync_id = uuid.uuid4()
        report = self.run("select id, courier from report where file_id = %s limit 1", file_id)[0]
        row = {
            "sync_id": sync_id,
            "account": SPACE,
            "courier": report[1],
            "kind": kind,
            "file_id": file_id,
            "report_id": report[0],
            "amount": 0,
            "document": Json({}),
            "fingerprint": "0",
            "state": "posted",
            "planned_at": NOW,
            "posted_at": NOW,
        } | other
        if row["state"] == "posted":
            row = {"moysklad_id": uuid.uuid4()} | row
        self.insert("posting", row)
        return sync_id
