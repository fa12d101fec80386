"""Builders for rows of Sverka's own database: say what matters, the rest is filled in.

Every builder takes an open connection, inserts one row and returns its id. Moments default to a
fixed one, so that a test's day is always the same.
"""

import hashlib
import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import psycopg2.extras
from psycopg2 import sql

from sverka.database.connection import Connection

NOON = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""20 November 2026, 12:00 in Moscow."""

DAY = date(2026, 11, 20)
ACCOUNT = UUID("00000000-0000-4000-8000-00000000acc0")
_NAMES = UUID("00000000-0000-4000-8000-0000000b0045")
_COUNTER = itertools.count(1)

psycopg2.extras.register_uuid()


def an_id(*words: object) -> UUID:
    """The same id for the same words."""
    return uuid5(_NAMES, " ".join(str(word) for word in words))


def insert(conn: Connection, table: str, **values: Any) -> Any:
    """Inserts the row and returns its first column."""
    statement = sql.SQL("insert into {} ({}) values ({}) returning *").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(sql.Placeholder() * len(values)),
    )
    with conn.cursor() as cursor:
        cursor.execute(statement, list(values.values()))
        row = cursor.fetchone()
    assert row is not None
    return row[0]


def a_file(
    conn: Connection,
    name: str = "реестр.xlsx",
    *,
    state: str = "settled",
    received_at: datetime = NOON,
    **given: Any,
) -> int:
    """A file with its first sighting; by default received at noon and settled a minute later."""
    sha256 = given.pop("sha256", hashlib.sha256(f"{name} {next(_COUNTER)}".encode()).hexdigest())
    ended = state in {"settled", "quarantined", "stalled"}
    values = {
        "sha256": sha256,
        "name": name,
        "zone": "inbox",
        "size_bytes": 1,
        "partition_key": f"{name} · {sha256[:12]}",
        "state": state,
        "reason": "причина" if state in {"quarantined", "stalled", "waiting"} else None,
        "received_at": received_at,
        "finished_at": received_at + timedelta(minutes=1) if ended else None,
        **given,
    }
    file_id: int = insert(conn, "file", **values)
    a_sighting(conn, file_id, name=name, seen_at=received_at, zone=values["zone"])
    return file_id


def a_sighting(
    conn: Connection, file_id: int, *, name: str, seen_at: datetime = NOON, **given: Any
) -> int:
    """Another drop of a known content."""
    values = {"zone": "inbox", "signature": f"1:{next(_COUNTER)}", **given}
    return int(insert(conn, "sighting", file_id=file_id, name=name, seen_at=seen_at, **values))


def a_report(conn: Connection, file_id: int, courier: str = "gorod", **given: Any) -> int:
    """A report of a file; `rows_read` is what a test says, or follows with `rows_add_up`."""
    if "ignored" in given:
        given["ignored"] = psycopg2.extras.Json(given["ignored"])
    values = {
        "ordinal": next(_COUNTER),
        "schema": "cod_register",
        "schema_version": 1,
        "currency": "RUB",
        "settlement": "net",
        "rows_read": 0,
        **given,
    }
    return int(insert(conn, "report", file_id=file_id, courier=courier, **values))


def a_line(conn: Connection, report_id: int, order: str | None = None, **given: Any) -> int:
    """A delivered order of 1 000,00 ₽ with 100,00 ₽ of fees, unless said otherwise."""
    number = next(_COUNTER)
    collected = given.get("collected", 100000)
    fee_delivery = given.get("fee_delivery", 10000)
    values = {
        "sheet": "Реестр",
        "line_no": number,
        "row_kind": "order",
        "order_ref": order or f"М-{number}",
        "outcome": "delivered",
        "collected": collected,
        "fee_delivery": fee_delivery,
        "fee_cod": 0,
        "fee_insurance": 0,
        "fee_return": 0,
        "fee_storage": 0,
        "fee_other": 0,
        "payout": collected - fee_delivery,
        "currency": "RUB",
        "identity": str(number),
        "occurrence": 1,
        "line_key": an_id("line", number),
        **given,
    }
    return int(insert(conn, "line", report_id=report_id, **values))


def a_verdict(
    conn: Connection,
    line_id: int,
    verdict: str = "matched",
    *,
    clean: bool | None = None,
    received: int = 100000,
    expected: int | None = None,
    **given: Any,
) -> int:
    """What reconciling said of a line; only a match is clean unless said otherwise."""
    values = {
        "rule": verdict,
        "clean": verdict == "matched" if clean is None else clean,
        "expected": expected,
        "received": received,
        "difference": None if expected is None else received - expected,
        "sentence": f"Потому что {verdict}.",
        "decided_at": NOON,
        **given,
    }
    return int(insert(conn, "verdict", line_id=line_id, verdict=verdict, **values))


def a_posting(
    conn: Connection,
    report_id: int,
    line_id: int | None,
    kind: str = "paymentin",
    *,
    state: str = "posted",
    amount: int = 100000,
    **given: Any,
) -> UUID:
    """A document of a line (or of the whole report when `line_id` is None)."""
    with conn.cursor() as cursor:
        cursor.execute("select file_id, courier from report where id = %s", (report_id,))
        file_id, courier = cursor.fetchone() or (None, None)
        cursor.execute("select line_key from line where id = %s", (line_id,))
        (line_key,) = cursor.fetchone() or (None,)
    sync_id = an_id("posting", line_id, report_id, kind, next(_COUNTER))
    done = state in {"posted", "reversed"}
    values = {
        "account": ACCOUNT,
        "courier": courier,
        "kind": kind,
        "file_id": file_id,
        "report_id": report_id,
        "line_id": line_id,
        "line_key": line_key,
        "amount": amount,
        "document": psycopg2.extras.Json({}),
        "fingerprint": "f",
        "state": state,
        "moysklad_id": an_id("moysklad", sync_id) if done else None,
        "planned_at": NOON,
        "posted_at": NOON if done else None,
        **given,
    }
    insert(conn, "posting", sync_id=sync_id, **values)
    return sync_id


def a_rejected_row(conn: Connection, report_id: int, **given: Any) -> int:
    """A row that was not taken; with `line_id` it had become a line before."""
    values = {
        "sheet": "Реестр",
        "line_no": next(_COUNTER),
        "column_name": "Сумма",
        "value": "тысяча",
        "rule": "not_money",
        "reason": "«тысяча» не похожа на сумму.",
        **given,
    }
    return int(insert(conn, "rejected", report_id=report_id, **values))


def a_matched_line(conn: Connection, report_id: int, **given: Any) -> int:
    """A line that matched and stands in MoySklad with payment and services."""
    line_id = a_line(conn, report_id, **given)
    collected = given.get("collected", 100000)
    a_verdict(conn, line_id, received=collected)
    payment = a_posting(conn, report_id, line_id, amount=collected)
    a_posting(conn, report_id, line_id, "supply", amount=given.get("fee_delivery", 10000))
    a_posting(conn, report_id, line_id, "customerorder.state", amount=0, depends_on=payment)
    return line_id


def a_discrepant_line(
    conn: Connection, report_id: int, verdict: str, *, expected: int | None = None, **given: Any
) -> int:
    """A line with a question; nothing is planned for it."""
    sentence = given.pop("sentence", f"Потому что {verdict}.")
    line_id = a_line(conn, report_id, **given)
    received = given.get("collected", 100000)
    a_verdict(conn, line_id, verdict, received=received, expected=expected, sentence=sentence)
    return line_id


def rows_add_up(conn: Connection) -> None:
    """Sets every report's rows_read to what parsing would say: lines, ignored, rejected rows."""
    with conn.cursor() as cursor:
        cursor.execute(
            """
            update report r set rows_read =
                (select count(*) from line l where l.report_id = r.id)
              + (select count(*) from rejected x where x.report_id = r.id and x.line_id is null)
              + (select coalesce(sum((entry ->> 'rows')::int), 0)
                   from jsonb_array_elements(r.ignored) entry)
            """
        )
