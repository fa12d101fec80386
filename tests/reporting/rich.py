"""A day on which everything happens: many couriers, old debts, decisions, charts with a month."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sverka import watching
from sverka.clock import MOSCOW
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.discrepancies import Action, Decision, Filter, decide, open_ones, refresh
from sverka.reconciling.keys import order_key
from tests.support.rows import (
    DAY,
    NOON,
    a_discrepant_line,
    a_file,
    a_line,
    a_matched_line,
    a_posting,
    a_rejected_row,
    a_report,
    a_verdict,
    an_id,
    insert,
    rows_add_up,
)

LINK = "https://online.moysklad.ru/app/#customerorder/edit?id={}"


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), MOSCOW)


def an_order(
    conn: Connection, name: str, total: int, delivery: str | None = None, days_ago: int = 5
) -> UUID:
    """A shipped order with the courier's name in the shop's own field."""
    order_id, shipped = an_id("order", name), noon(DAY - timedelta(days=days_ago))
    seen = {"updated": NOON, "fetched_at": NOON}
    books = {"organization_id": an_id("shop"), "agent_id": an_id("buyer"), "applicable": True}
    money = {"sum": total, "payed_sum": 0, "currency": "RUB"}
    insert(
        conn,
        "snapshot_order",
        id=order_id,
        name=name,
        name_key=order_key(name),
        moment=shipped - timedelta(days=1),
        link=LINK.format(order_id),
        **books | money | seen,
    )
    insert(
        conn,
        "snapshot_demand",
        id=an_id("demand", name),
        name=f"О-{name}",
        order_id=order_id,
        moment=shipped,
        store_id=an_id("store"),
        delivery=delivery,
        **books | money | seen,
    )
    return order_id


def debts(conn: Connection) -> None:
    """What couriers owe, of every age."""
    for courier, title, money in (("cdek", "СДЭК", 420000), ("gorod", "Городской курьер", 189000)):
        for number, age in enumerate((2, 5, 9, 12, 20, 25, 40, 75)):
            if courier == "cdek" or number < 5:
                an_order(conn, f"{courier}-{number}", money + 1700 * number, title, days_ago=age)
    an_order(conn, "dalli-1", 99000, "Dalli", days_ago=1)


def questions(conn: Connection) -> None:
    """Discrepancies of every kind, old and new."""
    old = a_report(
        conn, a_file(conn, "СДЭК ноябрь 1.xlsx", received_at=NOON - timedelta(days=9)), "cdek"
    )
    order = an_order(conn, "М-10412", 540000, "СДЭК", days_ago=12)
    line = a_line(conn, old, "М-10412", collected=490000, line_no=14, track_ref="1440215567")
    a_verdict(
        conn, line, "underpaid", received=490000, expected=540000, order_id=order,
        sentence="Курьер получил 4 900,00 ₽, а за заказ М-10412 причитается 5 400,00 ₽.",
    )  # fmt: skip
    a_posting(conn, old, line, order_id=order, moysklad_name="00017")
    for number, (verdict, received, expected, sentence) in enumerate(
        (
            ("fee_above_tariff", 71000, 52000, "Доставка стоит 710,00 ₽, по тарифу 520,00 ₽."),
            ("unknown_order", 312050, None, "Заказа с таким номером и треком нет в МоёмСкладе."),
            ("not_shipped", 128000, 128000, "По заказу нет отгрузки, провести оплату не к чему."),
            ("overpaid", 260000, 255000, "Курьер перечислил на 50,00 ₽ больше суммы заказа."),
        )
    ):
        a_discrepant_line(
            conn, old, verdict, order=f"М-1050{number}", collected=received, expected=expected,
            sentence=sentence, line_no=30 + number,
        )  # fmt: skip


def today(conn: Connection) -> None:
    """Three files: one settled, one in quarantine, one in work."""
    report = a_report(
        conn, a_file(conn, "Городской курьер 20.11.xlsx", claimed_by="run-1"), "gorod",
        ignored=[{"reason": "строка итогов", "rows": 1}],
    )  # fmt: skip
    for number in range(12):
        a_matched_line(conn, report, collected=150000 + 12345 * number, fee_delivery=31000)
    a_discrepant_line(
        conn, report, "fee_above_tariff", order="М-10611", collected=98000, expected=71000,
        sentence="Доставка стоит 980,00 ₽, по тарифу 710,00 ₽.",
    )  # fmt: skip
    a_discrepant_line(
        conn, report, "return_not_booked", order="М-10619", collected=0, expected=None,
        fee_delivery=35000, payout=-35000, sentence="Посылка вернулась, возврата в учёте нет.",
    )  # fmt: skip
    service = a_line(
        conn, report, None, collected=0, fee_other=45000, fee_delivery=0, payout=-45000
    )
    a_verdict(conn, service, "service_row", received=0, sentence="Хранение за неделю, без заказа.")
    a_rejected_row(conn, report)
    other = a_report(conn, a_file(conn, "СДЭК 19.11.xlsx", claimed_by="run-2"), "cdek")
    for number in range(7):
        a_matched_line(conn, other, collected=230000 + 7700 * number, fee_delivery=42000)
    refused = a_line(conn, other, "М-10630", collected=175000)
    a_verdict(conn, refused)
    a_posting(
        conn, other, refused, state="rejected", amount=175000,
        error="МойСклад ответил: контрагент в архиве.",
    )  # fmt: skip
    a_file(conn, "Реестр без даты.xls", state="quarantined", reason="В файле нет колонки с суммой.")
    a_file(conn, "Dalli 20.11.xlsx", state="processing")
    rows_add_up(conn)


def a_month(conn: Connection) -> None:
    """Figures of thirty days, payouts and returns."""
    insert(
        conn, "published_report", day=DAY - timedelta(days=1), as_of=NOON - timedelta(days=1),
        path="reports/2026-11-19", summary="{}",
    )  # fmt: skip
    for back in range(1, 30):
        day = DAY - timedelta(days=back)
        for courier, owed in (("cdek", 2100000), ("gorod", 800000)):
            insert(
                conn, "daily_figure", day=day, courier=courier, currency="RUB",
                owed=owed + 31000 * (back % 7), overdue=500000, reported=0,
                received=0, opened=(back * 7) % 5, resolved=(back * 3) % 4,
            )  # fmt: skip
    for courier, name, amount in (
        ("cdek", "a", 18450000),
        ("gorod", "b", 7120000),
        ("dalli", "c", 940000),
    ):
        file_id = a_file(conn, f"{name}.xlsx", received_at=NOON - timedelta(days=11))
        insert(
            conn, "payout", file_id=file_id, ordinal=0, key=an_id("payout", name), courier=courier,
            currency="RUB", own=amount, expected=amount, together=1, day=DAY - timedelta(days=11),
            state="paid", sentence="Пришло.", at=NOON - timedelta(days=10), waits=True,
            movement_key=an_id("move", name), moved_on=DAY - timedelta(days=8), received=amount,
            rule="payer.inn",
        )  # fmt: skip
    report = a_report(
        conn,
        a_file(conn, "возвраты.xlsx", received_at=NOON - timedelta(days=3)),
        "cdek",
        purpose="returns",
    )
    for number in range(26):
        a_line(
            conn, report, f"В-{number}", collected=0, outcome="returned",
            occurred_on=DAY - timedelta(days=(number * 5) % 27),
        )  # fmt: skip


def a_rich_day(conn: Connection, couriers: Couriers) -> None:
    """Everything, seen at noon; somebody explained one discrepancy yesterday."""
    debts(conn)
    questions(conn)
    yesterday = NOON - timedelta(days=2)
    watching.refresh(conn, couriers)
    refresh(conn, yesterday)
    by: dict[str, Any] = {"by": "Анна", "now": yesterday + timedelta(hours=1)}
    found = open_ones(conn, Filter(), yesterday).items
    about = next(one for one in found if one.verdict == "underpaid")
    comment = "Курьер обещал доплатить со следующим отчётом"
    decide(conn, [Decision(about.id, about.updated, Action.EXPLAIN, comment)], **by)
    over = next(one for one in found if one.verdict == "overpaid")
    decide(conn, [Decision(over.id, over.updated, Action.RESOLVE, "Верно")], **by)
    today(conn)
    a_month(conn)
    watching.refresh(conn, couriers)
    refresh(conn, NOON)
