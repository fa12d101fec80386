"""What an undo takes back: documents and states that stand in MoySklad because Sverka put them there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sverka.database.connection import Connection
from sverka.moysklad.documents import Document, StateChange, from_stored
from sverka.nouns import PostingKind
from sverka.posting.rows import named

STAGES = (
    PostingKind.PAYMENTOUT,
    PostingKind.SUPPLY,
    PostingKind.PAYMENTIN,
    PostingKind.SALESRETURN,
    PostingKind.CUSTOMERORDER_STATE,
    PostingKind.DEMAND_STATE,
)
"""Children before parents: a payment links to its supply, and a state says that an order's money
is in, so it goes back only when that money is out."""


@dataclass(frozen=True, slots=True)
class Target:
    """One posting that stands in MoySklad; `amount` is minor units.

    `parent` is the MoySklad id of the document it depends on. `previous_state` is the state that
    the order or demand had before us, None when it had none; `ours_set_it` is False when the state
    stood there already and Sverka wrote nothing. `order_still_booked` says that money or a return
    of the order stays in the books. `tried` says that a call was made for it before.
    """

    sync_id: UUID
    kind: PostingKind
    document: Document
    amount: int
    courier: str
    moysklad_id: UUID
    name: str | None
    order_id: UUID | None = None
    parent: UUID | None = None
    previous_state: UUID | None = None
    ours_set_it: bool = True
    order_still_booked: bool = False
    tried: bool = False


_TARGETS = """
    with scope as ({scope})
    select p.sync_id::text, p.kind, p.document, p.amount, p.courier, p.attempts,
           p.moysklad_id::text, p.moysklad_name, p.order_id::text,
           p.sync_id in (select sync_id from scope where tried) as tried, d.moysklad_id::text as parent,
           p.previous_state_id::text as previous_state,
           p.kind in ('customerorder.state', 'demand.state')
           and exists (select from posting m
                        where m.order_id = p.order_id and m.kind in ('paymentin', 'salesreturn')
                          and m.sync_id in (select sync_id from scope)
                          and m.state not in ('planned', 'reversed')) as order_still_booked
      from posting p
      left join posting d on d.sync_id = p.depends_on
     where p.sync_id in (select sync_id from scope where open)
       and p.state in ('posted', 'failed') and p.moysklad_id is not null
       and p.kind = %(kind)s
     order by p.file_id, p.line_id, p.sync_id
"""

_OF_UNDO = (
    "select sync_id, state <> 'kept' as open, attempts > 0 as tried "
    "from reversal where undo_id = %(undo)s"
)
_OF_LIST = "select unnest(%(ids)s::uuid[]) as sync_id, true as open, false as tried"


def targets(conn: Connection, undo_id: int, kind: PostingKind) -> list[Target]:
    """What this undo still has to take back of the kind."""
    return list(_targets(conn, _OF_UNDO, {"undo": undo_id, "kind": kind.value}))


def targets_among(conn: Connection, ids: Sequence[UUID], kind: PostingKind) -> list[Target]:
    """The same for postings that nobody has asked to take back yet."""
    values = {"ids": [str(one) for one in ids], "kind": kind.value}
    return list(_targets(conn, _OF_LIST, values))


def _targets(conn: Connection, scope: str, values: dict[str, Any]) -> Iterator[Target]:
    with conn.cursor() as cursor:
        cursor.execute(_TARGETS.format(scope=scope), values)
        for row in named(cursor):
            yield _target(row)


def _target(row: Any) -> Target:
    document = from_stored(row.kind, row.document)
    previous = UUID(row.previous_state) if row.previous_state else None
    ours = True
    if isinstance(document, StateChange) and previous == document.state.id:
        # Found there without a write: nothing of ours. After a write whose answer was lost it only
        # means that the document had no state before (see `outbox.settle`).
        ours, previous = row.attempts > 0, None
    return Target(
        sync_id=UUID(row.sync_id),
        kind=PostingKind(row.kind),
        document=document,
        amount=row.amount,
        courier=row.courier,
        moysklad_id=UUID(row.moysklad_id),
        name=row.moysklad_name,
        order_id=UUID(row.order_id) if row.order_id else None,
        parent=UUID(row.parent) if row.parent else None,
        previous_state=previous,
        ours_set_it=ours,
        order_still_booked=row.order_still_booked,
        tried=row.tried,
    )
