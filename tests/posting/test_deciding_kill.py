"""A person's answer: whatever is killed, it is applied once, or asked for again, and never guessed."""

from collections.abc import Iterator

import pytest

from sverka.demo.shop import Order, Shop, build_shop
from tests.posting.conftest import Desk
from tests.posting.killing import Executioner, killer, names, to_kill
from tests.posting.recovery_points import OF_ALLOWING, OF_POSTING, OF_REFUSING
from tests.posting.undone import FEE

__all__ = ["killer"]

CHAIN = {"paymentin": 1, "supply": 1, "paymentout": 1}


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=800)


def filed(desk: Desk, orders: Iterator[Order]) -> int:
    """A file with one delivered order that a person is asked about."""
    order = next(orders)
    desk.mirror(order)
    file_id = desk.books.file("dalli")
    desk.books.line(file_id, order.name, order.sum, fee_delivery=FEE, payout=order.sum - FEE)
    return file_id


def answers(desk: Desk, file_id: int) -> list[tuple[str, str]]:
    return [
        (kind, by)
        for kind, by in desk.books.run(
            "select kind, by from journal where file_id = %s "
            "and kind in ('plan.approved', 'plan.refused') order by id",
            file_id,
        )
    ]


@pytest.mark.timeout(600)
def test_a_kill_at_any_point_of_a_yes_ends_in_one_document_each(
    desk: Desk, killer: Executioner
) -> None:
    desk.terms("dalli", approval="nothing")
    orders = iter(desk.orders("dalli"))
    rehearsal = killer.lives(desk, "allowed", filed(desk, orders))
    assert names(rehearsal) == OF_ALLOWING
    # What comes after the answer is killed for itself in `test_kill`.
    for moment in to_kill(rehearsal, once=OF_POSTING):
        file_id = filed(desk, orders)
        killer.dies(desk, "allowed", moment, file_id)
        killer.lives(desk, "allowed", file_id)
        assert desk.in_moysklad(file_id) == CHAIN, moment
        assert answers(desk, file_id) == [("plan.approved", "бухгалтер")], moment
        by = "select distinct state, approved_by from posting where file_id = %s"
        assert desk.books.run(by, file_id) == [("posted", "бухгалтер")], moment


@pytest.mark.timeout(600)
def test_a_kill_at_any_point_of_a_no_ends_in_nothing(desk: Desk, killer: Executioner) -> None:
    desk.terms("dalli", approval="nothing")
    orders = iter(desk.orders("dalli"))
    rehearsal = killer.lives(desk, "declined", filed(desk, orders))
    assert names(rehearsal) == OF_REFUSING
    for moment in to_kill(rehearsal):
        file_id = filed(desk, orders)
        killer.dies(desk, "declined", moment, file_id)
        killer.lives(desk, "declined", file_id)
        assert desk.in_moysklad(file_id) == {}, moment
        assert answers(desk, file_id) == [("plan.refused", "бухгалтер")], moment
        assert desk.books.run("select 1 from posting where file_id = %s", file_id) == [], moment
        [[rule]] = desk.books.run(
            "select rule from verdict v join line l on l.id = v.line_id "
            "join report r on r.id = l.report_id where r.file_id = %s",
            file_id,
        )
        assert rule.endswith("+approval.refused"), moment
