"""Known-bad variants of the posting code: a simulation that lets one of them live proves nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from sverka.moysklad.errors import Transient, Unsure
from sverka.posting import identity, outbox, recover, send, undoing
from sverka.posting.outbox import Done, Item


@contextmanager
def sending_is_noted_after_the_call() -> Iterator[None]:
    """`sending` is committed when the answer is there: a kill in between leaves `approved`."""
    marked = send.mark_sending
    saved = send._save

    def unmarked(_services: Any, items: Sequence[Item], _previous: Any = None) -> list[Item]:
        return list(items)

    def late(services: Any, client: Any, kind: Any, items: Any, bodies: Any) -> Any:
        results = saved(services, client, kind, items, bodies)
        marked(services, items)
        return results

    with patch.object(send, "mark_sending", unmarked), patch.object(send, "_save", late):
        yield


@contextmanager
def doubt_is_sent_again() -> Iterator[None]:
    """What nobody knows of is sent again without a look."""

    def blind(services: Any, _client: Any, file_id: int) -> None:
        for kind in outbox.ORDER:
            items = outbox.doubtful(services, file_id, kind)
            outbox.settle(services, [Done(item.sync_id, "approved") for item in items])

    with ExitStack() as stack:
        for module in (recover, send, undoing):
            stack.enter_context(patch.object(module, "recover", blind))
        yield


@contextmanager
def nobody_waits() -> Iterator[None]:
    """What is not there yet is believed never to come."""
    with patch.object(recover, "patience", lambda _services: timedelta(0)):
        yield


@contextmanager
def a_lost_answer_is_a_refusal() -> Iterator[None]:
    """After a lost answer the documents are taken for not sent."""
    saved = send._save

    class Certain:
        """A client whose every trouble says that nothing was done."""

        def __init__(self, client: Any) -> None:
            self._client = client

        def __getattr__(self, name: str) -> Any:
            return getattr(self._client, name)

        def save(self, *given: Any) -> Any:
            try:
                return self._client.save(*given)
            except Unsure as error:
                raise Transient(str(error), seconds=1) from error

    def sure(services: Any, client: Any, *rest: Any) -> Any:
        return saved(services, Certain(client), *rest)

    with patch.object(send, "_save", sure):
        yield


@contextmanager
def no_last_look() -> Iterator[None]:
    """Nobody looks whether the order was paid meanwhile."""
    with patch.object(send, "stale", lambda *_given: []):
        yield


@contextmanager
def refusals_are_overheard() -> Iterator[None]:
    """Of an array's answer only the status is looked at."""
    told = send._done

    def deaf(item: Item, result: Any) -> Done:
        if isinstance(result, send.Refused):
            return Done(item.sync_id, "posted", item.sync_id)
        return told(item, result)

    with patch.object(send, "_done", deaf):
        yield


@contextmanager
def revisions_repeat() -> Iterator[None]:
    """What was undone is booked anew under its old name."""
    named = identity._sync_id

    def same(account: Any, courier: str, key: str, kind: Any, _revision: int) -> Any:
        return named(account, courier, key, kind, 1)

    with patch.object(identity, "_sync_id", same):
        yield


@contextmanager
def undo_forgets_what_is_in_doubt() -> Iterator[None]:
    """An undo takes what was sent and not answered for never sent."""
    with patch.object(undoing, "files_in_doubt", lambda *_given: []):
        yield


SABOTEURS: dict[str, Callable[[], Any]] = {
    one.__name__: one
    for one in (
        sending_is_noted_after_the_call,
        doubt_is_sent_again,
        nobody_waits,
        a_lost_answer_is_a_refusal,
        no_last_look,
        refusals_are_overheard,
        revisions_repeat,
        undo_forgets_what_is_in_doubt,
    )
}
