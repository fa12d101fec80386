"""What an undo finds to take back, and the state that an order or demand had before Sverka's."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg2.extras import Json

from sverka.database.connection import Connection
from sverka.moysklad.documents import Ref, StateChange, StateRef, to_stored
from sverka.nouns import PostingKind
from sverka.posting.undoing_targets import STAGES, Target, targets, targets_among
from tests.posting.test_undoing_compare import PAYMENT, SUPPLY
from tests.support.books import NOW, Books
from tests.support.shelf import uid

IN, STATE = PostingKind.PAYMENTIN, PostingKind.CUSTOMERORDER_STATE
STATES = ("planned", "approved", "sending", "posted", "unsure", "rejected", "failed", "reversed")
WHO = "бухгалтер"


@pytest.fixture
def file_id(books: Books) -> int:
    return books.file()


def payment(books: Books, file_id: int, **other: Any) -> UUID:
    other = {"moysklad_id": uuid4(), "document": Json(to_stored(PAYMENT.document))} | other
    return books.posting(file_id, "paymentin", **other)


def closing(books: Books, file_id: int, **other: Any) -> UUID:
    order = Ref("customerorder", uid("order"))
    change = StateChange(uuid4(), order, StateRef("customerorder", uid("Выполнен")))
    return books.posting(file_id, STATE.value, document=Json(to_stored(change)), **other)


def undo(books: Books, file_id: int) -> int:
    row = {"file_id": file_id, "asked_by": WHO, "asked_at": NOW}
    return int(books.insert("undo", row, "id"))


def reversal(
    books: Books, undo_id: int, sync_id: UUID, state: str = "planned", tried: int = 0
) -> UUID:
    words = "Изменили." if state == "kept" else None
    row = {"undo_id": undo_id, "sync_id": sync_id, "state": state, "words": words}
    books.insert("reversal", row | {"planned_at": NOW, "attempts": tried})
    return sync_id


def found(conn: Connection, undo_id: int, kind: PostingKind = IN) -> list[UUID]:
    return [one.sync_id for one in targets(conn, undo_id, kind)]


def test_children_go_before_their_parents_and_states_last() -> None:
    assert [kind.value for kind in STAGES] == [
        "paymentout", "supply", "paymentin", "salesreturn", "customerorder.state", "demand.state",
    ]  # fmt: skip


def test_what_stands_in_moysklad_is_taken_back(
    books: Books, conn: Connection, file_id: int
) -> None:
    undo_id = undo(books, file_id)
    ids = {state: payment(books, file_id, state=state) for state in STATES}
    nowhere = payment(books, file_id, state="failed", moysklad_id=None)
    supply = books.posting(file_id, "supply", document=Json(to_stored(SUPPLY.document)))
    for sync_id in (*ids.values(), nowhere, supply):
        reversal(books, undo_id, sync_id)
    assert set(found(conn, undo_id)) == {ids["posted"], ids["failed"]}
    assert found(conn, undo_id, PostingKind.SUPPLY) == [supply]
    among = targets_among(conn, [*ids.values(), nowhere, supply], IN)
    assert {one.sync_id for one in among} == {ids["posted"], ids["failed"]}
    assert targets_among(conn, [nowhere], IN) == []


def test_only_what_this_undo_was_asked_for_and_has_not_left_to_a_person(
    books: Books, conn: Connection, file_id: int
) -> None:
    undo_id, other = undo(books, file_id), undo(books, file_id)
    reversal(books, other, payment(books, file_id))
    payment(books, file_id)
    open_ = [
        reversal(books, undo_id, payment(books, file_id), state)
        for state in ("planned", "sending", "unsure", "done")
    ]
    reversal(books, undo_id, payment(books, file_id), "kept")
    assert set(found(conn, undo_id)) == set(open_)


def test_a_target_says_all_that_taking_it_back_needs(
    books: Books, conn: Connection, file_id: int
) -> None:
    undo_id = undo(books, file_id)
    parent, order, document = uuid4(), uuid4(), uuid4()
    supply = books.posting(file_id, "supply", moysklad_id=parent)
    facts = {"moysklad_id": document, "moysklad_name": "00042", "amount": 70_000}
    sync_id = payment(books, file_id, depends_on=supply, order_id=order, **facts)
    tried = reversal(books, undo_id, payment(books, file_id), tried=1)
    reversal(books, undo_id, sync_id)
    [one] = [one for one in targets(conn, undo_id, IN) if one.sync_id == sync_id]
    assert one == Target(
        sync_id,
        IN,
        PAYMENT.document,
        70_000,
        "gorod",
        document,
        "00042",
        order_id=order,
        parent=parent,
        order_still_booked=False,
        tried=False,
    )
    [bare] = [one for one in targets(conn, undo_id, IN) if one.sync_id == tried]
    assert (bare.tried, bare.order_id, bare.parent, bare.previous_state) == (True, None, None, None)
    assert [one.tried for one in targets_among(conn, [tried], IN)] == [False]


@pytest.mark.parametrize("kind", ["paymentin", "salesreturn", "supply"])
@pytest.mark.parametrize("state", STATES)
def test_an_order_stays_closed_while_money_or_a_return_of_this_undo_stands(
    books: Books, conn: Connection, file_id: int, kind: str, state: str
) -> None:
    undo_id, order = undo(books, file_id), uuid4()
    close = reversal(books, undo_id, closing(books, file_id, order_id=order))
    # Of another undo, and of another order.
    payment(books, file_id, order_id=order)
    reversal(books, undo_id, payment(books, file_id, order_id=uuid4()))
    other = {"order_id": order, "state": state, "document": Json(to_stored(PAYMENT.document))}
    reversal(books, undo_id, books.posting(file_id, kind, **other), "kept")
    [one] = targets(conn, undo_id, STATE)
    assert one.sync_id == close
    booked = kind != "supply" and state not in ("planned", "reversed")
    assert one.order_still_booked is booked
    assert not any(one.order_still_booked for one in targets(conn, undo_id, IN))


@pytest.mark.parametrize(
    ("before", "attempts", "expected"),
    [
        ("Новый", 1, ("Новый", True)),
        (None, 1, (None, True)),
        # It stood there already: nothing of ours.
        ("Выполнен", 0, (None, False)),
        # Our own write, whose answer was lost: it had no state before.
        ("Выполнен", 1, (None, True)),
    ],
)
def test_the_state_to_go_back_to(
    books: Books,
    conn: Connection,
    file_id: int,
    before: str | None,
    attempts: int,
    expected: tuple[str | None, bool],
) -> None:
    previous = str(uid(before)) if before else None
    close = closing(books, file_id, previous_state_id=previous, attempts=attempts)
    [one] = targets_among(conn, [close], STATE)
    state, ours = expected
    assert (one.previous_state, one.ours_set_it) == (uid(state) if state else None, ours)
