"""What the pictures of the guide need beside the demo: a report that Sverka has to ask about."""

import time
from collections.abc import Callable
from typing import Any

from sverka.demo.shop import build_shop
from sverka.demo.things import Order
from sverka.intake.zones import Zone
from sverka.money import Minor, to_major

UNKNOWN = "Реестр нового курьера.csv"
"""A layout that nobody described; its question is in a picture."""

PATIENCE_SECONDS = 240
_COMMISSION = Minor(9900)
_DELIVERY = Minor(25000)


def set_scene(inbox: Zone, waiting_at: Callable[[str], list[dict[str, Any]]]) -> None:
    """Drops the unknown report unless it waits already; returns when its question is there.

    `waiting_at` gives the questions of Airflow that nobody answered, by the task's id.

    Raises:
        SystemExit: the question does not come.
    """
    if not waiting_at("ask"):
        inbox.drop(UNKNOWN, unknown_register())
    until = time.monotonic() + PATIENCE_SECONDS
    while not waiting_at("ask"):
        if time.monotonic() > until:
            raise SystemExit(f"«{UNKNOWN}»: no question in Airflow after {PATIENCE_SECONDS} s")
        time.sleep(2)


def unknown_register() -> bytes:
    """A CSV with columns of its own; the orders are those of the demo shop."""
    rows = [_row(order) for order in build_shop().orders if order.demands and not order.prepaid]
    header = "Заказ клиента;Взято с получателя;Наша комиссия;Доставка;К выплате магазину"
    return "\n".join([header, *rows[-12:]]).encode("utf-8-sig")


def _row(order: Order) -> str:
    payout = Minor(order.sum - _COMMISSION - _DELIVERY)
    amounts = (order.sum, _COMMISSION, _DELIVERY, payout)
    return ";".join([order.name, *(str(to_major(one)).replace(".", ",") for one in amounts)])
