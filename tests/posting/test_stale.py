"""The last look before sending, order by order and demand by demand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from sverka.money import Minor
from sverka.moysklad.documents import Operation, PaymentIn, Ref
from sverka.nouns import PostingKind
from sverka.posting.looking import DRAFT, GONE, PAID, RETURNED, stale
from sverka.posting.outbox import Done, Item
from tests.posting.test_answers import ITEM
from tests.posting.test_undoing_compare import RETURN
from tests.support.shelf import Shelf, meta, uid

IN, BACK = PostingKind.PAYMENTIN, PostingKind.SALESRETURN


class Books:
    """Of the services only the snapshot's demands: which order each of them is of."""

    def __init__(self, **demands: str) -> None:
        self._demands = demands
        self.asked: list[str] = []

    @contextmanager
    def connect(self) -> Iterator[Any]:
        yield self

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        yield self

    def execute(self, _: str, values: tuple[list[str]]) -> None:
        self.asked = values[0]

    def fetchall(self) -> list[tuple[str, str]]:
        return [(str(uid(demand)), str(uid(order))) for demand, order in self._demands.items()]


def payment(name: str, **orders: int) -> Item:
    assert isinstance(ITEM.document, PaymentIn)
    links = tuple(
        Operation(Ref("customerorder", uid(order)), Minor(amount))
        for order, amount in orders.items()
    )
    return replace(ITEM, sync_id=uid(name), document=replace(ITEM.document, operations=links))


def order(shelf: Shelf, name: str, total: int, payed: int = 0, **fields: Any) -> None:
    shown = {"sum": total, "payedSum": payed, "applicable": True} | fields
    shelf.put("customerorder", uid(name), **shown)


def held_back(shelf: Shelf, books: Books, *items: Item) -> list[Done]:
    return stale(books, shelf, IN, items)  # type: ignore[arg-type]


def failed(name: str, words: str) -> Done:
    return Done(uid(name), "failed", error=words)


@pytest.mark.parametrize(("payed", "sent"), [(0, True), (300, True), (301, False), (1000, False)])
def test_a_payment_goes_only_for_what_is_open_now(payed: int, sent: bool) -> None:
    shelf = Shelf()
    order(shelf, "order", 1000, payed)
    found = held_back(shelf, Books(), payment("in", order=700))
    assert found == ([] if sent else [failed("in", PAID)])


@pytest.mark.parametrize(
    ("payed", "first", "second", "sent"),
    [(0, 300, 0, True), (0, 150, 151, False), (300, 300, 0, True), (100, 301, 0, False)],
)
def test_what_was_paid_to_its_demands_counts_when_it_is_more(
    payed: int, first: int, second: int, sent: bool
) -> None:
    shelf = Shelf()
    order(shelf, "order", 1000, payed)
    shelf.put("demand", uid("first"), payedSum=first)
    shelf.put("demand", uid("second"), payedSum=second)
    books = Books(first="order", second="order", vanished="order")
    found = held_back(shelf, books, payment("in", order=700))
    assert found == ([] if sent else [failed("in", PAID)])
    assert books.asked == [str(uid("order"))]


def test_payments_of_one_order_are_counted_together_and_others_go() -> None:
    shelf = Shelf()
    order(shelf, "twice", 1000)
    order(shelf, "once", 400)
    items = [payment("a", twice=600), payment("b", once=400), payment("c", twice=401)]
    assert held_back(shelf, Books(), *items) == [failed("a", PAID), failed("c", PAID)]


def test_an_order_that_is_gone_or_a_draft_takes_no_payment() -> None:
    shelf = Shelf()
    order(shelf, "draft", 1000, applicable=False)
    order(shelf, "binned", 1000, deleted="2026-11-20 12:00:00")
    order(shelf, "good", 1000)
    items = [payment(name, **{name: 700}) for name in ("draft", "binned", "lost", "good")]
    assert held_back(shelf, Books(), *items) == [
        failed("draft", DRAFT),
        failed("binned", GONE.format(what="Заказа")),
        failed("lost", GONE.format(what="Заказа")),
    ]


def test_an_order_that_a_list_leaves_out_is_asked_for_by_itself() -> None:
    shelf = Shelf()
    order(shelf, "hidden", 1000)
    shelf.unlisted.add(uid("hidden"))
    assert held_back(shelf, Books(), payment("in", hidden=700)) == []
    assert shelf.asked[-1] == ("get", "customerorder", str(uid("hidden")))


def test_a_hundred_orders_are_read_at_once() -> None:
    shelf = Shelf()
    for n in range(101):
        order(shelf, f"{n}", 1000)
    assert (
        held_back(shelf, Books(), *(payment(f"in {n}", **{f"{n}": 1000}) for n in range(101))) == []
    )
    assert [len(one) - 2 for one in shelf.asked] == [100, 1]


def returned(name: str, demand: str) -> Item:
    assert not isinstance(RETURN.document, PaymentIn)
    document = replace(RETURN.document, demand=Ref("demand", uid(demand)))  # type: ignore[call-arg]
    return replace(ITEM, sync_id=uid(name), kind=BACK, document=document)


def test_a_return_goes_only_where_there_is_none() -> None:
    shelf = Shelf()
    shelf.put("demand", uid("free"))
    shelf.put("demand", uid("empty"), returns=[])
    shelf.put("demand", uid("taken"), returns=[meta("salesreturn", "by hand")])
    items = [returned(name, name) for name in ("lost", "free", "taken", "empty")]
    found = stale(Books(), shelf, BACK, items)  # type: ignore[arg-type]
    assert found == [failed("lost", GONE.format(what="Отгрузки")), failed("taken", RETURNED)]


@pytest.mark.parametrize("kind", [PostingKind.SUPPLY, PostingKind.PAYMENTOUT])
def test_fees_need_no_look(kind: PostingKind) -> None:
    shelf = Shelf()
    assert stale(Books(), shelf, kind, [ITEM]) == []  # type: ignore[arg-type]
    assert shelf.asked == []


@pytest.mark.parametrize(
    ("kind", "item", "words"),
    [(IN, returned("back", "demand"), "not a buyer's payment"), (BACK, ITEM, "not a return")],
)
def test_a_document_of_another_kind_is_never_looked_at_as_this_one(
    kind: PostingKind, item: Item, words: str
) -> None:
    with pytest.raises(TypeError, match=words):
        stale(Books(), Shelf(), kind, [item])  # type: ignore[arg-type]
