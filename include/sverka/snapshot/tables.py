"""The snapshot's tables: putting rows in, marking what is gone, and the cursors of reading."""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from psycopg2 import sql
from psycopg2.extras import execute_values

from sverka.database.connection import Connection
from sverka.money import NotMoney
from sverka.snapshot.changes import BEGINNING, Row
from sverka.snapshot.rows import Reading, Table

log = logging.getLogger(__name__)


def upsert(conn: Connection, table: Table, page: Sequence[Row], reading: Reading) -> None:
    """Replaces what is older: an earlier `updated`, or the same one fetched earlier.

    A document whose sum is no money is marked as deleted instead: nothing can be compared with it,
    so a line that means it is shown to a person, and the other documents go on.
    """
    rows: dict[str, Sequence[object]] = {}
    unreadable: list[UUID] = []
    for document in page:
        try:
            rows[document["id"]] = table.row(document, reading)
        except NotMoney as error:
            log.warning("%s %s is left out: %s", table.entity, document.get("name"), error)
            unreadable.append(UUID(document["id"]))
    mark_deleted(conn, table, unreadable, reading.fetched_at)
    names = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    values = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column)) for column in table.columns
    )
    statement = sql.SQL(
        "insert into {table} as mine ({names}) values %s on conflict (id) do update set {values}"
        " where (excluded.updated, excluded.fetched_at) >= (mine.updated, mine.fetched_at)"
    ).format(table=sql.Identifier(table.name), names=names, values=values)
    with conn.cursor() as cursor:
        execute_values(cursor, statement, list(rows.values()), page_size=1000)


def unseen(conn: Connection, table: Table, since: datetime) -> list[UUID]:
    """The rows that count as live and were not fetched since then."""
    statement = sql.SQL("select id::text from {} where not deleted and fetched_at < %s order by id")
    with conn.cursor() as cursor:
        cursor.execute(statement.format(sql.Identifier(table.name)), (since,))
        return [UUID(row[0]) for row in cursor.fetchall()]


def mark_deleted(conn: Connection, table: Table, ids: Sequence[UUID], now: datetime) -> int:
    """Marks rows as deleted; returns how many."""
    statement = sql.SQL(
        "update {} set deleted = true, fetched_at = %s where id = any(%s::uuid[])"
    ).format(sql.Identifier(table.name))
    with conn.cursor() as cursor:
        cursor.execute(statement, (now, [str(one) for one in ids]))
        return cursor.rowcount


def cursor_of(conn: Connection, entity: str) -> datetime:
    """Up to when an entity is read; `BEGINNING` when it never was."""
    with conn.cursor() as cursor:
        cursor.execute("select updated_upto from snapshot_cursor where entity = %s", (entity,))
        found = cursor.fetchone()
    return found[0] if found else BEGINNING


def move_cursor(conn: Connection, entity: str, upto: datetime, now: datetime) -> None:
    """Notes that an entity is read up to then."""
    with conn.cursor() as cursor:
        cursor.execute(
            "insert into snapshot_cursor (entity, updated_upto, loaded_at) values (%s, %s, %s)"
            " on conflict (entity) do update"
            " set updated_upto = excluded.updated_upto, loaded_at = excluded.loaded_at",
            (entity, upto, now),
        )
