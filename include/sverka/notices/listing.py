"""What became of notices: for the command line and the day's report."""

from dataclasses import dataclass
from datetime import datetime

from psycopg2.extras import RealDictCursor

from sverka.database.connection import Connection
from sverka.texts import Texts

LIMIT = 50

_SELECT = """
    select n.id, n.kind, n.title, n.noted_at, d.channel, d.recipient, d.state, d.attempts, d.try_at,
           d.error, d.done_at
      from notice_delivery d join notice n on n.id = d.notice_id
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice on its way to one recipient; `state` is `waiting`, `sent`, `given_up` or `void`."""

    id: int
    kind: str
    title: str
    noted_at: datetime
    channel: str
    recipient: str
    state: str
    attempts: int
    try_at: datetime
    error: str | None
    done_at: datetime | None


def deliveries(conn: Connection, *, limit: int = LIMIT) -> list[Delivery]:
    """The newest, in order."""
    return _rows(conn, "order by n.id desc, d.channel, d.recipient limit %(limit)s", limit=limit)


def undelivered(conn: Connection, start: datetime, finish: datetime) -> list[Delivery]:
    """What was given up from `start` to before `finish`, the oldest first."""
    return _rows(
        conn,
        "where d.state = 'given_up' and d.done_at >= %(start)s and d.done_at < %(finish)s "
        "order by d.done_at, n.id, d.channel, d.recipient limit %(limit)s",
        start=start,
        finish=finish,
        limit=LIMIT,
    )


def undelivered_in_words(one: Delivery, say: Texts) -> str:
    """A sentence for the day's report."""
    return say(
        "Не доставлено ({channel}, {recipient}): «{title}». Передайте это тому, кто обслуживает Сверку. "
        "Технически: {error}",
        channel=one.channel,
        recipient=one.recipient,
        title=one.title,
        error=one.error,
    )


def _rows(conn: Connection, rest: str, **values: object) -> list[Delivery]:
    with conn.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(f"{_SELECT} {rest}", values)
        return [Delivery(**row) for row in cursor.fetchall()]
