"""What an undo did is told in numbers and in words, and what stays with its reason."""

from dataclasses import replace
from typing import Any

import pytest

from sverka.money import Minor
from sverka.nouns import PostingKind
from sverka.posting.undoing_look import Look, Seen
from sverka.posting.undoing_told import Kept, Taken, Undone, counted, kept_of
from tests.posting.test_undoing_compare import OUT, PAYMENT, SUPPLY

NOTHING = Undone(7, "act.xlsx", ())
PAYMENTS = Taken(PostingKind.PAYMENTIN, 2, Minor(150_000))
STATES = Taken(PostingKind.DEMAND_STATE, 1, Minor(0))
KEPT = Kept(PostingKind.SUPPLY, "2", Minor(31_400), "Привязан платёж.", "https://moysklad/2")


def test_documents_are_counted_by_kind_in_the_order_they_go() -> None:
    assert counted([PAYMENT, SUPPLY, OUT, replace(PAYMENT, amount=1)]) == (
        Taken(PostingKind.PAYMENTOUT, 1, Minor(31_400)),
        Taken(PostingKind.SUPPLY, 1, Minor(31_400)),
        Taken(PostingKind.PAYMENTIN, 2, Minor(70_001)),
    )
    assert counted([]) == ()


def test_what_stays_is_named_with_its_reason() -> None:
    seen = Seen(SUPPLY, Look.KEPT, "Привязан платёж.", "https://moysklad/2")
    assert kept_of(seen) == KEPT


def test_an_undo_is_complete_when_nothing_of_the_file_is_left() -> None:
    assert replace(NOTHING, taken=(PAYMENTS,), gone=1, unsent=1, withdrawn=1).complete
    assert not replace(NOTHING, kept=(KEPT,)).complete
    assert not replace(NOTHING, unsure=1).complete


def test_nothing_booked_is_said_once() -> None:
    assert NOTHING.text.splitlines() == [
        "Файл «act.xlsx»",
        "По этому файлу в МоёмСкладе ничего не проведено.",
    ]


@pytest.mark.parametrize(
    "some",
    [
        {"taken": (STATES,)},
        {"gone": 1},
        {"unsent": 1},
        {"withdrawn": 1},
        {"kept": (KEPT,)},
        {"unsure": 1},
    ],
    ids=str,
)
def test_anything_at_all_is_not_nothing(some: dict[str, Any]) -> None:
    assert "ничего не проведено" not in replace(NOTHING, **some).text


def test_the_whole_of_it_for_a_person() -> None:
    undone = replace(
        NOTHING, taken=(PAYMENTS, STATES), gone=3, unsent=1, withdrawn=4, kept=(KEPT,), unsure=2
    )
    assert undone.text.splitlines() == [
        "Файл «act.xlsx»",
        "Отменено: входящие платежи, 2 на 1\u00a0500,00\u00a0₽",
        "Отменено: статусы отгрузок, 1",
        "Отменять уже нечего (удалено или изменено не нами): 3",
        "Не отправлялось и уже не будет: 5",
        "Ещё проверяется: 2. МойСклад не ответил вовремя; сначала Сверка найдёт эти документы.",
        "Осталось в МоёмСкладе: 1",
        "  приёмка № 2 на 314,00\u00a0₽. Привязан платёж. https://moysklad/2",
    ]


def test_a_look_ahead_speaks_of_the_future() -> None:
    ahead = replace(NOTHING, taken=(PAYMENTS,), unsent=1, dry_run=True)
    assert ahead.text.splitlines()[1:] == [
        "Будет отменено: входящие платежи, 2 на 1\u00a0500,00\u00a0₽",
        "Не отправлялось и не будет: 1",
    ]


def test_what_has_no_name_no_sum_and_no_link_is_told_without() -> None:
    kept = Kept(PostingKind.DEMAND_STATE, None, Minor(0), "Статус потом изменили.")
    text = replace(NOTHING, kept=(kept,)).text
    assert text.splitlines()[1:] == [
        "Осталось в МоёмСкладе: 1",
        "  статус отгрузки. Статус потом изменили.",
    ]
