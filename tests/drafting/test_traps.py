"""Each way in which a draft could be wrong in silence ends in a question, a refusal or no certainty."""

import json
from dataclasses import dataclass

import pytest

from sverka.drafting import Draft
from sverka.errors import Refusal
from sverka.parsing.printed import parsed_file

from .conftest import Drafted

GOROD = "Городской курьер. Отчёт № 5 от 12.11.2026"
HEAD = "Заказ ИМ;Взято с клиента;Комиссия 3%;К выплате"
ROWS = ("W-1;1500;45;1455", "W-2;700;21;679", "W-3;900;27;873", "W-4;1000;30;970")


def file(*rows: str) -> str:
    return "\n".join(rows) + "\n"


def asked(found: Draft) -> set[str]:
    return {question.key for question in found.questions}


def test_the_plain_file_of_this_page_is_certain(drafted: Drafted) -> None:
    assert drafted(file(GOROD, HEAD, *ROWS)).certain


@dataclass(frozen=True)
class Trap:
    name: str
    rows: tuple[str, ...]
    asks: str


TRAPS = (
    Trap(
        "payout and fee changed places",
        (
            GOROD,
            "Заказ ИМ;Взято с клиента;Удержано за услуги;К выплате",
            "1;1500;1200;300",
            "2;700;500;200",
            "3;900;600;300",
            "4;1000;850;150",
        ),
        "swapped",
    ),
    Trap(
        "commission and delivery changed places",
        (
            GOROD,
            "Заказ ИМ;Взято с клиента;Комиссия;Услуги доставки;К выплате",
            "1;1500;300;45;1155",
            "2;700;200;21;479",
            "3;900;300;27;573",
            "4;1000;150;30;820",
            "5;2000;250;60;1690",
        ),
        "percentage",
    ),
    Trap(
        "insurance and delivery changed places",
        (
            GOROD,
            "Заказ ИМ;Взято с клиента;Доставка;Страховка;К выплате",
            "1;1500;5;300;1195",
            "2;700;3;200;497",
            "3;900;4;300;596",
            "4;1000;5;150;845",
        ),
        "sizes",
    ),
    Trap(
        "the declared value is what adds up",
        (
            GOROD,
            "Заказ ИМ;Объявленная ценность;Взято с клиента;Комиссия;К выплате",
            "1;1500;1600;45;1455",
            "2;700;800;21;679",
            "3;900;1000;27;873",
            "4;1000;1100;30;970",
        ),
        "collected",
    ),
    Trap(
        "only a declared value is there",
        (
            GOROD,
            "Заказ ИМ;Объявленная ценность;Комиссия;К выплате",
            "1;1500;45;1455",
            "2;700;21;679",
            "3;900;27;873",
            "4;1000;30;970",
        ),
        "collected",
    ),
    Trap(
        "a withheld column under a strange name",
        (GOROD, "Заказ ИМ;Взято с клиента;Начислено по п. 4.2;К выплате", *ROWS),
        "column:Начислено по п. 4.2",
    ),
    Trap(
        "a strange column that is not withheld",
        (
            GOROD,
            "Заказ ИМ;Взято с клиента;Пункт 4.2;К выплате",
            "1;1500;45;1500",
            "2;700;22;700",
            "3;900;27;900",
            "4;1000;33;1000",
        ),
        "column:Пункт 4.2",
    ),
    Trap(
        "two columns of payouts",
        (
            GOROD,
            f"{HEAD};Перечислено",
            "1;1500;45;1455;1000",
            "2;700;21;679;679",
            "3;900;27;873;0",
            "4;1000;30;970;970",
        ),
        "column:Перечислено",
    ),
    Trap(
        "no equation holds",
        (GOROD, HEAD, "1;1500;45;1400", "2;700;21;600", "3;900;27;800", "4;1000;30;900"),
        "arithmetic",
    ),
    Trap(
        "planned sums without a status",
        (
            GOROD,
            "Заказ ИМ;Сумма НП;К выплате",
            "1;1500;1500",
            "2;700;0",
            "3;900;900",
            "4;1000;1000",
        ),
        "arithmetic",
    ),
    Trap(
        "no payout column",
        (
            GOROD,
            "Заказ ИМ;Взято с клиента;Комиссия",
            "1;1500;45",
            "2;700;21",
            "3;900;27",
            "4;1000;30",
        ),
        "settlement",
    ),
    Trap(
        "no column of taken money",
        (GOROD, "Заказ ИМ;Трек;Сумма к выплате", "1;EN1;1500", "2;EN2;700", "3;EN3;900"),
        "collected_from",
    ),
    Trap(
        "kopecks by the payment order",
        (
            "Городской курьер, реестр выплат, п/п № 4 от 12.11.2026 на сумму 3977,00",
            HEAD,
            "1;150000;4500;145500",
            "2;70000;2100;67900",
            "3;90000;2700;87300",
            "4;100000;3000;97000",
        ),
        "unit",
    ),
    Trap(
        "kopecks by size",
        (
            GOROD,
            "Заказ ИМ;Взято с клиента;Доставка;К выплате",
            "1;15000000;300000;14700000",
            "2;7000000;350000;6650000",
            "3;9000000;310000;8690000",
            "4;10000000;320000;9680000",
        ),
        "unit",
    ),
    Trap(
        "an unknown word of status",
        (
            GOROD,
            "Заказ ИМ;Состояние;Взято с клиента;Комиссия;К выплате",
            "1;Абракадабра;1500;45;1455",
            "2;Вручен;700;21;679",
            "3;Вручен;900;27;873",
            "4;Вручен;1000;30;970",
        ),
        "word:outcome:Абракадабра",
    ),
    Trap(
        "a fee apart while others are withheld",
        (
            GOROD,
            "Заказ ИМ;Взято с клиента;Доставка;Хранение;К выплате",
            "1;1500;300;15;1200",
            "2;700;200;0;500",
            "3;900;250;30;650",
            "4;1000;300;0;700",
        ),
        "column:Хранение",
    ),
    Trap("a courier that nobody names", ("Отчёт № 5", HEAD, *ROWS), "courier"),
)


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_a_trap_is_asked_about(trap: Trap, drafted: Drafted) -> None:
    found = drafted(file(*trap.rows))
    assert trap.asks in asked(found)
    assert not found.certain


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_an_answer_with_a_choice_closes_the_question(trap: Trap, drafted: Drafted) -> None:
    question = next(q for q in drafted(file(*trap.rows)).questions if q.key == trap.asks)
    for value, label in question.choices:
        assert label
        try:
            again: Draft | None = drafted(file(*trap.rows), **{trap.asks: value})
        except Refusal:  # the answer contradicts the amounts
            again = None
        assert again is None or trap.asks not in asked(again), value


