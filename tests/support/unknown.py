"""A register of a courier that nobody described: its own column names, a net contract."""

from collections.abc import Sequence

from sverka.demo.things import Order
from sverka.money import Minor, to_major

COURIER = "ООО «Экспресс-Нева»"
"""How the file calls the courier; the shop's MoySklad calls it `COUNTERPARTY`."""
COUNTERPARTY = "ООО «Городской курьер»"

FEE = Minor(15000)
HEADERS = (
    "Заказ клиента",
    "ШПИ отправления",
    "Взято с получателя",
    "Наша комиссия",
    "Стоимость доставки",
    "К выплате магазину",
)
ODD_FEE = "Доставочка"
"""A name of a fee that says nothing: a person has to say what it is."""


def unknown_register(
    orders: Sequence[Order],
    *,
    courier: str | None = COURIER,
    fee: str = HEADERS[4],
    misfit: int = 0,
) -> bytes:
    """A CSV of the courier. `misfit` kopecks are added to every other payout."""
    headers = [fee if header == HEADERS[4] else header for header in HEADERS]
    rows = [_row(order, misfit if place % 2 else 0) for place, order in enumerate(orders)]
    titles = [["Отчёт агента"], *([[courier]] if courier else [])]
    text = "\n".join(";".join(row) for row in [*titles, headers, *rows])
    return text.encode("utf-8-sig")


def _row(order: Order, misfit: int) -> list[str]:
    commission = Minor(order.sum // 50)
    payout = Minor(order.sum - commission - FEE + misfit)
    amounts = (order.sum, commission, FEE, payout)
    return [order.name, order.demands[0].track or "", *(_amount(amount) for amount in amounts)]


def _amount(amount: Minor) -> str:
    return str(to_major(amount)).replace(".", ",")
