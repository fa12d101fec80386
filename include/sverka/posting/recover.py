"""After a kill or a lost answer: what was sent is looked up, never sent again blindly."""

from collections.abc import Sequence
from datetime import timedelta

from sverka.errors import TryLater
from sverka.moysklad.client import MoySklad
from sverka.nouns import PostingKind
from sverka.posting import closing
from sverka.posting.answers import judged
from sverka.posting.outbox import ORDER, STATE_KINDS, Done, Item, doubtful, settle
from sverka.services import Services

# MoySklad docs, «Первые шаги»: an answer may take 300 s; clocks and queues get half a minute more.
MARGIN_SECONDS = 30
DEFAULT_ANSWER_SECONDS = 300


def patience(services: Services) -> timedelta:
    """How long after sending a document may still appear in MoySklad."""
    connection = services.settings.moysklad
    seconds = connection.answer_seconds if connection else DEFAULT_ANSWER_SECONDS
    return timedelta(seconds=seconds + MARGIN_SECONDS)


def recover(services: Services, client: MoySklad, file_id: int) -> None:
    """Settles every document of the file whose outcome nobody wrote down.

    What MoySklad shows is posted (or failed, when it is not what we meant). What it does not show
    may be sent again only when no answer can be on its way any more.

    Raises:
        TryLater: something is not there yet and may still come.
    """
    wait = 0
    for kind in ORDER:
        items = doubtful(services, file_id, kind)
        if not items:
            continue
        found = _closed(client, items) if kind in STATE_KINDS else looked_up(client, kind, items)
        settled = {done.sync_id for done in found}
        absent = [item for item in items if item.sync_id not in settled]
        again = [item for item in absent if _seconds_left(services, item) <= 0]
        wait = max([wait, *(_seconds_left(services, item) for item in absent)])
        settle(
            services, [*found, *(Done(item.sync_id, "approved") for item in again)], by="look-up"
        )
    if wait > 0:
        raise TryLater("МойСклад ещё может записать отправленное; проверим позже.", seconds=wait)


def looked_up(client: MoySklad, kind: PostingKind, items: Sequence[Item]) -> list[Done]:
    """What became of those of these documents that stand in MoySklad."""
    if not items:
        return []
    found = client.find_by_sync_ids(kind.value, [item.sync_id for item in items])
    return [judged(item, found[item.sync_id]) for item in items if item.sync_id in found]


def _closed(client: MoySklad, items: Sequence[Item]) -> list[Done]:
    done, _ = closing.seen(client, items)
    return done


def _seconds_left(services: Services, item: Item) -> int:
    if item.sent_at is None:
        raise ValueError(f"{item.sync_id} is being sent but has no time of sending")
    left = item.sent_at + patience(services) - services.clock()
    return -(-left // timedelta(seconds=1))
