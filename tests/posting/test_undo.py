"""Undo: what a file booked goes out of the books, what people built on stays and is named."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest

from sverka.errors import Misconfigured, TryLater
from sverka.intake import ledger as files
from sverka.intake.register import Arrival, register
from sverka.intake.zones import Entry
from sverka.moysklad.errors import Terminal
from sverka.posting.approve import approve
from sverka.posting.plan import plan
from sverka.posting.undo import preview, undo
from tests.posting.conftest import Desk
from tests.posting.undone import (
    FEE,
    WHO,
    balance,
    booked,
    delivered,
    moysklad_id,
    see,
    states,
    undone,
)


def test_everything_goes_and_the_states_come_back(desk: Desk) -> None:
    file = booked(desk)
    result = undo(desk.services, file.file_id, WHO)
    assert desk.in_moysklad() == {}
    assert states(desk, file.file_id) == {"reversed"}
    assert {one.kind.value: (one.count, one.amount) for one in result.taken} == {
        "paymentin": (2, file.total),
        "supply": (2, 2 * FEE),
        "paymentout": (2, 2 * FEE),
        "customerorder.state": (2, 0),
        "demand.state": (2, 0),
    }
    assert result.complete
    for order in file.orders:
        assert desk.state_of("customerorder", order.id) == "Отгружен"
        assert desk.state_of("demand", order.demands[0].id) == "Отгружен"


def test_what_goes_lies_in_the_bin_and_can_be_restored_by_a_person(desk: Desk) -> None:
    file = booked(desk, 1)
    payment = moysklad_id(desk, "paymentin", file.lines[0])
    undo(desk.services, file.file_id, WHO)
    body = desk.sandbox.client().get("paymentin", payment)
    assert body is not None
    assert body["deleted"]


def test_a_returned_order_is_out_again(desk: Desk) -> None:
    [order, *_] = desk.orders("dalli")
    desk.mirror(order)
    file_id = desk.books.file("dalli")
    desk.books.line(file_id, order.name, 0, outcome="returned", fee_return=9_000)
    desk.settle(file_id)
    assert desk.in_moysklad() == {"supply": 1, "salesreturn": 1}
    undo(desk.services, file_id, WHO)
    assert desk.in_moysklad() == {}
    assert desk.state_of("customerorder", order.id) == "Отгружен"


def test_documents_per_report_go_as_one(desk: Desk) -> None:
    orders = desk.orders("cdek")[:2]
    desk.mirror(*orders)
    file_id = desk.books.file("cdek")
    for order in orders:
        desk.books.line(file_id, order.name, order.sum, fee_cod=2_000, payout=order.sum - 2_000)
    desk.settle(file_id)
    assert desk.in_moysklad() == {"paymentin": 2, "supply": 1, "paymentout": 1}
    undo(desk.services, file_id, WHO)
    assert desk.in_moysklad() == {}


def test_undoing_twice_does_nothing_new(desk: Desk) -> None:
    file = booked(desk)
    undo(desk.services, file.file_id, WHO)
    before = desk.books.run("select * from posting order by sync_id")
    seen = desk.sandbox.requests_seen()["total"]
    again = undo(desk.services, file.file_id, WHO)
    assert (again.taken, again.kept, again.gone) == ((), (), 0)
    assert desk.books.run("select * from posting order by sync_id") == before
    assert desk.sandbox.requests_seen()["total"] == seen


@pytest.mark.parametrize("mirrored", [False, True])
def test_undo_and_post_again_books_the_file_once(desk: Desk, mirrored: bool) -> None:
    file = booked(desk)
    first = balance(desk)
    names = desk.books.run("select sync_id::text from posting order by 1")
    for times in range(1, 3):
        if mirrored:
            see(desk)
        undo(desk.services, file.file_id, WHO)
        assert balance(desk) == {}
        if mirrored:
            see(desk)
        sent = desk.settle(file.file_id)
        assert sent.posted == len(names)
        assert balance(desk) == first
        revisions = desk.books.run("select distinct revision from posting where state = 'posted'")
        assert revisions == [(times + 1,)]
    for order in file.orders:
        assert desk.state_of("customerorder", order.id) == "Выполнен"


def test_a_report_of_shared_fees_can_be_booked_again(desk: Desk) -> None:
    orders = desk.orders("cdek")[:3]
    desk.mirror(*orders)
    file_id = desk.books.file("cdek")
    for order in orders:
        desk.books.line(file_id, order.name, order.sum, fee_cod=2_000, payout=order.sum - 2_000)
    desk.settle(file_id)
    once = balance(desk)
    undo(desk.services, file_id, WHO)
    desk.settle(file_id)
    assert balance(desk) == once
    assert desk.in_moysklad() == {"paymentin": 3, "supply": 1, "paymentout": 1}


def test_a_returned_parcel_is_returned_again_after_an_undo(desk: Desk) -> None:
    [order, *_] = desk.orders("dalli")
    desk.mirror(order)
    file_id = desk.books.file("dalli")
    desk.books.line(file_id, order.name, 0, outcome="returned", fee_return=9_000)
    desk.settle(file_id)
    # The snapshot knows the return; past the bin nothing would tell it that the return is gone.
    see(desk)
    undo(desk.services, file_id, WHO)
    desk.settle(file_id)
    assert desk.in_moysklad() == {"supply": 1, "salesreturn": 1}
    assert desk.state_of("customerorder", order.id) == "Возвращен"


def test_the_same_money_in_another_file_is_free_after_an_undo(desk: Desk) -> None:
    [order, *_] = desk.orders("gorod")
    desk.mirror(order)
    first, second = (desk.books.file("gorod") for _ in range(2))
    for file_id in (first, second):
        desk.books.line(file_id, order.name, order.sum, identity="the same money")
    desk.settle(first)
    assert desk.settle(second).posted == 0
    undo(desk.services, first, WHO)
    assert desk.settle(second).posted > 0
    assert balance(desk) == {"paymentin": order.sum}
    assert desk.settle(first).posted == 0
    assert balance(desk) == {"paymentin": order.sum}


def test_a_file_that_booked_nothing_is_undone_without_a_word_to_moysklad(desk: Desk) -> None:
    file = delivered(desk, desk.orders("dalli")[:1])
    seen = desk.sandbox.requests_seen()["total"]
    result = undo(desk.services, file.file_id, WHO)
    assert result.complete
    assert "ничего не проведено" in result.text
    assert desk.sandbox.requests_seen()["total"] == seen


def test_a_plan_is_withdrawn(desk: Desk) -> None:
    file = delivered(desk, desk.orders("dalli")[:1])
    plan(desk.services, file.file_id)
    result = undo(desk.services, file.file_id, WHO)
    assert result.withdrawn == 5
    assert desk.books.run("select * from posting") == []


def test_what_is_approved_is_not_sent_any_more(desk: Desk) -> None:
    file = delivered(desk, desk.orders("dalli")[:1])
    plan(desk.services, file.file_id)
    approve(desk.services, file.file_id, "policy")
    result = undo(desk.services, file.file_id, WHO)
    assert (result.unsent, result.taken) == (5, ())
    desk.send(file.file_id)
    assert desk.in_moysklad() == {}
    assert states(desk, file.file_id) == {"reversed"}


def test_a_refused_document_leaves_nothing_to_take_back(desk: Desk) -> None:
    file = delivered(desk, desk.orders("dalli")[:1])
    plan(desk.services, file.file_id)
    approve(desk.services, file.file_id, "policy")
    desk.books.run(
        "update posting set document = jsonb_set(document, '{store,id}', to_jsonb(%s::text)) "
        "where kind = 'supply'",
        uuid4(),
    )
    assert desk.send(file.file_id).rejected == 1
    result = undo(desk.services, file.file_id, WHO)
    assert result.complete
    assert states(desk, file.file_id) == {"reversed"}
    assert desk.in_moysklad() == {}


def test_what_nobody_knows_of_is_looked_up_before_it_is_taken_back(desk: Desk) -> None:
    file = delivered(desk, desk.orders("dalli")[:2])
    plan(desk.services, file.file_id)
    approve(desk.services, file.file_id, "policy")
    desk.sandbox.plan_fault("lose_reply", method="POST")
    with pytest.raises(TryLater):
        desk.send(file.file_id)
    assert preview(desk.services, file.file_id).unsure == 2
    result = undone(desk, file.file_id)
    assert {one.kind.value: one.count for one in result.taken} == {"paymentin": 2}
    assert result.unsent == 8
    assert desk.in_moysklad() == {}


def test_what_may_still_arrive_is_waited_for(desk: Desk) -> None:
    file = delivered(desk, desk.orders("dalli")[:1])
    plan(desk.services, file.file_id)
    approve(desk.services, file.file_id, "policy")
    desk.sandbox.plan_fault("reset_before_commit", method="POST")
    with pytest.raises(TryLater):
        desk.send(file.file_id)
    with pytest.raises(TryLater) as later:
        undo(desk.services, file.file_id, WHO)
    assert later.value.seconds == 60
    # What was only approved is out of reach already.
    assert desk.postings()["supply"] == {"reversed": 1}
    assert undone(desk, file.file_id).complete
    assert states(desk, file.file_id) == {"reversed"}
    assert desk.in_moysklad() == {}


def test_another_account_is_never_touched(desk: Desk) -> None:
    file = booked(desk, 1)
    desk.books.run("insert into account (id, currency) values (%s, 'RUB')", uuid4())
    with pytest.raises(Misconfigured):
        undo(desk.services, file.file_id, WHO)
    assert desk.in_moysklad()["paymentin"] == 1


def test_an_unknown_file_is_named(desk: Desk) -> None:
    with pytest.raises(LookupError):
        undo(desk.services, 77, WHO)


def test_a_refusal_of_the_whole_request_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = booked(desk, 1)
    client = desk.services.moysklad()

    def refuse(*_: object) -> None:
        raise Terminal("нет прав", status=403, code=1018)

    monkeypatch.setattr(client, "delete", refuse)
    with pytest.raises(Terminal):
        undo(desk.services, file.file_id, WHO)
    rows = desk.books.run(
        "select r.state from reversal r join posting p using (sync_id) where p.kind = 'paymentout'"
    )
    assert rows == [("planned",)]
    monkeypatch.undo()
    assert undo(desk.services, file.file_id, WHO).complete
    assert desk.in_moysklad() == {}


def test_a_long_file_is_taken_back_in_requests_of_at_most_a_hundred(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sverka.posting.undoing.CHUNK", 2)
    orders = desk.orders("gorod")[:5]
    desk.mirror(*orders)
    file_id = desk.books.file("gorod")
    for order in orders:
        desk.books.line(file_id, order.name, order.sum)
    desk.settle(file_id)
    undo(desk.services, file_id, WHO)
    assert desk.in_moysklad() == {}
    seen = desk.sandbox.requests_seen()["by_route"]
    [writes] = [number for route, number in seen.items() if "delete" in route]
    assert writes == 3


def test_the_file_is_undone_for_its_run_too(desk: Desk) -> None:
    file = booked(desk, 1)
    desk.books.run("update file set claimed_by = 'run 1'")
    undo(desk.services, file.file_id, WHO, reason="не тот месяц")
    now = desk.clock()
    with desk.services.connect() as conn:
        row = files.file_of(conn, file.file_id)
        assert row.state == "undone"
        assert row.reason is not None
        assert WHO in row.reason
        assert "не тот месяц" in row.reason
        # Its run stops, no sweep begins it anew; clearing the run does.
        assert not files.still_claimed(conn, file.file_id, "run 1", now)
        files.settled(conn, file.file_id, now)
        assert files.file_of(conn, file.file_id).state == "undone"
        assert files.offer(conn, now + timedelta(days=30)) == []
        assert files.claim(conn, row.partition_key, "run 2", now) is None
        assert files.claim(conn, row.partition_key, "run 1", now) == file.file_id
        assert files.still_claimed(conn, file.file_id, "run 1", now)


def test_who_asked_and_why_is_kept(desk: Desk) -> None:
    file = booked(desk, 1)
    undo(desk.services, file.file_id, WHO, reason="не тот месяц")
    rows = desk.books.run("select file_id, asked_by, reason, finished_at is not null from undo")
    assert rows == [(file.file_id, WHO, "не тот месяц", True)]
    kinds = [row[0] for row in desk.books.run("select kind from journal where by = %s", WHO)]
    assert kinds.count("posting.reversed") == 5
    assert {"undo.asked", "undo.done"} <= set(kinds)


def test_dropping_the_file_again_begins_it_anew_and_books_it_once(desk: Desk) -> None:
    file = booked(desk, 1)
    before = balance(desk)
    now = desk.clock()
    bytes_of_the_file = hashlib.sha256(b"file 1").hexdigest()
    again = Arrival("inbox", Entry("снова.xlsx", 6, "2"), bytes_of_the_file, 6)
    with desk.services.connect() as conn:
        # As long as it is booked, its bytes are known and nothing happens.
        desk.books.run("update file set state = 'settled'")
        assert register(conn, again, now) == file.file_id
        assert files.file_of(conn, file.file_id).state == "settled"
        conn.commit()
    undo(desk.services, file.file_id, WHO)
    with desk.services.connect() as conn:
        assert register(conn, again, now) == file.file_id
        row = files.file_of(conn, file.file_id)
        assert (row.state, row.reason) == ("registered", None)
        assert files.offer(conn, now) == [row.partition_key]
        assert files.claim(conn, row.partition_key, "run 2", now) == file.file_id
    desk.settle(file.file_id)
    assert balance(desk) == before
