"""Approval: a planned document becomes one that may be sent, by the courier's policy or a person."""

from uuid import UUID

from sverka.audit.postings import note_approved
from sverka.posting.errors import PlanChanged
from sverka.posting.ledger import planned, try_again
from sverka.recognition.known import known_couriers
from sverka.services import Services


def approve(services: Services, file_id: int, by: str, *, seal: str | None = None) -> int:
    """Approves the file's planned documents; returns how many.

    Without `seal` it is the policy's approval: only couriers whose clean lines need no person.
    With it a person approves exactly the plan whose `Planned.seal` this is. A courier in dry run
    is never approved, nor what was planned in one. `by` is who answers for it and is stored with
    every document. What was refused in an earlier run is tried once more as it was approved.

    Raises:
        PlanChanged: the plan is another one than the person looked at; nothing is approved.
    """
    couriers = known_couriers(services)
    # Under the account's lock, so that no planning withdraws what is being approved.
    with services.hold("account"), services.connect() as conn:
        if seal is not None and planned(conn, file_id).seal != seal:
            raise PlanChanged(f"file {file_id}: the plan changed after it was shown; look again")
        allowed = [
            courier.code
            for courier in couriers
            if not courier.dry_run and (seal is not None or courier.approval != "nothing")
        ]
        now = services.clock()
        try_again(conn, file_id, by, now)
        with conn.cursor() as cursor:
            cursor.execute(
                "update posting set state = 'approved', approved_by = %s, approved_at = %s "
                "where file_id = %s and state = 'planned' and not dry_run and courier = any(%s) "
                "returning sync_id::text",
                (by, now, file_id, allowed),
            )
            approved = [UUID(row[0]) for row in cursor.fetchall()]
        note_approved(conn, approved, by=by, seal=seal, now=now)
        return len(approved)
