"""Documents that are planned and do not stand in MoySklad: in no figure of economics yet."""

from dataclasses import dataclass

from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.nouns import PostingKind
from sverka.pages.reading import read


@dataclass(frozen=True, slots=True)
class Waiting:
    """Documents of one kind; `amount` is minor units of `currency`."""

    kind: PostingKind
    currency: str
    documents: int
    amount: Minor


def waiting(conn: Connection, courier: str | None = None) -> list[Waiting]:
    """What is planned, on its way, unsure or refused, of one courier or of all."""
    return read(conn, Waiting, _WAITING, {"courier": courier})


# The conditions are those of the index posting_waiting. A report has one currency, a posting none.
_WAITING = """
    select p.kind, r.currency, sum(p.documents)::bigint as documents, sum(p.amount)::bigint as amount
      from (select report_id, kind, count(*) as documents, sum(amount) as amount
              from posting
             where state in ('planned', 'approved', 'sending', 'unsure', 'rejected', 'failed')
               and not dry_run and kind in ('paymentin', 'supply', 'salesreturn')
               and (%(courier)s is null or courier = %(courier)s)
             group by report_id, kind) p
      join report r on r.id = p.report_id
     group by p.kind, r.currency
     order by p.kind, r.currency
"""
