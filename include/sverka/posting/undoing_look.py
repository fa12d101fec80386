"""The look before anything is taken back: does it still stand there, and is it still only ours."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sverka.moysklad.client import MoySklad
from sverka.moysklad.documents import StateChange
from sverka.moysklad.wire import equals, id_of
from sverka.nouns import PostingKind
from sverka.posting.outbox import STATE_KINDS
from sverka.posting.undoing_compare import changed
from sverka.posting.undoing_targets import Target

# 100 ids of 36 characters keep the URL under MoySklad's limit of 8 KB, and expanded lists have at
# most 100 rows (MoySklad docs, «Замена ссылок объектами»).
AT_ONCE = 100
WITH_POSITIONS = (PostingKind.SUPPLY, PostingKind.SALESRETURN)

TRASHED = "Уже в корзине МоегоСклада: удалили не мы."
ABSENT = "Документа в МоёмСкладе больше нет: удалили не мы."
NOT_OURS = "Этот статус стоял и до нас: менять нечего."
CHANGED_SINCE = "Статус потом изменили. Оставляем тот, что стоит сейчас."
STILL_BOOKED = (
    "Оплата или возврат по этому заказу остались в МоёмСкладе, поэтому статус прежний. Разберитесь с "
    "ними и повторите отмену."
)
NO_SUCH_STATE = "Статуса, который стоял до нас, в МоёмСкладе больше нет. Выберите статус сами и повторите отмену."


class Look(StrEnum):
    """What the look says of a target."""

    OURS = "ours"
    """It stands there as we put it, and may be taken back."""
    GONE = "gone"
    """Nothing of ours stands there any more; there is nothing to do."""
    KEPT = "kept"
    """Somebody built on it; only a person may decide."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A target after the look; `words` say in Russian why it is not `OURS`."""

    target: Target
    look: Look
    words: str = ""
    link: str | None = None


def look(
    client: MoySklad, kind: PostingKind, targets: Sequence[Target], going: Collection[UUID] = ()
) -> list[Seen]:
    """Looks at targets of one kind. `going` are documents that this undo takes back, too.

    Raises:
        Transient: MoySklad does not answer; nothing was done.
    """
    if kind in STATE_KINDS:
        return list(_states(client, kind, targets))
    return list(_documents(client, kind, targets, going))


def _documents(
    client: MoySklad, kind: PostingKind, targets: Sequence[Target], going: Collection[UUID]
) -> Iterator[Seen]:
    expand = ["positions"] if kind in WITH_POSITIONS else []
    bodies = _read(client, kind.value, [one.moysklad_id for one in targets], expand)
    for target in targets:
        found = bodies.get(target.moysklad_id)
        if found is None:
            yield Seen(target, Look.GONE, ABSENT)
        elif found.get("deleted"):
            yield Seen(target, Look.GONE, TRASHED)
        else:
            words = changed(target, found, client.base_url, going)
            link = _link(found)
            yield (
                Seen(target, Look.KEPT, _sentence(words), link)
                if words
                else Seen(target, Look.OURS, link=link)
            )


def _states(client: MoySklad, kind: PostingKind, targets: Sequence[Target]) -> Iterator[Seen]:
    entity = kind.value.removesuffix(".state")
    bodies = _read(client, entity, [one.moysklad_id for one in targets], [])
    known = cache(lambda: set(client.states(entity).values()))
    for target in targets:
        found = bodies.get(target.moysklad_id)
        if found is None or found.get("deleted"):
            yield Seen(target, Look.GONE, ABSENT if found is None else TRASHED)
            continue
        look, words = _state(target, found)
        if look is Look.OURS and target.previous_state not in {None, *known()}:
            look, words = Look.KEPT, NO_SUCH_STATE
        yield Seen(target, look, words, _link(found))


def _state(target: Target, found: dict[str, Any]) -> tuple[Look, str]:
    present = id_of(found["state"]) if "state" in found else None
    if not isinstance(target.document, StateChange):
        raise TypeError(f"{target.kind} {target.sync_id} is not a change of state")
    if not target.ours_set_it:
        return Look.GONE, NOT_OURS
    if present == target.previous_state:
        return Look.GONE, ""
    if present != target.document.state.id:
        return Look.GONE, CHANGED_SINCE
    return (Look.KEPT, STILL_BOOKED) if target.order_still_booked else (Look.OURS, "")


def _read(
    client: MoySklad, entity: str, ids: Sequence[UUID], expand: Sequence[str]
) -> dict[UUID, dict[str, Any]]:
    """The documents by id, also those in the bin; what is not there at all is left out.

    A list leaves out the bin and what the user may not see, so what it lacks is asked for by
    itself: only MoySklad's own «not found» counts as gone.
    """
    found: dict[UUID, dict[str, Any]] = {}
    for start in range(0, len(ids), AT_ONCE):
        chunk = list(dict.fromkeys(ids[start : start + AT_ONCE]))
        filters = [equals("id", str(one)) for one in chunk]
        rows = client.rows(entity, filters=filters, expand=expand)
        found |= {UUID(row["id"]): _whole(client, entity, row, expand) for row in rows}
        if all(one in found for one in chunk):
            continue
        for row in client.rows(entity, filters=["isDeleted=true", *filters]):
            found.setdefault(UUID(row["id"]), {"deleted": True} | row)
        for one in chunk:
            if one not in found and (body := client.get(entity, one, expand=expand)) is not None:
                found[one] = _whole(client, entity, body, expand)
    return found


def _whole(
    client: MoySklad, entity: str, row: dict[str, Any], expand: Sequence[str]
) -> dict[str, Any]:
    """The row with all its positions: expanded ones stop at 100."""
    positions = row.get("positions", {})
    if not expand or len(positions.get("rows", [])) >= positions.get("meta", {}).get("size", 0):
        return row
    return row | {"positions": {"rows": list(client.rows(f"{entity}/{row['id']}/positions"))}}


def _link(found: dict[str, Any]) -> str | None:
    link: str | None = found.get("meta", {}).get("uuidHref")
    return link


def _sentence(words: str) -> str:
    return (
        f"{words[:1].upper()}{words[1:]}. Не удаляем: решите, что с ним делать, и повторите отмену."
    )
