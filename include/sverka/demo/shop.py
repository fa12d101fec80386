"""A small shop as it looks in MoySklad: pure data, the same for the same seed.

The sandbox is loaded from it and the demo reports (`sverka.demo.reports`) are written about its
orders. Every buyer is a number, no person is invented.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sverka.clock import MOSCOW
from sverka.demo import goods
from sverka.demo.quirks import paid, with_quirks
from sverka.demo.things import (
    Attribute,
    Counterparty,
    Demand,
    Ids,
    Named,
    Order,
    Payment,
    Position,
    Product,
    Shop,
    State,
    moved,
)
from sverka.money import Minor

__all__ = [
    "LAST_DAY",
    "Attribute",
    "Counterparty",
    "Demand",
    "Named",
    "Order",
    "Payment",
    "Position",
    "Product",
    "Shop",
    "State",
    "build_shop",
]

LAST_DAY = date(2026, 11, 20)
"""The day on which the demo takes place; orders are from the 45 days before it."""


def build_shop(
    *,
    seed: int = 2026,
    orders: int = 2000,
    couriers: tuple[tuple[str, str], ...] = goods.COURIERS,
) -> Shop:
    """The demo shop; the same arguments give the same shop, byte for byte.

    `couriers` are pairs of code and counterparty's name.

    Raises:
        ValueError: fewer than 200 orders leave no room for the planted peculiarities.
    """
    if orders < 200:
        raise ValueError("a demo shop needs at least 200 orders")
    ids = Ids(seed)
    buyers = tuple(
        Counterparty(ids("counterparty", n), f"Покупатель {n:04d}", "individual")
        for n in range(1, orders // 2 + 1)
    )
    products = tuple(
        Product(ids("product", n), name, f"M-{n:03d}", Minor(price))
        for n, (name, price) in enumerate(goods.PRODUCTS, start=1)
    )
    rng = random.Random(seed)  # noqa: S311 - repeatable demo data, no secret
    stock = _Stock(ids, rng, buyers, products)
    plain = [_order(n, orders, stock) for n in range(1, orders + 1)]
    return Shop(
        account_id=ids("account", 0),
        organization=Named(ids("organization", 0), goods.ORGANIZATION),
        store=Named(ids("store", 0), goods.STORE),
        currency=Named(ids("currency", 0), "RUB"),
        couriers={
            code: Counterparty(ids("courier", code), name, "legal") for code, name in couriers
        },
        buyers=buyers,
        products=products,
        services=_named(ids, "service", goods.SERVICES),
        expense_items=_named(ids, "expenseitem", goods.EXPENSE_ITEMS),
        states=tuple(
            State(ids(f"state {entity}", name), entity, name, color, kind)
            for entity, name, color, kind in goods.STATES
        ),
        attributes=tuple(_attributes(ids)),
        orders=with_quirks(plain, ids),
    )


def _attributes(ids: Ids) -> Iterator[Attribute]:
    for kind in ("customerorder", "demand"):
        yield Attribute(ids("attribute", kind), kind, goods.TRACK_ATTRIBUTE, "string")
    id_ = ids("attribute delivery", "customerorder")
    yield Attribute(id_, "customerorder", goods.DELIVERY_ATTRIBUTE, "string")


def _named(ids: Ids, kind: str, names: tuple[str, ...]) -> tuple[Named, ...]:
    return tuple(Named(ids(kind, name), name) for name in names)


@dataclass(frozen=True)
class _Stock:
    """What an order is made from."""

    ids: Ids
    rng: random.Random
    buyers: tuple[Counterparty, ...]
    products: tuple[Product, ...]


def _order(n: int, of: int, stock: _Stock) -> Order:
    """The n-th order: shipped a day after it was made, unless it is from the last two days."""
    day = LAST_DAY - timedelta(days=45 - 45 * n // of)
    moment = datetime.combine(day, time(9 + n % 11, n % 60), tzinfo=MOSCOW)
    ids, rng = stock.ids, stock.rng
    courier = goods.COURIERS[n % len(goods.COURIERS)][0]
    prepaid = courier != "yandex_market" and rng.random() < 0.25
    positions = tuple(
        Position(ids("orderposition", f"{n}/{k}"), product, rng.choice((1, 1, 1, 2)), product.price)
        for k, product in enumerate(rng.sample(stock.products, rng.randint(1, 4)))
    )
    parcel = _parcel(courier, n)
    order = Order(
        id=ids("customerorder", n),
        name=f"{10000 + n}",
        moment=moment,
        agent=rng.choice(stock.buyers),
        state="Новый",
        courier=courier,
        prepaid=prepaid,
        parcel=parcel,
        track=None if courier == "cdek" else parcel,
        positions=positions,
    )
    if prepaid:
        order = paid(order, ids, f"{n}", moment + timedelta(minutes=7))
    return _shipped(order, ids) if day < LAST_DAY - timedelta(days=2) else _kept(order)


def _parcel(courier: str, n: int) -> str:
    """The courier's number of a parcel in its documented shape (none is published for gorod)."""
    if courier == "cdek":
        return f"{1_400_000_000 + 7919 * n}"
    if courier == "dalli":
        return f"A{5_180_000 + n:07d}"
    if courier == "yandex_market":
        return f"{52_000_000_000 + 104_729 * n}"
    return f"GK-{700_000 + n}"


def _kept(order: Order) -> Order:
    """The order is still in the store."""
    return replace(order, parcel=None, track=None)


def _shipped(order: Order, ids: Ids) -> Order:
    demand = Demand(
        id=ids("demand", order.name),
        name=f"О-{order.name}",
        moment=order.moment + timedelta(days=1),
        state="Отгружен",
        # Yandex Market's own order number stands on the order, not on the shipment.
        track=None if order.courier == "yandex_market" else order.parcel,
        positions=moved(order.positions, ids, "demandposition"),
    )
    return replace(order, state="Отгружен", demands=(demand,))
