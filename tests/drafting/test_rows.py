"""Single rows that a good layout would still read wrong are asked about, or held by name."""

import pytest

from sverka.couriers import Couriers
from sverka.parsing.printed import parsed_file
from sverka.reading import read
from tests.drafting.conftest import Drafted

HEAD = "Заказ ИМ;Взято с клиента;Услуги доставки;К выплате"
ROWS = tuple(
    f"{1000 + n};{900 + 10 * n};{200 + n};{700 + 9 * n}"
    for n in (1, 5, 2, 9, 4, 12, 3, 20, 7, 11, 30, 6)
)
TYPED = "Заказ ИМ;Тип операции;Взято с клиента;Комиссия;К выплате"
STATUS = "Заказ ИМ;Статус;Взято с клиента;Комиссия;К выплате"
SALES = ("1;Продажа;1500;45;1455", "2;Продажа;700;21;679", "4;Продажа;900;27;873")
GIVEN = ("1;Вручен;1500;45;1455", "2;Вручен;700;21;679", "4;Вручен;900;27;873")


def text(*rows: str) -> str:
    return "\n".join(("Городской курьер", *rows)) + "\n"


@pytest.mark.parametrize(
    ("rows", "key", "says"),
    [
        ((HEAD, *ROWS, ROWS[6]), "repeated", "«1003»"),
        ((TYPED, *SALES, "3;Возврат;1000;30;970"), "given_back", "«Возврат»"),
        ((STATUS, *GIVEN, "3;В пути;1000;30;970"), "not_final", "«В пути»"),
        ((HEAD, *ROWS, "Удержан штраф;;;2000"), "aside", "«Удержан штраф»"),
        ((HEAD, *ROWS[:4], "4;3770;817;2953"), "total_row", "сумме всех остальных"),
        (
            ("Заказ ИМ;НП к получению;Услуги доставки;Плановая выплата", *ROWS),
            "planned",
            "ещё только должны",
        ),
        (
            (HEAD.replace("К выплате", "К выплате, USD"), *ROWS),
            "currency",
            "Другая валюта",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isascii() else "",
)
def test_it_is_asked(rows: tuple[str, ...], key: str, says: str, drafted: Drafted) -> None:
    found = drafted(text(*rows))
    asked = {question.key: question for question in found.questions}
    assert says in asked[key].text
    assert not found.certain
    answer = asked[key].choices[0][0]
    assert key not in {q.key for q in drafted(text(*rows), **{key: answer}).questions}


@pytest.mark.parametrize(
    ("rows", "keys"),
    [
        ((HEAD, *ROWS), set()),
        ((TYPED, *SALES, "3;Возврат;-1000;0;-1000"), set()),
        ((STATUS, *GIVEN, "3;Отказ;0;30;-30"), set()),
        ((HEAD, *ROWS, "1003;0;90;-90"), set()),
    ],
    ids=["plain", "returns below zero", "a refusal takes nothing", "a second service of an order"],
)
def test_ordinary_rows_are_not_asked_about(
    rows: tuple[str, ...], keys: set[str], drafted: Drafted
) -> None:
    assert {question.key for question in drafted(text(*rows)).questions} == keys


ASIDE = "Сторно прошлого периода;-500;0;-500"


def test_words_among_the_numbers_say_what_the_row_is(drafted: Drafted, couriers: Couriers) -> None:
    data = text(HEAD, *ROWS, ASIDE).encode()
    lines = drafted(data).parsed(read(data, "отчёт.csv"), couriers)[0].lines
    assert (lines[-1].order_ref, lines[-1].row_kind) == (None, "correction")
    assert lines[-1].payout == -50000
    assert {line.row_kind for line in lines[:-1]} == {"order"}


def test_a_known_layout_holds_such_a_row() -> None:
    printed = parsed_file(text(HEAD, *ROWS, ASIDE).encode(), "реестр.csv")
    assert [(row["line_no"], row["rule"]) for row in printed["rejected"]] == [
        (len(ROWS) + 3, "no_reference")
    ]


@pytest.mark.parametrize("cell", ["1008; 1009", "1008, 1009", "1008 и 1009", "1008 + 1009"])
def test_two_numbers_in_one_cell_are_no_order(cell: str) -> None:
    rows = text(HEAD, *ROWS, f'"{cell}";1000;100;900').replace("Городской", "Южный")
    printed = parsed_file(rows.encode(), "реестр.csv")
    assert [row["rule"] for row in printed["rejected"]] == ["several_numbers"]
    assert len(printed["lines"]) == len(ROWS)
