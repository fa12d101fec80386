"""What waits for a person and what persons confirmed, in PostgreSQL."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from psycopg2.extras import Json

from sverka.audit.journal import Kind, Subject, note
from sverka.confirming.question import Asked
from sverka.couriers import Courier, as_yaml
from sverka.database.connection import Connection
from sverka.errors import Misconfigured

_VERSION = re.compile(r"^version: *\d+ *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The question of a file that waits; `sha256` is what an answer must be bound to."""

    asks: str
    sha256: str
    knowledge: str
    asked: Asked
    drafted_at: datetime
    asked_in: str | None
    asked_sha256: str | None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A question, the schema it is about as YAML, and the mark of the knowledge that asks it."""

    asked: Asked
    schema: str
    knowledge: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """A schema text with the version that it gets when it is confirmed."""

    code: str
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """Who confirmed something, when, and on which file (None: on the command line)."""

    by: str
    at: datetime
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A stored schema as `sverka schema list` shows it."""

    code: str
    version: int
    text: str
    by: str
    at: datetime
    withdrawn_at: datetime | None


def ask(conn: Connection, file_id: int, drafted: Drafted, now: datetime) -> None:
    """Writes the question down in place of an earlier one; the time to answer begins anew."""
    values = {
        "file": file_id,
        "asks": drafted.asked.asks,
        "schema": drafted.schema,
        "sha256": drafted.asked.sha256,
        "question": Json(asdict(drafted.asked)),
        "knowledge": drafted.knowledge,
        "now": now,
    }
    with conn.cursor() as cursor:
        cursor.execute(
            """insert into draft (file_id, asks, schema, sha256, question, knowledge, drafted_at)
               values (%(file)s, %(asks)s, %(schema)s, %(sha256)s, %(question)s, %(knowledge)s,
                       %(now)s)
               on conflict (file_id) do update
                  set asks = excluded.asks, schema = excluded.schema, sha256 = excluded.sha256,
                      question = excluded.question, knowledge = excluded.knowledge,
                      drafted_at = excluded.drafted_at, courier = null""",
            values,
        )
    detail = {"asks": drafted.asked.asks, "sha256": drafted.asked.sha256}
    kind, subject = Kind.DRAFT_MADE, Subject(file_id)
    note(conn, kind=kind, subject=subject, detail=detail, by="drafting", now=now)


def waiting(conn: Connection, file_id: int) -> Waiting | None:
    """The file's open question; None when it does not wait."""
    with conn.cursor() as cursor:
        cursor.execute(
            """select d.asks, d.sha256, d.knowledge, d.question, d.drafted_at, d.asked_in,
                      d.asked_sha256
                 from draft d join file f on f.id = d.file_id
                where f.id = %s and f.state = 'waiting'""",
            (file_id,),
        )
        row = cursor.fetchone()
    if row is None:
        return None
    asks, sha256, knowledge, question, *rest = row
    return Waiting(asks, sha256, knowledge, Asked.of(question), *rest)


def answers_so_far(conn: Connection, file_id: int) -> dict[str, str]:
    """What was answered about the file's columns when that led to another question."""
    with conn.cursor() as cursor:
        cursor.execute("select answers from draft where file_id = %s", (file_id,))
        row = cursor.fetchone()
    return dict(row[0]) if row else {}


def keep_answers(conn: Connection, file_id: int, answers: Mapping[str, str]) -> None:
    """Keeps the answers for the next question about the same file."""
    with conn.cursor() as cursor:
        cursor.execute(
            "update draft set answers = %s where file_id = %s", (Json(dict(answers)), file_id)
        )


def shown(conn: Connection, file_id: int, run_id: str) -> None:
    """Notes that the form of this run shows the question as it is now."""
    with conn.cursor() as cursor:
        cursor.execute(
            "update draft set asked_in = %s, asked_sha256 = sha256 where file_id = %s",
            (run_id, file_id),
        )


def still_unknown(conn: Connection, file_id: int, knowledge: str) -> None:
    """Notes that the file is as unknown by this knowledge as it was."""
    with conn.cursor() as cursor:
        cursor.execute("update draft set knowledge = %s where file_id = %s", (knowledge, file_id))


