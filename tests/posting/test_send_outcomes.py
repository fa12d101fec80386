"""What becomes of each document: posted, refused, taken by another run, or nobody knows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg2.extras import Json

from sverka.couriers import Courier, Couriers
from sverka.errors import Misconfigured, TryLater
from sverka.money import Minor
from sverka.moysklad.client import Refused, Saved
from sverka.moysklad.documents import Operation, Ref, StateChange, StateRef, to_stored
from sverka.moysklad.errors import Terminal, Transient, Unsure
from sverka.posting import send as sending
from sverka.posting.send import Sent, send
from sverka.services import Services
from tests.conftest import FrozenClock
from tests.posting.conftest import Noted
from tests.posting.test_undoing_compare import OUT, PAYMENT, SUPPLY
from tests.support.books import SPACE, Books
from tests.support.shelf import Shelf, meta, uid

LIVE = Courier("gorod", "Город", ("Город",), "ООО «Город»", "net", dry_run=False)
DRY = replace(LIVE, code="dry", dry_run=True)


class Account(Shelf):
    """MoySklad that takes what it is sent; `answers` says how by entity, `saved` is what came."""

    def __init__(self) -> None:
        super().__init__(customerorder=(("Новый", "Regular"), ("Выполнен", "Successful")))
        self.id = SPACE
        self.saved: list[tuple[str, list[dict[str, Any]]]] = []
        self.answers: dict[str, Any] = {}

    def account_id(self) -> UUID:
        return self.id

    def find_by_sync_ids(self, entity: str, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
        self.asked.append(("find", entity, *map(str, ids)))
        return {}

    def save(self, entity: str, bodies: Sequence[dict[str, Any]]) -> list[Saved | Refused]:
        self.saved.append((entity, list(bodies)))
        answer = self.answers.get(entity)
        if isinstance(answer, Exception):
            raise answer
        return [answer or _saved(entity, one) for one in bodies]


def _saved(entity: str, body: dict[str, Any]) -> Saved:
    if "syncId" not in body:
        order = UUID(body["meta"]["href"].rpartition("/")[2])
        return Saved(order, {"id": str(order), "name": "1001", **body})
    document = uid(f"document of {body['syncId']}")
    total = sum(one["quantity"] * one["price"] for one in body.get("positions", []))
    named = {"id": str(document), "name": f"№ {entity}"}
    return Saved(document, {"sum": total, **body, **named})


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def services(services: Noted, account: Account, monkeypatch: pytest.MonkeyPatch) -> Noted:
    couriers = Couriers({one.code: one for one in (LIVE, DRY)})
    monkeypatch.setattr(sending, "known_couriers", lambda _: couriers)
    return replace(services, moysklad=lambda: account)  # type: ignore[arg-type, return-value]


class File:
    """A file of approved documents of one order."""

    def __init__(self, books: Books, account: Account, courier: str = "gorod") -> None:
        self._books = books
        self.id = books.file(courier)
        self.order = uuid4()
        shown = {"name": "1001", "applicable": True, "sum": 100_000, "payedSum": 0}
        account.put("customerorder", self.order, **shown, state=meta("state", "Новый"))

    def _put(self, kind: str, document: Any, amount: int = 0, **other: Any) -> UUID:
        sync_id = document.sync_id
        row = {"state": "approved", "order_id": self.order, "amount": amount, "posted_at": None}
        stored = {"sync_id": sync_id, "document": Json(to_stored(document))}
        self._books.posting(self.id, kind, **row | stored | other)
        return UUID(str(sync_id))

    def payment(self, **other: Any) -> UUID:
        link = Operation(Ref("customerorder", self.order), Minor(70_000))
        document = replace(PAYMENT.document, sync_id=uuid4(), operations=(link,))
        return self._put("paymentin", document, 70_000, **other)

    def supply(self, **other: Any) -> UUID:
        return self._put("supply", replace(SUPPLY.document, sync_id=uuid4()), 31_400, **other)

    def payment_out(self, supply: UUID, **other: Any) -> UUID:
        document = replace(OUT.document, sync_id=uuid4(), supply=supply)
        return self._put("paymentout", document, 31_400, depends_on=supply, **other)

    def close(self, **other: Any) -> UUID:
        order = Ref("customerorder", self.order)
        change = StateChange(uuid4(), order, StateRef("customerorder", uid("Выполнен")))
        kept = {"previous_state_id": uid("Новый")}
        return self._put("customerorder.state", change, **kept | other)

    def row(self, sync_id: UUID, *columns: str) -> tuple[Any, ...]:
        [found] = self._books.run(
            f"select {', '.join(columns)} from posting where sync_id = %s", sync_id
        )
        return found


@pytest.fixture
def file(books: Books, account: Account) -> File:
    return File(books, account)


def test_everything_approved_is_sent_once_parents_first(
    services: Services, account: Account, file: File
) -> None:
    close, supply, payment = file.close(), file.supply(), file.payment()
    out = file.payment_out(supply)
    assert send(services, file.id) == Sent(posted=4, rejected=0, failed=0, waiting=0)
    assert [(entity, len(bodies)) for entity, bodies in account.saved] == [
        ("paymentin", 1),
        ("supply", 1),
        ("paymentout", 1),
        ("customerorder", 1),
    ]
    posted = ("state", "moysklad_id::text", "moysklad_name", "attempts", "posted_at")
    for sync_id, kind in [(payment, "paymentin"), (supply, "supply"), (out, "paymentout")]:
        document = str(uid(f"document of {sync_id}"))
        assert file.row(sync_id, *posted) == ("posted", document, f"№ {kind}", 1, services.clock())
    assert file.row(close, "state", "moysklad_id::text") == ("posted", str(file.order))
    [operation] = account.saved[2][1][0]["operations"]
    assert operation["meta"]["href"].endswith(f"/supply/{uid(f'document of {supply}')}")
    assert account.saved[3][1][0]["state"]["meta"]["href"].endswith(str(uid("Выполнен")))
    again = len(account.saved)
    assert send(services, file.id).posted == 4
    assert len(account.saved) == again


@pytest.mark.parametrize(("code", "words"), [(3006, "Нет склада (код 3006)"), (None, "Нет склада")])
def test_a_refusal_is_kept_in_moysklads_words_and_stops_its_chain(
    services: Services, account: Account, file: File, code: int | None, words: str
) -> None:
    supply, payment = file.supply(), file.payment()
    out = file.payment_out(supply)
    account.answers["supply"] = Refused(code, "Нет склада")
    assert send(services, file.id) == Sent(posted=1, rejected=1, failed=1, waiting=0)
    assert file.row(supply, "state", "error") == ("rejected", f"МойСклад не принял: {words}")
    assert file.row(out, "state") == ("failed",)
    assert file.row(payment, "state", "error") == ("posted", None)


@pytest.mark.parametrize(
    "error", [Terminal("Нет прав", status=403, code=1016), Transient("Позже", seconds=5)]
)
def test_a_request_that_did_nothing_leaves_everything_approved(
    services: Services, account: Account, file: File, error: Exception
) -> None:
    payment, supply = file.payment(), file.supply()
    account.answers["paymentin"] = error
    with pytest.raises(type(error)):
        send(services, file.id)
    assert file.row(payment, "state", "error", "attempts") == ("approved", str(error), 1)
    assert file.row(supply, "state", "attempts") == ("approved", 0)
    del account.answers["paymentin"]
    assert send(services, file.id).posted == 2


def test_an_unknown_outcome_is_waited_for_and_never_sent_blindly(
    services: Services, account: Account, file: File, clock: FrozenClock
) -> None:
    payment, supply = file.payment(), file.supply()
    account.answers["paymentin"] = Unsure("ответ потерян")
    with pytest.raises(TryLater, match="Исход отправки неизвестен: ответ потерян") as later:
        send(services, file.id)
    assert later.value.seconds == 330
    sent = ("unsure", "ответ потерян", 1, clock.now)
    assert file.row(payment, "state", "error", "attempts", "sent_at") == sent
    assert file.row(supply, "state") == ("approved",)
    with pytest.raises(TryLater):
        send(services, file.id)
    assert len(account.saved) == 1
    assert account.asked[-1] == ("find", "paymentin", str(payment))
    del account.answers["paymentin"]
    clock.now += timedelta(seconds=330)
    assert send(services, file.id).posted == 2
    assert file.row(payment, "state", "attempts") == ("posted", 2)


def test_what_people_did_meanwhile_is_seen_before_anything_is_sent(
    services: Services, account: Account, file: File, books: Books
) -> None:
    paid, close = file.payment(), file.close()
    shown = {"name": "1001", "applicable": True, "sum": 100_000, "payedSum": 30_001}
    account.put("customerorder", file.order, **shown, state=meta("state", "Новый"))
    assert send(services, file.id) == Sent(posted=0, rejected=0, failed=2, waiting=0)
    assert account.saved == []
    state, error, attempts = file.row(paid, "state", "error", "attempts")
    assert (state, attempts) == ("failed", 0)
    assert "заказ оплатили" in error
    assert file.row(close, "state") == ("failed",)


@pytest.mark.parametrize(
    ("change", "sent"),
    [
        ({}, False),
        ({"deleted": True}, True),
        ({"applicable": False}, True),
        ({"order_id": uuid4()}, True),
    ],
)
def test_what_was_paid_to_a_demand_of_the_order_counts_as_paid(
    services: Services,
    account: Account,
    file: File,
    books: Books,
    change: dict[str, Any],
    sent: bool,
) -> None:
    payment = file.payment()
    demand = books.demand(change.pop("order_id", file.order), **change)
    account.put("demand", demand, payedSum=30_001)
    assert send(services, file.id).posted == sent
    assert file.row(payment, "state") == ("posted" if sent else "failed",)


def test_a_state_that_stands_there_is_posted_without_a_write_and_the_former_is_kept(
    services: Services, account: Account, file: File
) -> None:
    there = file.close()
    shown = {"name": "1001", "applicable": True, "sum": 1, "payedSum": 0}
    account.put("customerorder", file.order, **shown, state=meta("state", "Выполнен"))
    assert send(services, file.id).posted == 1
    assert account.saved == []
    assert file.row(there, "attempts", "previous_state_id::text") == (0, str(uid("Выполнен")))
    account.put("customerorder", file.order, **shown)
    bare = file.close()
    assert send(services, file.id).posted == 2
    assert file.row(bare, "attempts", "previous_state_id::text") == (1, str(uid("Новый")))


def test_what_another_run_took_meanwhile_is_not_sent_twice(
    services: Services, account: Account, file: File, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = file.payment(), file.payment()

    def slow(*_: Any) -> list[Any]:
        books.run("update posting set state = 'sending' where sync_id = %s", theirs)
        return []

    monkeypatch.setattr(sending, "stale", slow)
    send(services, file.id)
    [(_, bodies)] = account.saved
    assert [one["syncId"] for one in bodies] == [str(ours)]
    assert file.row(ours, "state") == ("posted",)
    assert file.row(theirs, "state") == ("sending",)


def test_when_another_run_took_everything_nothing_is_sent(
    services: Services, account: Account, file: File, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = file.payment()

    def slow(*_: Any) -> list[Any]:
        books.run("update posting set state = 'sending' where sync_id = %s", payment)
        return []

    monkeypatch.setattr(sending, "stale", slow)
    send(services, file.id)
    assert account.saved == []


def test_a_dry_run_and_what_nobody_approved_wait(
    services: Services, account: Account, books: Books
) -> None:
    dry = File(books, account, "dry")
    dry.payment()
    dry.supply()
    dry.payment(state="planned")
    assert send(services, dry.id) == Sent(posted=0, rejected=0, failed=0, waiting=3)
    assert account.saved == []


def test_another_account_gets_nothing(
    services: Services, account: Account, file: File, books: Books
) -> None:
    payment = file.payment()
    books.run("insert into account (id, currency) values (%s, 'RUB')", SPACE)
    account.id = uuid4()
    try:
        with pytest.raises(Misconfigured):
            send(services, file.id)
    finally:
        books.run("truncate account")
    assert (account.saved, account.asked) == ([], [])
    assert file.row(payment, "state") == ("approved",)


def test_other_files_are_not_sent(
    services: Services, account: Account, file: File, books: Books
) -> None:
    other = File(books, account)
    payment = other.payment()
    assert send(services, file.id) == Sent(posted=0, rejected=0, failed=0, waiting=0)
    assert other.row(payment, "state") == ("approved",)
