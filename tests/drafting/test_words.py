"""What the words of a header say."""

import pytest

from sverka.drafting.spelling import spoken
from sverka.drafting.words import BESIDE, FIELDS, says, weight


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("codSum", "cod sum"),
        ("cod_sum", "cod sum"),
        ("@delivereddate", "delivered date"),
        ("payment.received_sum", "payment received sum"),
        ("orderno", "order no"),
        ("№  заказа", "номер заказа"),
        ("Комиссия 3%", "комиссия"),
        ("К перечислению,\nруб.", "к перечислению"),
    ],
)
def test_a_header_is_read_as_words(header: str, words: str) -> None:
    assert spoken(header) == words


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Номер отправления ИМ", "order"),
        ("Ваш номер", "order"),
        ("clientOrderNr", "order"),
        ("Номер заказа СДЭК", "track"),
        ("Код для слежения", "track"),
        ("ШПИ", "track"),
        ("Дата вручения получателю", "delivered"),
        ("Сумма, полученная с покупателя", "collected"),
        ("Наложенный платёж, руб.", "collected"),
        ("cod_amount", "collected"),
        ("pfr", "collected"),
        ("Сумма НП к перечислению", "payout"),
        ("К перечислению за вычетом комиссии", "payout"),
        ("ptp", "payout"),
        ("toPay", "payout"),
        ("Агентское вознаграждение", "fee_cod"),
        ("Комиссия за НП", "fee_cod"),
        ("cod_fee", "fee_cod"),
        ("Услуги доставки", "fee_delivery"),
        ("Плата за пересылку", "fee_delivery"),
        ("fees.delivery", "fee_delivery"),
        ("Сбор за объявленную ценность", "fee_insurance"),
        ("Возвратная логистика", "fee_return"),
        ("Хранение в ПВЗ", "fee_storage"),
        ("СМС-информирование", "fee_other"),
        ("Итого удержано за услуги", "services_total"),
        ("в т.ч. НДС", "vat"),
    ],
)
def test_the_heaviest_field_is_the_right_one(header: str, field: str) -> None:
    words = spoken(header)
    assert max(FIELDS, key=lambda name: weight(name, words)) == field


@pytest.mark.parametrize(
    "header",
    [
        "Объявленная ценность",
        "Стоимость товара",
        "Комиссия, %",
        "Вес, кг",
        "№ п/п",
        "Ставка вознаграждения",
    ],
)
def test_what_is_beside_a_settlement_is_told(header: str) -> None:
    words = spoken(header)
    assert says(BESIDE, words)
    assert max(weight(field, words) for field in ("collected", "payout", "fee_cod")) < 0.5


@pytest.mark.parametrize(
    "header", ["Комиссия за НП", "Дата оплаты", "Способ оплаты", "Перечислено"]
)
def test_what_is_not_taken_from_the_buyer(header: str) -> None:
    assert weight("collected", spoken(header)) < 0.5
