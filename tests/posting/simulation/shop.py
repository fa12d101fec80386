"""A shop of a few dear orders: an order costs more than all fees of a simulation together."""

from datetime import datetime, timedelta
from functools import cache

from sverka.clock import MOSCOW
from sverka.demo import goods
from sverka.demo.things import (
    Attribute,
    Counterparty,
    Demand,
    Ids,
    Named,
    Order,
    Position,
    Product,
    Shop,
    State,
)
from sverka.money import Minor

ORDERS = 12
FIRST_DAY = datetime(2026, 11, 2, 10, 0, tzinfo=MOSCOW)
SHIPPED = "Отгружен"


@cache
def small_shop() -> Shop:
    """Shipped orders of one, two and three positions of different prices, each with one demand."""
    ids = Ids(1)
    products = tuple(
        Product(ids("product", n), f"Товар {n}", f"P-{n}", Minor(10**9 + 10**7 * 3**n))
        for n in range(4)
    )
    buyers = tuple(
        Counterparty(ids("counterparty", n), f"Покупатель {n}", "individual") for n in range(3)
    )
    return Shop(
        account_id=ids("account", 0),
        organization=Named(ids("organization", 0), goods.ORGANIZATION),
        store=Named(ids("store", 0), goods.STORE),
        currency=Named(ids("currency", 0), "RUB"),
        couriers={
            code: Counterparty(ids("courier", code), name, "legal") for code, name in goods.COURIERS
        },
        buyers=buyers,
        products=products,
        services=_named(ids, "service", goods.SERVICES),
        expense_items=_named(ids, "expenseitem", goods.EXPENSE_ITEMS),
        states=tuple(State(ids(f"state {s[0]}", s[1]), *s) for s in goods.STATES),
        attributes=tuple(
            Attribute(ids("attribute", f"{entity} {name}"), entity, name, "string")
            for entity in ("customerorder", "demand")
            for name in (goods.TRACK_ATTRIBUTE, goods.DELIVERY_ATTRIBUTE)
        ),
        orders=tuple(_order(ids, n, products, buyers) for n in range(ORDERS)),
    )


def _named(ids: Ids, kind: str, names: tuple[str, ...]) -> tuple[Named, ...]:
    return tuple(Named(ids(kind, name), name) for name in names)


def _order(
    ids: Ids, n: int, products: tuple[Product, ...], buyers: tuple[Counterparty, ...]
) -> Order:
    chosen = [products[(n + k) % len(products)] for k in range(1 + n % 3)]
    moment = FIRST_DAY + timedelta(hours=5 * n)
    # An even quantity of a single position lets two honest identical rows pay for it by halves.
    count = 2 if len(chosen) == 1 else 1

    def positions(kind: str) -> tuple[Position, ...]:
        return tuple(
            Position(ids(kind, f"{n}/{k}"), product, count, product.price)
            for k, product in enumerate(chosen)
        )

    demand = Demand(
        id=ids("demand", n),
        name=f"О-{7000 + n}",
        moment=moment + timedelta(days=1),
        state=SHIPPED,
        track=f"T{7000 + n}",
        positions=positions("demandposition"),
    )
    return Order(
        id=ids("customerorder", n),
        name=f"{7000 + n}",
        moment=moment,
        agent=buyers[n % len(buyers)],
        state=SHIPPED,
        courier="dalli",
        prepaid=False,
        parcel=f"T{7000 + n}",
        track=None,
        positions=positions("orderposition"),
        demands=(demand,),
    )
