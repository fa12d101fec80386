"""The peculiar orders that every real shop has, planted so that the demo shows them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sverka.demo import goods
from sverka.demo.things import Demand, Ids, Order, Payment, moved


def paid(order: Order, ids: Ids, number: str, moment: datetime) -> Order:
    """The order with a payment of its whole sum at the moment."""
    payment = Payment(ids("paymentin", order.name), f"П-{number}", moment, order.sum)
    return replace(order, payments=(*order.payments, payment))


def with_quirks(orders: list[Order], ids: Ids) -> tuple[Order, ...]:
    """Replaces some plain shipped COD orders by peculiar ones and adds last year's namesakes."""
    extra: list[Order] = []
    quirks: dict[str, Callable[[Order], Order]] = {
        "cancelled": _cancelled,
        "not_shipped": _not_shipped,
        "already_paid": lambda order: _already_paid(order, ids),
        "look_alike": _look_alike,
        "two_demands": lambda order: _two_demands(order, ids),
    }
    places = _free_places(orders)
    for name, change in quirks.items():
        for courier, _ in goods.COURIERS:
            place = next(
                p for p in places[courier] if name != "two_demands" or _dividable(orders[p])
            )
            places[courier].remove(place)
            orders[place] = replace(change(orders[place]), quirk=name)
    for courier, _ in goods.COURIERS:
        place = places[courier].pop(0)
        orders[place] = replace(orders[place], quirk="namesake")
        extra.append(_of_last_year(orders[place], ids))
    return (*extra, *orders)


def _free_places(orders: list[Order]) -> dict[str, list[int]]:
    """Shipped COD orders of every courier from the middle of the period, in order."""
    third = len(orders) // 3
    return {
        code: [
            place
            for place in range(third, len(orders))
            if orders[place].courier == code and orders[place].demands and not orders[place].prepaid
        ]
        for code, _ in goods.COURIERS
    }


def _dividable(order: Order) -> bool:
    return len(order.positions) > 1


def _cancelled(order: Order) -> Order:
    """The buyer changed their mind before shipment, yet the parcel number was already given."""
    return replace(order, state="Отменен", demands=(), track=order.parcel)


def _not_shipped(order: Order) -> Order:
    """Handed to the courier, but nobody has booked the shipment."""
    return replace(order, state="Новый", demands=(), track=order.parcel)


def _already_paid(order: Order, ids: Ids) -> Order:
    """Somebody has booked the courier's money by hand already."""
    number = f"{order.name}-р"
    return replace(
        paid(order, ids, number, order.moment + timedelta(days=6)),
        state="Выполнен",
    )


def _look_alike(order: Order) -> Order:
    """A number with Cyrillic letters that couriers retype in Latin."""
    return replace(order, name=f"ВС-{order.name}")


def _two_demands(order: Order, ids: Ids) -> Order:
    """One order in two shipments: the first position alone, the rest a day later."""
    [whole] = order.demands
    first = replace(whole, positions=whole.positions[:1])
    second = replace(
        whole,
        id=ids("demand", f"{order.name}/2"),
        name=f"{whole.name}/2",
        moment=whole.moment + timedelta(days=1),
        track=f"{whole.track}-2" if whole.track else None,
        positions=whole.positions[1:],
    )
    return replace(order, demands=(first, second))


def _of_last_year(order: Order, ids: Ids) -> Order:
    """An order with the same number from the year before: numbering began anew; all is paid."""
    moment = order.moment - timedelta(days=365)
    old = replace(
        order,
        id=ids("customerorder", f"{order.name}/2025"),
        moment=moment,
        state="Выполнен",
        parcel=None,
        track=None,
        positions=moved(order.positions, ids, "orderposition/2025"),
        demands=(),
    )
    demand = Demand(
        id=ids("demand", f"{order.name}/2025"),
        name=f"О-{order.name}",
        moment=moment + timedelta(days=1),
        state="Выполнен",
        track=None,
        positions=moved(order.positions, ids, "demandposition/2025"),
    )
    payment = Payment(
        ids("paymentin", f"{order.name}/2025"),
        f"П-{order.name}/2025",
        moment + timedelta(days=5),
        order.sum,
    )
    return replace(old, demands=(demand,), payments=(payment,))
