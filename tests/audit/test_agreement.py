"""Postings and journal are compared both ways; each way to differ has its own words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from sverka.audit.agreement import Disagreement, disagreements
from sverka.audit.journal import Event, Kind, Subject
from sverka.audit.postings import Change, note_approved, note_changes
from sverka.database.connection import connect
from tests.audit.conftest import Ledger
from tests.support.books import NOW, Books

WAY = (("approved", None), ("sending", Kind.POSTING_SENDING), ("posted", Kind.POSTING_POSTED))


@pytest.fixture
def file_id(books: Books) -> int:
    return books.file()


def posted(books: Books, file_id: int, **other: Any) -> UUID:
    """A document that went its whole way with every event."""
    moysklad_id = str(uuid4())
    sync_id = books.posting(file_id, state="planned", amount=500, fingerprint="f" * 64, **other)
    for state, kind in WAY:
        with connect(books.url) as conn, conn.cursor() as cursor:
            cursor.execute(
                "update posting set state = %s, moysklad_id = case when %s = 'posted' "
                "then %s::uuid end where sync_id = %s",
                (state, state, moysklad_id, str(sync_id)),
            )
            if kind is None:
                note_approved(conn, [sync_id], by="policy", seal=None, now=NOW)
            else:
                note_changes(conn, [Change(sync_id, kind)], by="send", now=NOW)
    return sync_id


def found(books: Books) -> list[Disagreement]:
    with connect(books.url) as conn:
        return list(disagreements(conn))


def test_a_document_with_all_its_events_agrees(books: Books, file_id: int) -> None:
    posted(books, file_id)
    assert found(books) == []


def test_a_plan_needs_no_event_of_its_own(books: Books, file_id: int) -> None:
    books.posting(file_id, state="planned")
    assert found(books) == []


Spoil = Callable[[Books, UUID], Any]
SPOILED: dict[str, tuple[str, Spoil]] = {
    "a posting without any event": (
        "no_event", lambda books, _: books.posting(books.run("select id from file")[0][0])),
    "a posting that was removed": (
        "no_posting", lambda books, one: books.run("delete from posting where sync_id = %s", one)),
    "a state set by hand": (
        "state", lambda books, one: books.run("update posting set state = 'approved' where sync_id = %s", one)),
    "a posting planned again by hand": (
        "state", lambda books, one: books.run("update posting set state = 'planned' where sync_id = %s", one)),
    "another sum": (
        "content", lambda books, one: books.run("update posting set amount = 501 where sync_id = %s", one)),
    "another content": (
        "content", lambda books, one: books.run("update posting set fingerprint = 'e' where sync_id = %s", one)),
    "another document in MoySklad": (
        "moysklad_id", lambda books, one: books.run("update posting set moysklad_id = %s where sync_id = %s", uuid4(), one)),
}  # fmt: skip


@pytest.mark.parametrize("case", SPOILED)
def test_a_disagreement_is_named(books: Books, file_id: int, case: str) -> None:
    what, spoil = SPOILED[case]
    good = posted(books, file_id)
    spoiled = posted(books, file_id)
    spoil(books, spoiled)
    [one] = found(books)
    assert one.what == what
    assert one.sync_id != good
    assert str(one.sync_id) in one.words
    assert "{" not in one.words


def test_a_posting_that_nobody_approved_is_named(books: Books, file_id: int) -> None:
    sync_id = books.posting(file_id, state="posted")
    with connect(books.url) as conn:
        note_changes(conn, [Change(sync_id, Kind.POSTING_POSTED)], by="send", now=NOW)
    assert [one.what for one in found(books)] == ["not_approved"]


def test_an_event_that_tells_no_state_changes_nothing(books: Books, file_id: int) -> None:
    sync_id = posted(books, file_id)
    kept = Event(Kind.POSTING_KEPT, Subject(sync_id=sync_id), "Анна", {"words": "изменён"}, NOW)
    Ledger(books.url).write(kept)
    assert found(books) == []


def test_a_document_approved_twice_is_held_to_its_last_approval(books: Books, file_id: int) -> None:
    sync_id = posted(books, file_id)
    books.run("update posting set state = 'approved', amount = 700 where sync_id = %s", sync_id)
    with connect(books.url) as conn:
        note_approved(conn, [sync_id], by="Анна", seal="s", now=NOW + timedelta(days=1))
    assert found(books) == []
