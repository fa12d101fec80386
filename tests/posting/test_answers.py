"""What MoySklad shows for a document is ours only when it is the document that we meant."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sverka.money import Minor
from sverka.moysklad.documents import PaymentIn, Ref, StateChange, StateRef
from sverka.nouns import PostingKind
from sverka.posting.answers import judged
from sverka.posting.outbox import Done, Item
from tests.support.shelf import meta, uid

ITEM = Item(
    uid("sync"),
    PostingKind.PAYMENTIN,
    PaymentIn(
        sync_id=uid("sync"),
        moment=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        organization=Ref("organization", uid("shop")),
        agent=Ref("counterparty", uid("buyer")),
        sum=Minor(150_000),
        incoming_number=None,
        incoming_date=None,
        payment_purpose="Заказ 1",
        operations=(),
    ),
    150_000,
    None,
    None,
)
BODY: dict[str, Any] = {
    "id": str(uid("document")),
    "name": "00042",
    "sum": 150_000,
    "syncId": str(uid("sync")),
    "agent": meta("counterparty", "buyer"),
}


def test_the_document_that_we_meant_is_posted_with_its_link() -> None:
    link = "https://online.moysklad.ru/app/#paymentin/edit?id=1"
    shown = BODY | {"meta": {"uuidHref": link}}
    assert judged(ITEM, shown) == Done(
        uid("sync"), "posted", uid("document"), "00042", error=None, link=link
    )


@pytest.mark.parametrize(
    "shown",
    [
        {"syncId": str(uid("sync")).upper()},
        {"syncId": None},
        {"deleted": None},
        {"name": None},
    ],
    ids=str,
)
def test_what_says_the_same_in_other_words_is_ours(shown: dict[str, Any]) -> None:
    body = {name: value for name, value in (BODY | shown).items() if value is not None}
    done = judged(ITEM, body)
    assert (done.state, done.link, done.error) == ("posted", None, None)


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ({"deleted": "2026-11-20 12:00:00"}, "Документ 00042 лежит в корзине"),
        ({"syncId": str(uid("another"))}, "В МоёмСкладе есть копия 00042"),
        ({"sum": 150_001}, "У документа 00042 в МоёмСкладе сумма 1\u00a0500,01\u00a0₽, а должна быть 1\u00a0500,00"),
        ({"sum": "much"}, "У документа 00042 в МоёмСкладе сумма 'much': это не деньги"),
        ({"agent": meta("counterparty", "another")}, "У документа 00042 в МоёмСкладе другой контрагент"),
    ],
)  # fmt: skip
def test_another_document_is_failed_with_words(shown: dict[str, Any], words: str) -> None:
    done = judged(ITEM, BODY | shown)
    assert (done.sync_id, done.state) == (uid("sync"), "failed")
    assert (done.moysklad_id, done.name) == (uid("document"), "00042")
    assert done.error is not None
    assert done.error.startswith(words)
    unnamed = {name: value for name, value in (BODY | shown).items() if name != "name"}
    assert "без номера" in (judged(ITEM, unnamed).error or "")


def test_an_answer_without_a_counterparty_is_none_that_anybody_can_trust() -> None:
    with pytest.raises(ValueError, match="UUID"):
        judged(ITEM, {name: value for name, value in BODY.items() if name != "agent"})


def test_a_document_without_a_sum_is_one_over_nothing() -> None:
    body = {name: value for name, value in BODY.items() if name != "sum"}
    assert judged(replace(ITEM, amount=0), body).state == "posted"
    assert judged(ITEM, body).state == "failed"


def test_a_change_of_state_is_ours_whatever_the_order_holds() -> None:
    order = Ref("customerorder", uid("order"))
    change = StateChange(uid("sync"), order, StateRef("customerorder", uid("Выполнен")))
    item = replace(ITEM, kind=PostingKind.CUSTOMERORDER_STATE, document=change)
    assert judged(item, {"id": str(uid("order")), "sum": 7}).state == "posted"
