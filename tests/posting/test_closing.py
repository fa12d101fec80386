"""What stands there now decides whether a final state is written."""

from uuid import UUID

import pytest

from sverka.moysklad.documents import PaymentIn, Ref, StateChange, StateRef
from sverka.nouns import PostingKind
from sverka.posting.closing import DECIDED, change_of, seen
from sverka.posting.outbox import Done, Item
from tests.posting.test_answers import ITEM
from tests.support.shelf import Shelf, meta, uid

STATES = (
    ("Новый", "Regular"),
    ("Отгружен", "Regular"),
    ("Выполнен", "Successful"),
    ("Отменён", "Unsuccessful"),
)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(customerorder=STATES)


def item(name: str = "order", judged_in: str | None = "Отгружен") -> Item:
    order = Ref("customerorder", uid(name))
    change = StateChange(uid(f"sync {name}"), order, StateRef("customerorder", uid("Выполнен")))
    previous = uid(judged_in) if judged_in else None
    kind = PostingKind.CUSTOMERORDER_STATE
    return Item(change.sync_id, kind, change, 0, None, None, previous)


def outcome(shelf: Shelf, *items: Item) -> tuple[list[Done], dict[UUID, UUID | None]]:
    return seen(shelf, items)  # type: ignore[arg-type]


@pytest.mark.parametrize("present", ["Отгружен", "Новый", None])
def test_an_ordinary_state_is_changed_whoever_set_it(shelf: Shelf, present: str | None) -> None:
    state = {"state": meta("state", present)} if present else {}
    shelf.put("customerorder", uid("order"), name="1", **state)
    assert outcome(shelf, item()) == ([], {uid("sync order"): uid(present) if present else None})


def test_the_state_that_stands_there_already_needs_no_write(shelf: Shelf) -> None:
    shelf.put("customerorder", uid("order"), name="1", state=meta("state", "Выполнен"))
    done = Done(uid("sync order"), "posted", uid("order"), "1", None, uid("Выполнен"))
    assert outcome(shelf, item()) == ([done], {})


def test_another_final_state_that_came_later_stays(shelf: Shelf) -> None:
    shelf.put("customerorder", uid("order"), name="1", state=meta("state", "Отменён"))
    assert outcome(shelf, item()) == ([Done(uid("sync order"), "failed", error=DECIDED)], {})


def test_a_final_state_that_the_line_was_judged_in_is_changed(shelf: Shelf) -> None:
    shelf.put("customerorder", uid("order"), state=meta("state", "Отменён"))
    changed = item(judged_in="Отменён")
    assert outcome(shelf, changed) == ([], {uid("sync order"): uid("Отменён")})


@pytest.mark.parametrize("deleted", [True, False])
def test_an_order_that_is_gone_cannot_be_closed_and_stops_no_other(
    shelf: Shelf, deleted: bool
) -> None:
    if deleted:
        shelf.put("customerorder", uid("gone"), deleted=True)
    shelf.put("customerorder", uid("order"))
    done, previous = outcome(shelf, item("gone"), item())
    assert [(one.sync_id, one.state) for one in done] == [(uid("sync gone"), "failed")]
    assert "больше нет в МоёмСкладе" in (done[0].error or "")
    assert previous == {uid("sync order"): None}


def test_an_order_that_a_list_leaves_out_is_asked_for_by_itself(shelf: Shelf) -> None:
    shelf.put("customerorder", uid("order"), state=meta("state", "Новый"))
    shelf.unlisted.add(uid("order"))
    assert outcome(shelf, item()) == ([], {uid("sync order"): uid("Новый")})


def test_a_hundred_orders_are_read_at_once_and_the_states_once(shelf: Shelf) -> None:
    items = [item(str(n)) for n in range(101)]
    for n in range(101):
        shelf.put("customerorder", uid(str(n)), state=meta("state", "Новый"))
    done, previous = outcome(shelf, *items)
    assert (done, len(previous)) == ([], 101)
    lists = [asked for asked in shelf.asked if asked[0] == "rows"]
    assert [len(asked) - 2 for asked in lists] == [100, 1]
    assert [asked[0] for asked in shelf.asked].count("metadata") == 1
    assert not [asked for asked in shelf.asked if asked[0] == "get"]


def test_only_a_change_of_state_is_one() -> None:
    assert isinstance(change_of(item()), StateChange)
    assert isinstance(ITEM.document, PaymentIn)
    with pytest.raises(TypeError, match="not a change of state"):
        change_of(ITEM)