def said_courier(conn: Connection, file_id: int) -> str | None:
    """The courier that a person named for this file alone."""
    with conn.cursor() as cursor:
        cursor.execute("select courier from draft where file_id = %s", (file_id,))
        row = cursor.fetchone()
    return row[0] if row else None


def say_courier(conn: Connection, file_id: int, courier: str, said: Said) -> None:
    """Keeps whose report this file is."""
    with conn.cursor() as cursor:
        cursor.execute("update draft set courier = %s where file_id = %s", (courier, file_id))
    _note(conn, Kind.FILE_CONFIRMED, said, {"courier": courier})


def numbered(conn: Connection, code: str, version: int, text: str) -> Numbered:
    """The schema with a version that was never used before for this code."""
    with conn.cursor() as cursor:
        cursor.execute("select max(version) from confirmed_schema where code = %s", (code,))
        row = cursor.fetchone()
    last = row[0] if row and row[0] is not None else 0
    number = max(version, last + 1)
    return Numbered(code, number, _VERSION.sub(f"version: {number}", text, count=1))


def confirm_schema(conn: Connection, schema: Numbered, said: Said) -> None:
    """Keeps a schema with who confirmed it, when, and on which file."""
    with conn.cursor() as cursor:
        cursor.execute(
            """insert into confirmed_schema
                      (code, version, schema, file_id, confirmed_by, confirmed_at)
               values (%s, %s, %s, %s, %s, %s)""",
            (schema.code, schema.version, schema.text, said.file_id, said.by, said.at),
        )
    digest = sha256(schema.text.encode()).hexdigest()
    detail = {"schema": schema.code, "version": schema.version, "sha256": digest}
    _note(conn, Kind.LAYOUT_CONFIRMED, said, detail)


def confirm_courier(conn: Connection, courier: Courier, said: Said) -> None:
    """Keeps a courier; confirming it again replaces its terms."""
    with conn.cursor() as cursor:
        cursor.execute(
            """insert into confirmed_courier (code, terms, confirmed_by, confirmed_at)
               values (%s, %s, %s, %s)
               on conflict (code) do update
                  set terms = excluded.terms, confirmed_by = excluded.confirmed_by,
                      confirmed_at = excluded.confirmed_at""",
            (courier.code, as_yaml(courier), said.by, said.at),
        )
    terms = sha256(as_yaml(courier).encode()).hexdigest()
    detail = {"courier": courier.code, "dry_run": courier.dry_run, "sha256": terms}
    _note(conn, Kind.COURIER_CONFIRMED, said, detail)


def _note(conn: Connection, kind: Kind, said: Said, detail: dict[str, Any]) -> None:
    subject = Subject(file_id=said.file_id)
    note(conn, kind=kind, subject=subject, detail=detail, by=said.by or "unknown", now=said.at)


def confirmed(conn: Connection) -> list[Confirmed]:
    """All stored schemas, withdrawn ones as well, by code and version."""
    with conn.cursor() as cursor:
        cursor.execute(
            """select code, version, schema, confirmed_by, confirmed_at, withdrawn_at
                 from confirmed_schema order by code, version"""
        )
        return [Confirmed(*row) for row in cursor.fetchall()]


def withdraw(conn: Connection, code: str, now: datetime) -> int:
    """Withdraws the newest version of this code that counts; its number.

    Raises:
        Misconfigured: no version of it counts.
    """
    with conn.cursor() as cursor:
        cursor.execute(
            """update confirmed_schema set withdrawn_at = %s
                where id = (select id from confirmed_schema
                             where code = %s and withdrawn_at is null
                             order by version desc limit 1)
               returning version""",
            (now, code),
        )
        row: Any = cursor.fetchone()
    if row is None:
        raise Misconfigured(f"раскладки «{code}» нет среди подтверждённых; см. sverka schema list")
    detail = {"schema": code, "version": int(row[0])}
    note(conn, kind=Kind.LAYOUT_WITHDRAWN, subject=Subject(), detail=detail, by="schema", now=now)
    return int(row[0])
