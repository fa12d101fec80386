"""Events of files: what a statement did to them is read before and after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sverka.audit.journal import Event, Kind, Subject, notes
from sverka.database.connection import Connection
from sverka.nouns import FileState

_SELECT = "select id, state, name, sha256, reason, courier, schema, schema_version from file"
BY_ID = "id = %s"
BY_KEY = "partition_key = %s"
BY_SHA256 = "sha256 = %s"

_BECAME = {
    FileState.PROCESSING: Kind.FILE_CLAIMED,
    FileState.WAITING: Kind.FILE_ASKED,
    FileState.SETTLED: Kind.FILE_SETTLED,
    FileState.QUARANTINED: Kind.FILE_QUARANTINED,
    FileState.STALLED: Kind.FILE_STALLED,
    FileState.UNDONE: Kind.FILE_UNDONE,
}


@dataclass(frozen=True, slots=True)
class _Picture:
    file_id: int
    state: FileState
    name: str
    sha256: str
    reason: str | None
    layout: tuple[str | None, str | None, int | None]


@contextmanager
def watched(
    conn: Connection, where: str, value: object, *, by: str, now: datetime | None = None
) -> Iterator[None]:
    """Notes what the statements inside change about the one file that `where` names.

    `where` is one of the constants above. Nothing is noted when nothing changed. The row is held
    until the transaction ends, as the change itself holds it.
    """
    before = _look(conn, where, value)
    yield
    after = _look(conn, where, value)
    if after is not None:
        notes(
            conn,
            [
                Event(kind, Subject(after.file_id), by, detail, now)
                for kind, detail in _told(before, after)
            ],
        )


def note_stalled(conn: Connection, file_ids: list[int], *, by: str, now: datetime) -> None:
    """Notes that these files were given up by their runs."""
    for file_id in file_ids:
        found = _look(conn, BY_ID, file_id)
        if found is not None:
            detail = {"state": found.state.value, "reason": found.reason}
            notes(conn, [Event(Kind.FILE_STALLED, Subject(file_id), by, detail, now)])


def _look(conn: Connection, where: str, value: object) -> _Picture | None:
    with conn.cursor() as cursor:
        cursor.execute(f"{_SELECT} where {where} for no key update", (value,))
        row = cursor.fetchone()
    if row is None:
        return None
    file_id, state, name, sha256, reason, *layout = row
    return _Picture(file_id, FileState(state), name, sha256, reason, tuple(layout))


def _told(before: _Picture | None, after: _Picture) -> Iterator[tuple[Kind, dict[str, Any]]]:
    if before is None or before.layout != after.layout:
        courier, schema, version = after.layout
        if schema is not None:
            yield Kind.FILE_RECOGNISED, {"courier": courier, "schema": schema, "version": version}
    if before is None or before.state is not after.state:
        detail = {"state": after.state.value, "name": after.name, "sha256": after.sha256}
        detail |= {"was": before.state.value} if before else {}
        detail |= {"reason": after.reason} if after.reason else {}
        yield _kind(before, after), detail


def _kind(before: _Picture | None, after: _Picture) -> Kind:
    was = before.state if before else None
    if after.state is FileState.REGISTERED:
        given_away = was in {FileState.PROCESSING, FileState.WAITING, FileState.SETTLED}
        return Kind.FILE_RELEASED if given_away else Kind.FILE_RECEIVED
    if after.state is FileState.PROCESSING and was is FileState.WAITING:
        return Kind.FILE_ANSWERED
    return _BECAME[after.state]
