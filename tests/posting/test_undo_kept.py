"""What an undo leaves standing because people changed it or built on it, each with its reason."""

from collections.abc import Callable
from uuid import UUID

import pytest

from sverka.errors import TryLater
from sverka.nouns import PostingKind
from sverka.posting.approve import approve
from sverka.posting.plan import plan
from sverka.posting.undo import preview, undo
from tests.posting.conftest import Desk
from tests.posting.undone import (
    FEE,
    WHO,
    Booked,
    booked,
    call,
    delivered,
    moysklad_id,
    reference,
    set_state,
    states,
)

Meddle = Callable[[Desk, Booked], None]


def other_sum(desk: Desk, file: Booked) -> None:
    call(desk, "PUT", f"paymentin/{moysklad_id(desk, 'paymentin', file.lines[0])}", {"sum": 1e8})


def other_day(desk: Desk, file: Booked) -> None:
    payment = moysklad_id(desk, "paymentin", file.lines[0])
    call(desk, "PUT", f"paymentin/{payment}", {"moment": "2026-10-01 10:00:00"})


def draft(desk: Desk, file: Booked) -> None:
    payment = moysklad_id(desk, "paymentin", file.lines[0])
    call(desk, "PUT", f"paymentin/{payment}", {"applicable": False})


def unlinked(desk: Desk, file: Booked) -> None:
    payment = moysklad_id(desk, "paymentin", file.lines[0])
    call(desk, "PUT", f"paymentin/{payment}", {"operations": []})


def other_agent(desk: Desk, file: Booked) -> None:
    payment = moysklad_id(desk, "paymentin", file.lines[0])
    agent = reference(desk, "counterparty", desk.shop.couriers["cdek"].id)
    call(desk, "PUT", f"paymentin/{payment}", {"agent": agent})


@pytest.mark.parametrize(
    ("meddle", "words"),
    [
        (other_sum, "сумма"),
        (other_day, "дата"),
        (draft, "проведение"),
        (unlinked, "связи с документами"),
        (other_agent, "контрагент"),
    ],
)
def test_a_payment_that_a_person_changed_stays_with_its_state(
    desk: Desk, meddle: Meddle, words: str
) -> None:
    file = booked(desk)
    meddle(desk, file)
    result = undo(desk.services, file.file_id, WHO)
    [payment] = [one for one in result.kept if one.kind is PostingKind.PAYMENTIN]
    assert words in payment.words
    assert payment.name
    # The order's money is still in the books, so the order stays closed; the other one is open.
    assert desk.state_of("customerorder", file.orders[0].id) == "Выполнен"
    assert desk.state_of("customerorder", file.orders[1].id) == "Отгружен"
    assert desk.in_moysklad() == {"paymentin": 1}
    assert {one.kind.value for one in result.kept} == {
        "paymentin",
        "customerorder.state",
        "demand.state",
    }


def test_what_was_kept_goes_once_the_person_has_put_it_right(desk: Desk) -> None:
    file = booked(desk)
    payment = moysklad_id(desk, "paymentin", file.lines[0])
    other_sum(desk, file)
    assert not undo(desk.services, file.file_id, WHO).complete
    call(desk, "PUT", f"paymentin/{payment}", {"sum": file.orders[0].sum})
    result = undo(desk.services, file.file_id, WHO)
    assert result.complete
    assert desk.in_moysklad() == {}
    assert states(desk, file.file_id) == {"reversed"}
    assert desk.state_of("customerorder", file.orders[0].id) == "Отгружен"


def test_a_line_of_which_something_was_kept_is_not_booked_again(desk: Desk) -> None:
    file = booked(desk)
    other_sum(desk, file)
    undo(desk.services, file.file_id, WHO)
    desk.settle(file.file_id)
    live = desk.books.run(
        "select line_id, kind from posting where state = 'posted' and kind = 'paymentin' "
        "order by line_id"
    )
    assert live == [(file.lines[0], "paymentin"), (file.lines[1], "paymentin")]
    assert desk.in_moysklad()["paymentin"] == 2


def test_a_supply_that_somebody_else_pays_stays(desk: Desk) -> None:
    file = booked(desk)
    supply = moysklad_id(desk, "supply", file.lines[0])
    out = desk.sandbox.client().get("paymentout", moysklad_id(desk, "paymentout", file.lines[0]))
    assert out is not None
    body = {name: out[name] for name in ("organization", "agent", "expenseItem")}
    link = reference(desk, "supply", supply) | {"linkedSum": 100}
    call(desk, "POST", "paymentout", body | {"sum": 100, "operations": [link]})
    result = undo(desk.services, file.file_id, WHO)
    [kept] = result.kept
    assert kept.kind is PostingKind.SUPPLY
    assert "привязан платёж" in kept.words
    assert desk.in_moysklad() == {"supply": 1}


def test_a_changed_payment_for_services_keeps_the_supply_it_pays(desk: Desk) -> None:
    file = booked(desk)
    out = moysklad_id(desk, "paymentout", file.lines[0])
    call(desk, "PUT", f"paymentout/{out}", {"paymentPurpose": "за всё хорошее"})
    result = undo(desk.services, file.file_id, WHO)
    assert [one.kind.value for one in result.kept] == ["paymentout", "supply"]
    assert "назначение платежа" in result.kept[0].words
    assert desk.in_moysklad() == {"supply": 1, "paymentout": 1}


