"""The table `posting` while sending: what may go, what is in doubt, what gives way, file by file."""

from typing import Any
from uuid import UUID

import pytest
from psycopg2.extras import Json

from sverka.moysklad.documents import Ref, StateChange, StateRef, to_stored
from sverka.nouns import PostingKind
from sverka.posting.outbox import Done, Item, block, counts, doubtful, mark_sending, ready, settle
from sverka.services import Services
from tests.conftest import FrozenClock
from tests.posting.test_answers import ITEM
from tests.support.books import Books
from tests.support.shelf import uid

IN, CLOSE = PostingKind.PAYMENTIN, PostingKind.CUSTOMERORDER_STATE
STATES = ("planned", "approved", "sending", "posted", "unsure", "rejected", "failed", "reversed")


@pytest.fixture
def books(database_url: str) -> Books:
    return Books(database_url)


def payment(books: Books, file_id: int, state: str, **other: Any) -> UUID:
    stored = Json(to_stored(ITEM.document))
    return books.posting(file_id, "paymentin", state=state, document=stored, **other)


def item_of(services: Services, file_id: int, sync_id: UUID) -> Item:
    [item] = [one for one in ready(services, file_id, IN, ["gorod"]) if one.sync_id == sync_id]
    return item


def row(books: Books, sync_id: UUID, *columns: str) -> tuple[Any, ...]:
    [found] = books.run(
        f"select {', '.join(columns)} from posting where sync_id = %s", str(sync_id)
    )
    return found


@pytest.mark.parametrize("read", [counts, doubtful, ready])
def test_a_file_sees_its_own_documents(services: Services, books: Books, read: Any) -> None:
    mine, other = books.file(), books.file()
    ids = {state: payment(books, mine, state) for state in STATES}
    for state in STATES:
        payment(books, other, state)
    found = {
        counts: lambda: counts(services, mine),
        doubtful: lambda: {one.sync_id for one in doubtful(services, mine, IN)},
        ready: lambda: [one.sync_id for one in ready(services, mine, IN, ["gorod"])],
    }[read]()
    assert (
        found
        == {
            counts: dict.fromkeys(STATES, 1),
            doubtful: {ids["sending"], ids["unsure"]},
            ready: [ids["approved"]],
        }[read]
    )


def test_only_documents_of_the_kind_and_of_live_couriers_are_ready(
    services: Services, books: Books
) -> None:
    file_id = books.file()
    approved = payment(books, file_id, "approved")
    assert ready(services, file_id, PostingKind.SUPPLY, ["gorod"]) == []
    assert ready(services, file_id, IN, ["other"]) == []
    assert [one.sync_id for one in ready(services, file_id, IN, ["other", "gorod"])] == [approved]


def test_a_child_waits_until_its_parent_is_in_the_books(services: Services, books: Books) -> None:
    file_id = books.file()
    parents = {state: books.posting(file_id, "supply", state=state) for state in STATES}
    children = {
        state: payment(books, file_id, "approved", depends_on=parent)
        for state, parent in parents.items()
    }
    [found] = ready(services, file_id, IN, ["gorod"])
    assert found.sync_id == children["posted"]
    assert str(found.parent) == row(books, parents["posted"], "moysklad_id::text")[0]


@pytest.mark.parametrize("kind", ["paymentin", "salesreturn", "supply", "paymentout"])
def test_an_order_closes_when_its_money_and_returns_are_in(
    services: Services, books: Books, kind: str
) -> None:
    file_id, other = books.file(), books.file()
    closes = {}
    for state in STATES:
        own = {"order_id": str(uid(f"order {state}"))}
        change = Json(to_stored(closing(state)))
        closes[state] = books.posting(
            file_id, CLOSE.value, state="approved", document=change, **own
        )
        books.posting(file_id, kind, state=state, **own)
        # Another file's documents of the order hold nothing.
        books.posting(other, kind, state="failed", **own)
    counts_for_it = kind in ("paymentin", "salesreturn")
    free = {"posted", "reversed"} if counts_for_it else set(STATES)
    found = {one.sync_id for one in ready(services, file_id, CLOSE, ["gorod"])}
    assert found == {closes[state] for state in free}
    block(services, file_id)
    blocked = {state for state in STATES if row(books, closes[state], "state") == ("failed",)}
    assert blocked == ({"rejected", "failed"} if counts_for_it else set())


