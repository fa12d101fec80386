"""A layout that only names tell is known when its amounts confirm the names."""

from typing import Any

import pytest

from sverka.demo.workbooks import workbook
from sverka.errors import NeedsMapping
from tests.parsing.conftest import Parse

HEADER = [
    "Номер заказа",
    "Принято от получателя",
    "Стоимость доставки",
    "Агентское вознаграждение",
    "К перечислению",
]
NET, AGENT, GROSS = ["1", 1000, 100, 20, 880], ["2", 1000, 100, 20, 980], ["3", 1000, 100, 20, 1000]
WRONG, SERVICE = ["4", 1000, 100, 20, 900], ["5", 0, 300, 0, 0]


def register(*rows: list[Any]) -> bytes:
    return workbook({"Лист1": [["СДЭК"], HEADER, *rows]})


@pytest.mark.parametrize(
    "rows",
    [
        [NET],
        [AGENT, SERVICE],
        [GROSS, GROSS, WRONG],
        [NET, NET, NET, WRONG, WRONG],
        [["1", 1000, 100, 20, 880.05]],
        [["1", 1000, 100, 20, 879.95]],
        [SERVICE],
        [],
    ],
)
def test_one_equation_for_most_of_the_rows_confirms_the_names(
    parsed: Parse, rows: list[list[Any]]
) -> None:
    assert len(parsed(register(*rows))[0].lines) == len(rows)


@pytest.mark.parametrize(
    "rows",
    [
        [WRONG],
        [NET, WRONG],
        [NET, AGENT, GROSS],  # each row by an equation of its own
        [NET, WRONG, SERVICE, SERVICE],  # rows without money confirm nothing
        [["1", 1000, 100, 20, 880.06]],
        [["1", 880, 100, 20, 1000]],  # two columns changed places
    ],
)
def test_names_that_the_amounts_do_not_confirm_are_asked_about(
    parsed: Parse, rows: list[list[Any]]
) -> None:
    with pytest.raises(
        NeedsMapping, match="названия колонок знакомы, а суммы их не подтверждают"
    ) as asked:
        parsed(register(*rows))
    assert (asked.value.sheet, asked.value.line_no) == ("Лист1", 2)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([[str(n), 1000 + n, 900, 0, 100 + n] for n in range(3)], True),
        ([[str(n), 1000 + n, 0, 900, 100 + n] for n in range(3)], True),
        ([[str(n), 1000 + n, 900, 0, 100 + n] for n in range(2)], False),  # too few to tell
        ([*([str(n), 1000 + n, 900, 0, 100 + n] for n in range(3)), NET], False),
    ],
)
def test_more_kept_than_paid_in_nearly_each_row_is_asked_about(
    parsed: Parse, rows: list[list[Any]], told: bool
) -> None:
    if told:
        with pytest.raises(NeedsMapping, match="подписаны наоборот"):
            parsed(register(*rows))
    else:
        assert len(parsed(register(*rows))[0].lines) == len(rows)


def test_a_documented_layout_is_not_doubted_for_its_amounts(parsed: Parse) -> None:
    """A market withholds what it likes; checking shows such rows one by one."""
    data = (
        b'{"registries": [{"registry_number": 1, "sum": 7, "orders": [{"cdek_number": "1014263974",'
        b'"payment_sum": 5, "transfer_sum": 7, "total_sum_without_agent": 1, "agent_commission_sum": 1}]}]}'
    )
    assert len(parsed(data)[0].lines) == 1
