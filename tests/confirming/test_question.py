"""What a person is shown before they say how a file is to be read."""

import pytest

from sverka.confirming.question import OUTCOMES, Asked, about_layout
from sverka.couriers import Couriers
from sverka.drafting import draft
from sverka.nouns import Outcome
from sverka.reading import read
from sverka.recognition import Schemas
from sverka.settings import INCLUDE

ROWS = "\n".join(
    f"Н-{n};Доставлен;{1000 + 37 * n},00;300,00;{10 + n},00;{3 + n},00;{687 + 35 * n},00"
    for n in range(1, 16)
)
REGISTER = (
    "Служба доставки;Экспресс-Нева\n"
    "Заказ ИМ;Чем кончилось;Получено с клиента;Услуги доставки;Вознаграждение за приём платежей;"
    "Страховой сбор;Перечислить в ИМ\n" + ROWS + "\n"
)


@pytest.fixture(scope="module")
def asked() -> Asked:
    schemas = Schemas.load(INCLUDE / "courier_schemas")
    couriers = Couriers.load(INCLUDE / "couriers")
    raw = read(REGISTER.encode(), "реестр.csv")
    proposed = draft(raw, schemas, couriers)
    parsed = proposed.parsed(raw, couriers, "0" * 64)
    return about_layout("реестр.csv", proposed, parsed, couriers, known_as=None)


def test_the_first_rows_are_shown_in_russian(asked: Asked) -> None:
    assert "| Н-1 |  | вручён | 1 037,00 ₽ |" in asked.body.replace("\u00a0", " ").replace(
        "\\-", "-"
    )
    assert "delivered" not in asked.body


def test_what_holds_is_shown_whole(asked: Asked) -> None:
    assert "сходится во всех 15 стр" in asked.body
    assert "…" not in asked.body


def test_every_outcome_has_its_word() -> None:
    assert set(OUTCOMES) == set(Outcome)
