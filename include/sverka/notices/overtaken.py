"""What need not be delivered any more."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sverka.database.connection import Connection
from sverka.notices.channels import Channel
from sverka.notices.outbox import ATTEMPTS

TOO_OLD = timedelta(days=1)
"""Past the moment of an attempt: Sverka stood still for so long."""

# The planner may look at subjects of all kinds: only a CASE keeps it from reading a day as a number.
_ANSWERED = """
    update notice_delivery d set state = 'void', done_at = %(now)s
      from notice n
     where n.id = d.notice_id and d.state = 'waiting'
       and (n.kind in ('waiting', 'stalled', 'quarantined')
            and not exists (
                select from notice_subject s
                  join file f
                    on f.id = case when s.kind in ('waiting', 'stalled', 'quarantined')
                                   then s.subject::bigint end
                   and f.state = s.kind
                 where s.notice_id = n.id)
            or n.kind = 'no_report'
            and exists (
                select from notice_subject s
                  join published_report p
                    on p.day = case when s.kind = 'no_report' then s.subject::date end
                 where s.notice_id = n.id and p.as_of > n.noted_at))
"""
_NOBODY = """
    update notice_delivery set state = 'void', done_at = %(now)s, error = 'no such recipient now'
     where state = 'waiting'
       and not exists (select from unnest(%(channels)s::text[], %(recipients)s::text[])
                           as known (channel, recipient)
                        where (known.channel, known.recipient)
                            = (notice_delivery.channel, notice_delivery.recipient))
"""
# A process died in its last attempt; or nobody tried for a day, and old news come as no help.
_SPENT = """
    update notice_delivery set state = 'given_up', done_at = %(now)s,
                               error = coalesce(error, 'no attempt came to an end')
     where state = 'waiting'
       and (attempts >= %(attempts)s and try_at <= %(now)s or try_at <= %(old)s)
"""


def let_go(conn: Connection, channels: Iterable[Channel], now: datetime) -> None:
    """Ends deliveries whose matter is settled, whose recipient is gone, or that are spent."""
    known = [(channel.name, recipient) for channel in channels for recipient in channel.to]
    values = {
        "now": now,
        "channels": [name for name, _ in known],
        "recipients": [recipient for _, recipient in known],
        "attempts": ATTEMPTS,
        "old": now - TOO_OLD,
    }
    with conn.cursor() as cursor:
        for statement in (_ANSWERED, _NOBODY, _SPENT):
            cursor.execute(statement, values)
