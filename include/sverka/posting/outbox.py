"""The table `posting` while sending: every change of state is one committed transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg2.extras import execute_values

from sverka.audit.journal import Kind
from sverka.audit.postings import BECAME, Change, note_changes
from sverka.moysklad.documents import Document, from_stored
from sverka.nouns import PostingKind
from sverka.posting.rows import named
from sverka.services import Services

STATE_KINDS = (PostingKind.CUSTOMERORDER_STATE, PostingKind.DEMAND_STATE)

ORDER = (
    PostingKind.PAYMENTIN,
    PostingKind.SUPPLY,
    PostingKind.PAYMENTOUT,
    PostingKind.SALESRETURN,
    *STATE_KINDS,
)
"""Parents before children: a payment links to a posted supply, an order closes last."""

CHUNK = 500
"""Documents per request: half of what MoySklad takes, so that one answer stays well under 300 s."""


@dataclass(frozen=True, slots=True)
class Item:
    """One posting on its way.

    `parent` is the MoySklad id of the document it depends on; `previous_state` the state that an
    order or demand had when it was judged.
    """

    sync_id: UUID
    kind: PostingKind
    document: Document
    amount: int
    sent_at: datetime | None
    parent: UUID | None
    previous_state: UUID | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A posting's new state with what MoySklad or we have to say about it.

    `link` opens the document in MoySklad's pages (`meta.uuidHref`).
    """

    sync_id: UUID
    state: str
    moysklad_id: UUID | None = None
    name: str | None = None
    error: str | None = None
    previous_state: UUID | None = None
    link: str | None = None


_SELECT = """
    select p.sync_id::text, p.kind, p.document, p.amount, p.sent_at, d.moysklad_id::text as parent,
           p.previous_state_id::text as previous_state
      from posting p
      left join posting d on d.sync_id = p.depends_on
     where p.file_id = %(file_id)s and p.kind = %(kind)s and p.state = any(%(states)s)
"""

_READY = """
       and p.courier = any(%(live)s)
       and (p.depends_on is null or d.state = 'posted')
       and (p.kind not in ('customerorder.state', 'demand.state')
            or not exists (select from posting m
                            where m.file_id = p.file_id and m.order_id = p.order_id
                              and m.kind in ('paymentin', 'salesreturn')
                              and m.state not in ('posted', 'reversed')))
     order by p.planned_at, p.line_id, p.sync_id
     limit %(limit)s
"""


def ready(services: Services, file_id: int, kind: PostingKind, live: Sequence[str]) -> list[Item]:
    """The next approved documents of this kind whose parents are in the books.

    Only of couriers that are `live`: a dry run that begins holds back what was approved before.
    """
    values = {"file_id": file_id, "kind": kind.value, "states": ["approved"]}
    return _items(services, _SELECT + _READY, values | {"live": list(live), "limit": CHUNK})


def doubtful(services: Services, file_id: int, kind: PostingKind) -> list[Item]:
    """The documents that were sent and whose outcome nobody wrote down."""
    values = {"file_id": file_id, "kind": kind.value, "states": ["sending", "unsure"]}
    return _items(services, f"{_SELECT} order by p.sync_id", values)


def _items(services: Services, statement: str, values: dict[str, Any]) -> list[Item]:
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute(statement, values)
        return [
            Item(
                sync_id=UUID(row.sync_id),
                kind=PostingKind(row.kind),
                document=from_stored(row.kind, row.document),
                amount=row.amount,
                sent_at=row.sent_at,
                parent=UUID(row.parent) if row.parent else None,
                previous_state=UUID(row.previous_state) if row.previous_state else None,
            )
            for row in named(cursor)
        ]


