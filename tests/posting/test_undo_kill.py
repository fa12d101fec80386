"""Undo: whatever is killed, lost or done twice at once, the file ends out of the books."""

import threading
from collections.abc import Iterator

import pytest

from sverka.demo.shop import Order, Shop, build_shop
from sverka.errors import SverkaError, TryLater
from sverka.posting.approve import approve
from sverka.posting.plan import plan
from sverka.posting.undo import undo
from tests.posting.conftest import Desk
from tests.posting.killing import Executioner, killer, names, to_kill
from tests.posting.recovery_points import OF_UNDOING
from tests.posting.test_kill import CHAIN, filed
from tests.posting.undone import WHO, balance, booked, delivered, undone

__all__ = ["killer"]


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=1500)


@pytest.mark.timeout(900)
def test_a_kill_at_any_point_ends_with_nothing_in_the_books(
    desk: Desk, killer: Executioner
) -> None:
    orders = iter(desk.orders("yandex_market"))
    rehearsal = killer.lives(desk, "undone", _settled(desk, orders)[0])
    assert names(rehearsal) == OF_UNDOING
    for moment in to_kill(rehearsal):
        file_id, paid, returned = _settled(desk, orders)
        killer.dies(desk, "undone", moment, file_id)
        killer.lives(desk, "undone", file_id)
        assert desk.in_moysklad(file_id) == {}, moment
        rows = desk.books.run(
            "select distinct p.state, r.state from posting p left join reversal r using (sync_id) "
            "where p.file_id = %s",
            file_id,
        )
        assert rows == [("reversed", "done")], moment
        assert desk.state_of("customerorder", paid.id) == "Отгружен", moment
        assert desk.state_of("demand", returned.demands[0].id) == "Отгружен", moment


def _settled(desk: Desk, orders: Iterator[Order]) -> tuple[int, Order, Order]:
    file_id, paid, returned = filed(desk, orders)
    desk.settle(file_id)
    assert desk.in_moysklad(file_id) == CHAIN
    return file_id, paid, returned


@pytest.mark.parametrize(
    "fault",
    [
        "lose_reply",
        "lose_reply_halfway",
        "truncate_reply",
        "reset_before_commit",
        "html_500",
        "html_502_after_commit",
        "too_many",
    ],
)
def test_a_fault_of_any_request_ends_with_nothing_in_the_books(desk: Desk, fault: str) -> None:
    orders = desk.orders("dalli")
    for after in range(5):
        file = delivered(desk, orders[2 * after : 2 * after + 2])
        desk.settle(file.file_id)
        desk.sandbox.plan_fault(fault, method="POST", after=after)
        result = undone(desk, file.file_id)
        assert result.complete, (fault, after)
        assert desk.in_moysklad(file.file_id) == {}, (fault, after)
        # What our own lost call has done counts as ours.
        assert {one.count for one in result.taken} == {2}, (fault, after)
        for order in file.orders:
            assert desk.state_of("customerorder", order.id) == "Отгружен"
        desk.sandbox.forget_faults()


def test_a_lost_answer_is_looked_up_and_not_called_again(desk: Desk) -> None:
    file = booked(desk)
    desk.sandbox.plan_fault("lose_reply", method="POST")
    with pytest.raises(TryLater):
        undo(desk.services, file.file_id, WHO)
    rows = desk.books.run(
        "select distinct r.state from reversal r join posting p using (sync_id) "
        "where p.kind = 'paymentout'"
    )
    assert rows == [("unsure",)]
    writes = {
        route: number
        for route, number in desk.sandbox.requests_seen()["by_route"].items()
        if "paymentout/delete" in route
    }
    assert undone(desk, file.file_id).complete
    again = desk.sandbox.requests_seen()["by_route"]
    assert {route: again[route] for route in writes} == writes
    assert len(writes) == 1


def test_two_undos_at_once_take_back_once(desk: Desk) -> None:
    file = booked(desk)
    threads = [
        threading.Thread(target=undo, args=(desk.services, file.file_id, WHO)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.in_moysklad() == {}
    kinds = desk.books.run("select count(*) from journal where kind = 'posting.reversed'")
    assert kinds == [(10,)]


def test_an_undo_while_the_file_is_being_sent_ends_with_nothing_in_the_books(desk: Desk) -> None:
    file = delivered(desk, desk.orders("dalli")[:6])
    plan(desk.services, file.file_id)
    approve(desk.services, file.file_id, "policy")
    failures: list[SverkaError] = []

    def quietly(work: object, *arguments: object) -> None:
        try:
            work(*arguments)  # type: ignore[operator]
        except SverkaError as error:
            failures.append(error)

    threads = [
        threading.Thread(target=quietly, args=(desk.send, file.file_id)),
        threading.Thread(target=quietly, args=(undo, desk.services, file.file_id, WHO)),
        threading.Thread(target=quietly, args=(desk.send, file.file_id)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert desk.in_moysklad() == {}
    states = desk.books.run("select distinct state from posting")
    assert states == [("reversed",)]


def test_an_interrupted_undo_goes_on_as_the_same_one(desk: Desk) -> None:
    file = booked(desk)
    desk.sandbox.plan_fault("reset_before_commit", method="POST", after=2)
    with pytest.raises(TryLater):
        undo(desk.services, file.file_id, WHO)
    assert balance(desk) != {}
    assert undone(desk, file.file_id).complete
    assert desk.books.run("select count(*) from undo") == [(1,)]
    assert balance(desk) == {}
