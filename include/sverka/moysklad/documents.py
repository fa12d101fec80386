"""The documents that Sverka creates in MoySklad, typed, so that no field name can be misspelt.

MoySklad ignores unknown keys without a word (facts: JSON API 1.2, «Общие сведения»), so bodies
are only ever built here. A document is stored in `posting.document` as `to_stored` gives it and
rendered to a request body for one server's base URL with `body`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sverka.money import Minor


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to an entity: its API type (`customerorder`) and id."""

    type: str
    id: UUID


@dataclass(frozen=True, slots=True)
class StateRef:
    """A state of an entity type: lives under `/entity/<entity>/metadata/states/<id>`."""

    entity: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Operation:
    """A link from a payment to a document with the amount it covers (`linkedSum`, minor units)."""

    document: Ref
    linked_sum: Minor


@dataclass(frozen=True, slots=True)
class Position:
    """A row of goods or services; `price` is minor units per piece, VAT is the document's."""

    assortment: Ref
    quantity: int
    price: Minor


@dataclass(frozen=True, slots=True)
class PaymentIn:
    """Входящий платёж: the buyer's money that came through the courier."""

    sync_id: UUID
    moment: datetime
    organization: Ref
    agent: Ref
    sum: Minor
    incoming_number: str | None
    incoming_date: datetime | None
    payment_purpose: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """Приёмка: the courier's services at their cost."""

    sync_id: UUID
    moment: datetime
    organization: Ref
    agent: Ref
    store: Ref
    incoming_number: str | None
    incoming_date: datetime | None
    description: str
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class PaymentOut:
    """Исходящий платёж: the fees that the courier kept, linked to the supply they pay.

    `supply` is the sync_id of the supply's posting; its MoySklad id is known only after it is
    posted, so the sender resolves it.
    """

    sync_id: UUID
    moment: datetime
    organization: Ref
    agent: Ref
    expense_item: Ref
    sum: Minor
    payment_purpose: str
    supply: UUID


@dataclass(frozen=True, slots=True)
class SalesReturnPosition:
    """What came back: the assortment of one demand position, at the demand's price."""

    assortment: Ref
    quantity: int
    price: Minor


@dataclass(frozen=True, slots=True)
class SalesReturn:
    """Возврат покупателя on the base of a demand."""

    sync_id: UUID
    moment: datetime
    organization: Ref
    agent: Ref
    store: Ref
    demand: Ref
    description: str
    positions: tuple[SalesReturnPosition, ...]


@dataclass(frozen=True, slots=True)
class StateChange:
    """A new state for an order or a demand; `entity` is `customerorder` or `demand`."""

    sync_id: UUID
    document: Ref
    state: StateRef
