"""The look before taking back: ours, gone, or somebody's; and never gone for a gap in a list."""

from dataclasses import replace
from typing import Any

import pytest

from sverka.moysklad.documents import Ref, StateChange, StateRef
from sverka.nouns import PostingKind
from sverka.posting import undoing_look
from sverka.posting.undoing_look import Look, Seen, look
from sverka.posting.undoing_targets import Target
from tests.posting.test_undoing_compare import PAYMENT, SHOWN_PAYMENT, SHOWN_SUPPLY, SUPPLY
from tests.support.shelf import Shelf, meta, uid

IN, FEES, STATE = PostingKind.PAYMENTIN, PostingKind.SUPPLY, PostingKind.CUSTOMERORDER_STATE
STATES = (("Новый", "Regular"), ("Выполнен", "Successful"), ("Отменён", "Unsuccessful"))
LINK = "https://online.moysklad.ru/app/#paymentin/edit?id=1"

CLOSED = Target(
    uid("close"),
    STATE,
    StateChange(uid("close"), Ref("customerorder", uid("order")), StateRef("customerorder", uid("Выполнен"))),
    0, "gorod", uid("order"), "1", previous_state=uid("Новый"),
)  # fmt: skip


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(customerorder=STATES)


def seen(shelf: Shelf, kind: PostingKind, *targets: Target, going: str = "") -> list[Seen]:
    return look(shelf, kind, targets, {uid(going)})  # type: ignore[arg-type]


def test_a_document_as_we_put_it_is_ours(shelf: Shelf) -> None:
    shelf.put("paymentin", PAYMENT.moysklad_id, **SHOWN_PAYMENT, meta={"uuidHref": LINK})
    assert seen(shelf, IN, PAYMENT) == [Seen(PAYMENT, Look.OURS, "", LINK)]


def test_a_document_that_a_person_changed_is_kept_and_said_why(shelf: Shelf) -> None:
    shelf.put(
        "paymentin", PAYMENT.moysklad_id, **SHOWN_PAYMENT | {"sum": 1}, meta={"uuidHref": LINK}
    )
    words = (
        "Документ изменили после проведения: сумма. Не удаляем: решите, что с ним делать, и "
        "повторите отмену."
    )
    assert seen(shelf, IN, PAYMENT) == [Seen(PAYMENT, Look.KEPT, words, LINK)]


def test_what_this_undo_takes_back_too_holds_nothing(shelf: Shelf) -> None:
    shelf.put("supply", SUPPLY.moysklad_id, **SHOWN_SUPPLY, payments=[meta("paymentout", "paid")])
    assert seen(shelf, FEES, SUPPLY)[0].look is Look.KEPT
    assert seen(shelf, FEES, SUPPLY, going="paid")[0].look is Look.OURS


def test_what_is_not_there_and_what_lies_in_the_bin_is_gone(shelf: Shelf) -> None:
    assert seen(shelf, IN, PAYMENT) == [Seen(PAYMENT, Look.GONE, undoing_look.ABSENT)]
    shelf.put("paymentin", PAYMENT.moysklad_id, **SHOWN_PAYMENT, deleted="2026-11-20 12:00:00")
    assert seen(shelf, IN, PAYMENT) == [Seen(PAYMENT, Look.GONE, undoing_look.TRASHED)]


def test_one_that_is_gone_hides_no_other(shelf: Shelf) -> None:
    shelf.put("paymentin", PAYMENT.moysklad_id, **SHOWN_PAYMENT)
    gone = replace(PAYMENT, moysklad_id=uid("gone"))
    assert [one.look for one in seen(shelf, IN, gone, PAYMENT)] == [Look.GONE, Look.OURS]


def test_what_a_list_leaves_out_is_asked_for_by_itself(shelf: Shelf) -> None:
    shelf.put("supply", SUPPLY.moysklad_id, **SHOWN_SUPPLY)
    shelf.unlisted.add(SUPPLY.moysklad_id)
    assert seen(shelf, FEES, SUPPLY)[0].look is Look.OURS
    assert shelf.asked[-1] == ("get", "supply", str(SUPPLY.moysklad_id), "positions")


@pytest.mark.parametrize(("size", "read"), [(2, 0), (3, 1)])
def test_positions_that_an_expanded_list_cuts_off_are_read(
    shelf: Shelf, size: int, read: int
) -> None:
    rows = SHOWN_SUPPLY["positions"]["rows"]
    shown = rows if size == 2 else rows[:1]
    positions = {"rows": shown, "meta": {"size": size}}
    shelf.put(
        "supply", SUPPLY.moysklad_id, **SHOWN_SUPPLY | {"positions": positions}, all_positions=rows
    )
    assert seen(shelf, FEES, SUPPLY)[0].look is Look.OURS
    asked = [one for one in shelf.asked if one[1].endswith("/positions")]
    assert len(asked) == read


