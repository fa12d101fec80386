"""Final states of orders and demands: what stands there now, and whether a write is needed."""

from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import Any
from uuid import UUID

from sverka.moysklad.client import MoySklad
from sverka.moysklad.documents import StateChange
from sverka.moysklad.wire import equals, id_of
from sverka.posting.outbox import Done, Item

# 100 ids of 36 characters keep the URL under MoySklad's limit of 8 KB.
AT_ONCE = 100

DECIDED = (
    "После сверки кто-то уже закончил этот заказ другим статусом. Его не меняем: проверьте, какой "
    "статус верный."
)


def seen(client: MoySklad, items: Sequence[Item]) -> tuple[list[Done], dict[UUID, UUID | None]]:
    """What needs no write any more, and the present states of the rest, by syncId.

    A state that somebody has set already is posted without a write. An order or demand that is
    gone cannot be closed. A final state that came after the judgement is a person's word and
    stays; a change among the ordinary ones is not (a payment may move them by a scenario of the
    shop, and planning would have changed any of them).
    """
    bodies = dict(_read(client, items))
    done: list[Done] = []
    previous: dict[UUID, UUID | None] = {}
    final = cache(partial(_final, client))
    for item in items:
        change = change_of(item)
        body = bodies.get(change.document.id)
        if body is None:
            words = "Документа больше нет в МоёмСкладе: статус менять не у чего. Проверьте корзину."
            done.append(Done(item.sync_id, "failed", error=words))
            continue
        present = id_of(body["state"]) if "state" in body else None
        if present == change.state.id:
            done.append(
                Done(item.sync_id, "posted", change.document.id, body.get("name"), None, present)
            )
        elif present != item.previous_state and present in final(change.document.type):
            done.append(Done(item.sync_id, "failed", error=DECIDED))
        else:
            previous[item.sync_id] = present
    return done, previous


def _final(client: MoySklad, entity: str) -> set[UUID]:
    """The states that end a document: «Финальный положительный» and «Финальный отрицательный»."""
    states = client.metadata(entity).get("states", [])
    return {UUID(state["id"]) for state in states if state["stateType"] != "Regular"}


def change_of(item: Item) -> StateChange:
    """The state change of a posting of a state kind."""
    if not isinstance(item.document, StateChange):
        raise TypeError(f"{item.kind} {item.sync_id} is not a change of state")
    return item.document


def _read(client: MoySklad, items: Sequence[Item]) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """The documents that are there; a list that lacks one is no proof that it is not."""
    for start in range(0, len(items), AT_ONCE):
        refs = [change_of(item).document for item in items[start : start + AT_ONCE]]
        missing = {ref.id for ref in refs}
        for row in client.rows(refs[0].type, filters=[equals("id", str(r.id)) for r in refs]):
            missing.discard(UUID(row["id"]))
            yield UUID(row["id"]), row
        for one in sorted(missing):
            body = client.get(refs[0].type, one)
            if body is not None and not body.get("deleted"):
                yield one, body
