"""The plan in words and as JSON: every number of it, and nothing that is not there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sverka.money import Minor
from sverka.nouns import PostingKind
from sverka.posting.preview import CourierTerms, Head, Intended, LeftOut, Link, OrderPlan, Total
from sverka.posting.preview_told import as_json, as_text

GOROD = CourierTerms("gorod", "Город", dry_run=False, approval="clean_lines")
OTHER = CourierTerms("other", "Другой", dry_run=True, approval="nothing")
HEAD = Head(
    file_id=7,
    file="акт.xlsx",
    currency="RUB",
    seal="ab",
    couriers=(GOROD,),
    totals=(
        Total("gorod", PostingKind.PAYMENTIN, 2, Minor(150_000)),
        Total("gorod", PostingKind.DEMAND_STATE, 1, Minor(0)),
    ),
    orders=1,
    approved=0,
    left_out=0,
    left_out_sum=Minor(0),
    rejected=0,
    begun=0,
)
PAYMENT = Intended(
    "1", PostingKind.PAYMENTIN, "gorod", Minor(70_000), False, "Иванов",
    Link("customerorder", "1001", Minor(60_000)), datetime(2026, 11, 19, 21, tzinfo=UTC), "Заказ 1001",
)  # fmt: skip
STATE = Intended(
    "2", PostingKind.CUSTOMERORDER_STATE, "gorod", Minor(0), True, None,
    Link("customerorder", "1001"), None, None, "Новый", "Выполнен",
)  # fmt: skip
ROW = LeftOut("Лист", 5, "1002", "77", Minor(500), "RUB", "Заказ не найден.")


@dataclass
class Plan:
    """A preview whose context is open."""

    head: Head = HEAD
    plan: list[OrderPlan] = field(default_factory=list)
    rows: list[LeftOut] = field(default_factory=list)

    def orders(self) -> Iterator[OrderPlan]:
        return iter(self.plan)

    def left_out(self) -> Iterator[LeftOut]:
        return iter(self.rows)


def text(plan: Plan, **shown: int) -> list[str]:
    return [line.replace("\u00a0", " ") for line in as_text(plan, **shown)]  # type: ignore[arg-type]


def document(intended: Intended) -> str:
    """How one document is told."""
    plan = Plan(replace(HEAD, totals=(), seal=""), [OrderPlan("1001", (intended,))])
    *_, title, told = text(plan)
    assert title == "Заказ 1001, Город"
    return told.strip()


def test_the_whole_plan_is_told_line_by_line() -> None:
    fees = {"kind": PostingKind.SUPPLY, "amount": Minor(400), "agent": "ООО «Город»"}
    shared = replace(STATE, **fees, approved=False, lines=3)  # type: ignore[arg-type]
    plan = Plan(
        replace(HEAD, approved=1, left_out=2, left_out_sum=Minor(1_000), rejected=4, begun=6),
        [OrderPlan("1001", (PAYMENT, STATE)), OrderPlan(None, (replace(shared, link=None),))],
        [ROW, LeftOut(None, 6, None, None, Minor(0), "RUB", "Услуга.")],
    )
    assert text(plan) == [
        "План по файлу «акт.xlsx» (№ 7)",
        "Город: документы одобряются правилом договора.",
        "Ещё ничего не создано. Вот что будет создано в МоёмСкладе:",
        "Уже одобрено и ждёт отправки: 1",
        "Печать плана: ab",
        "  Город: входящие платежи (paymentin), 2 на 1 500,00 ₽",
        "  Город: статусы отгрузок (demand.state), 1",
        "Не будет проведено строк: 2, принято по ним 10,00 ₽",
        "Отложено при чтении и проверке строк: 4",
        "Отправлено раньше документов: 6. Что с ними, скажет sverka trace.",
        "",
        "Заказ 1001, Город",
        "  входящий платёж (paymentin) на 700,00 ₽, контрагент Иванов, дата 20.11.2026, "
        "к заказу 1001 на 600,00 ₽",
        "      Заказ 1001",
        "  статус заказа (customerorder.state) 1001: «Новый» → «Выполнен», одобрено",
        "",
        "По отчёту целиком, Город",
        "  приёмка (supply) на 4,00 ₽, контрагент ООО «Город», за строк: 3",
        "",
        "Не будут проведены:",
        "  лист «Лист», строка 5, заказ «1002», отправление «77», принято 5,00 ₽. Заказ не найден.",
        "  строка 6, принято 0,00 ₽. Услуга.",
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"approved": True}, "к заказу 1001 на 600,00 ₽, одобрено"),
        ({"link": Link("customerorder", "1001", Minor(70_000))}, "к заказу 1001"),
        ({"link": Link("customerorder", "1001")}, "к заказу 1001"),
        ({"link": Link("supply")}, "к приёмке"),
        ({"link": Link("demand", "Д-1", Minor(0))}, "к отгрузке Д-1 на 0,00 ₽"),
        ({"link": None, "lines": 2}, "дата 20.11.2026, за строк: 2"),
    ],
)
def test_a_link_tells_its_sum_where_it_is_not_the_whole(change: dict[str, Any], told: str) -> None:
    assert document(replace(PAYMENT, purpose=None, **change)).endswith(f", {told}")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"approved": False}, " 1001: «Новый» → «Выполнен»"),
        ({"before": None}, " 1001: статус, которого ещё нет в копии → «Выполнен», одобрено"),
        ({"link": None}, ": «Новый» → «Выполнен», одобрено"),
        ({"link": Link("customerorder")}, ": «Новый» → «Выполнен», одобрено"),
    ],
)
def test_a_state_is_told_by_name(change: dict[str, Any], told: str) -> None:
    assert document(replace(STATE, **change)) == f"статус заказа (customerorder.state){told}"


def test_a_dry_run_is_told_first_and_without_a_plan_there_is_no_seal() -> None:
    both = replace(HEAD, couriers=(OTHER, replace(GOROD, approval="nothing")))
    assert text(Plan(both))[1:4] == [
        "ПРОБНЫЙ РЕЖИМ, Другой: документы остаются в плане, в МойСклад ничего не отправляется "
        "(dry_run в условиях курьера).",
        "Город: документы ждут одобрения человека.",
        "Ещё ничего не создано. Вот что будет создано в МоёмСкладе:",
    ]
    dry = replace(HEAD, couriers=(replace(GOROD, dry_run=True),), seal="")
    told = text(Plan(dry))
    assert told[2] == "Ничего не создано и не будет. Вот что Сверка создала бы в МоёмСкладе:"
    assert "Печать" not in "".join(told)
    assert text(Plan(replace(HEAD, totals=(), orders=0)))[2:] == ["Документов к созданию нет."]


@pytest.mark.parametrize(("orders", "shown", "rest"), [(3, 1, 2), (3, 2, 1), (2, 2, 0), (1, 2, 0)])
def test_only_the_first_orders_are_shown_and_the_rest_is_counted(
    orders: int, shown: int, rest: int
) -> None:
    # One order by two couriers is one order: nothing is left when all are shown.
    plan = [
        OrderPlan("1001", (PAYMENT,)),
        OrderPlan("1002", (PAYMENT,)),
        OrderPlan(None, (PAYMENT,)),
    ]
    told = text(Plan(replace(HEAD, orders=orders), plan), shown=shown)
    assert sum(line.startswith("Заказ 1") for line in told) == shown
    words = [line for line in told if line.startswith("И ещё заказов")]
    assert words == ([f"И ещё заказов: {rest}. Все покажет --json."] if rest else [])


@pytest.mark.parametrize(("left_out", "rest"), [(3, 1), (2, 0), (1, 0)])
def test_only_the_first_rows_are_shown_and_the_rest_is_counted(left_out: int, rest: int) -> None:
    told = text(Plan(replace(HEAD, left_out=left_out), [], [ROW] * left_out), shown=2)
    words = [line for line in told if "ещё строк" in line]
    assert words == ([f"  и ещё строк: {rest}. Все покажет --json."] if rest else [])
    assert sum("Заказ не найден." in line for line in told) == min(left_out, 2)


def test_the_json_has_all_of_it_one_order_to_a_line() -> None:
    plan = Plan(
        HEAD, [OrderPlan("1001", (PAYMENT, STATE)), OrderPlan(None, (PAYMENT,))], [ROW, ROW]
    )
    pieces = list(as_json(plan))  # type: ignore[arg-type]
    found = json.loads("\n".join(pieces))
    assert (found["file_id"], found["dry_run"], found["seal"]) == (7, False, "ab")
    assert [total["amount"] for total in found["totals"]] == [150_000, 0]
    assert [order["order"] for order in found["plan"]] == ["1001", None]
    payment = found["plan"][0]["documents"][0]
    assert payment["moment"] == "2026-11-19T21:00:00+00:00"
    assert payment["link"] == {"entity": "customerorder", "name": "1001", "sum": 60_000}
    assert [row["line_no"] for row in found["not_booked"]] == [5, 5]
    # Readable as it is, also without a program.
    assert ("акт.xlsx" in pieces[0], "Заказ не найден." in "".join(pieces)) == (True, True)
    assert len(pieces) == 7