def test_positions_are_expanded_only_where_there_are_any(shelf: Shelf) -> None:
    shelf.put("paymentin", PAYMENT.moysklad_id, **SHOWN_PAYMENT)
    shelf.put("supply", SUPPLY.moysklad_id, **SHOWN_SUPPLY)
    seen(shelf, IN, PAYMENT)
    seen(shelf, FEES, SUPPLY)
    assert [one[-1] == "positions" for one in shelf.asked] == [False, True]


def test_a_hundred_are_read_at_once_and_each_once(shelf: Shelf) -> None:
    targets = [replace(PAYMENT, moysklad_id=uid(str(n))) for n in range(100)]
    for target in targets:
        shelf.put("paymentin", target.moysklad_id, **SHOWN_PAYMENT)
    assert {one.look for one in seen(shelf, IN, *targets, targets[0])} == {Look.OURS}
    assert [len(one) - 2 for one in shelf.asked] == [100, 1]


@pytest.mark.parametrize(
    ("present", "change", "found"),
    [
        ("Выполнен", {}, (Look.OURS, "")),
        ("Выполнен", {"order_still_booked": True}, (Look.KEPT, undoing_look.STILL_BOOKED)),
        ("Выполнен", {"ours_set_it": False}, (Look.GONE, undoing_look.NOT_OURS)),
        ("Выполнен", {"previous_state": None}, (Look.OURS, "")),
        ("Выполнен", {"previous_state": uid("removed")}, (Look.KEPT, undoing_look.NO_SUCH_STATE)),
        ("Новый", {}, (Look.GONE, "")),
        ("Новый", {"order_still_booked": True}, (Look.GONE, "")),
        ("Отменён", {}, (Look.GONE, undoing_look.CHANGED_SINCE)),
        (None, {}, (Look.GONE, undoing_look.CHANGED_SINCE)),
        (None, {"previous_state": None}, (Look.GONE, "")),
    ],
)
def test_a_state_goes_back_only_while_it_is_ours(
    shelf: Shelf, present: str | None, change: dict[str, Any], found: tuple[Look, str]
) -> None:
    state = {"state": meta("state", present)} if present else {}
    shelf.put("customerorder", uid("order"), meta={"uuidHref": LINK}, **state)
    target = replace(CLOSED, **change)
    assert seen(shelf, STATE, target) == [Seen(target, *found, LINK)]


def test_states_of_orders_that_are_gone_are_gone_and_hide_no_other(shelf: Shelf) -> None:
    shelf.put("customerorder", uid("binned"), deleted=True, state=meta("state", "Выполнен"))
    shelf.put("customerorder", uid("order"), state=meta("state", "Выполнен"))
    lost, binned, order = (
        replace(CLOSED, moysklad_id=uid(name)) for name in ("lost", "binned", "order")
    )
    assert seen(shelf, STATE, lost, binned, order) == [
        Seen(lost, Look.GONE, undoing_look.ABSENT),
        Seen(binned, Look.GONE, undoing_look.TRASHED),
        Seen(order, Look.OURS),
    ]


def test_the_bin_is_asked_before_a_document_counts_as_never_there(shelf: Shelf) -> None:
    shelf.put("paymentin", PAYMENT.moysklad_id, **SHOWN_PAYMENT, deleted="2026-11-20 12:00:00")
    assert seen(shelf, IN, PAYMENT)[0].words == undoing_look.TRASHED
    condition = f"id={PAYMENT.moysklad_id}"
    assert shelf.asked == [
        ("rows", "paymentin", condition),
        ("rows", "paymentin", condition, "isDeleted=true"),
    ]


def test_one_by_itself_is_read_with_all_its_positions_too(shelf: Shelf) -> None:
    rows = SHOWN_SUPPLY["positions"]["rows"]
    cut = {"positions": {"rows": rows[:1], "meta": {"size": 2}}}
    shelf.put("supply", SUPPLY.moysklad_id, **SHOWN_SUPPLY | cut, all_positions=rows)
    shelf.unlisted.add(SUPPLY.moysklad_id)
    assert seen(shelf, FEES, SUPPLY)[0].look is Look.OURS
    assert shelf.asked[-1] == ("rows", f"supply/{SUPPLY.moysklad_id}/positions")


def test_the_states_of_the_account_are_read_once(shelf: Shelf) -> None:
    shelf.put("customerorder", uid("order"), state=meta("state", "Выполнен"))
    seen(shelf, STATE, CLOSED, replace(CLOSED, sync_id=uid("again")))
    assert [one for one in shelf.asked if one[0] == "states"] == [("states", "customerorder")]


def test_only_a_change_of_state_is_looked_at_as_one(shelf: Shelf) -> None:
    shelf.put("customerorder", uid("order"))
    with pytest.raises(TypeError, match="not a change of state"):
        seen(shelf, STATE, replace(PAYMENT, kind=STATE, moysklad_id=uid("order")))
