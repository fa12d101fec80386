"""Approval: a planned document becomes one that may be sent, by the courier's policy or a person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sverka.approval import CLEAN_LINES
from sverka.audit.postings import note_approved
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.posting.errors import PlanChanged
from sverka.posting.intents import split_of
from sverka.posting.ledger import planned, try_again
from sverka.recognition.known import known_couriers
from sverka.services import Services

POLICY = "policy"
"""Who approved what no person did."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approves, when, and exactly which plan; a policy names none."""

    by: str
    at: datetime
    seal: str | None = None


def approve(services: Services, file_id: int, by: str, *, seal: str | None = None) -> int:
    """Approves the file's planned documents; returns how many.

    Without `seal` it is the policy's approval: only what each courier's terms let go by itself.
    With it a person approves exactly the plan whose `Planned.seal` this is. A courier in dry run
    is never approved, nor what was planned in one. `by` is who answers for it and is stored with
    every document. What was refused in an earlier run is tried once more as it was approved.

    Raises:
        PlanChanged: the plan is another one than the person looked at; nothing is approved.
    """
    couriers = known_couriers(services)
    # Under the account's lock, so that no planning withdraws what is being approved.
    with services.hold("account"), services.connect() as conn:
        return approve_in(conn, couriers, file_id, Approval(by, services.clock(), seal))


def approve_in(conn: Connection, couriers: Couriers, file_id: int, given: Approval) -> int:
    """The same inside the caller's transaction; the caller holds the account's lock."""
    if given.seal is not None and planned(conn, file_id).seal != given.seal:
        raise PlanChanged(f"file {file_id}: the plan changed after it was shown; look again")
    only, sent = None, live(couriers)
    if given.seal is None and any(_asks(couriers, code) for code in _codes(conn, file_id, sent)):
        only = split_of(conn, file_id, couriers).by_itself
    try_again(conn, file_id, given.by, given.at)
    approved = _approved(conn, file_id, sent, only, given)
    note_approved(conn, approved, by=given.by, seal=given.seal, now=given.at)
    return len(approved)


def live(couriers: Couriers) -> list[str]:
    """The couriers of whom anything is sent to MoySklad."""
    return [courier.code for courier in couriers if not courier.dry_run]


def _asks(couriers: Couriers, code: str) -> bool:
    """Whether not simply everything of this courier goes by itself."""
    policy = couriers.get(code).approval
    return policy.word != CLEAN_LINES or policy.forbids


def _codes(conn: Connection, file_id: int, couriers: list[str]) -> list[str]:
    """Of these couriers, those that something is planned of."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select distinct courier from posting "
            "where file_id = %s and state = 'planned' and courier = any(%s)",
            (file_id, couriers),
        )
        return [code for (code,) in cursor.fetchall()]


def _approved(
    conn: Connection,
    file_id: int,
    couriers: Collection[str],
    only: Collection[UUID] | None,
    given: Approval,
) -> list[UUID]:
    """Approves the planned documents of these couriers, or `only` some of them."""
    with conn.cursor() as cursor:
        cursor.execute(
            "update posting set state = 'approved', approved_by = %s, approved_at = %s "
            "where file_id = %s and state = 'planned' and not dry_run and courier = any(%s) "
            "and (%s or sync_id = any(%s::uuid[])) returning sync_id::text",
            (
                *(given.by, given.at, file_id, list(couriers)),
                *(only is None, [str(one) for one in only or ()]),
            ),
        )
        return [UUID(row[0]) for row in cursor.fetchall()]
