"""The documents of a few lines or of an order, with where MoySklad opens them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.pages.reading import read


@dataclass(frozen=True, slots=True)
class Document:
    """One document or change of state; `link` opens it in MoySklad, None while it is not there.

    `line_id` is the line it was looked up for; `stands_for` counts the lines it was made of.
    """

    line_id: int | None
    sync_id: str
    kind: str
    state: str
    dry_run: bool
    amount: Minor
    name: str | None
    error: str | None
    approved_by: str | None
    posted_at: datetime | None
    file_id: int
    stands_for: int
    link: str | None


def of_lines(conn: Connection, lines: Sequence[int]) -> dict[int, list[Document]]:
    """The documents by line, in the order of sending."""
    found: dict[int, list[Document]] = defaultdict(list)
    for one in read(conn, Document, _OF_LINES, {"lines": list(lines)}):
        found[one.line_id or 0].append(one)
    return found


def of_order(conn: Connection, order_id: str) -> list[Document]:
    """All documents that belong to an order, each once."""
    return read(conn, Document, _OF_ORDER, {"order": order_id})


DOCUMENT = """
    p.sync_id::text, p.kind, p.state, p.dry_run, p.amount, p.moysklad_name as name, p.error,
    p.approved_by, p.posted_at, p.file_id,
    greatest(1, (select count(*) from posting_line c where c.sync_id = p.sync_id)) as stands_for,
    (select j.detail ->> 'link' from journal j
      where j.sync_id = p.sync_id and j.detail ? 'link' order by j.id desc limit 1) as link
"""
"""The columns of `Document` but its `line_id`, of a posting `p`. Every link that MoySklad gave stands
in the journal, at the event that learned it."""
_ORDER_OF_SENDING = """
    array_position(array['paymentin', 'supply', 'paymentout', 'salesreturn',
                         'customerorder.state', 'demand.state'], p.kind)
"""
_OF_LINES = f"""
    with own as (
        select p.sync_id, p.line_id
          from line l join posting p on p.line_key = l.line_key and p.line_id = l.id
         where l.id = any(%(lines)s)
         union
        select c.sync_id, c.line_id from posting_line c where c.line_id = any(%(lines)s)
    )
    select own.line_id, {DOCUMENT}
      from own join posting p using (sync_id)
     order by own.line_id, p.revision, {_ORDER_OF_SENDING}, p.sync_id
"""  # noqa: S608 - constants
_OF_ORDER = f"""
    select p.line_id, {DOCUMENT}
      from posting p where p.order_id = %(order)s::uuid
     order by p.planned_at, p.file_id, p.revision, {_ORDER_OF_SENDING}, p.sync_id
     limit 500
"""  # noqa: S608 - constants
