"""Taking back, call by call: children first, each once, and whatever MoySklad answers is kept."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg2.extras import Json

from sverka.couriers import Courier, Couriers
from sverka.errors import Misconfigured, TryLater
from sverka.moysklad.bulk import Deleted
from sverka.moysklad.client import Refused, Saved
from sverka.moysklad.documents import Ref, StateChange, StateRef, to_stored
from sverka.moysklad.errors import Terminal, Transient, Unsure
from sverka.nouns import PostingKind
from sverka.posting import undo as undoing_file
from sverka.posting import undoing
from sverka.posting.undo import preview, undo
from sverka.posting.undoing_look import TRASHED
from sverka.posting.undoing_targets import Target
from sverka.posting.undoing_told import Undone
from sverka.services import Services
from tests.posting.conftest import Noted
from tests.posting.test_undoing_compare import (
    ALL,
    OUT,
    PAYMENT,
    RETURN,
    SHOWN_RETURN,
    SUPPLY,
)
from tests.support.books import SPACE, Books
from tests.support.shelf import BASE, Shelf, meta, uid

WHO = "бухгалтер"
LIVE = Courier("gorod", "Город", ("Город",), "ООО «Город»", "net", dry_run=False)
STATES = (("Новый", "Regular"), ("Выполнен", "Successful"), ("Отменён", "Unsuccessful"))
CLOSE, SHIP = PostingKind.CUSTOMERORDER_STATE, PostingKind.DEMAND_STATE


class Account(Shelf):
    """MoySklad that takes back what it is asked to; `answers` says how else, by entity."""

    def __init__(self) -> None:
        super().__init__(customerorder=STATES, demand=STATES)
        self.id = SPACE
        self.called: list[tuple[str, list[Any]]] = []
        self.answers: dict[str, Any] = {}
        back = SHOWN_RETURN | {"positions": {"rows": SHOWN_RETURN["positions"]}}
        for target, shown in (*ALL, (RETURN, back)):
            self.put(
                target.kind.value, target.moysklad_id, **shown | {"meta": {"uuidHref": "link"}}
            )
        for entity in ("customerorder", "demand"):
            closed = {"state": meta("state", "Выполнен"), "payedSum": 0}
            closed |= {"meta": {"uuidHref": "link"}}
            self.put(entity, uid(entity), **closed, updated="2026-11-20 12:00:00.000")

    def account_id(self) -> UUID:
        return self.id

    def delete(self, entity: str, ids: Sequence[UUID]) -> list[Deleted | Refused]:
        self.called.append((entity, list(ids)))
        answer = self._answer(entity)
        for one in [] if answer else ids:
            self._bodies[entity, one]["deleted"] = "2026-11-20 12:00:00"
        return [answer or Deleted(one) for one in ids]

    def save(self, entity: str, bodies: Sequence[dict[str, Any]]) -> list[Saved | Refused]:
        self.called.append((entity, list(bodies)))
        answer = self._answer(entity)
        shown = [
            {name: value for name, value in body.items() if value is not None} for body in bodies
        ]
        return [answer or Saved(uid(entity), one) for one in shown]

    def _answer(self, entity: str) -> Any:
        answer = self.answers.get(entity)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def services(services: Noted, account: Account, monkeypatch: pytest.MonkeyPatch) -> Noted:
    known = Couriers({one.code: one for one in (LIVE, replace(LIVE, code="dry", dry_run=True))})
    for module in (undoing, undoing_file):
        monkeypatch.setattr(module, "known_couriers", lambda _: known)
    return replace(services, moysklad=lambda: account)  # type: ignore[arg-type, return-value]


def close(kind: PostingKind) -> Target:
    entity = kind.value.removesuffix(".state")
    target = StateRef(entity, uid("Выполнен"))
    change = StateChange(uid(kind), Ref(entity, uid(entity)), target)
    return Target(
        uid(kind), kind, change, 0, "gorod", uid(entity), "1", previous_state=uid("Новый")
    )


class File:
    """A file of which everything stands in MoySklad."""

    def __init__(self, books: Books, *targets: Target, **other: Any) -> None:
        self.books, self.id, self.order = books, books.file(), uuid4()
        self.ids: dict[str, UUID] = {}
        for one in targets or (SUPPLY, OUT, PAYMENT, RETURN, close(CLOSE), close(SHIP)):
            parent = self.ids.get("supply") if one is OUT else None
            row = {"moysklad_id": one.moysklad_id, "moysklad_name": one.name, "amount": one.amount}
            row |= {"document": Json(to_stored(one.document)), "depends_on": parent, "attempts": 1}
            row |= {"previous_state_id": one.previous_state, "order_id": self.order}
            self.ids[one.kind.value] = books.posting(self.id, one.kind.value, **row | other)

    def states(self) -> dict[str, str]:
        rows = dict(self.books.run("select sync_id::text, state from posting"))
        return {kind: rows[str(one)] for kind, one in self.ids.items()}

    def reversal(self, kind: str) -> tuple[Any, ...]:
        [row] = self.books.run(
            "select state, words, link, attempts from reversal where sync_id = %s", self.ids[kind]
        )
        return row


def count(undone: Undone) -> dict[str, int]:
    return {one.kind.value: one.count for one in undone.taken}


def test_children_go_before_their_parents_and_states_go_back_last(
    services: Services, account: Account, books: Books
) -> None:
    file = File(books)
    result = undo(services, file.id, WHO)
    assert [entity for entity, _ in account.called] == [
        "paymentout", "supply", "paymentin", "salesreturn", "customerorder", "demand",
    ]  # fmt: skip
    assert [ids for _, ids in account.called[:4]] == [
        [one.moysklad_id] for one in (OUT, SUPPLY, PAYMENT, RETURN)
    ]
    [body] = account.called[4][1]
    assert body["meta"]["href"] == f"{BASE}/entity/customerorder/{uid('customerorder')}"
    assert body["state"]["meta"]["href"].endswith(f"customerorder/metadata/states/{uid('Новый')}")
    assert set(file.states().values()) == {"reversed"}
    assert result.complete
    assert count(result) == dict.fromkeys(file.ids, 1)
    assert file.reversal("supply") == ("done", None, "link", 1)
    calls = len(account.called)
    assert undo(services, file.id, WHO).complete
    assert len(account.called) == calls


def test_a_state_that_was_not_there_before_is_cleared(
    services: Services, account: Account, books: Books
) -> None:
    file = File(books, replace(close(CLOSE), previous_state=None))
    assert undo(services, file.id, WHO).complete
    [(_, [body])] = account.called
    assert body["state"] is None


@pytest.mark.parametrize(
    ("code", "text", "state", "words"),
    [
        (1021, "Нет такого", "done", None),
        (17009, "Период закрыт", "kept", "Период закрыт (код 17009)."),
        (None, "Нельзя", "kept", "Нельзя."),
    ],
)
@pytest.mark.parametrize("kind", ["paymentin", "customerorder.state"])
def test_a_refusal_keeps_the_document_and_what_is_not_found_is_done(
    services: Services,
    account: Account,
    books: Books,
    kind: str,
    code: int | None,
    text: str,
    state: str,
    words: str | None,
) -> None:
    file = File(books, PAYMENT if kind == "paymentin" else close(CLOSE))
    account.answers[kind.removesuffix(".state")] = Refused(code, text)
    result = undo(services, file.id, WHO)
    found, said, link, attempts = file.reversal(kind)
    assert (found, link, attempts, result.complete) == (state, "link", 1, state == "done")
    if words is None:
        assert said is None
    else:
        assert said == f"МойСклад не дал отменить: {words} Устраните причину и повторите отмену."
    assert file.states()[kind] == ("reversed" if state == "done" else "posted")


def test_another_state_than_the_one_asked_for_is_told(
    services: Services, account: Account, books: Books
) -> None:
    file = File(books, close(CLOSE))
    account.answers["customerorder"] = Saved(uid("x"), {"state": meta("state", "Отменён")})
    assert not undo(services, file.id, WHO).complete
    assert file.reversal("customerorder.state")[:2] == ("kept", undoing.OTHER_STATE)
    account.answers["customerorder"] = Saved(uid("x"), {})
    assert not undo(services, file.id, WHO).complete


@pytest.mark.parametrize(
    "error", [Terminal("Нет прав", status=403, code=1018), Transient("Позже", seconds=5)]
)
def test_a_request_that_did_nothing_is_made_again(
    services: Services, account: Account, books: Books, error: Exception
) -> None:
    file = File(books, PAYMENT, SUPPLY)
    account.answers["paymentin"] = error
    with pytest.raises(type(error)):
        undo(services, file.id, WHO)
    assert file.reversal("paymentin")[0] == "planned"
    assert file.states() == {"paymentin": "posted", "supply": "reversed"}
    account.answers.clear()
    assert undo(services, file.id, WHO).complete


def test_after_a_lost_answer_the_look_says_what_is_left_to_do(
    services: Services, account: Account, books: Books
) -> None:
    file = File(books, PAYMENT)
    account.answers["paymentin"] = Unsure("ответ потерян")
    with pytest.raises(TryLater, match="Исход отмены неизвестен: ответ потерян") as later:
        undo(services, file.id, WHO)
    assert later.value.seconds == 30
    assert file.reversal("paymentin")[0] == "unsure"
    assert file.states() == {"paymentin": "posted"}
    account.answers.clear()
    # It did arrive: gone because of us, and nobody else is named.
    account.delete("paymentin", [PAYMENT.moysklad_id])
    calls = len(account.called)
    result = undo(services, file.id, WHO)
    assert (count(result), result.gone) == ({"paymentin": 1}, 0)
    assert file.reversal("paymentin")[:2] == ("done", None)
    assert len(account.called) == calls


def test_what_somebody_else_deleted_is_done_and_said_so(
    services: Services, account: Account, books: Books
) -> None:
    file = File(books, PAYMENT)
    account.delete("paymentin", [PAYMENT.moysklad_id])
    result = undo(services, file.id, WHO)
    assert (result.taken, result.gone) == ((), 1)
    assert file.reversal("paymentin")[:2] == ("done", TRASHED)
    assert len(account.called) == 1


def test_in_a_dry_run_nothing_is_touched(
    services: Services, account: Account, books: Books
) -> None:
    file = File(books, PAYMENT, courier="dry")
    live = File(books, SUPPLY)
    books.run("update posting set file_id = %s where file_id = %s", file.id, live.id)
    assert [one.words for one in preview(services, file.id).kept] == [undoing.DRY_RUN]
    result = undo(services, file.id, WHO)
    assert [one.words for one in result.kept] == [undoing.DRY_RUN]
    assert [entity for entity, _ in account.called] == ["supply"]
    assert file.states() == {"paymentin": "posted"}


def test_at_most_a_hundred_go_at_once(
    services: Services, account: Account, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert undoing.CHUNK == 100
    monkeypatch.setattr(undoing, "CHUNK", 2)
    _, shown = ALL[0]
    targets = [replace(PAYMENT, moysklad_id=uid(f"payment {n}")) for n in range(5)]
    for target in targets:
        account.put("paymentin", target.moysklad_id, **shown)
    assert undo(services, File(books, *targets).id, WHO).complete
    assert [len(ids) for _, ids in account.called] == [2, 2, 1]
    gone = [one for _, ids in account.called for one in ids]
    assert set(gone) == {one.moysklad_id for one in targets}


def changed(account: Account, target: Target, **fields: Any) -> None:
    """A person changed the document."""
    account._bodies[target.kind.value, target.moysklad_id].update(fields)


def test_a_touched_payment_keeps_its_order_closed_and_a_touched_child_its_parent(
    services: Services, account: Account, books: Books
) -> None:
    file = File(books)
    changed(account, PAYMENT, sum=1)
    changed(account, OUT, paymentPurpose="за всё хорошее")
    changed(account, SUPPLY, payments=[meta("paymentout", OUT.moysklad_id)])
    shown = preview(services, file.id)
    assert account.called == []
    assert books.run("select 1 from undo where file_id = %s", file.id) == []
    result = undo(services, file.id, WHO)
    kinds = ["paymentout", "supply", "paymentin", "customerorder.state", "demand.state"]
    assert [one.kind.value for one in result.kept] == kinds
    assert [one.kind.value for one in shown.kept] == kinds
    told = [(one.name, one.amount, one.words, one.link) for one in result.kept]
    assert [(one.name, one.amount, one.words, one.link) for one in shown.kept] == told
    assert [one[1] for one in told] == [OUT.amount, SUPPLY.amount, PAYMENT.amount, 0, 0]
    assert count(shown) == count(result) == {"salesreturn": 1}
    assert (shown.gone, shown.dry_run, result.dry_run) == (0, True, False)
    assert [entity for entity, _ in account.called] == ["salesreturn"]
    # Once a person has put it right, the rest goes, too.
    changed(account, PAYMENT, sum=PAYMENT.amount)
    changed(account, OUT, paymentPurpose=OUT.document.payment_purpose)  # type: ignore[union-attr]
    assert undo(services, file.id, WHO).complete


def test_a_payment_of_this_undo_does_not_keep_its_supply(
    services: Services, account: Account, books: Books
) -> None:
    file = File(books, SUPPLY, OUT)
    changed(account, SUPPLY, payments=[meta("paymentout", OUT.moysklad_id)])
    assert count(preview(services, file.id)) == {"paymentout": 1, "supply": 1}
    assert undo(services, file.id, WHO).complete


def test_a_preview_counts_what_is_gone_unsent_withdrawn_and_unsure(
    services: Services, account: Account, books: Books
) -> None:
    file = File(books, PAYMENT, SUPPLY)
    account.delete("paymentin", [PAYMENT.moysklad_id])
    for state in ("planned", "planned", "planned", "approved", "approved", "unsure"):
        books.posting(file.id, state=state)
    shown = preview(services, file.id)
    numbers = (shown.gone, shown.unsent, shown.withdrawn, shown.unsure)
    assert (numbers, count(shown)) == ((1, 2, 3, 1), {"supply": 1})
    [[name]] = books.run("select name from file where id = %s", file.id)
    assert (shown.file_id, shown.file, shown.kept) == (file.id, name, ())


def test_nothing_in_moysklad_needs_no_moysklad(books: Books, services: Services) -> None:
    quiet = replace(services, moysklad=lambda: pytest.fail("called"))
    file_id = books.file()
    for state in ("planned", "approved"):
        books.posting(file_id, state=state)
    assert preview(quiet, file_id).unsent == 1
    result = undo(quiet, file_id, WHO, reason="не тот месяц")
    assert (result.withdrawn, result.unsent, result.complete) == (1, 1, True)
    assert books.run("select state from posting where file_id = %s", file_id) == [("reversed",)]
    [[state, words]] = books.run("select state, reason from file where id = %s", file_id)
    assert (state, "не тот месяц" in words, WHO in words) == ("undone", True, True)
    kinds = books.run("select kind, by from journal where file_id = %s order by id", file_id)
    assert [kind for kind, by in kinds if kind.startswith(("undo", "plan"))] == [
        "undo.asked",
        "plan.withdrawn",
        "undo.done",
    ]


def test_another_account_is_never_touched(
    services: Services, account: Account, books: Books
) -> None:
    file = File(books, PAYMENT)
    books.run("insert into account (id, currency) values (%s, 'RUB')", SPACE)
    account.id = uuid4()
    try:
        with pytest.raises(Misconfigured):
            undo(services, file.id, WHO)
    finally:
        books.run("truncate account")
    assert (account.called, account.asked) == ([], [])


def test_what_may_still_arrive_is_waited_for(
    services: Services, account: Account, books: Books
) -> None:
    file = File(books, PAYMENT, state="unsure", posted_at=None, moysklad_id=None)
    books.run("update posting set sent_at = %s where file_id = %s", services.clock(), file.id)
    account.find_by_sync_ids = lambda *_: {}  # type: ignore[attr-defined]
    with pytest.raises(TryLater) as later:
        undo(services, file.id, WHO)
    assert (later.value.seconds, account.called) == (330, [])
