"""Rows of demo reports: what a courier says of an order, and what must come of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from sverka.demo.expected import ExpectedLine
from sverka.demo.things import Order, Shop
from sverka.money import NO_MONEY, Minor, to_major
from sverka.nouns import NETTED_FEES, Settlement, VerdictKind


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a report with the verdict its author expects; amounts are minor units.

    `status` is the courier's own word for the outcome, `goods` what the row is about where a
    layout says it.
    """

    order_ref: str | None
    track_ref: str | None
    delivered: date
    collected: Minor
    fees: dict[str, Minor]
    payout: Minor
    verdict: VerdictKind
    clean: bool
    returned: Minor = NO_MONEY
    status: str = "Вручен"
    goods: str = ""
    prepaid: bool = False
    tags: dict[str, str] = field(default_factory=dict)

    def fee(self, name: str) -> Decimal:
        """A fee in rubles, as layouts take it."""
        return to_major(self.fees.get(name, NO_MONEY))


@dataclass(frozen=True)
class Terms:
    """How a courier counts: settlement model, price of a delivery, fee on the money in percent."""

    settlement: Settlement
    delivery: Minor
    cod_percent: int

    def fees(self, collected: Minor, delivery: Minor) -> dict[str, Minor]:
        """The fees of one delivered order; the fee on money is rounded to a kopeck."""
        fees = {"fee_delivery": delivery}
        if self.cod_percent and collected > 0:
            fees["fee_cod"] = Minor((collected * self.cod_percent + 50) // 100)
        return fees

    def payout(self, collected: Minor, fees: dict[str, Minor]) -> Minor:
        """What is transferred; for an order without money nothing is withheld."""
        if collected == 0:
            return NO_MONEY
        kept = sum(fees.get(name, 0) for name in NETTED_FEES[self.settlement])
        return Minor(collected - kept)

    def row(
        self, order: Order, verdict: VerdictKind, *, extra: int = 0, clean: bool = False
    ) -> Row:
        """A delivered order with what was due on it, and `extra` minor units more or less."""
        due = order.sum if order.quirk == "already_paid" else order.due
        collected = Minor(due + extra)
        distance = order.id.int % 5 * 1550
        fees = self.fees(collected, Minor(self.delivery + distance))
        return Row(
            order_ref=order.name,
            track_ref=order.parcel,
            delivered=delivered_on(order),
            collected=collected,
            fees=fees,
            payout=self.payout(collected, fees),
            verdict=verdict,
            clean=clean,
            prepaid=order.prepaid,
        )

    def matched(self, order: Order) -> Row:
        """A delivered order with exactly what was due on it."""
        return self.row(order, VerdictKind.MATCHED, clean=True)

    def changed(self, row: Row, collected: int, **changes: object) -> Row:
        """The row with other money: fees and payout follow it."""
        fees = self.fees(Minor(collected), row.fees["fee_delivery"])
        payout = self.payout(Minor(collected), fees)
        changed = replace(row, collected=Minor(collected), fees=fees, payout=payout)
        return replace(changed, **changes)  # type: ignore[arg-type]


def delivered_on(order: Order) -> date:
    """One to four days after the shipment, always the same for an order."""
    shipped = order.demands[-1].moment if order.demands else order.moment + timedelta(days=1)
    return shipped.date() + timedelta(days=1 + order.id.int % 4)


def plain(shop: Shop, courier: str, since: int, until: int) -> list[Order]:
    """The courier's shipped orders without peculiarities, from one percent of them to another."""
    orders = [o for o in shop.orders if o.courier == courier and o.demands and not o.quirk]
    return orders[len(orders) * since // 100 : len(orders) * until // 100]


def quirk(shop: Shop, courier: str, name: str) -> Order:
    """The courier's peculiar order of that name; of two namesakes the newer one."""
    return max(
        (order for order in shop.quirks[name] if order.courier == courier),
        key=lambda order: order.moment,
    )


def latin(number: str) -> str:
    """The number as a courier retypes it: `ВС` has become Latin `BC`."""
    return number.replace("В", "B").replace("С", "C")


def one_way_to_miss(order: Order) -> Minor | None:
    """The price of one piece that can be told from the missing money alone; None if there is none.

    Every other choice of pieces from the order must cost something else.
    """
    counts = [range(position.quantity + 1) for position in order.positions]
    sums = [
        sum(n * position.price for n, position in zip(chosen, order.positions, strict=True))
        for chosen in product(*counts)
    ]
    for position in order.positions:
        if sums.count(position.price) == 1 and position.price < order.sum:
            return position.price
    return None


def as_expected(file: str, rows: Iterable[Row]) -> tuple[ExpectedLine, ...]:
    """The rows of a file as its ground truth."""
    return tuple(
        ExpectedLine(
            file=file,
            ordinal=ordinal,
            order_ref=row.order_ref,
            track_ref=row.track_ref,
            verdict=row.verdict,
            clean=row.clean,
            collected=row.collected,
            fees=Minor(sum(row.fees.values())),
            payout=row.payout,
            returned=row.returned,
        )
        for ordinal, row in enumerate(rows, start=1)
    )


def report_day(rows: Sequence[Row]) -> date:
    """Two days after the last delivery the report speaks of."""
    return max(row.delivered for row in rows) + timedelta(days=2)


def total(rows: Iterable[Row]) -> Decimal:
    """What is transferred for the rows, in rubles."""
    return to_major(Minor(sum(row.payout for row in rows)))
