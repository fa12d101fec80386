"""Writes records in the layouts couriers really use, with the quirks their files have.

For the demo, for tests and for the bench; reading them back is the parsing room's job. Money is
`Decimal` rubles. The facts of each layout stand beside its schema in `include/courier_schemas`.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import quoteattr

from sverka.demo.workbooks import Cell, csv_bytes, workbook, zip_bytes

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class DalliOrder:
    """`order` of a Dalli money act: taken from the recipient, Dalli's services, transferred."""

    track: str
    number: str
    delivered: date | None
    price: Decimal
    service: Decimal
    transfer: Decimal


@dataclass(frozen=True, slots=True)
class DalliAct:
    """`act` of Dalli's moneyTransfers; `paid_sum` is the size of the payment order."""

    number: str
    day: date
    paid: date
    paid_sum: Decimal
    pay_no: str
    orders: Sequence[DalliOrder]


@dataclass(frozen=True, slots=True)
class CdekOrder:
    """`orders[]` of a CDEK registry: only CDEK's own number, no number of the shop."""

    cdek_number: str
    payment: Decimal
    delivery: Decimal
    agent_fee: Decimal
    transfer: Decimal


@dataclass(frozen=True, slots=True)
class CdekRegistry:
    """A registry of collected money; without a payment order the number is an empty string."""

    number: int
    paid: date | None
    created: date
    sum: Decimal
    pay_no: str | None
    orders: Sequence[CdekOrder]


@dataclass(frozen=True, slots=True)
class YandexRow:
    """A row of Yandex Market's payment report; `amount` carries its sign (retentions are < 0)."""

    shop_order: str | None
    order: str | None
    amount: Decimal
    status: str
    type: str = "Начисление"
    source: str = "Платёж покупателя"
    name: str = "Товар"
    sku: str | None = None
    day: date | None = None
    delivered: date | None = None
    transaction_id: str | None = None
    act_id: str | None = None
    bank_order_id: str | None = None
    bank_order_day: date | None = None
    bank_sum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RegisterHead:
    """What stands above a plain courier's register; an absent part is left out of the title."""

    courier: str | None
    number: str | None
    day: date | None
    pay_no: str | None = None
    pay_day: date | None = None
    pay_sum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row of a plain register of collected money, in the words of a regional courier."""

    order: str
    track: str | None
    delivered: date | None
    status: str
    paid_by: str | None
    collected: Decimal
    fee_delivery: Decimal
    fee_cod: Decimal
    payout: Decimal
    fee_insurance: Decimal = NOTHING
    fee_return: Decimal = NOTHING


def dalli_act(acts: Sequence[DalliAct]) -> bytes:
    """Dalli's `moneyTransfers` answer: UTF-8 XML, everything in attributes, whole rubles bare."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<moneyTransfers>"]
    for act in acts:
        lines.append(
            f"    <act number={quoteattr(act.number)} date={quoteattr(_iso(act.day))}"
            f" pay={quoteattr(_iso(act.paid))} price={quoteattr(_plain(act.paid_sum))}"
            f" payNo={quoteattr(act.pay_no)}>"
        )
        lines += [
            f"        <order strbarcode={quoteattr(order.track)} number={quoteattr(order.number)}"
            f" delivereddate={quoteattr(_iso(order.delivered))} price={quoteattr(_plain(order.price))}"
            f" service={quoteattr(_plain(order.service))} transfer={quoteattr(_plain(order.transfer))} />"
            for order in act.orders
        ]
        lines.append("    </act>")
    return "\n".join([*lines, "</moneyTransfers>"]).encode()


def cdek_registry(registries: Sequence[CdekRegistry]) -> bytes:
    """The answer to `GET /v2/registries`: JSON numbers in rubles, an unpaid one has no date."""
    body = {"registries": [_cdek_registry(registry) for registry in registries]}
    text = json.dumps(body, ensure_ascii=False, indent=1, default=_marked)
    return _MARKED.sub(r"\1", text).encode()


def _cdek_registry(registry: CdekRegistry) -> dict[str, object]:
    head: dict[str, object] = {
        "registry_number": registry.number,
        "sum": registry.sum,
        "payment_order_number": registry.pay_no or "",
        "date_created": f"{registry.created.isoformat()}T10:00:00+0300",
        "orders": [
            {
                "cdek_number": order.cdek_number,
                "transfer_sum": order.transfer,
                "payment_sum": order.payment,
                "total_sum_without_agent": order.delivery,
                "agent_commission_sum": order.agent_fee,
                "basis_type": 1,
            }
            for order in registry.orders
        ],
    }
    return head | ({"payment_date": registry.paid.isoformat()} if registry.paid else {})