def mark_sending(
    services: Services, items: Sequence[Item], previous: dict[UUID, UUID | None] | None = None
) -> list[Item]:
    """Commits that these are about to be sent; from now on only a look-up tells their fate.

    Returns those that are ours to send: the lock of the account falls with its connection, so
    another run may have taken some meanwhile.
    """
    now = services.clock()
    rows = [(str(item.sync_id), _text((previous or {}).get(item.sync_id)), now) for item in items]
    with services.connect() as conn, conn.cursor() as cursor:
        taken = execute_values(
            cursor,
            "update posting p set state = 'sending', sent_at = v.at, attempts = attempts + 1, "
            "error = null, previous_state_id = coalesce(v.previous::uuid, previous_state_id) "
            "from (values %s) as v (sync_id, previous, at) where p.sync_id = v.sync_id::uuid "
            "and p.state = 'approved' returning p.sync_id::text",
            rows,
            page_size=CHUNK,
            fetch=True,
        )
        ours = {UUID(row[0]) for row in taken}
        changes = [Change(sync_id, Kind.POSTING_SENDING) for sync_id in sorted(ours)]
        note_changes(conn, changes, by="send", now=now)
    return [item for item in items if item.sync_id in ours]


def settle(services: Services, done: Sequence[Done], *, by: str = "send") -> None:
    """Commits what became of these documents; `by` is the part of Sverka that found out.

    What is `approved` again surely never reached MoySklad, so it has no time of sending either.
    Whoever lost the account's lock while MoySklad worked may come late: what another run has settled
    or taken back meanwhile stays.
    """
    if not done:
        return
    now = services.clock()
    rows = [
        (
            str(one.sync_id),
            one.state,
            _text(one.moysklad_id),
            one.name,
            one.error,
            _text(one.previous_state),
            now if one.state == "posted" else None,
        )
        for one in done
    ]
    with services.connect() as conn, conn.cursor() as cursor:
        settled = execute_values(
            cursor,
            "update posting p set state = v.state, moysklad_id = v.moysklad_id::uuid, "
            "moysklad_name = v.name, error = v.error, posted_at = v.at::timestamptz, "
            "sent_at = case when v.state <> 'approved' then p.sent_at end, "
            "previous_state_id = case when p.attempts = 0 "
            "then coalesce(v.previous::uuid, p.previous_state_id) "
            "else coalesce(p.previous_state_id, v.previous::uuid) end "
            "from (values %s) as v (sync_id, state, moysklad_id, name, error, previous, at) "
            "where p.sync_id = v.sync_id::uuid and p.state in ('approved', 'sending', 'unsure') "
            "returning p.sync_id::text",
            rows,
            page_size=CHUNK,
            fetch=True,
        )
        ours = {UUID(row[0]) for row in settled}
        changes = [
            Change(one.sync_id, BECAME[one.state], {"link": one.link} if one.link else {})
            for one in done
            if one.sync_id in ours
        ]
        note_changes(conn, changes, by=by, now=now)


_BLOCK = """
    update posting p
       set state = 'failed',
           error = 'Не отправлено: документ, от которого это зависит, в МойСклад не попал ('
                   || x.kind || '). Разберитесь с ним, потом с этим.'
      from posting x
     where p.file_id = %(file_id)s and p.state = 'approved'
       and x.state in ('rejected', 'failed')
       and (x.sync_id = p.depends_on
            or (p.kind in ('customerorder.state', 'demand.state')
                and x.file_id = p.file_id and x.order_id = p.order_id
                and x.kind in ('paymentin', 'salesreturn')))
 returning p.sync_id::text
"""


def block(services: Services, file_id: int) -> None:
    """Fails what depends on a refused document: half a chain must not look like a whole one."""
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute(_BLOCK, {"file_id": file_id})
        failed = [Change(UUID(row[0]), Kind.POSTING_FAILED) for row in cursor.fetchall()]
        note_changes(conn, failed, by="send", now=services.clock())


def counts(services: Services, file_id: int) -> dict[str, int]:
    """The file's documents by state."""
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute(
            "select state, count(*) from posting where file_id = %s group by 1", (file_id,)
        )
        return dict(cursor.fetchall())


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
