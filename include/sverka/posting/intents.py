"""The planned documents of a file as a policy sees them, and the money that went by itself before."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from sverka.clock import MOSCOW, moscow_day
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.nouns import PostingKind, VerdictKind
from sverka.posting.policy import Gone, Intent, Split, split


def split_of(conn: Connection, file_id: int, couriers: Couriers) -> Split:
    """The file's plan, cut by the policies of its couriers; dry runs are left out."""
    intents = intents_of(conn, file_id)
    codes = {one.courier for one in intents}
    policies = {code: couriers.get(code).approval for code in codes}
    return split(intents, policies, gone(conn, file_id))


@dataclass(slots=True)
class _Seen:
    kind: str
    courier: str
    amount: int
    about: set[str] = field(default_factory=set)
    verdicts: set[VerdictKind] = field(default_factory=set)


def intents_of(conn: Connection, file_id: int) -> list[Intent]:
    """The planned documents that are to be sent some day."""
    found: dict[str, _Seen] = {}
    # Server-side: a file may have a million documents.
    with conn.cursor(name="intents") as cursor:
        cursor.execute(_INTENTS, {"file_id": file_id})
        for sync_id, kind, courier, amount, about, verdict in cursor:
            seen = found.setdefault(sync_id, _Seen(kind, courier, amount))
            seen.about.add(about)
            if verdict is not None:
                seen.verdicts.add(VerdictKind(verdict))
    return [
        Intent(
            UUID(sync_id),
            PostingKind(one.kind),
            one.courier,
            Minor(one.amount),
            frozenset(one.about),
            frozenset(one.verdicts),
        )
        for sync_id, one in found.items()
    ]


def gone(conn: Connection, file_id: int) -> dict[str, Gone]:
    """By courier: what policies approved of this file, and of all files of its Moscow day.

    The day is the one the file came on and not the present one, so that what was asked about does
    not go by itself because midnight has passed. What was undone since counts all the same.
    """
    with conn.cursor() as cursor:
        cursor.execute("select received_at from file where id = %s", (file_id,))
        [received_at] = cursor.fetchone() or ()
        since, until = _day_of(received_at)
        cursor.execute(_GONE, {"file_id": file_id, "since": since, "until": until})
        return {
            courier: Gone(Minor(of_file), Minor(of_day))
            for courier, of_file, of_day in cursor.fetchall()
        }


def _day_of(moment: datetime) -> tuple[datetime, datetime]:
    begins = datetime.combine(moscow_day(moment), time(0), MOSCOW)
    return begins, begins + timedelta(days=1)


# A line of a corrected report that only gives its fees to a new supply was judged before.
_INTENTS = """
    select p.sync_id::text, p.kind, p.courier, p.amount,
           coalesce(p.order_id::text, p.sync_id::text) as about, v.verdict
      from posting p
      left join verdict v on v.line_id = p.line_id
     where p.file_id = %(file_id)s and p.state = 'planned' and not p.dry_run
       and p.line_id is not null
     union all
    select p.sync_id::text, p.kind, p.courier, p.amount,
           coalesce(v.order_id::text, p.sync_id::text), nullif(v.verdict, 'already_settled')
      from posting p
      join posting_line c using (sync_id)
      left join verdict v on v.line_id = c.line_id
     where p.file_id = %(file_id)s and p.state = 'planned' and not p.dry_run
"""

_GONE = """
    select p.courier, coalesce(sum(abs(p.amount)) filter (where p.file_id = %(file_id)s), 0)::bigint,
           sum(abs(p.amount))::bigint
      from posting p
      join file f on f.id = p.file_id
     where f.received_at >= %(since)s and f.received_at < %(until)s
       and p.approved_by = 'policy' and p.state <> 'planned'
     group by p.courier
"""