def yandex_netting_xlsx(rows: Sequence[YandexRow]) -> bytes:
    """Yandex Market's payment report as XLSX: a preamble, merged groups over the column names."""
    preamble: list[list[Cell]] = [
        ["Отчёт о платежах"],
        ["Бизнес-аккаунт", "Маяк"],
        [],
        ["Данные могут измениться: отчёт строится по состоянию на момент запроса"],
        *([] for _ in range(4)),
    ]
    groups: list[Cell] = []
    merged: list[tuple[int, int, int]] = []
    for column, (group, _, _) in enumerate(_YANDEX_COLUMNS):
        if column and group == _YANDEX_COLUMNS[column - 1][0]:
            groups.append(None)
            row, first, _ = merged[-1]
            merged[-1] = (row, first, column)
        else:
            groups.append(group)
            merged.append((len(preamble), column, column))
    names: list[Cell] = [name for _, name, _ in _YANDEX_COLUMNS]
    body = [_yandex_cells(row) for row in rows]
    sheet = [*preamble, groups, names, *body]
    return workbook({"Отчёт о платежах": sheet}, merged={"Отчёт о платежах": merged})


def yandex_netting_zip(rows: Sequence[YandexRow]) -> bytes:
    """The same report as CSV: a ZIP with one file per sheet, UTF-8 with BOM, Latin headers."""
    header = [csv for _, _, csv in _YANDEX_COLUMNS]
    body = [[_csv_text(cell) for cell in _yandex_cells(row)] for row in rows]
    bonuses = [["BUSINESS_ID", "ORDER_ID", "BONUS_SUM"]]
    return zip_bytes(
        {
            "transaction_date.csv": csv_bytes([header, *body], encoding="utf-8-sig", delimiter=","),
            "netting_bonuses.csv": csv_bytes(bonuses, encoding="utf-8-sig", delimiter=","),
        }
    )


def cod_register_xlsx(head: RegisterHead, rows: Sequence[RegisterRow]) -> bytes:
    """A regional courier's register as XLSX: title, header, numbering row, totals, signatures."""
    return workbook({"Реестр": register_rows(head, rows)})


def cod_register_csv(head: RegisterHead, rows: Sequence[RegisterRow]) -> bytes:
    """The same register as Russian Excel saves CSV: cp1251, semicolons, decimal commas."""
    body = [[_csv_text(cell) for cell in row] for row in register_rows(head, rows)]
    return csv_bytes(body, encoding="cp1251", delimiter=";")


def register_rows(head: RegisterHead, rows: Sequence[RegisterRow]) -> list[list[Cell]]:
    """The cells of a plain register, for tests that spoil them before writing."""
    numbering: list[Cell] = [str(number) for number in range(1, len(_REGISTER_COLUMNS) + 1)]
    return [
        *_register_title(head),
        [],
        list(_REGISTER_COLUMNS),
        numbering,
        *(_register_cells(number, row) for number, row in enumerate(rows, 1)),
        _register_totals(rows),
        [],
        [None, "Главный бухгалтер", None, "____________"],
    ]


_REGISTER_COLUMNS = (
    "№ п/п",
    "Номер заказа ИМ",
    "Трек-номер",
    "Дата вручения",
    "Статус",
    "Способ оплаты",
    "Принято от получателя, руб.",
    "Стоимость доставки, руб.",
    "Агентское вознаграждение, руб.",
    "Страховой сбор, руб.",
    "Стоимость возврата, руб.",
    "К перечислению, руб.",
)


def _register_title(head: RegisterHead) -> list[list[Cell]]:
    number = f" № {head.number}" if head.number else ""
    day = f" от {_dotted(head.day)}" if head.day else ""
    title: list[list[Cell]] = [[head.courier]] if head.courier else []
    title.append([f"Реестр наложенных платежей{number}{day}"])
    if head.pay_no and head.pay_day and head.pay_sum is not None:
        paid = f"{head.pay_sum:,.2f}".replace(",", "\u00a0").replace(".", ",")
        title.append(
            [f"Платёжное поручение № {head.pay_no} от {_dotted(head.pay_day)} на сумму {paid} руб."]
        )
    return title


def _register_cells(number: int, row: RegisterRow) -> list[Cell]:
    return [
        number,
        row.order,
        row.track,
        row.delivered,
        row.status,
        row.paid_by,
        row.collected,
        row.fee_delivery,
        row.fee_cod,
        row.fee_insurance,
        row.fee_return,
        row.payout,
    ]


def _register_totals(rows: Sequence[RegisterRow]) -> list[Cell]:
    return [
        None,
        "Итого:",
        None,
        None,
        None,
        None,
        sum((row.collected for row in rows), NOTHING),
        sum((row.fee_delivery for row in rows), NOTHING),
        sum((row.fee_cod for row in rows), NOTHING),
        sum((row.fee_insurance for row in rows), NOTHING),
        sum((row.fee_return for row in rows), NOTHING),
        sum((row.payout for row in rows), NOTHING),
    ]


_BUSINESS, _PAYMENTS = "Информация о бизнесе", "Информация о платежах"

