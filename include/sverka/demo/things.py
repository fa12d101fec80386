"""The things of a MoySklad account that Sverka looks at, as plain values."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID, uuid5

from sverka.money import Minor

SPACE = UUID("6f1d2f0e-7a53-5c0b-9f35-3a1f6f5d2c11")
"""The namespace of all ids of the demo shop (UUIDv5)."""


class Ids:
    """UUIDv5 of seed, kind and key: an id never depends on the order of creation."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def __call__(self, kind: str, key: int | str) -> UUID:
        return uuid5(SPACE, f"{self._seed}/{kind}/{key}")


@dataclass(frozen=True, slots=True)
class Named:
    """A dictionary entry of which only the name matters: organization, store, expense item."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Counterparty:
    """A buyer (`individual`) or a courier company (`legal`)."""

    id: UUID
    name: str
    company_type: str


@dataclass(frozen=True, slots=True)
class Product:
    """A thing for sale; `price` is minor units."""

    id: UUID
    name: str
    code: str
    price: Minor


@dataclass(frozen=True, slots=True)
class State:
    """A state of `entity`; `color` is RGB in one integer, `type` is MoySklad's stateType."""

    id: UUID
    entity: str
    name: str
    color: int
    type: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """An additional field of `entity` (MoySklad: attributes); `type` is `string`."""

    id: UUID
    entity: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Position:
    """A row of an order or a demand; `price` is minor units per piece."""

    id: UUID
    product: Product
    quantity: int
    price: Minor


def total(positions: tuple[Position, ...]) -> Minor:
    """The value of the positions, minor units."""
    return Minor(sum(position.price * position.quantity for position in positions))


def moved(positions: tuple[Position, ...], ids: Ids, kind: str) -> tuple[Position, ...]:
    """The same goods as positions of another document."""
    return tuple(replace(p, id=ids(kind, str(p.id))) for p in positions)


@dataclass(frozen=True, slots=True)
class Payment:
    """A paymentin from the buyer, linked to its order with the whole `sum` (minor units)."""

    id: UUID
    name: str
    moment: datetime
    sum: Minor


@dataclass(frozen=True, slots=True)
class Demand:
    """A shipment of an order; `track` is the attribute «Трек-номер» of the demand or None."""

    id: UUID
    name: str
    moment: datetime
    state: str
    track: str | None
    positions: tuple[Position, ...]

    @property
    def sum(self) -> Minor:
        """The value of the shipped goods, minor units."""
        return total(self.positions)


@dataclass(frozen=True, slots=True)
class Order:
    """A customerorder with all that hangs on it.

    `parcel` is the courier's number of the parcel (None while it is not handed over); `track` is
    what the shop has written into the attribute «Трек-номер» of the order itself. `prepaid`
    orders have a payment from the buyer before delivery; `quirk` names why the order was
    planted, None for the plain ones.
    """

    id: UUID
    name: str
    moment: datetime
    agent: Counterparty
    state: str
    courier: str
    prepaid: bool
    parcel: str | None
    track: str | None
    positions: tuple[Position, ...]
    demands: tuple[Demand, ...] = ()
    payments: tuple[Payment, ...] = ()
    quirk: str | None = None

    @property
    def sum(self) -> Minor:
        """The value of the order, minor units."""
        return total(self.positions)

    @property
    def due(self) -> Minor:
        """What the courier has to collect: the sum without what is already paid, minor units."""
        return Minor(self.sum - sum(payment.sum for payment in self.payments))


@dataclass(frozen=True)
class Shop:
    """Everything of one MoySklad account that Sverka looks at."""

    account_id: UUID
    organization: Named
    store: Named
    currency: Named
    """`name` is the ISO 4217 code."""
    couriers: dict[str, Counterparty]
    """Courier code → its counterparty."""
    buyers: tuple[Counterparty, ...]
    products: tuple[Product, ...]
    services: tuple[Named, ...]
    expense_items: tuple[Named, ...]
    states: tuple[State, ...]
    attributes: tuple[Attribute, ...]
    orders: tuple[Order, ...] = field(repr=False)

    @cached_property
    def counterparties(self) -> tuple[Counterparty, ...]:
        """Buyers and couriers together."""
        return (*self.buyers, *self.couriers.values())

    @cached_property
    def quirks(self) -> dict[str, tuple[Order, ...]]:
        """The planted orders by the reason they were planted for."""
        names = sorted({order.quirk for order in self.orders if order.quirk})
        return {name: tuple(o for o in self.orders if o.quirk == name) for name in names}
