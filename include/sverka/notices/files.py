"""Files that are worth a notice: refused, stalled, waiting for a person, or with orders in question."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from psycopg2.extras import RealDictCursor

from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.notices.channels import Kind
from sverka.notices.notice import one_line
from sverka.notices.outbox import Subject

RECENT = timedelta(days=1)
"""What happened before is in the daily report; somebody who turns notices on is not flooded."""
STUCK_AFTER = timedelta(hours=1)
"""A stalled file goes on by itself after half an hour; one that stalls again needs a person."""
NAME_LIMIT = 80


@dataclass(frozen=True, slots=True)
class File:
    """A file that nobody was told of. `count` and `stakes` (minor units by currency) tell of its
    discrepancies, or of the documents that wait for an approval."""

    id: int
    name: str
    reason: str
    run_id: str | None
    version: str
    count: int = 0
    stakes: tuple[tuple[str, Minor], ...] = ()

    @property
    def subject(self) -> Subject:
        return str(self.id), self.version

    @property
    def shown(self) -> str:
        """The name as it may stand in a title."""
        return one_line(self.name, NAME_LIMIT)


# A moment told a second time is another refusal; a stuck file is told of once a day.
_FOUND = {
    Kind.QUARANTINED: """
        select id, name, reason, claimed_by as run_id, finished_at::text as version from file
         where state = 'quarantined' and finished_at > %(recent)s""",
    Kind.STALLED: """
        select id, name, reason, claimed_by as run_id,
               (finished_at at time zone 'Europe/Moscow')::date::text as version from file
         where state = 'stalled' and finished_at > %(recent)s and received_at <= %(stuck)s""",
    Kind.WAITING: """
        select id, name, reason, claimed_by as run_id,
               md5(coalesce(claimed_by, '') || ' ' || coalesce(reason, '')) as version from file
         where state = 'waiting'""",
    Kind.DISCREPANCIES: """
        select id, name, '' as reason, claimed_by as run_id, 'first' as version from file f
         where state = 'settled' and finished_at > %(recent)s
           and exists (select from discrepancy d
                        where d.file_id = f.id and d.state = 'open' and d.in_question)""",
}
_NEW = """
    select * from ({found}) found
     where not exists (select from notice_subject s
                        where (s.kind, s.subject, s.version)
                            = (%(kind)s, found.id::text, found.version))
     order by id
"""


def new_files(conn: Connection, kind: Kind, now: datetime) -> list[File]:
    """The files of this kind that there is no notice about."""
    values = {"kind": kind, "recent": now - RECENT, "stuck": now - STUCK_AFTER}
    with conn.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(_NEW.format(found=_FOUND[kind]), values)
        files = [File(**{**row, "reason": row["reason"] or ""}) for row in cursor.fetchall()]
    return [_with_stakes(conn, kind, file) for file in files]


_STAKES = {
    Kind.DISCREPANCIES: """
        select currency, count(*), sum(stake)::bigint from discrepancy
         where file_id = %s and state = 'open' and in_question group by 1
         order by currency <> 'RUB', currency""",
    Kind.WAITING: """
        select coalesce((select currency from account), 'RUB'), documents, stake from plan_question
         where file_id = %s and answer is null""",
}


def _with_stakes(conn: Connection, kind: Kind, file: File) -> File:
    if kind not in _STAKES:
        return file
    with conn.cursor() as cursor:
        cursor.execute(_STAKES[kind], (file.id,))
        rows = cursor.fetchall()
    stakes = tuple((currency, Minor(stake)) for currency, _, stake in rows)
    return replace(file, count=sum(count for _, count, _ in rows), stakes=stakes)
