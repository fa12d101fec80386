"""Where the sandbox keeps its state: PostgreSQL, one schema named `sandbox`."""

import queue
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import psycopg2
from psycopg2 import extras, sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

CONNECTIONS = 8
_WRITERS_LOCK = 1_202_612
_CONNECTION_OPTIONS = "-c synchronous_commit=off -c jit=off"
"""A crash of PostgreSQL may cost the sandbox its last moments; it never costs consistency."""
_SCHEMA = Path(__file__).with_name("schema.sql")

extras.register_uuid()  # type: ignore[no-untyped-call]


@dataclass(slots=True)
class Stored:
    """One object as it is kept.

    `body` holds references as paths under `/entity/`, money as integer minor units, quantities
    as decimal text, and moments as `YYYY-MM-DD HH:mm:ss.SSS`; times are Moscow time, naive.
    """

    id: UUID
    type: str
    sync_id: UUID | None
    created: datetime
    updated: datetime
    deleted: datetime | None = None
    body: dict[str, Any] = field(default_factory=dict)


class Link(NamedTuple):
    """A live document `source` that refers to `target` by its `field`; `sum` is a linkedSum."""

    source: UUID
    source_type: str
    applicable: bool
    source_sum: int
    field: str
    target: UUID
    sum: int | None


_INSERT = (
    "insert into sandbox.object (id, type, sync_id, created, updated, body)"
    " values (%s, %s, %s, %s, %s, %s)"
)
_COLUMNS = sql.SQL("id, type, sync_id, created, updated, deleted, body")


Household = tuple[UUID | None, dict[str, UUID]]


@dataclass(slots=True)
class Known:
    """What does not change while a server runs, so that no request asks for it again."""

    household: Household | None = None


