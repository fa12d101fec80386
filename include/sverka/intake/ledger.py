"""The register of files in PostgreSQL: who has which file, and how it ended."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sverka.audit.files import BY_ID, BY_KEY, note_stalled, watched
from sverka.database.connection import Connection
from sverka.nouns import FileState

OFFER_AGAIN_AFTER = timedelta(minutes=5)
"""A run that was asked for and did not claim its file by then is asked for once more."""
STALLED_REST = timedelta(minutes=30)
"""A stalled file gets another run after this time; what was wrong outside may be over."""
ABANDONED_AFTER = timedelta(hours=7)
"""Every try of every step says that its run is alive. Longer than any try and its rest may take
(`send`: two hours), so the claim of a run that is silent for this long is void."""
UNATTENDED_AFTER = timedelta(hours=2)
"""A run that waits for a person looks after its file every quarter of an hour (`sverka.confirming`);
one that has not for this long is gone, and another run asks again."""


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
    watch = watched(conn, BY_KEY, partition_key, by=run_id, now=now)
    with watch, conn.cursor() as cursor:
        cursor.execute(
            """update file set state = 'processing', claimed_by = %(run)s, claimed_at = %(now)s,
                               finished_at = null, reason = null
               where partition_key = %(key)s
                 and (state in ('registered', 'stalled')
                      or state in ('processing', 'waiting', 'quarantined', 'settled', 'undone')
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
            "select id from file where claimed_by = %s and state in ('processing', 'waiting')",
            (run_id,),
        )
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def still_claimed(conn: Connection, file_id: int, run_id: str, now: datetime) -> bool:
    """Whether the run still has the file; notes that the run is alive.

    A file that stalled in this run goes on in it when a person clears the failed task. One that
    was undone meanwhile is nobody's: its run must not book it again.
    """
    with watched(conn, BY_ID, file_id, by=run_id, now=now), conn.cursor() as cursor:
        cursor.execute(
            """update file set claimed_at = %(now)s,
                      reason = case when state = 'stalled' then null else reason end,
                      state = case when state = 'stalled' then 'processing' else state end
               where id = %(file)s and claimed_by = %(run)s and state <> 'undone'""",
            {"file": file_id, "run": run_id, "now": now},
        )
        return cursor.rowcount == 1


def waiting(conn: Connection, file_id: int, reason: str) -> None:
    """A person is asked about the file; its run keeps it. `reason` is Russian."""
    _between(conn, file_id, FileState.PROCESSING, FileState.WAITING, reason)


def answered(conn: Connection, file_id: int) -> None:
    """Nothing is asked any more; the run that waited goes on."""
    _between(conn, file_id, FileState.WAITING, FileState.PROCESSING, None)


def _between(
    conn: Connection, file_id: int, before: FileState, after: FileState, reason: str | None
) -> None:
    with watched(conn, BY_ID, file_id, by="intake"), conn.cursor() as cursor:
        cursor.execute(
            "update file set state = %s, reason = %s where id = %s and state in (%s, %s)",
            (after.value, reason, file_id, before.value, after.value),
        )


def released(conn: Connection, file_id: int) -> None:
    """The file's question is not the one that was shown: the next sweep gives it a run that asks anew.

    A new run, because Airflow 3.3 keeps the text and the form of a task instance's first question
    through every retry and clearing (execution API, `upsert_hitl_detail`).
    """
    with watched(conn, BY_ID, file_id, by="intake"), conn.cursor() as cursor:
        cursor.execute(
            """update file set state = 'registered', reason = null, claimed_by = null,
                      claimed_at = null, offered_at = null
               where id = %s and state in ('processing', 'waiting')""",
            (file_id,),
        )


def recognised(
    conn: Connection, file_id: int, *, courier: str | None, schema: str, schema_version: int
) -> None:
    """Notes whose report it is (None: a bank's) and in which layout."""
    with watched(conn, BY_ID, file_id, by="recognition"), conn.cursor() as cursor:
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


def undone(conn: Connection, file_id: int, reason: str, now: datetime) -> None:
    """What the file booked is taken back; a run that still has it stops at its next step.

    A file in quarantine has booked nothing and keeps its own reason.
    """
    with watched(conn, BY_ID, file_id, by="undo", now=now), conn.cursor() as cursor:
        cursor.execute(
            "update file set state = 'undone', reason = %s, finished_at = %s "
            "where id = %s and state <> 'quarantined'",
            (reason, now, file_id),
        )


def _finish(
    conn: Connection, file_id: int, state: FileState, reason: str | None, now: datetime
) -> None:
    with watched(conn, BY_ID, file_id, by="intake", now=now), conn.cursor() as cursor:
        cursor.execute(
            """update file set state = %s, reason = %s, finished_at = %s
               where id = %s and state not in ('settled', 'undone')""",
            (state.value, reason, now, file_id),
        )


def offer(conn: Connection, now: datetime) -> list[str]:
    """Partition keys of the files that need a run now, oldest first; each is noted as offered.

    Those are the registered ones that nobody claimed since the last offer, the stalled ones after
    their rest, those whose run was abandoned without a word, and the settled ones that waited for
    the bank, once their money is there. A file that waits for a person
    is left to its run as long as that looks after it.
    """
    with conn.cursor() as cursor:
        cursor.execute(
            """update file set state = 'stalled', finished_at = %(now)s,
                      reason = 'Обработка прервалась и не была продолжена. Сверка начнёт её заново сама.'
               where state = 'processing' and claimed_at < %(abandoned)s
                  or state = 'waiting' and claimed_at < %(unattended)s
               returning id""",
            {
                "now": now,
                "abandoned": now - ABANDONED_AFTER,
                "unattended": now - UNATTENDED_AFTER,
            },
        )
        abandoned = sorted(file_id for (file_id,) in cursor.fetchall())
        note_stalled(conn, abandoned, by="intake", now=now)
        _wake(conn, now)
        cursor.execute(
            """update file set offered_at = %(now)s
               where (offered_at is null or offered_at <= %(offered)s)
                 and (state = 'registered' or state = 'stalled' and finished_at <= %(rested)s)
               returning partition_key, received_at, id""",
            {"now": now, "offered": now - OFFER_AGAIN_AFTER, "rested": now - STALLED_REST},
        )
        rows = cursor.fetchall()
    return [key for key, _, _ in sorted(rows, key=lambda row: (row[1], row[2]))]


def _wake(conn: Connection, now: datetime) -> None:
    """Gives settled files another run whose payout has another bank movement than they know of.

    Once for every movement (`run_for`); a file in work is found by a later sweep.
    """
    with conn.cursor() as cursor:
        cursor.execute(
            """select distinct f.id from file f join payout p on p.file_id = f.id
                where f.state = 'settled' and p.waits and p.state <> 'void'
                  and p.movement_key is distinct from p.run_for order by 1"""
        )
        woken = [file_id for (file_id,) in cursor.fetchall()]
    for file_id in woken:
        reopened(conn, file_id, "bank", now)
        with conn.cursor() as cursor:
            cursor.execute(
                "update payout set run_for = movement_key where file_id = %s", (file_id,)
            )


def reopened(conn: Connection, file_id: int, by: str, now: datetime) -> None:
    """A settled file gets another run with the next sweep; `by` is who or what wants it."""
    with watched(conn, BY_ID, file_id, by=by, now=now), conn.cursor() as cursor:
        cursor.execute(
            """update file set state = 'registered', claimed_by = null, claimed_at = null,
                      offered_at = null, finished_at = null
               where id = %s and state = 'settled'""",
            (file_id,),
        )
