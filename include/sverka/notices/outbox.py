"""The outbox: every notice once, its delivery to every recipient with attempts and last error.

Whoever takes a delivery counts the attempt and moves `try_at` on before anything is sent: another
process does not take it, and one that dies has spent an attempt and not lost a notice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg2.extras import execute_values

from sverka.database.connection import Connection
from sverka.notices.channels import Channel, Kind
from sverka.notices.notice import Notice

ATTEMPTS = 10
"""After so many, about 17 hours, a delivery is given up."""
FIRST_REST, LONGEST_REST = timedelta(minutes=5), timedelta(hours=4)
"""Before the second attempt, doubled each time; longer than any attempt may take."""

Subject = tuple[str, str]
"""What a notice is about: a day, file, transfer or task, and its version."""


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that this process has taken; `attempt` is 1 for the first."""

    notice_id: int
    key: UUID
    notice: Notice
    channel: str
    recipient: str
    attempt: int


def lock(conn: Connection) -> None:
    """Until the end of the transaction nobody else looks for what is worth a notice."""
    with conn.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('notices'))")


def is_told(conn: Connection, kind: Kind, subject: str, version: str) -> bool:
    """Whether there is a notice about it, sent or not."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select from notice_subject where kind = %s and subject = %s and version = %s",
            (kind, subject, version),
        )
        return cursor.rowcount == 1


def put(
    conn: Connection,
    notice: Notice,
    subjects: Sequence[Subject],
    channels: Iterable[Channel],
    now: datetime,
) -> int:
    """Stores the notice with a delivery for everybody who takes its kind; its id.

    Under `lock`, and about subjects that nobody was told of.
    """
    with conn.cursor() as cursor:
        cursor.execute(
            """insert into notice (kind, title, body, next_step, path, attachments, noted_at)
               values (%s, %s, %s, %s, %s, %s, %s) returning id""",
            (
                *(notice.kind, notice.one_line_title, notice.body, notice.next_step, notice.path),
                *(list(notice.attachments), now),
            ),
        )
        [notice_id] = cursor.fetchone() or (0,)
        about = [(notice.kind, *subject, notice_id) for subject in subjects]
        execute_values(cursor, "insert into notice_subject values %s", about)
        deliveries = [
            (notice_id, channel.name, recipient, now)
            for channel in channels
            if notice.kind in channel.kinds
            for recipient in channel.to
        ]
        execute_values(
            cursor,
            "insert into notice_delivery (notice_id, channel, recipient, try_at) values %s",
            deliveries,
        )
    return int(notice_id)


_CLAIM = """
    with due as (
        select notice_id, channel, recipient from notice_delivery
         where state = 'waiting' and try_at <= %(now)s and channel = any(%(channels)s)
         order by try_at, notice_id
         limit 1
           for update skip locked
    )
    update notice_delivery d
       set attempts = d.attempts + 1,
           try_at = %(now)s + least(%(first)s * 2 ^ d.attempts, %(longest)s)
      from due, notice n
     where (d.notice_id, d.channel, d.recipient) = (due.notice_id, due.channel, due.recipient)
       and n.id = d.notice_id
    returning n.id, n.key, n.kind, n.title, n.body, n.next_step, n.path, n.attachments, d.channel,
              d.recipient, d.attempts
"""


def claim(conn: Connection, channels: Iterable[str], now: datetime) -> Due | None:
    """Takes the oldest delivery that is due in these channels; None when there is none."""
    rests = {"first": FIRST_REST, "longest": LONGEST_REST}
    with conn.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "channels": list(channels), **rests})
        row = cursor.fetchone()
    if row is None:
        return None
    notice_id, key, kind, title, body, step, path, attachments, channel, recipient, attempt = row
    notice = Notice(
        Kind(kind), title, tuple(body.split("\n")), step, path, tuple(attachments or ())
    )
    return Due(notice_id, UUID(str(key)), notice, channel, recipient, attempt)


def sent(conn: Connection, due: Due, now: datetime) -> None:
    """The recipient's server has it."""
    _end(conn, due, "sent", None, now)


def given_up(conn: Connection, due: Due, error: str, now: datetime) -> None:
    """No attempt would help; the day's report says that it was not delivered."""
    _end(conn, due, "given_up", error, now)


def failed(conn: Connection, due: Due, error: str, now: datetime, rest: timedelta | None) -> None:
    """To be tried again, not before `rest` where the other side said so; or given up."""
    if due.attempt >= ATTEMPTS:
        given_up(conn, due, error, now)
        return
    with conn.cursor() as cursor:
        cursor.execute(
            """update notice_delivery set error = %s, try_at = greatest(try_at, %s)
               where (notice_id, channel, recipient) = (%s, %s, %s)
                 and state = 'waiting' and attempts = %s""",
            (error, now + (rest or timedelta()), *_which(due)),
        )


def _end(conn: Connection, due: Due, state: str, error: str | None, now: datetime) -> None:
    with conn.cursor() as cursor:
        cursor.execute(
            """update notice_delivery set state = %s, error = %s, done_at = %s
               where (notice_id, channel, recipient) = (%s, %s, %s)
                 and state = 'waiting' and attempts = %s""",
            (state, error, now, *_which(due)),
        )


def _which(due: Due) -> tuple[int, str, str, int]:
    return due.notice_id, due.channel, due.recipient, due.attempt
