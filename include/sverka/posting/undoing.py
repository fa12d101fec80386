"""Takes back postings that somebody asked to take back, each exactly once.

Before every call the document is looked at and the intention is committed. Both a deletion and a
change of state are named by ids, so doing one twice does nothing new: after a lost answer the look
says what is left to do, and nothing has to wait until MoySklad gives up a request.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sverka.errors import TryLater
from sverka.moysklad.client import MoySklad, Refused, Saved
from sverka.moysklad.documents import StateChange
from sverka.moysklad.errors import Terminal, Transient, Unsure
from sverka.moysklad.wire import id_of, reference, state_reference
from sverka.nouns import PostingKind
from sverka.posting.outbox import STATE_KINDS
from sverka.posting.recover import recover
from sverka.posting.undoing_ledger import (
    Settled,
    files_in_doubt,
    mark_sending,
    settle,
    take_back_unsent,
    taken_back,
)
from sverka.posting.undoing_look import Look, Seen, look
from sverka.posting.undoing_targets import STAGES, Target, targets
from sverka.recognition.known import known_couriers
from sverka.services import Services

LOOK_AGAIN_SECONDS = 30

CHUNK = 100
"""Documents per look and per deletion: as many ids as a filter takes."""

# MoySklad docs, «Ошибки»: 1021 is «объект не найден».
NOT_FOUND = 1021

DRY_RUN = (
    "Курьер в пробном режиме: в МоёмСкладе ничего не меняем. Выключите пробный режим и повторите "
    "отмену."
)
OTHER_STATE = "МойСклад не вернул прежний статус. Поменяйте статус сами и повторите отмену."


@dataclass(frozen=True, slots=True)
class Undoing:
    """One undo at work; `by` is who asked for it."""

    services: Services
    client: MoySklad
    undo_id: int
    by: str

    def settle(self, settled: Sequence[Settled]) -> None:
        settle(self.services, settled, by=self.by)


def take_back(undoing: Undoing) -> None:
    """Takes back everything that was intended for this undo. The caller holds the account's lock.

    Raises:
        TryLater: something is unsure, or MoySklad is away; doing it again continues.
        Terminal: MoySklad refuses to talk to us at all; what was taken back is written down.
    """
    services = undoing.services
    with services.connect() as conn:
        files = files_in_doubt(conn, undoing.undo_id)
    for file_id in files:
        recover(services, undoing.client, file_id)
    with services.connect() as conn:
        take_back_unsent(conn, undoing.undo_id, undoing.by, services.clock())
    live = _live(services)
    for kind in STAGES:
        with services.connect() as conn:
            wanted = targets(conn, undoing.undo_id, kind)
        dry = [one for one in wanted if one.courier not in live]
        undoing.settle([Settled(one.sync_id, "kept", DRY_RUN) for one in dry])
        wanted = [one for one in wanted if one.courier in live]
        for start in range(0, len(wanted), CHUNK):
            _stage(undoing, kind, wanted[start : start + CHUNK])


def looked_through(
    services: Services, stages: Mapping[PostingKind, Sequence[Target]]
) -> list[Seen]:
    """What `take_back` would find now, stage by stage; changes nothing.

    Raises:
        Transient: MoySklad does not answer.
    """
    live = _live(services)
    found: list[Seen] = []
    going: set[UUID] = set()
    booked: set[UUID | None] = set()
    for kind, stage in stages.items():
        wanted = [replace(one, order_still_booked=one.order_id in booked) for one in stage]
        seen = [Seen(one, Look.KEPT, DRY_RUN) for one in wanted if one.courier not in live]
        seen += look(services.moysklad(), kind, [o for o in wanted if o.courier in live], going)
        going |= {one.target.moysklad_id for one in seen if one.look is not Look.KEPT}
        if kind in {PostingKind.PAYMENTIN, PostingKind.SALESRETURN}:
            booked |= {one.target.order_id for one in seen if one.look is Look.KEPT}
        found += seen
    return found


def _live(services: Services) -> set[str]:
    return {courier.code for courier in known_couriers(services) if not courier.dry_run}


def _stage(undoing: Undoing, kind: PostingKind, wanted: Sequence[Target]) -> None:
    services = undoing.services
    with services.connect() as conn:
        going = taken_back(conn, undoing.undo_id)
    seen = look(undoing.client, kind, wanted, going)
    undoing.settle([_looked(one) for one in seen if one.look is not Look.OURS])
    ours = {one.target.sync_id: one for one in seen if one.look is Look.OURS}
    marked = mark_sending(services, list(ours))
    going_now = [one for sync_id, one in ours.items() if sync_id in marked]
    if going_now:
        undoing.settle(_called(undoing, kind, going_now))


def _looked(seen: Seen) -> Settled:
    if seen.look is Look.KEPT:
        return Settled(seen.target.sync_id, "kept", seen.words, seen.link)
    # After a lost answer it is gone because of us.
    words = None if seen.target.tried else seen.words or None
    return Settled(seen.target.sync_id, "done", words, seen.link)


def _called(undoing: Undoing, kind: PostingKind, seen: Sequence[Seen]) -> list[Settled]:
    """The call itself and what became of each element."""
    call = _restored if kind in STATE_KINDS else _deleted
    try:
        return list(call(undoing.client, kind, seen))
    except (Transient, Terminal):  # nothing was done
        undoing.settle([Settled(one.target.sync_id, "planned") for one in seen])
        raise
    except Unsure as error:
        undoing.settle([Settled(one.target.sync_id, "unsure") for one in seen])
        raise TryLater(f"Исход отмены неизвестен: {error}", seconds=LOOK_AGAIN_SECONDS) from error


def _deleted(client: MoySklad, kind: PostingKind, seen: Sequence[Seen]) -> Iterator[Settled]:
    results = client.delete(kind.value, [one.target.moysklad_id for one in seen])
    for one, result in zip(seen, results, strict=True):
        if isinstance(result, Refused) and result.code != NOT_FOUND:
            yield Settled(one.target.sync_id, "kept", _refused(result), one.link)
        else:
            yield Settled(one.target.sync_id, "done", link=one.link)


def _restored(client: MoySklad, kind: PostingKind, seen: Sequence[Seen]) -> Iterator[Settled]:
    entity = kind.value.removesuffix(".state")
    bodies = [_body(client, entity, one.target) for one in seen]
    for one, result in zip(seen, client.save(entity, bodies), strict=True):
        yield _after(one, result)


def _body(client: MoySklad, entity: str, target: Target) -> dict[str, object]:
    """The former state; MoySklad docs, «Обновление объекта»: null clears a reference."""
    if not isinstance(target.document, StateChange):
        raise TypeError(f"{target.kind} {target.sync_id} is not a change of state")
    previous = target.previous_state
    state = state_reference(client.base_url, entity, previous) if previous else None
    return {**reference(client.base_url, entity, target.moysklad_id), "state": state}


def _after(seen: Seen, result: Saved | Refused) -> Settled:
    target = seen.target
    if isinstance(result, Refused):
        if result.code == NOT_FOUND:
            return Settled(target.sync_id, "done", link=seen.link)
        return Settled(target.sync_id, "kept", _refused(result), seen.link)
    present = id_of(result.body["state"]) if "state" in result.body else None
    if present != target.previous_state:
        return Settled(target.sync_id, "kept", OTHER_STATE, seen.link)
    return Settled(target.sync_id, "done", link=seen.link)


def _refused(result: Refused) -> str:
    code = f" (код {result.code})" if result.code else ""
    return f"МойСклад не дал отменить: {result.text}{code}. Устраните причину и повторите отмену."