def test_an_answer_that_is_no_choice_leaves_the_question(drafted: Drafted) -> None:
    rows = file(GOROD, "Заказ ИМ;Взято с клиента;Комиссия", "1;1500;45", "2;700;21", "3;900;27")
    assert "settlement" in asked(drafted(rows, settlement="как обычно"))


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((GOROD, HEAD, ROWS[0]), "one row proves nothing"),
        ((GOROD, HEAD, "1;1500;0;1500", "2;700;0;700", "3;900;0;900"), "all fees are zero"),
        (
            (
                GOROD,
                HEAD,
                *ROWS,
                "W-5;1000;30;900",
                *(f"X-{i};{1000 + i};30;{970 + i}" for i in range(20)),
            ),
            "one row does not add up",
        ),
        ((GOROD, HEAD, *ROWS, "Итого;4100;123;3900"), "the totals row says something else"),
        (
            (
                "Городской курьер, реестр выплат, п/п № 4 от 12.11.2026 на сумму 4000,00",
                HEAD,
                *ROWS,
            ),
            "the payment order is of another sum",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_proves_too_little_is_not_certain(
    rows: tuple[str, ...], why: str, drafted: Drafted
) -> None:
    assert not drafted(file(*rows)).certain, why


def test_the_rows_that_do_not_add_up_are_named(drafted: Drafted) -> None:
    good = (f"X-{i};{1000 + i};30;{970 + i}" for i in range(20))
    found = drafted(file(GOROD, HEAD, *good, "W-5;1000;30;900"))
    assert any("не сходится в строках 23" in proof for proof in found.proofs)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            (
                GOROD,
                "Заказ ИМ;Взято с клиента;Сумма;Сумма;К выплате",
                "1;1500;45;300;1155",
                "2;700;21;200;479",
                "3;900;27;300;573",
            ),
            "называются одинаково",
        ),
        (("W-1;EN1;1500,00;45,00;1455,00", "W-2;EN2;700,00;21,00;679,00"), "без заголовков"),
        (
            (
                "Заказ;W-1;W-2;W-3",
                "Взято с клиента;1500;700;900",
                "Комиссия;45;21;27",
                "К выплате;1455;679;873",
            ),
            "не похоже",
        ),
    ],
    ids=["one name twice", "no header", "on its side"],
)
def test_what_cannot_be_described_is_refused(
    rows: tuple[str, ...], says: str, drafted: Drafted
) -> None:
    with pytest.raises(Refusal, match=says):
        drafted(file(*rows))


def test_planned_sums_of_refused_orders_are_not_taken() -> None:
    """The known words of a plain register must not let them through either."""
    rows = (
        "Номер заказа;Статус;Наложенный платеж;К перечислению",
        "1;Вручен;1500;1500",
        "2;Отказ;700;0",
        "3;Вручен;900;900",
        "4;Вручен;1000;1000",
    )
    printed = parsed_file(file(GOROD, *rows).encode(), "отчёт.csv")
    assert printed["status"] == "needs_mapping"
    assert [line["collected"] for line in printed["lines"]] == [150000, 0, 90000, 100000]


def test_a_printed_sum_of_services_is_not_counted_twice(drafted: Drafted) -> None:
    rows = (
        "Заказ ИМ;Взято с клиента;Доставка;Комиссия;Всего услуг;К выплате",
        "1;1500;300;45;345;1155",
        "2;700;200;21;221;479",
        "3;900;250;27;277;623",
    )
    found = drafted(file(GOROD, *rows))
    assert {one.field for one in found.columns if one.field.startswith("fee")} == {
        "fee_delivery",
        "fee_cod",
    }
    assert [one.column for one in found.unplaced] == ["Всего услуг"]
    assert found.certain


def records(first: int, *names: str) -> list[dict[str, str]]:
    """Records of orders with the sums taken, kept and passed on under these names."""
    order, taken, fee, payout = names
    return [
        {order: f"{i}", taken: f"{100 * i}.00", fee: "10.00", payout: f"{100 * i - 10}.00"}
        for i in range(first, first + 5)
    ]


def test_another_register_in_the_file_is_asked_about(drafted: Drafted) -> None:
    tree = {
        "a": records(2, "order_id", "cod_sum", "cod_fee", "to_pay"),
        "b": records(9, "order_id", "received", "commission", "payout"),
    }
    found = drafted(json.dumps(tree), "act.json")
    assert any(question.key.startswith("table:") for question in found.questions)
    assert not found.certain
