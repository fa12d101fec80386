"""Sends a file's approved documents to MoySklad, each exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sverka.errors import TryLater
from sverka.moysklad.client import MoySklad, Refused, Saved
from sverka.moysklad.documents import Resolve, body
from sverka.moysklad.errors import Terminal, Transient, Unsure
from sverka.nouns import PostingKind
from sverka.posting import closing
from sverka.posting.answers import judged
from sverka.posting.looking import stale
from sverka.posting.outbox import (
    ORDER,
    STATE_KINDS,
    Done,
    Item,
    block,
    counts,
    mark_sending,
    ready,
    settle,
)
from sverka.posting.recover import looked_up, patience, recover
from sverka.recognition.known import known_couriers
from sverka.services import Services
from sverka.snapshot.account import sure_of


@dataclass(frozen=True, slots=True)
class Sent:
    """The file's documents after sending: in the books, refused, not to be sent, not yet sent."""

    posted: int
    rejected: int
    failed: int
    waiting: int


def send(services: Services, file_id: int) -> Sent:
    """Settles what an earlier run left in doubt, then sends what is approved.

    One writer per account. `sending` is committed before each request and the outcome after it,
    so a kill at any point leaves either nothing sent or something that can be looked up.

    Raises:
        Misconfigured: MoySklad is another account than the one the documents were planned for.
        TryLater: something is unsure, or MoySklad is away; run it again after `seconds`.
        Terminal: MoySklad refuses to talk to us at all; nothing was sent.
    """
    couriers = known_couriers(services)
    live = [courier.code for courier in couriers if not courier.dry_run]
    with services.hold("account"):
        client = services.moysklad()
        with services.connect() as conn:
            sure_of(conn, client.account_id())
        recover(services, client, file_id)
        for kind in ORDER:
            block(services, file_id)
            while items := ready(services, file_id, kind, live):
                _send(services, client, kind, items)
        found = counts(services, file_id)
    return Sent(
        posted=found.get("posted", 0),
        rejected=found.get("rejected", 0),
        failed=found.get("failed", 0),
        waiting=found.get("planned", 0) + found.get("approved", 0),
    )


def _send(services: Services, client: MoySklad, kind: PostingKind, items: Sequence[Item]) -> None:
    previous: dict[UUID, UUID | None] = {}
    if kind in STATE_KINDS:
        done, previous = closing.seen(client, items)
    else:
        done = _settled_or_stale(services, client, kind, items)
    settle(services, done)
    finished = {one.sync_id for one in done}
    items = [item for item in items if item.sync_id not in finished]
    bodies = {
        item.sync_id: body(item.document, client.base_url, _parent_of(item)) for item in items
    }
    items = mark_sending(services, items, previous)
    if not items:
        return
    results = _save(services, client, kind, items, [bodies[item.sync_id] for item in items])
    settle(services, [_done(item, one) for item, one in zip(items, results, strict=True)])


def _settled_or_stale(
    services: Services, client: MoySklad, kind: PostingKind, items: Sequence[Item]
) -> list[Done]:
    """What must not be sent: documents tried before that stand in MoySklad, and stale payments."""
    there = looked_up(client, kind, [item for item in items if item.sent_at is not None])
    known = {done.sync_id for done in there}
    rest = [item for item in items if item.sync_id not in known]
    return [*there, *stale(services, client, kind, rest)]


def _save(
    services: Services,
    client: MoySklad,
    kind: PostingKind,
    items: Sequence[Item],
    bodies: Sequence[dict[str, Any]],
) -> list[Saved | Refused]:
    entity = kind.value.removesuffix(".state")
    try:
        return client.save(entity, bodies)
    except (Transient, Terminal) as error:  # nothing was done
        settle(services, [Done(item.sync_id, "approved", error=str(error)) for item in items])
        raise
    except Unsure as error:
        settle(services, [Done(item.sync_id, "unsure", error=str(error)) for item in items])
        seconds = int(patience(services).total_seconds())
        raise TryLater(f"Исход отправки неизвестен: {error}", seconds=seconds) from error


def _done(item: Item, result: Saved | Refused) -> Done:
    if isinstance(result, Refused):
        code = f" (код {result.code})" if result.code else ""
        return Done(item.sync_id, "rejected", error=f"МойСклад не принял: {result.text}{code}")
    return judged(item, result.body)


def _parent_of(item: Item) -> Resolve:
    def resolve(sync_id: UUID) -> UUID:
        if item.parent is None:
            raise ValueError(f"{item.sync_id} refers to {sync_id}, which is not in the books")
        return item.parent

    return resolve
