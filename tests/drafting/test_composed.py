"""Money in several columns: the sum is taken when the rows hold only with it."""

from dataclasses import dataclass

import pytest

from .conftest import Drafted

CASH = "наличные и карта"


@dataclass(frozen=True)
class Case:
    name: str
    rows: tuple[str, ...]
    columns: dict[str, str]
    """Canonical field → its column in the draft."""


CASES = (
    Case(
        "cash and card",
        (
            "Номер заказа;Оплата наличными;Оплата картой;Доставка;К выплате",
            "W-1;1500;0;300;1200",
            "W-2;0;700;210;490",
            "W-3;900;0;250;650",
            "W-4;400;700;310;790",
        ),
        {"collected": "Оплата наличными + Оплата картой", "payout": "К выплате"},
    ),
    Case(
        "cash and card with their sum printed",
        (
            "Номер заказа;Наличные;Карта;СБП;Всего получено;Доставка;К выплате",
            "W-1;1500;0;0;1500;300;1200",
            "W-2;0;700;0;700;210;490",
            "W-3;0;0;900;900;250;650",
            "W-4;400;0;0;400;310;90",
        ),
        {"collected": "Всего получено", "payout": "К выплате"},
    ),
    Case(
        "given back to buyers",
        (
            "Номер заказа;Сумма получена;Возвращено покупателю;Доставка;К выплате",
            "W-1;1500;0;300;1200",
            "W-2;700;300;210;190",
            "W-3;900;900;250;-250",
            "W-4;400;0;310;90",
        ),
        {"collected": "Сумма получена − Возвращено покупателю", "payout": "К выплате"},
    ),
    Case(
        "transferred or withheld",
        (
            "Номер заказа;Получено;Услуги;К перечислению;К удержанию",
            "W-1;1500;300;1200;0",
            "W-2;0;210;0;210",
            "W-3;900;250;650;0",
            "W-4;0;310;0;310",
            "W-5;400;310;90;0",
        ),
        {"collected": "Получено", "payout": "К перечислению − К удержанию"},
    ),
    Case(
        "a compensation",
        (
            "Номер заказа;Получено;Услуги;Компенсация;К перечислению",
            *(f"W-{n};{1000 + 7 * n};{200 + n};0;{800 + 6 * n}" for n in range(1, 14)),
            "W-14;0;0;3100;3100",
        ),
        {"fee_other": "− Компенсация", "payout": "К перечислению"},
    ),
    Case(
        "a fee with its tax and without",
        (
            "Номер заказа;Получено;Доставка без НДС;Доставка с НДС;К перечислению",
            "W-1;1500;250;300;1200",
            "W-2;700;175;210;490",
            "W-3;900;200;240;660",
        ),
        {"fee_delivery": "Доставка с НДС", "payout": "К перечислению"},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_columns_are_taken_together(case: Case, drafted: Drafted) -> None:
    found = drafted("\n".join(("Городской курьер", *case.rows)) + "\n")
    placed = {one.field: one.column for one in found.columns}
    assert {field: placed.get(field) for field in case.columns} == case.columns
    assert not found.questions
    assert any("сходится во всех" in proof for proof in found.proofs)


def test_without_a_proof_no_columns_are_added_up(drafted: Drafted) -> None:
    rows = (
        "Городской курьер",
        "Номер заказа;Оплата наличными;Оплата картой;Доставка;К выплате",
        "W-1;1500;10;300;1200",
        "W-2;20;700;210;490",
        "W-3;900;30;250;600",
    )
    assert drafted("\n".join(rows) + "\n").questions