class Database:
    """A few connections to one database, shared by the server's threads."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.known = Known()
        self._idle: queue.LifoQueue[Connection | None] = queue.LifoQueue()
        for _ in range(CONNECTIONS):
            self._idle.put(None)
        with self.transaction() as store:
            store.create_schema()

    @contextmanager
    def transaction(self) -> Iterator["Store"]:
        """A store for one transaction: committed at the end, rolled back on an error."""
        with self._connection() as conn, conn, conn.cursor() as cursor:
            yield Store(cursor, self.known)

    @contextmanager
    def reading(self) -> Iterator["Store"]:
        """A store that only reads: every statement sees what is committed when it begins."""
        with self._connection() as conn:
            conn.autocommit = True
            try:
                with conn.cursor() as cursor:
                    yield Store(cursor, self.known)
            finally:
                if not conn.closed:
                    conn.autocommit = False

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        conn = self._idle.get()
        try:
            if conn is None or conn.closed:
                conn = psycopg2.connect(
                    self._url,
                    application_name="sverka moysklad sandbox",
                    options=_CONNECTION_OPTIONS,
                )
            yield conn
        finally:
            self._idle.put(conn)

    def close(self) -> None:
        """Closes what is idle; a later transaction would open a new connection."""
        for _ in range(CONNECTIONS):
            conn = self._idle.get()
            if conn is not None:
                conn.close()
            self._idle.put(None)


class Store:
    """Reads and writes objects within one transaction."""

    def __init__(self, cursor: Cursor, known: Known | None = None) -> None:
        self.cursor = cursor
        self._known = known

    def create_schema(self) -> None:
        self.lock_writers()
        self.cursor.execute(_SCHEMA.read_text(encoding="utf-8"))

    def lock_writers(self) -> None:
        """One writer at a time until the transaction ends.

        Sums of linked payments and quantities of earlier returns are checked against what is
        stored; a second writer in between would see a past state.
        """
        self.cursor.execute("select pg_advisory_xact_lock(%s)", (_WRITERS_LOCK,))

    def objects(self, ids: Iterable[UUID]) -> list[Stored]:
        """The objects with these ids, trashed ones too; unknown ids are left out."""
        self.cursor.execute(
            sql.SQL("select {} from sandbox.object where id = any(%s)").format(_COLUMNS),
            (list(ids),),
        )
        return [Stored(*row) for row in self.cursor.fetchall()]

    def by_sync_ids(self, kind: str, sync_ids: Iterable[UUID]) -> dict[UUID, Stored]:
        """The objects of this type with these syncIds, trashed ones too."""
        self.cursor.execute(
            sql.SQL("select {} from sandbox.object where type = %s and sync_id = any(%s)").format(
                _COLUMNS
            ),
            (kind, list(sync_ids)),
        )
        found = [Stored(*row) for row in self.cursor.fetchall()]
        return {stored.sync_id: stored for stored in found if stored.sync_id is not None}

    def page(
        self, where: sql.Composable, order: sql.Composable, limit: int, offset: int
    ) -> tuple[list[Stored], int]:
        """One page of a list and the size of the whole list."""
        self.cursor.execute(
            sql.SQL("select {} from sandbox.object where {} order by {} limit {} offset {}").format(
                _COLUMNS, where, order, sql.Literal(limit), sql.Literal(offset)
            )
        )
        rows = [Stored(*row) for row in self.cursor.fetchall()]
        if len(rows) < limit and (rows or not offset):
            return rows, offset + len(rows)
        self.cursor.execute(sql.SQL("select count(*) from sandbox.object where {}").format(where))
        return rows, _first(self.cursor)

    def children(self, kind: str, parent: str) -> list[Stored]:
        """Objects that hang on another one (accounts, states, attributes), in order of age."""
        self.cursor.execute(
            sql.SQL(
                "select {} from sandbox.object where type = %s and body ->> 'parent' = %s"
                " order by created, name, id"
            ).format(_COLUMNS),
            (kind, parent),
        )
        return [Stored(*row) for row in self.cursor.fetchall()]

    def insert(self, stored: Stored) -> None:
        self.cursor.execute(_INSERT, _values(stored))

    def insert_if_new(self, stored: Stored) -> None:
        """Leaves an object that has this id already as it is."""
        self.cursor.execute(f"{_INSERT} on conflict (id) do nothing", _values(stored))

    def release_sync_id(self, id_: UUID) -> None:
        """Frees the syncId of this object for another one."""
        self.cursor.execute(
            "update sandbox.object set sync_id = null, touched = true where id = %s", (id_,)
        )

    def is_name_taken(self, kind: str, name: str, year: str, but: UUID) -> bool:
        """Whether a live document of this type and year (any if empty) has this number."""
        self.cursor.execute(
            "select exists (select from sandbox.object where type = %s and name = %s"
            " and deleted is null and starts_with(moment, %s) and id <> %s)",
            (kind, name, year, but),
        )
        return bool(_first(self.cursor))

    def replace(self, stored: Stored) -> None:
        self.cursor.execute(
            "update sandbox.object set updated = %s, deleted = %s, body = %s, touched = true"
            " where id = %s",
            (stored.updated, stored.deleted, extras.Json(stored.body), stored.id),
        )

    def erase(self, stored: Stored) -> None:
        self.cursor.execute("delete from sandbox.object where id = %s", (stored.id,))

    def referring(self, path: str) -> list[str]:
        """The paths of some live objects that refer to this one (rarely asked, so it may scan)."""
        self.cursor.execute(
            "select type || '/' || id from sandbox.object where deleted is null"
            " and strpos(body::text, %s) > 0 order by created, id limit 100",
            (f'"{path}"',),
        )
        return [path for (path,) in self.cursor.fetchall()]

    def drop_links(self, source: UUID) -> None:
        self.cursor.execute("delete from sandbox.link where source = %s", (source,))

    def add_links(self, source: UUID, links: Iterable[tuple[str, UUID, int | None]]) -> None:
        """Notes what one document links to: field, target and linkedSum."""
        rows = [(source, *link) for link in links]
        if rows:
            extras.execute_values(
                self.cursor, "insert into sandbox.link (source, field, target, sum) values %s", rows
            )

    def links_to(self, targets: Iterable[UUID]) -> list[Link]:
        """The live documents that refer to these ones, oldest first."""
        self.cursor.execute(
            "select l.source, s.type, (s.body ->> 'applicable')::boolean,"
            " (s.body ->> 'sum')::bigint, l.field, l.target, l.sum"
            " from sandbox.link l join sandbox.object s on s.id = l.source"
            " where l.target = any(%s) and s.deleted is null"
            " order by s.created, s.name, s.id",
            (list(targets),),
        )
        return [Link(*row) for row in self.cursor.fetchall()]

    def next_number(self, kind: str, year: int) -> int:
        """The next automatic document number: numbering starts anew every calendar year."""
        self.cursor.execute(
            "insert into sandbox.numbering as n values (%s, %s, 1)"
            " on conflict (type, year) do update set last = n.last + 1 returning last",
            (kind, year),
        )
        number: int = _first(self.cursor)
        return number

    def household(self) -> Household:
        """The account's id and its employee, department and currency of account: type → id.

        They are remembered once there is a currency: from then on they stay.
        """
        if self._known is not None and self._known.household is not None:
            return self._known.household
        self.cursor.execute(
            "select (select id from sandbox.account), s.* from ("
            " select distinct on (type) type, id from sandbox.object"
            " where type in ('employee', 'group', 'currency') order by type, created, id) s"
        )
        rows = self.cursor.fetchall()
        household = (rows[0][0] if rows else None), {kind: id_ for _, kind, id_ in rows}
        if self._known is not None and "currency" in household[1]:
            self._known.household = household
        return household

    def counts(self) -> dict[str, int]:
        """How many live objects there are of each type."""
        self.cursor.execute(
            "select type, count(*) from sandbox.object where deleted is null group by type"
        )
        return dict(self.cursor.fetchall())

    def account_id(self) -> UUID | None:
        self.cursor.execute("select id from sandbox.account")
        row = self.cursor.fetchone()
        return row[0] if row else None

    def set_account_id(self, account_id: UUID) -> None:
        self.cursor.execute(
            "insert into sandbox.account (id) values (%s)"
            " on conflict (only_row) do update set id = excluded.id",
            (account_id,),
        )

    def owner_of(self, token: str) -> str | None:
        """The login that the token was issued to."""
        self.cursor.execute("select login from sandbox.token where token = %s", (token,))
        row = self.cursor.fetchone()
        return row[0] if row else None

    def add_token(self, token: str, login: str) -> None:
        self.cursor.execute(
            "insert into sandbox.token values (%s, %s) on conflict do nothing", (token, login)
        )

    def revoke_all_tokens(self) -> None:
        self.cursor.execute("delete from sandbox.token")

    def revoke_tokens(self, login: str) -> None:
        self.cursor.execute("delete from sandbox.token where login = %s", (login,))


def _values(stored: Stored) -> tuple[Any, ...]:
    body = extras.Json(stored.body)
    return (stored.id, stored.type, stored.sync_id, stored.created, stored.updated, body)


def _first(cursor: Cursor) -> Any:
    row = cursor.fetchone()
    assert row is not None, "the statement always gives a row"
    return row[0]
