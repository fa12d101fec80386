"""The plan as data: every document with its names, sums and links, and what is left out."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg2.extras import Json

from sverka.approval import ASK
from sverka.couriers import Courier, Couriers
from sverka.database.connection import connect
from sverka.money import Minor
from sverka.moysklad.documents import Document, Operation, Ref, StateChange, StateRef, to_stored
from sverka.nouns import PostingKind
from sverka.posting import preview as previewing
from sverka.posting.ledger import planned
from sverka.posting.preview import (
    CourierTerms,
    Head,
    Intended,
    LeftOut,
    Link,
    OrderPlan,
    Total,
    preview,
)
from sverka.services import Services
from tests.posting.conftest import Noted
from tests.posting.test_undoing_compare import MOMENT, OUT, PAYMENT, RETURN, SUPPLY
from tests.support.books import NOW, SPACE, Books, state_id

GOROD = Courier("gorod", "Город", ("Город",), "ООО «Город»", "net", dry_run=False)
OTHER = replace(GOROD, code="other", title="Другой", approval=ASK, dry_run=True)
NEW, DONE = (state_id("customerorder", name) for name in ("Новый", "Выполнен"))


@pytest.fixture
def services(services: Noted, monkeypatch: pytest.MonkeyPatch) -> Noted:
    known = Couriers({one.code: one for one in (GOROD, OTHER)})
    monkeypatch.setattr(previewing, "known_couriers", lambda _: known)
    return services


def put(books: Books, file_id: int, kind: str, document: Document, **other: Any) -> str:
    row = {"state": "planned", "posted_at": None, "document": Json(to_stored(document))}
    return str(books.posting(file_id, kind, **row | other))


def agent(books: Books, name: str) -> UUID:
    found = uuid4()
    row = {"id": found, "name": name, "updated": NOW, "fetched_at": NOW}
    books.insert("snapshot_counterparty", row)
    return found


def seal_of(books: Books, file_id: int) -> str:
    with connect(books.url) as conn:
        return planned(conn, file_id).seal


def head(services: Services, file_id: int) -> Head:
    with preview(services, file_id) as found:
        return found.head


def plan(services: Services, file_id: int) -> list[OrderPlan]:
    with preview(services, file_id) as found:
        return list(found.orders())


def test_an_order_gets_its_documents_in_the_order_of_sending(
    services: Services, books: Books
) -> None:
    file_id = books.file()
    line = books.line(file_id)
    buyer = agent(books, "Иванов")
    order = books.order("1001")
    demand = books.demand(order, name="Д-1")
    link = (Operation(Ref("customerorder", order), Minor(600)),)
    to = Ref("counterparty", buyer)
    common = {"order_id": order, "demand_id": demand, "line_id": line}
    change = StateChange(uuid4(), Ref("customerorder", order), StateRef("customerorder", DONE))
    shipped = StateChange(uuid4(), Ref("demand", demand), StateRef("demand", uuid4()))
    ids = {
        "demand.state": put(books, file_id, "demand.state", shipped, **common),
        "customerorder.state": put(
            books, file_id, "customerorder.state", change, previous_state_id=NEW, **common
        ),
        "salesreturn": put(
            books,
            file_id,
            "salesreturn",
            replace(RETURN.document, agent=to),
            amount=1_500,
            **common,
        ),
        "paymentout": put(books, file_id, "paymentout", OUT.document, amount=31_400, **common),
        "supply": put(books, file_id, "supply", SUPPLY.document, amount=31_400, **common),
        "paymentin": put(
            books,
            file_id,
            "paymentin",
            replace(PAYMENT.document, agent=to, operations=link),
            amount=700,
            state="approved",
            **common,
        ),
    }
    kinds = PostingKind

    def intended(
        kind: PostingKind, amount: int, agent: str | None, link: Link, **other: Any
    ) -> Intended:
        facts = {"moment": MOMENT, "purpose": None, **other}
        return Intended(
            ids[kind], kind, "gorod", Minor(amount), kind is kinds.PAYMENTIN, agent, link, **facts
        )

    money, none = Minor(31_400), None
    assert plan(services, file_id) == [
        OrderPlan(
            "1001",
            (
                intended(kinds.PAYMENTIN, 700, "Иванов", Link("customerorder", "1001", Minor(600)), purpose="Заказ 1"),
                # Not in the snapshot: the courier itself.
                replace(intended(kinds.SUPPLY, 31_400, "ООО «Город»", Link("x"), purpose="Услуги"), link=None),
                intended(kinds.PAYMENTOUT, 31_400, "ООО «Город»", Link("supply", None, money), purpose="Услуги"),
                intended(kinds.SALESRETURN, 1_500, "Иванов", Link("demand", "Д-1"), purpose="Возврат"),
                intended(kinds.CUSTOMERORDER_STATE, 0, none, Link("customerorder", "1001"),
                         moment=None, before="Новый", after="Выполнен"),
                intended(kinds.DEMAND_STATE, 0, none, Link("demand", "Д-1"), moment=None),
            ),
        )
    ]  # fmt: skip


def test_a_payment_that_pays_no_order_has_no_link_and_an_unknown_buyer_an_id(
    services: Services, books: Books
) -> None:
    file_id = books.file()
    order = books.order(f"order {uuid4()}")
    document = replace(PAYMENT.document, operations=())
    put(books, file_id, "paymentin", document, order_id=order)
    [one] = plan(services, file_id)
    [intended] = one.documents
    assert intended.link is None
    assert intended.agent == str(PAYMENT.document.agent.id)  # type: ignore[union-attr]


def test_orders_come_as_the_report_has_them_and_what_is_for_many_rows_last(
    services: Services, books: Books
) -> None:
    file_id, other = books.file(), books.file()
    orders = {name: books.order(f"{name} of {file_id}") for name in "ab"}
    lines = [books.line(file_id) for _ in range(3)]
    many = put(books, file_id, "supply", SUPPLY.document, amount=1)
    for line in lines[:2]:
        row = {"line_key": uuid4(), "kind": "supply", "revision": 1}
        books.insert("posting_line", row | {"sync_id": many, "line_id": line})
    put(books, file_id, "paymentout", OUT.document, courier="other")
    put(books, file_id, "paymentin", PAYMENT.document, order_id=orders["a"], line_id=lines[2])
    put(books, file_id, "paymentin", PAYMENT.document, order_id=orders["b"], line_id=lines[1])
    put(books, file_id, "salesreturn", RETURN.document, order_id=orders["a"], line_id=lines[0])
    for state in ("posted", "reversed", "failed", "rejected", "sending", "unsure"):
        put(books, file_id, "paymentin", PAYMENT.document, state=state)
    put(books, other, "paymentin", PAYMENT.document)
    found = plan(services, file_id)
    shown = [
        (one.order and one.order[0], [(d.kind.value, d.courier, d.lines) for d in one.documents])
        for one in found
    ]
    assert shown == [
        ("a", [("paymentin", "gorod", 0), ("salesreturn", "gorod", 0)]),
        ("b", [("paymentin", "gorod", 0)]),
        (None, [("supply", "gorod", 2)]),
        (None, [("paymentout", "other", 0)]),
    ]


def judged(books: Books, file_id: int, *, clean: bool, **line: Any) -> int:
    line_id = books.line(file_id, line.pop("order", "1001"), **line)
    row = {"line_id": line_id, "verdict": "x", "rule": "x", "clean": clean, "received": 0}
    books.insert("verdict", row | {"sentence": f"Строка {line_id}.", "decided_at": NOW})
    return line_id


def test_rows_that_become_no_document_are_told_with_their_sentence(
    services: Services, books: Books
) -> None:
    file_id, other = books.file(), books.file()
    judged(books, file_id, clean=True, collected=1)
    first = judged(books, file_id, clean=False, collected=500, sheet="Лист", track_ref="77")
    second = judged(books, file_id, clean=False, collected=70, order=None, currency="KZT")
    books.line(file_id, collected=9)
    judged(books, other, clean=False, collected=1_000)
    with preview(services, file_id) as found:
        assert list(found.left_out()) == [
            LeftOut("Лист", 2, "1001", "77", Minor(500), "RUB", f"Строка {first}."),
            LeftOut(None, 3, None, None, Minor(70), "KZT", f"Строка {second}."),
        ]
        assert (found.head.left_out, found.head.left_out_sum) == (2, 570)


def test_the_head_sums_the_plan_up(services: Services, books: Books) -> None:
    other, file_id = books.file(), books.file()
    books.report(file_id, "other", 1)
    books.report(file_id, "statuses", 2, purpose="statuses")
    one, two = uuid4(), uuid4()
    for kind, amount, order, state, courier in [
        ("paymentin", 500, one, "planned", "gorod"),
        ("paymentin", 70, two, "approved", "gorod"),
        ("supply", 30, one, "planned", "gorod"),
        ("supply", 4, None, "planned", "other"),
        ("paymentin", 1_000, uuid4(), "posted", "gorod"),
        ("paymentin", 1_000, uuid4(), "failed", "gorod"),
        ("paymentin", 1_000, uuid4(), "reversed", "gorod"),
    ]:
        facts = {"amount": amount, "order_id": order, "courier": courier}
        books.posting(file_id, kind, state=state, **facts)
    books.posting(other, state="planned", amount=9, order_id=uuid4())
    [[report]] = books.run("select id from report where file_id = %s and ordinal = 0", file_id)
    [[others]] = books.run("select id from report where file_id = %s", other)
    for report_id, line_no, column in [
        (report, 1, "a"),
        (report, 1, "b"),
        (report, 2, "a"),
        (others, 3, "a"),
    ]:
        row = {"report_id": report_id, "line_no": line_no, "column_name": column}
        books.insert("rejected", row | {"rule": "x", "reason": "x"})
    [[name]] = books.run("select name from file where id = %s", file_id)
    assert head(services, file_id) == Head(
        file_id=file_id,
        file=name,
        currency="RUB",
        seal=seal_of(books, file_id),
        couriers=(
            CourierTerms("gorod", "Город", dry_run=False, approval="clean_lines"),
            CourierTerms("other", "Другой", dry_run=True, approval="nothing"),
        ),
        totals=(
            Total("gorod", PostingKind.PAYMENTIN, 2, Minor(570)),
            Total("gorod", PostingKind.SUPPLY, 1, Minor(30)),
            Total("other", PostingKind.SUPPLY, 1, Minor(4)),
        ),
        orders=2,
        approved=1,
        left_out=0,
        left_out_sum=Minor(0),
        rejected=2,
        begun=2,
    )


def test_the_currency_is_the_accounts(services: Services, books: Books) -> None:
    file_id = books.file()
    books.run("insert into account (id, currency) values (%s, 'KZT')", SPACE)
    try:
        assert head(services, file_id).currency == "KZT"
    finally:
        books.run("truncate account")


@pytest.mark.parametrize(
    ("courier", "state", "dry_run", "told"),
    [
        ("gorod", "planned", False, False),
        ("gorod", "planned", True, True),  # never approved any more
        ("gorod", "approved", True, True),
        ("gorod", "reversed", True, False),
        ("other", "planned", False, True),  # a dry run that began since
    ],
)
def test_nothing_of_a_dry_run_is_going_to_be_sent(
    services: Services, books: Books, courier: str, state: str, dry_run: bool, told: bool
) -> None:
    file_id = books.file(courier)
    books.posting(file_id, state=state, dry_run=dry_run)
    books.posting(file_id, state="planned", dry_run=True, courier="somebody else")
    books.posting(books.file(courier), state="planned", dry_run=True)
    assert head(services, file_id).dry_run is told


def test_a_plan_is_a_dry_run_when_all_of_its_couriers_are(services: Services, books: Books) -> None:
    found = head(services, books.file("gorod"))
    dry = CourierTerms("a", "А", dry_run=True, approval="nothing")
    assert replace(found, couriers=(dry, dry)).dry_run
    assert not replace(found, couriers=(dry, replace(dry, dry_run=False))).dry_run
    assert not replace(found, couriers=()).dry_run


def test_many_documents_are_read_page_by_page(
    services: Services, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previewing, "PAGE", 2)
    file_id = books.file()
    for number in range(5):
        put(
            books,
            file_id,
            "paymentin",
            PAYMENT.document,
            order_id=books.order(f"{file_id}/{number}"),
        )
    assert len(plan(services, file_id)) == 5
