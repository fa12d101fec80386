"""Which documents a corrected report takes back: those of the rows that differ, and no others."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sverka.database.connection import Connection
from sverka.nouns import PostingKind
from sverka.posting.outbox import STATE_KINDS
from sverka.posting.supersede_lines import Booking, Difference
from sverka.posting.undoing import looked_through
from sverka.posting.undoing_look import Look, Seen
from sverka.posting.undoing_targets import STAGES, targets_among
from sverka.services import Services

MONEY = (PostingKind.PAYMENTIN.value, PostingKind.SALESRETURN.value)


@dataclass(frozen=True, slots=True)
class Scope:
    """What goes: `sent` was approved at least once, `planned` never was.

    `held` are lines that stay as they were booked, because people changed one of their documents.
    `seen` are the documents that stand in MoySklad: what goes, and what holds a line.
    """

    sent: tuple[UUID, ...]
    planned: tuple[UUID, ...]
    held: frozenset[UUID]
    seen: tuple[Seen, ...]


def scope_of(services: Services, conn: Connection, difference: Difference) -> Scope:
    """Looks at the documents in MoySklad first: a row goes whole or stays whole.

    Raises:
        Transient: MoySklad does not answer; nothing was done.
    """
    bookings = difference.bookings
    keys = _differing(difference)
    going = _documents(bookings, keys)
    stages = {kind: targets_among(conn, sorted(going), kind) for kind in STAGES}
    seen = looked_through(services, stages) if any(stages.values()) else []
    touched = {
        one.target.sync_id
        for one in seen
        if one.look is Look.KEPT and one.target.kind not in STATE_KINDS
    }
    held = _held(bookings, keys, going, touched)
    keys -= held
    going = _documents(bookings, keys) - _of_orders(bookings, held)
    going -= {one.sync_id for one in bookings if one.line_key in held}
    planned = {one.sync_id for one in bookings if one.state == "planned"}
    return Scope(
        sent=tuple(sorted(going - planned)),
        planned=tuple(sorted(going & planned)),
        held=frozenset(held),
        seen=tuple(one for one in seen if one.target.sync_id in going | touched),
    )


def _differing(difference: Difference) -> set[UUID]:
    """The lines whose documents go, and those that would be left half booked otherwise."""
    bookings = difference.bookings
    unfinished = {one.line_key for one in bookings if one.state != "posted"}
    keys = set(difference.changed | difference.removed | unfinished)
    while True:
        shared = {one.sync_id for one in bookings if one.shared and one.line_key in keys}
        # A shared document is made anew from the corrected file's lines. One of them that has
        # documents of its own is never planned again in part, so it goes whole.
        more = {one.line_key for one in bookings if one.sync_id in shared}
        more = {one.line_key for one in bookings if one.own and one.line_key in more} - keys
        if not more:
            return keys
        keys |= more


def _documents(bookings: Iterable[Booking], keys: set[UUID]) -> set[UUID]:
    """The documents of these lines, with the states of the orders that lose money or a return."""
    listed = list(bookings)
    going = {one.sync_id for one in listed if one.line_key in keys}
    orders = {one.order_id for one in listed if one.sync_id in going and one.kind in MONEY}
    return going | {
        one.sync_id for one in listed if one.order_id in orders and one.kind.endswith(".state")
    }


def _held(
    bookings: Iterable[Booking], keys: set[UUID], going: set[UUID], touched: set[UUID]
) -> set[UUID]:
    """The lines that a touched document holds, directly or through a document they share."""
    listed = [one for one in bookings if one.sync_id in going and one.line_key in keys]
    documents: dict[UUID, set[UUID]] = defaultdict(set)
    lines: dict[UUID, set[UUID]] = defaultdict(set)
    for one in listed:
        documents[one.line_key].add(one.sync_id)
        lines[one.sync_id].add(one.line_key)
    held: set[UUID] = set()
    todo = {key for document in touched for key in lines[document]}
    while todo:
        key = todo.pop()
        held.add(key)
        shared = {d for d in documents[key] if len(lines[d]) > 1}
        todo |= {other for document in shared for other in lines[document]} - held
    return held


def _of_orders(bookings: Iterable[Booking], held: set[UUID]) -> set[UUID]:
    """The states of orders that keep money of a held line."""
    listed = list(bookings)
    orders = {one.order_id for one in listed if one.line_key in held and one.kind in MONEY}
    return {one.sync_id for one in listed if one.order_id in orders and one.kind.endswith(".state")}
