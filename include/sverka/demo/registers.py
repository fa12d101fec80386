"""Registers of «Городской курьер»: a regional courier's XLSX with every outcome of a delivery."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from sverka.demo.expected import ExpectedFile, Fate
from sverka.demo.layouts import RegisterHead, RegisterRow, cod_register_xlsx, register_rows
from sverka.demo.rows import (
    Row,
    Terms,
    as_expected,
    latin,
    one_way_to_miss,
    plain,
    quirk,
    report_day,
    total,
)
from sverka.demo.shop import LAST_DAY
from sverka.demo.things import Order, Shop
from sverka.demo.workbooks import workbook
from sverka.money import NO_MONEY, Minor, to_major
from sverka.nouns import Settlement, VerdictKind

V = VerdictKind
COURIER = "Городской курьер"
GOROD = Terms(Settlement.GROSS, Minor(24000), 2)
_RETURN_FEE = Minor(15000)
GOROD_DELIVERY = Minor(25000)
GOROD_COD = Minor(2550)


def gorod_files(shop: Shop) -> dict[str, tuple[bytes, ExpectedFile]]:
    """Two good registers and one whose totals row hides a row that is missing."""
    files = {}
    for number, rows in (("118", _first(shop)), ("125", _second(shop))):
        name = f"Городской курьер реестр {number}.xlsx"
        data = cod_register_xlsx(_head(number, rows), _layout(rows))
        lines = as_expected(name, rows)
        files[name] = (data, ExpectedFile(name, Fate.SETTLED, "gorod", 1, lines=lines))
    name = "Городской курьер реестр 131.xlsx"
    rows = [GOROD.matched(order) for order in plain(shop, "gorod", 65, 72)]
    lost = _last_with_money(rows)
    lines = as_expected(name, [*rows[:lost], *rows[lost + 1 :]])
    held = ExpectedFile(name, Fate.HELD, "gorod", 1, lines=lines)
    files[name] = (_without(lost, "131", rows), held)
    return files


def _first(shop: Shop) -> list[Row]:
    orders = plain(shop, "gorod", 5, 28)
    rows = [_ending(place, order) for place, order in enumerate(orders)]
    sound = [p for p, row in enumerate(rows) if row.verdict == V.MATCHED and row.collected > 50000]
    few, many, twice = sound[2:5]
    rows[few] = _other_money(rows[few], -12300, V.UNDERPAID)
    rows[many] = _other_money(rows[many], 7700, V.OVERPAID)
    rows.append(replace(rows[twice], verdict=V.DUPLICATE_IN_REPORT, clean=False))
    rows.append(
        replace(
            rows[sound[0]], order_ref="77-Т", track_ref=None, verdict=V.UNKNOWN_ORDER, clean=False
        )
    )
    rows.append(GOROD.row(quirk(shop, "gorod", "cancelled"), V.CANCELLED_IN_BOOKS))
    rows.append(GOROD.row(quirk(shop, "gorod", "already_paid"), V.OVERPAID))
    return rows


def _second(shop: Shop) -> list[Row]:
    rows = [_ending(place, order) for place, order in enumerate(plain(shop, "gorod", 40, 60))]
    look_alike = GOROD.matched(quirk(shop, "gorod", "look_alike"))
    rows.append(replace(look_alike, order_ref=latin(look_alike.order_ref or "")))
    # The number alone fits this year's order and last year's.
    namesake = GOROD.row(quirk(shop, "gorod", "namesake"), V.AMBIGUOUS_ORDER)
    rows.append(replace(namesake, track_ref=None))
    rows.append(GOROD.row(quirk(shop, "gorod", "not_shipped"), V.NOT_SHIPPED))
    rows.append(GOROD.matched(quirk(shop, "gorod", "two_demands")))
    return rows


def _ending(place: int, order: Order) -> Row:
    """How the delivery of the order ended: most are delivered, some come back whole or in part."""
    row = GOROD.matched(order)
    if place % 12 == 5:
        return _came_back(row, order, "Отказ получателя")
    if place % 12 == 9:
        return _came_back(row, order, "Возвращен в ИМ")
    if place % 10 == 3:
        return _partly(row, order)
    if place == 30 and not order.prepaid:
        return replace(_without_money(row), verdict=V.LOST, clean=False, status="Утерян")
    return row


def _came_back(row: Row, order: Order, status: str) -> Row:
    back = _without_money(row)
    fees = {**back.fees, "fee_return": _RETURN_FEE}
    if order.prepaid:
        return replace(back, fees=fees, status=status, verdict=V.RETURN_NOT_BOOKED, clean=False)
    return replace(back, fees=fees, status=status, verdict=V.RETURNED, returned=order.sum)


def _partly(row: Row, order: Order) -> Row:
    """One piece came back, if the missing money tells which; otherwise all was delivered."""
    missing = one_way_to_miss(order)
    if missing is None or order.prepaid:
        return row
    return GOROD.changed(
        row,
        row.collected - missing,
        verdict=V.PARTIALLY_DELIVERED,
        status="Частичная доставка",
        returned=missing,
    )


def _without_money(row: Row) -> Row:
    return GOROD.changed(row, NO_MONEY)


def _other_money(row: Row, more: int, verdict: VerdictKind) -> Row:
    return GOROD.changed(row, row.collected + more, verdict=verdict, clean=False)


def _head(number: str, rows: Sequence[Row]) -> RegisterHead:
    day = report_day(rows)
    return RegisterHead(COURIER, number, day, f"5{number}", day, total(rows))


def _layout(rows: Sequence[Row]) -> list[RegisterRow]:
    return [
        RegisterRow(
            order=row.order_ref or "",
            track=row.track_ref,
            delivered=row.delivered,
            status=row.status,
            paid_by="Предоплата" if row.prepaid else "Наличные" if row.collected else None,
            collected=to_major(row.collected),
            fee_delivery=row.fee("fee_delivery"),
            fee_cod=row.fee("fee_cod"),
            payout=to_major(row.payout),
            fee_return=row.fee("fee_return"),
        )
        for row in rows
    ]


def _last_with_money(rows: Sequence[Row]) -> int:
    return max(place for place, row in enumerate(rows) if row.payout > 0)


def _without(place: int, number: str, rows: Sequence[Row]) -> bytes:
    """The register as printed for all rows, from which somebody has deleted one."""
    cells = register_rows(_head(number, rows), _layout(rows))
    order = rows[place].order_ref
    return workbook({"Реестр": [row for row in cells if row[1:2] != [order]]})


def settled_register(number: str, orders: Sequence[Order]) -> bytes:
    """A register in which every order was delivered and paid in full: each row is a clean match.

    The orders are shipped, each with one demand.
    """
    day = LAST_DAY - timedelta(days=1)
    rows = [
        RegisterRow(
            order=order.name,
            track=order.demands[0].track,
            delivered=day,
            status="Вручен",
            paid_by="Наличные",
            collected=to_major(order.sum),
            fee_delivery=to_major(GOROD_DELIVERY),
            fee_cod=to_major(GOROD_COD),
            payout=to_major(order.sum),
        )
        for order in orders
    ]
    return cod_register_xlsx(RegisterHead(COURIER, number, day), rows)


def payable(orders: Iterable[Order]) -> Iterator[Order]:
    """The plain orders that a register could settle in full: shipped once and not paid."""
    for order in orders:
        if (
            not order.prepaid
            and not order.quirk
            and len(order.demands) == 1
            and order.state == "Отгружен"
        ):
            yield order
