"""Yandex Market's payment reports for two overlapping periods, one as XLSX, one as a ZIP of CSVs.

The same money stands in both (the Partner API docs say that periods overlap), and what the first
calls a forecast the second calls paid.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from sverka.demo.expected import ExpectedFile, Fate
from sverka.demo.layouts import YandexRow, yandex_netting_xlsx, yandex_netting_zip
from sverka.demo.rows import Row, as_expected, delivered_on, latin, plain, quirk
from sverka.demo.things import Order, Shop
from sverka.money import NO_MONEY, Minor, to_major
from sverka.nouns import VerdictKind

V = VerdictKind
_PAID = "Переведён по графику выплат"
_WITHHELD = "Удержан из платежей покупателей"
_FORECAST = "Будет переведён по графику выплат"
_TO_WITHHOLD = "Будет удержан из платежей покупателей"


def yandex_files(shop: Shop) -> dict[str, tuple[bytes, ExpectedFile]]:
    """Orders of October with a forecast, then the end of October again and November."""
    october = _sold(plain(shop, "yandex_market", 10, 18))
    october += _with_return(plain(shop, "yandex_market", 18, 19)[0])
    both = _sold(plain(shop, "yandex_market", 20, 24))
    forecast = _sold(plain(shop, "yandex_market", 24, 27))
    november = _sold(plain(shop, "yandex_market", 27, 36)) + _peculiar(shop)
    banks = _banks([*october, *both, *forecast, *november])
    first = "Яндекс Маркет платежи октябрь.xlsx"
    second = "Яндекс Маркет платежи ноябрь.zip"
    again = [
        replace(row, verdict=V.ALREADY_SETTLED, clean=False) if row.clean else row for row in both
    ]
    return {
        first: (
            yandex_netting_xlsx(
                [*_layout([*october, *both], banks), *map(_as_forecast, _layout(forecast, banks))]
            ),
            ExpectedFile(
                first,
                Fate.SETTLED,
                "yandex_market",
                1,
                ignored=len(forecast),
                lines=as_expected(first, [*october, *both]),
            ),
        ),
        second: (
            yandex_netting_zip(_layout([*both, *forecast, *november], banks)),
            ExpectedFile(
                second,
                Fate.SETTLED,
                "yandex_market",
                1,
                lines=as_expected(second, [*again, *forecast, *november]),
            ),
        ),
    }


def _peculiar(shop: Shop) -> list[Row]:
    verdicts = {
        "cancelled": V.CANCELLED_IN_BOOKS,
        "already_paid": V.OVERPAID,
        "not_shipped": V.NOT_SHIPPED,
        "look_alike": V.MATCHED,
        "namesake": V.MATCHED,
        "two_demands": V.MATCHED,
    }
    rows = []
    for name, verdict in verdicts.items():
        order = quirk(shop, "yandex_market", name)
        rows += [
            replace(row, order_ref=latin(order.name)) if name == "look_alike" else row
            for row in _sold([order], verdict)
        ]
    return rows


def _sold(orders: Iterable[Order], verdict: VerdictKind = V.MATCHED) -> list[Row]:
    """Per order a row for each article that was sold and one for the Market's services."""
    return [row for order in orders for row in (*_articles(order, verdict), _service(order))]


def _articles(order: Order, verdict: VerdictKind) -> list[Row]:
    return [
        Row(
            order_ref=order.name,
            track_ref=order.parcel,
            delivered=delivered_on(order),
            collected=Minor(position.price * position.quantity),
            fees={},
            payout=Minor(position.price * position.quantity),
            verdict=verdict,
            clean=verdict == V.MATCHED,
            status=_PAID,
            goods=position.product.name,
            tags={
                "sku": position.product.code,
                "type": "Начисление",
                "source": "Платёж покупателя",
            },
        )
        for position in order.positions
    ]


def _service(order: Order) -> Row:
    fee = Minor(order.sum * 7 // 100)
    return Row(
        order_ref=order.name,
        track_ref=order.parcel,
        delivered=delivered_on(order),
        collected=NO_MONEY,
        fees={"fee_other": fee},
        payout=Minor(-fee),
        verdict=V.SERVICE_ROW,
        clean=False,
        status=_WITHHELD,
        goods="Размещение товаров",
        tags={"type": "Удержание", "source": "Оплата услуг Яндекс Маркета"},
    )


def _with_return(order: Order) -> list[Row]:
    """An order that was paid, and one of its articles that the buyer brought back later."""
    rows = _sold([order])
    bought = rows[0]
    back = replace(
        bought,
        collected=Minor(-bought.collected),
        payout=Minor(-bought.payout),
        verdict=V.RETURN_NOT_BOOKED,
        clean=False,
        status=_WITHHELD,
        tags={**bought.tags, "type": "Возврат", "source": "Возврат платежа покупателя"},
    )
    return [*rows, back]


def _paid_on(row: Row) -> date:
    """Payments go out on Mondays, a week after the delivery at the earliest."""
    due = row.delivered + timedelta(days=7)
    return due + timedelta(days=-due.weekday() % 7)


def _banks(rows: Iterable[Row]) -> dict[date, Minor]:
    """Day of payment → the size of its payment order."""
    sums: dict[date, int] = defaultdict(int)
    for row in rows:
        sums[_paid_on(row)] += row.payout
    return {day: Minor(amount) for day, amount in sums.items()}


def _layout(rows: Iterable[Row], banks: dict[date, Minor]) -> list[YandexRow]:
    return [
        YandexRow(
            shop_order=row.order_ref,
            order=row.track_ref,
            amount=to_major(row.payout),
            status=row.status,
            type=row.tags["type"],
            source=row.tags["source"],
            name=row.goods,
            sku=row.tags.get("sku"),
            day=row.delivered + timedelta(days=1),
            delivered=row.delivered,
            bank_order_id=f"{_paid_on(row):6%m%d}",
            bank_order_day=_paid_on(row),
            bank_sum=to_major(banks[_paid_on(row)]),
        )
        for row in rows
    ]


def _as_forecast(row: YandexRow) -> YandexRow:
    """The same money before the Market has paid it."""
    status = _FORECAST if row.amount > 0 else _TO_WITHHOLD
    return replace(row, status=status, bank_order_id=None, bank_order_day=None, bank_sum=None)
