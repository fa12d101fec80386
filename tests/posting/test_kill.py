"""The promise: whatever is killed, and wherever, resuming ends in one document of each kind."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sverka.demo.shop import Order, Shop, build_shop
from tests.posting.conftest import Desk
from tests.posting.killing import Executioner, killer, name_of, names, to_kill
from tests.posting.recovery_points import EVERY_ONE, OF_POSTING

__all__ = ["killer"]

DOCS = Path(__file__).parents[2] / "docs" / "posting.md"
CHAIN = {"paymentin": 1, "supply": 2, "paymentout": 1, "salesreturn": 1}
"""A delivered order of a netting courier, and a returned one whose service is invoiced later."""

MAYBE_NOT_SENT = {"sending committed", "before request sent", "request sent"}
"""Killed here, a process leaves documents that may have to be sent again."""


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=1500)


def filed(desk: Desk, orders: Iterator[Order]) -> tuple[int, Order, Order]:
    """A file with two lines, of an order that was delivered and one that came back."""
    delivered, returned = next(orders), next(orders)
    desk.mirror(delivered, returned)
    file_id = desk.books.file("yandex_market")
    desk.books.line(
        file_id, delivered.name, delivered.sum, fee_cod=5_000, payout=delivered.sum - 5_000
    )
    desk.books.line(file_id, returned.name, 0, outcome="returned", fee_return=9_000)
    return file_id, delivered, returned


@pytest.mark.timeout(900)
def test_a_kill_at_any_point_ends_in_one_document_each(desk: Desk, killer: Executioner) -> None:
    orders = iter(desk.orders("yandex_market"))
    rehearsal = killer.lives(desk, "settled", filed(desk, orders)[0])
    assert names(rehearsal) == OF_POSTING
    met = Counter(map(name_of, rehearsal))
    # Plan and approval are one commit each; each of six kinds is marked, written and settled.
    assert {met[name] for name in ("plan committed", "approved")} == {1}
    assert {met[name] for name in OF_POSTING - {"plan committed", "approved"}} == {6}
    for moment in to_kill(rehearsal):
        file_id, delivered, returned = filed(desk, orders)
        killer.dies(desk, "settled", moment, file_id)
        killer.lives(desk, "settled", file_id)
        assert desk.in_moysklad(file_id) == CHAIN, moment
        states = desk.books.run("select distinct state from posting where file_id = %s", file_id)
        assert states == [("posted",)], moment
        if name_of(moment) not in MAYBE_NOT_SENT:
            again = "select kind from posting where file_id = %s and attempts > 1"
            assert desk.books.run(again, file_id) == [], f"{moment}: sent again blindly"
        assert desk.state_of("customerorder", delivered.id) == "Выполнен", moment
        assert desk.state_of("demand", returned.demands[0].id) == "Возвращен", moment


def test_every_recovery_point_is_named_in_the_docs() -> None:
    told = DOCS.read_text(encoding="utf-8")
    assert EVERY_ONE
    assert [name for name in sorted(EVERY_ONE) if f"«{name}»" not in told] == []