_YANDEX_COLUMNS = (
    (_BUSINESS, "ID бизнес-аккаунта", "BUSINESS_ID"),
    (_BUSINESS, "Модели работы", "MODEL"),
    (_BUSINESS, "ID магазинов", "PARTNER_ID"),
    (_BUSINESS, "Названия магазинов", "SHOP_NAME"),
    (_BUSINESS, "ИНН", "INN"),
    (_BUSINESS, "Номера договоров на размещение", "PLACEMENT_CONTRACT"),
    (_BUSINESS, "Номера договоров на продвижение", "PROMOTION_CONTRACT"),
    (_PAYMENTS, "Дата транзакции", "TRANSACTION_DATE"),
    (_PAYMENTS, "ID транзакции", "TRANSACTION_ID"),
    (_PAYMENTS, "Номер заказа или отгрузки", "ORDER_ID"),
    (_PAYMENTS, "Ваш номер заказа", "SHOP_ORDER_ID"),
    (_PAYMENTS, "Дата создания заказа", "ORDER_CREATION_DATE"),
    (_PAYMENTS, "Дата доставки заказа", "ORDER_DELIVERY_DATE"),
    (_PAYMENTS, "Номер и дата претензии", "CLAIM_NUMBER"),
    (_PAYMENTS, "Тип заказа", "ORDER_TYPE"),
    (_PAYMENTS, "Ваш SKU", "SHOP_SKU"),
    (_PAYMENTS, "Номер акта об оказанных услугах", "ACT_ID"),
    (_PAYMENTS, "Дата акта об оказанных услугах", "ACT_DATE"),
    (
        _PAYMENTS,
        "Название товара (к начислению) или услуги (к удержанию)",
        "OFFER_OR_SERVICE_NAME",
    ),
    (_PAYMENTS, "Количество", "COUNT"),
    (_PAYMENTS, "Сумма транзакции", "TRANSACTION_SUM"),
    (_PAYMENTS, "Ставка НДС", "VAT_RATE"),
    (_PAYMENTS, "Сумма НДС", "VAT_SUM"),
    (_PAYMENTS, "Тип транзакции", "TRANSACTION_TYPE"),
    (_PAYMENTS, "Источник транзакции", "TRANSACTION_SOURCE"),
    (_PAYMENTS, "Статус", "PAYMENT_STATUS"),
    (
        _PAYMENTS,
        "Расчётный период премии за участие в совместных акциях",
        "BONUS_ACCOUNT_YEAR_MONTH",
    ),
    (_PAYMENTS, "Дата платежного поручения", "BANK_ORDER_DATE"),
    (_PAYMENTS, "Номер платежного поручения", "BANK_ORDER_ID"),
    (
        _PAYMENTS,
        "Сумма платежного поручения или удерживаемая за услуги сумма",
        "BANK_SUM",
    ),
    (_PAYMENTS, "Комментарии", "COMMENTS"),
)
"""Group and name in the XLSX, name in the CSV (Partner API docs, «Отчёт по платежам»)."""


def _yandex_cells(row: YandexRow) -> list[Cell]:
    given: dict[str, Cell] = {
        "BUSINESS_ID": "216000",
        "MODEL": "FBS",
        "PARTNER_ID": "1001",
        "SHOP_NAME": "Маяк",
        "TRANSACTION_DATE": _moment(row.day),
        "TRANSACTION_ID": row.transaction_id,
        "ORDER_ID": row.order,
        "SHOP_ORDER_ID": row.shop_order,
        "ORDER_DELIVERY_DATE": _moment(row.delivered),
        "SHOP_SKU": row.sku,
        "ACT_ID": row.act_id,
        "OFFER_OR_SERVICE_NAME": row.name,
        "COUNT": 1,
        "TRANSACTION_SUM": row.amount,
        "TRANSACTION_TYPE": row.type,
        "TRANSACTION_SOURCE": row.source,
        "PAYMENT_STATUS": row.status,
        "BANK_ORDER_DATE": _moment(row.bank_order_day),
        "BANK_ORDER_ID": row.bank_order_id,
        "BANK_SUM": row.bank_sum,
    }
    return [given.get(csv) for _, _, csv in _YANDEX_COLUMNS]


def _csv_text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    if isinstance(cell, date):
        return _dotted(cell)
    return "" if cell is None else str(cell)


def _moment(day: date | None) -> str | None:
    return f"{_dotted(day)} 00:00" if day else None


def _dotted(day: date | None) -> str:
    return day.strftime("%d.%m.%Y") if day else ""


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _plain(amount: Decimal) -> str:
    whole = amount == amount.to_integral_value()
    return str(int(amount)) if whole else f"{amount:.2f}"


_MARKED = re.compile(r'"\^(-?[0-9.]+)\^"')


def _marked(value: object) -> str:
    """A Decimal on its way through `json`, which would otherwise want a float."""
    if isinstance(value, Decimal):
        return f"^{value:f}^"
    raise TypeError(f"{value!r} cannot be written as JSON")