def closing(order: str) -> StateChange:
    document = Ref("customerorder", uid(f"order {order}"))
    return StateChange(uid(f"close {order}"), document, StateRef("customerorder", uid("Выполнен")))


def test_what_depends_on_a_refused_document_is_failed_with_words(
    services: Services, books: Books
) -> None:
    file_id = books.file()
    for state in STATES:
        parent = books.posting(file_id, "supply", state=state)
        child = payment(books, file_id, "approved", depends_on=parent)
        posted = payment(books, file_id, "posted", depends_on=parent)
        block(services, file_id)
        found, error = row(books, child, "state", "error")
        assert found == ("failed" if state in ("rejected", "failed") else "approved")
        assert ("(supply)" in (error or "")) == (found == "failed")
        assert row(books, posted, "state") == ("posted",)


def test_only_one_run_takes_a_document(
    services: Services, books: Books, clock: FrozenClock
) -> None:
    file_id = books.file()
    approved = payment(books, file_id, "approved", error="an older one")
    item = item_of(services, file_id, approved)
    previous = {approved: uid("Отгружен")}
    assert mark_sending(services, [item], previous) == [item]
    assert mark_sending(services, [item]) == []
    columns = ("state", "attempts", "sent_at", "error", "previous_state_id::text")
    sent = ("sending", 1, clock.now, None, str(uid("Отгружен")))
    assert row(books, approved, *columns) == sent


def test_a_second_try_counts_and_keeps_the_state_that_was_there_before_the_first(
    services: Services, books: Books
) -> None:
    file_id = books.file()
    kept = str(uid("Новый"))
    approved = payment(books, file_id, "approved", attempts=1, previous_state_id=kept)
    mark_sending(services, [item_of(services, file_id, approved)])
    assert row(books, approved, "attempts", "previous_state_id::text") == (2, kept)


def test_whoever_comes_late_changes_nothing(
    services: Services, books: Books, clock: FrozenClock
) -> None:
    file_id = books.file()
    for state in STATES:
        settles_only_what_is_open(services, books, clock, payment(books, file_id, state), state)


def settles_only_what_is_open(
    services: Services, books: Books, clock: FrozenClock, sync_id: UUID, state: str
) -> None:
    there = row(books, sync_id, "state", "moysklad_id::text", "error")
    settle(services, [Done(sync_id, "posted", uid("document"), "00042", link="https://one")])
    now = row(books, sync_id, "state", "moysklad_id::text", "error")
    if state in ("approved", "sending", "unsure"):
        assert now == ("posted", str(uid("document")), None)
        assert row(books, sync_id, "moysklad_name", "posted_at") == ("00042", clock.now)
    else:
        assert now == there


@pytest.mark.parametrize(
    ("attempts", "known", "seen", "kept"),
    [
        (0, "Новый", "Отгружен", "Отгружен"),  # found there without a write
        (0, "Новый", None, "Новый"),
        (1, "Новый", "Выполнен", "Новый"),  # our own write must not pass for what was before
        (1, None, "Отгружен", "Отгружен"),
    ],
)
def test_the_state_before_ours_is_remembered(
    services: Services, books: Books, attempts: int, known: str | None, seen: str | None, kept: str
) -> None:
    before = str(uid(known)) if known else None
    sync_id = payment(books, books.file(), "sending", attempts=attempts, previous_state_id=before)
    settle(
        services, [Done(sync_id, "posted", uid("x"), previous_state=uid(seen) if seen else None)]
    )
    assert row(books, sync_id, "previous_state_id::text") == (str(uid(kept)),)


def test_what_is_not_posted_has_no_time_of_posting(services: Services, books: Books) -> None:
    sync_id = payment(books, books.file(), "sending", posted_at=None)
    settle(services, [Done(sync_id, "rejected", error="Нет")])
    assert row(books, sync_id, "state", "error", "posted_at") == ("rejected", "Нет", None)
    settle(services, [])
