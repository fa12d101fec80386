"""Headers as people write them come out as the same words."""

import pytest

from sverka.drafting.spelling import spoken
from sverka.recognition.texts import header_key


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Ст-ть дост.", "стоимость доставки"),
        ("№ зак.", "номер заказа"),
        ("Сумма н/п", "сумма нп"),
        ("Аг. возн., руб.", "агентское вознаграждение"),
        ("К перечисл.", "к перечислению"),
        ("К пере-\nчислению,\nруб.", "к перечислению"),
        ("Номер заказа интернет-\nмагазина", "номер заказа интернет- магазина"),
        ("Коммисия", "комиссия"),
        ("Сумма к перечеслению", "сумма к перечислению"),
        ("Зачислено", "зачислено"),
        ("Начислено", "начислено"),
        ("Услуги / Services", "услуги"),
        ("КПеречислению", "к перечислению"),
        ("НомерЗаказа", "номер заказа"),
        ("codAmountKop", "cod amount kop"),
        ("Услуги, USD", "услуги"),
        ("Получено, тг", "получено"),
    ],
)
def test_a_header_is_spoken(header: str, words: str) -> None:
    assert spoken(header) == words


@pytest.mark.parametrize("header", ["Номер заказа", "Стоимость доставки", "К перечислению", "НП"])
def test_latin_letters_that_look_cyrillic_make_no_other_word(header: str) -> None:
    looks = header.translate(str.maketrans("оаерсНКС", "oaepcHKC"))
    assert looks != header
    assert header_key(looks) == header_key(header)


@pytest.mark.parametrize("word", ["COD", "Order ID", "codСумма"])
def test_words_of_another_alphabet_stay(word: str) -> None:
    assert header_key(word) == word.casefold()


def test_a_bare_number_sign_is_not_the_column_called_number() -> None:
    assert header_key("№") != header_key("Номер")
    assert header_key("№ заказа") == header_key("Номер заказа")