def test_a_supply_whose_rows_were_changed_stays(desk: Desk) -> None:
    file = booked(desk)
    supply = moysklad_id(desk, "supply", file.lines[0])
    client = desk.sandbox.client()
    [row] = list(client.rows(f"supply/{supply}/positions"))
    position = {"assortment": row["assortment"], "quantity": 2, "price": FEE // 2}
    call(desk, "PUT", f"supply/{supply}", {"positions": [position]})
    result = undo(desk.services, file.file_id, WHO)
    assert [(one.kind.value, "позиции" in one.words) for one in result.kept] == [("supply", True)]


def test_a_document_that_somebody_deleted_is_done_and_named(desk: Desk) -> None:
    file = booked(desk)
    call(desk, "DELETE", f"paymentin/{moysklad_id(desk, 'paymentin', file.lines[0])}")
    result = undo(desk.services, file.file_id, WHO)
    assert result.complete
    assert result.gone == 1
    assert states(desk, file.file_id) == {"reversed"}
    [[words]] = desk.books.run("select words from reversal where words is not null")
    assert "удалили не мы" in words


def test_a_state_that_somebody_set_later_is_theirs(desk: Desk) -> None:
    file = booked(desk, 1)
    order = file.orders[0]
    set_state(desk, "customerorder", order.id, "Отменен")
    result = undo(desk.services, file.file_id, WHO)
    assert result.complete
    assert desk.state_of("customerorder", order.id) == "Отменен"
    assert desk.state_of("demand", order.demands[0].id) == "Отгружен"
    assert states(desk, file.file_id) == {"reversed"}


def test_a_state_that_stood_there_before_us_stays(desk: Desk) -> None:
    file = delivered(desk, desk.orders("dalli")[:1])
    plan(desk.services, file.file_id)
    approve(desk.services, file.file_id, "policy")
    set_state(desk, "customerorder", file.orders[0].id, "Выполнен")
    desk.send(file.file_id)
    undo(desk.services, file.file_id, WHO)
    assert desk.state_of("customerorder", file.orders[0].id) == "Выполнен"
    assert states(desk, file.file_id) == {"reversed"}


@pytest.mark.parametrize("lost", [False, True])
def test_an_order_that_had_no_state_has_none_again(desk: Desk, lost: bool) -> None:
    file = delivered(desk, desk.orders("dalli")[:1])
    order = file.orders[0]
    call(desk, "PUT", f"customerorder/{order.id}", {"state": None})
    desk.books.run("update snapshot_order set state_id = null")
    if lost:
        desk.sandbox.plan_fault("lose_reply", method="POST", path="customerorder")
    for _ in range(3):
        try:
            desk.settle(file.file_id)
        except TryLater as later:
            desk.clock.advance(seconds=later.seconds)
    assert states(desk, file.file_id) == {"posted"}
    assert desk.state_of("customerorder", order.id) == "Выполнен"
    undo(desk.services, file.file_id, WHO)
    body = desk.sandbox.client().get("customerorder", order.id)
    assert body is not None
    assert "state" not in body


def test_an_order_that_is_gone_needs_no_state(desk: Desk) -> None:
    file = booked(desk, 1)
    call(desk, "DELETE", f"customerorder/{file.orders[0].id}")
    result = undo(desk.services, file.file_id, WHO)
    assert "customerorder.state" not in {one.kind.value for one in result.kept}
    assert desk.state_of("demand", file.orders[0].demands[0].id) == "Отгружен"


def test_in_a_dry_run_nothing_is_taken_out_of_moysklad(desk: Desk) -> None:
    file = booked(desk)
    desk.terms("dalli", dry_run="true")
    result = undo(desk.services, file.file_id, WHO)
    assert len(result.kept) == 10
    assert {one.words for one in result.kept} == {result.kept[0].words}
    assert "пробном режиме" in result.kept[0].words
    assert desk.in_moysklad() == dict.fromkeys(("paymentin", "supply", "paymentout"), 2)
    desk.terms("dalli", dry_run="false")
    assert undo(desk.services, file.file_id, WHO).complete
    assert desk.in_moysklad() == {}


def test_a_refused_deletion_keeps_the_document_and_its_order_closed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sverka.moysklad.client import Refused

    file = booked(desk, 1)
    client = desk.services.moysklad()
    really = client.delete

    def delete(entity: str, ids: list[UUID]) -> object:
        if entity == "paymentin":
            return [Refused(17009, "Период закрыт") for _ in ids]
        return really(entity, ids)

    monkeypatch.setattr(client, "delete", delete)
    result = undo(desk.services, file.file_id, WHO)
    payment = next(one for one in result.kept if one.kind is PostingKind.PAYMENTIN)
    assert "Период закрыт (код 17009)" in payment.words
    assert desk.in_moysklad() == {"paymentin": 1}
    assert desk.state_of("customerorder", file.orders[0].id) == "Выполнен"


def test_a_preview_tells_the_same_and_changes_nothing(desk: Desk) -> None:
    file = booked(desk)
    other_sum(desk, file)
    before = desk.books.run("select * from posting order by sync_id")
    shown = preview(desk.services, file.file_id)
    assert desk.books.run("select * from posting order by sync_id") == before
    assert desk.books.run("select * from reversal") == []
    assert desk.in_moysklad()["paymentin"] == 2
    result = undo(desk.services, file.file_id, WHO)
    assert shown.dry_run
    assert shown.taken == result.taken
    assert [(one.kind, one.words) for one in shown.kept] == [
        (one.kind, one.words) for one in result.kept
    ]


def test_the_words_name_what_went_and_what_stayed(desk: Desk) -> None:
    file = booked(desk)
    other_sum(desk, file)
    text = undo(desk.services, file.file_id, WHO).text
    assert "Отменено: исходящие платежи, 2 на 500,00\u00a0₽" in text
    assert "Осталось в МоёмСкладе: 3" in text
    [[name]] = desk.books.run(
        "select moysklad_name from posting where kind = 'paymentin' and line_id = %s",
        file.lines[0],
    )
    assert f"входящий платёж № {name} на " in text
