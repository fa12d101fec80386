"""After a lost answer: what MoySklad shows is posted, the rest waits until nothing can come any more."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg2.extras import Json

from sverka.errors import TryLater
from sverka.moysklad.documents import Ref, StateChange, StateRef, to_stored
from sverka.posting.recover import patience, recover
from sverka.services import Services
from sverka.settings import MoySkladConnection
from tests.posting.test_answers import BODY, ITEM
from tests.posting.test_undoing_compare import SUPPLY
from tests.support.books import Books
from tests.support.shelf import Shelf, meta, uid

WAIT = 330
"""An answer may take 300 s, and half a minute more."""


class Account(Shelf):
    """MoySklad with some of our payments; `looked_up` are the questions it was asked."""

    def __init__(self, *there: UUID, total: int = 150_000) -> None:
        super().__init__(customerorder=(("Новый", "Regular"), ("Выполнен", "Successful")))
        self._there, self._total = set(there), total
        self.looked_up: list[tuple[str, list[UUID]]] = []

    def find_by_sync_ids(self, entity: str, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
        self.looked_up.append((entity, list(ids)))
        found = [one for one in ids if one in self._there]
        return {one: BODY | {"syncId": str(one), "sum": self._total} for one in found}


def recovered(services: Services, account: Account, file_id: int) -> int:
    """For how many seconds it wants to wait."""
    try:
        recover(services, account, file_id)  # type: ignore[arg-type]
    except TryLater as later:
        return later.seconds
    return 0


def payment(books: Books, services: Services, file_id: int, state: str, ago: int = 0) -> UUID:
    sent = services.clock() - timedelta(seconds=ago)
    stored = Json(to_stored(ITEM.document))
    return books.posting(file_id, state=state, document=stored, sent_at=sent, amount=150_000)


def state_of(books: Books, sync_id: UUID) -> str:
    [[state]] = books.run("select state from posting where sync_id = %s", sync_id)
    return str(state)


def test_an_answer_is_waited_for_as_long_as_it_may_take(services: Services, books: Books) -> None:
    assert patience(services) == timedelta(seconds=WAIT)
    quick = MoySkladConnection("https://api.example", "token", answer_seconds=7)
    object.__setattr__(services.settings, "moysklad", quick)
    assert patience(services) == timedelta(seconds=37)


@pytest.mark.parametrize("state", ["sending", "unsure"])
@pytest.mark.parametrize(
    ("ago", "waits"),
    [(0, WAIT), (0.4, WAIT), (WAIT - 1, 1), (WAIT - 0.4, 1), (WAIT, 0), (WAIT + 1, 0)],
)
def test_what_is_not_there_is_sent_again_only_when_it_cannot_come_any_more(
    services: Services, books: Books, state: str, ago: float, waits: int
) -> None:
    file_id = books.file()
    sync_id = payment(books, services, file_id, state, ago)  # type: ignore[arg-type]
    assert recovered(services, Account(), file_id) == waits
    assert state_of(books, sync_id) == (state if waits else "approved")


def test_what_is_there_is_posted_at_once_and_the_longest_wait_is_asked_for(
    services: Services, books: Books
) -> None:
    file_id, other = books.file(), books.file()
    there = payment(books, services, file_id, "unsure")
    young = payment(books, services, file_id, "unsure", ago=30)
    old = payment(books, services, file_id, "sending", ago=130)
    late = payment(books, services, file_id, "sending", ago=WAIT)
    others = payment(books, services, other, "sending")
    account = Account(there)
    assert recovered(services, account, file_id) == WAIT - 30
    assert [state_of(books, one) for one in (there, young, old, late, others)] == [
        "posted", "unsure", "sending", "approved", "sending",
    ]  # fmt: skip
    [(entity, asked)] = account.looked_up
    assert (entity, set(asked)) == ("paymentin", {there, young, old, late})
    [[found_by]] = books.run(
        "select by from journal where kind = 'posting.posted' and file_id = %s", file_id
    )
    assert found_by == "look-up"


def test_the_longest_wait_of_all_kinds_counts(services: Services, books: Books) -> None:
    file_id = books.file()
    payment(books, services, file_id, "unsure", ago=30)
    sent = services.clock() - timedelta(seconds=200)
    fees = Json(to_stored(SUPPLY.document))
    books.posting(file_id, "supply", state="unsure", document=fees, sent_at=sent)
    assert recovered(services, Account(), file_id) == WAIT - 30


def test_a_document_that_is_not_the_one_we_meant_is_failed(
    services: Services, books: Books
) -> None:
    file_id = books.file()
    sync_id = payment(books, services, file_id, "unsure")
    assert recovered(services, Account(sync_id, total=1), file_id) == 0
    assert state_of(books, sync_id) == "failed"


@pytest.mark.parametrize(
    ("shown", "ago", "becomes", "waits"),
    [
        ("Выполнен", 0, "posted", 0),
        ("Новый", 0, "unsure", WAIT),
        ("Новый", WAIT, "approved", 0),
        (None, 0, "failed", 0),
    ],
)
def test_a_state_is_looked_up_at_its_order(
    services: Services, books: Books, shown: str | None, ago: int, becomes: str, waits: int
) -> None:
    file_id, account = books.file(), Account()
    target = StateRef("customerorder", uid("Выполнен"))
    change = Json(to_stored(StateChange(uid("close"), Ref("customerorder", uid("order")), target)))
    sent = services.clock() - timedelta(seconds=ago)
    row = {"state": "unsure", "document": change, "sent_at": sent, "attempts": 1}
    sync_id = books.posting(
        file_id, "customerorder.state", previous_state_id=str(uid("Новый")), **row
    )
    if shown:
        account.put("customerorder", uid("order"), name="1", state=meta("state", shown))
    assert recovered(services, account, file_id) == waits
    assert state_of(books, sync_id) == becomes
    assert account.looked_up == []


def test_nothing_in_doubt_asks_moysklad_nothing(services: Services, books: Books) -> None:
    file_id, account = books.file(), Account()
    payment(books, services, file_id, "approved")
    payment(books, services, file_id, "posted")
    assert recovered(services, account, file_id) == 0
    assert (account.looked_up, account.asked) == ([], [])


def test_what_is_being_sent_without_a_time_is_never_sent_again(
    services: Services, books: Books
) -> None:
    file_id = books.file()
    sync_id = payment(books, services, file_id, "sending")
    books.run("update posting set sent_at = null where sync_id = %s", sync_id)
    with pytest.raises(ValueError, match="no time of sending"):
        recovered(services, Account(), file_id)
    assert state_of(books, sync_id) == "sending"
