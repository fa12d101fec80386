"""The register of files in PostgreSQL: who has which file, and how it ended."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sverka.database.connection import Connection
from sverka.nouns import FileState

OFFER_AGAIN_AFTER = timedelta(minutes=5)
"""A run that was asked for and did not claim its file by then is asked for once more."""
STALLED_REST = timedelta(minutes=30)
"""A stalled file gets another run after this time; what was wrong outside may be over."""
ABANDONED_AFTER = timedelta(hours=7)
"""Longer than a run may take (`settle_report` ends after six hours): its claim is void."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One content that was taken."""

    id: int
    sha256: str
    name: str
    zone: str
    size_bytes: int
    partition_key: str
    state: FileState
    reason: str | None
    courier: str | None
    schema: str | None
    schema_version: int | None
    received_at: datetime

    @property
    def archived(self) -> str:
        """The path of its bytes in the storage."""
        return archive_path(self.sha256)


def archive_path(sha256: str) -> str:
    """Where the bytes with this hash live in the storage."""
    return f"archive/{sha256[:2]}/{sha256}"


FIELDS = tuple(field.name for field in fields(FileRow))


def file_of(conn: Connection, file_id: int) -> FileRow:
    """The file's row.

    Raises:
        LookupError: there is no such file.
    """
    with conn.cursor() as cursor:
        cursor.execute(
            """select id, sha256, name, zone, size_bytes, partition_key, state, reason,
                      courier, schema, schema_version, received_at
               from file where id = %s""",
            (file_id,),
        )
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"there is no file {file_id}")
    return FileRow(**(dict(zip(FIELDS, row, strict=True)) | {"state": FileState(row[6])}))


def claim(conn: Connection, partition_key: str, run_id: str, now: datetime) -> int | None:
    """Gives the file to this run: its id, or None when another run has it or it is finished.

    The same run may claim again: a killed task continues, and clearing the run of a finished file
    in Airflow tries it once more. That is how a person says that an order or a number was put
    right; what is booked stays as it is.
    """
    with conn.cursor() as cursor:
        cursor.execute(
            """update file set state = 'processing', claimed_by = %(run)s, claimed_at = %(now)s,
                               finished_at = null, reason = null
               where partition_key = %(key)s
                 and (state in ('registered', 'stalled')
                      or state in ('processing', 'quarantined', 'settled')
                         and claimed_by = %(run)s)
               returning id""",
            {"key": partition_key, "run": run_id, "now": now},
        )
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def claimed_by(conn: Connection, run_id: str) -> int | None:
    """The file that this run has and has not finished."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select id from file where claimed_by = %s and state = 'processing'", (run_id,)
        )
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def recognised(
    conn: Connection, file_id: int, *, courier: str, schema: str, schema_version: int
) -> None:
    """Notes whose report it is and in which layout."""
    with conn.cursor() as cursor:
        cursor.execute(
            "update file set courier = %s, schema = %s, schema_version = %s where id = %s",
            (courier, schema, schema_version, file_id),
        )


def settled(conn: Connection, file_id: int, now: datetime) -> None:
    """Every step is done."""
    _finish(conn, file_id, FileState.SETTLED, None, now)


def quarantined(conn: Connection, file_id: int, reason: str, now: datetime) -> None:
    """The file cannot be taken as it is; `reason` is Russian, for the accountant."""
    _finish(conn, file_id, FileState.QUARANTINED, reason, now)


def stalled(conn: Connection, file_id: int, reason: str, now: datetime) -> None:
    """Something outside the file went wrong for too long; the sweep gives it another run."""
    _finish(conn, file_id, FileState.STALLED, reason, now)


def _finish(
    conn: Connection, file_id: int, state: FileState, reason: str | None, now: datetime
) -> None:
    with conn.cursor() as cursor:
        cursor.execute(
            """update file set state = %s, reason = %s, finished_at = %s
               where id = %s and state <> 'settled'""",
            (state.value, reason, now, file_id),
        )


def offer(conn: Connection, now: datetime) -> list[str]:
    """Partition keys of the files that need a run now, oldest first; each is noted as offered.

    Those are the registered ones that nobody claimed since the last offer, the stalled ones after
    their rest, and those whose run was abandoned without a word.
    """
    with conn.cursor() as cursor:
        cursor.execute(
            """update file set state = 'stalled', finished_at = %(now)s,
                      reason = 'Обработка прервалась и не была продолжена. Сверка начнёт её заново сама.'
               where state = 'processing' and claimed_at < %(abandoned)s""",
            {"now": now, "abandoned": now - ABANDONED_AFTER},
        )
        cursor.execute(
            """update file set offered_at = %(now)s
               where (offered_at is null or offered_at <= %(offered)s)
                 and (state = 'registered' or state = 'stalled' and finished_at <= %(rested)s)
               returning partition_key, received_at, id""",
            {"now": now, "offered": now - OFFER_AGAIN_AFTER, "rested": now - STALLED_REST},
        )
        rows = cursor.fetchall()
    return [key for key, _, _ in sorted(rows, key=lambda row: (row[1], row[2]))]
