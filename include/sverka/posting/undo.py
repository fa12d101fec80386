"""Undo: everything that a file booked is taken back, and what cannot be is named with its reason."""

from datetime import datetime

from sverka.database.connection import Connection
from sverka.intake import ledger as files
from sverka.nouns import FileState
from sverka.payouts import rematch
from sverka.posting.ledger import note_plan, planned, withdraw
from sverka.posting.questions import UNDONE
from sverka.posting.supersede_ledger import release, unfinished
from sverka.posting.undoing import Undoing, looked_through, take_back
from sverka.posting.undoing_ledger import (
    Asked,
    approved_of,
    begin,
    finish,
    intend,
    left,
    take_back_unsent,
    without_call,
)
from sverka.posting.undoing_look import Look
from sverka.posting.undoing_snapshot import refresh
from sverka.posting.undoing_targets import STAGES, targets_among
from sverka.posting.undoing_told import Kept, Taken, Undone, counted, kept_of, told
from sverka.recognition.known import known_couriers
from sverka.services import Services
from sverka.snapshot.account import sure_of

__all__ = ["Kept", "Taken", "Undone", "preview", "undo"]


def undo(services: Services, file_id: int, by: str, *, reason: str | None = None) -> Undone:
    """Takes back all that the file booked, and keeps its run from booking more.

    Plans are withdrawn, what is approved is not sent, documents go to MoySklad's bin, states of
    orders and demands go back to what they were. What a person changed or built on stays and is
    named in the answer. May be killed at any point and repeated; repeated later, it takes back
    what was kept once the reason is gone. `by` is who asked, `reason` is in that person's words.

    Raises:
        LookupError: there is no such file.
        Misconfigured: MoySklad is another account than the one the documents are in.
        TryLater: something is unsure, or MoySklad is away; run it again after `seconds`.
        Terminal: MoySklad refuses to talk to us at all.
    """
    asked = Asked(file_id, by, reason)
    with services.hold("account"):
        undo_id, withdrawn, needed = _ask(services, asked)
        _end_exchanges(services, file_id)
        if needed:
            _take_back(services, undo_id, by)
        return _end(services, undo_id, asked, withdrawn)


def _ask(services: Services, asked: Asked) -> tuple[int, int, bool]:
    """The undo's id, how many planned documents it withdrew, whether MoySklad is needed for it."""
    with services.connect() as conn:
        undo_id, withdrawn = _begin(conn, asked, services.clock())
        rematch(conn, known_couriers(services), services.clock())
        return undo_id, withdrawn, left(conn, undo_id)


def _end_exchanges(services: Services, file_id: int) -> None:
    """Takes back to the end what the file's corrections began to take back of older reports.

    Part of it may be gone already or go any moment: left half done, rows would count as booked
    whose documents do not stand there any more. Taken back, they are free for the next run.
    """
    with services.connect() as conn:
        begun = unfinished(conn, file_id)
    for undo_id, old_file_id, by in begun:
        _take_back(services, undo_id, by)
        with services.connect() as conn:
            finish(conn, undo_id, Asked(old_file_id, by, because_of=file_id), services.clock())


def _take_back(services: Services, undo_id: int, by: str) -> None:
    client = services.moysklad()
    with services.connect() as conn:
        sure_of(conn, client.account_id())
    take_back(Undoing(services, client, undo_id, by))
    refresh(services, client, undo_id)


def _end(services: Services, undo_id: int, asked: Asked, withdrawn: int) -> Undone:
    with services.connect() as conn:
        finish(conn, undo_id, asked, services.clock())
        return told(conn, asked.file_id, undo_id, withdrawn=withdrawn)


def _begin(conn: Connection, asked: Asked, now: datetime) -> tuple[int, int]:
    """One transaction: from here on nothing more of the file is sent."""
    row = files.file_of(conn, asked.file_id)
    undo_id = begin(conn, asked, now)
    intend(conn, undo_id, approved_of(conn, asked.file_id), now)
    take_back_unsent(conn, undo_id, asked.by, now)
    before = planned(conn, asked.file_id)
    withdraw(conn, asked.file_id)
    note_plan(conn, asked.file_id, before, planned(conn, asked.file_id), now, by=UNDONE)
    release(conn, asked.file_id)
    if row.state is not FileState.UNDONE:
        files.undone(conn, asked.file_id, _reason(asked), now)
    return undo_id, sum(before.documents.values())


def _reason(asked: Asked) -> str:
    why = f" Причина: {asked.reason}" if asked.reason else ""
    return (
        f"Проведение отменил(а) {asked.by}.{why} Чтобы провести снова, положите файл ещё раз или "
        "очистите (Clear) его запуск."
    )


def preview(services: Services, file_id: int) -> Undone:
    """What `undo` would do now; changes nothing anywhere.

    Raises:
        LookupError, Misconfigured, Transient: as in `undo`.
    """
    with services.connect() as conn:
        row = files.file_of(conn, file_id)
        ids = approved_of(conn, file_id)
        stages = {kind: targets_among(conn, ids, kind) for kind in STAGES}
        unsent, unsure = without_call(conn, file_id)
        withdrawn = sum(planned(conn, file_id).documents.values())
    seen = looked_through(services, stages) if any(stages.values()) else []
    return Undone(
        file_id=file_id,
        file=row.name,
        taken=counted([one.target for one in seen if one.look is Look.OURS]),
        gone=sum(one.look is Look.GONE for one in seen),
        unsent=unsent,
        withdrawn=withdrawn,
        kept=tuple(kept_of(one) for one in seen if one.look is Look.KEPT),
        unsure=unsure,
        dry_run=True,
    )
