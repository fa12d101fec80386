"""The documents that Sverka creates in MoySklad, typed, so that no field name can be misspelt.

MoySklad ignores unknown keys without a word (facts: JSON API 1.2, «Общие сведения»), so bodies
are only ever built here. A document is stored in `posting.document` as `to_stored` gives it and
rendered to a request body for one server's base URL with `body`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sverka.money import Minor
from sverka.moysklad.stored import from_json, to_json
from sverka.moysklad.wire import reference, state_reference, to_minute, to_sum
from sverka.nouns import PostingKind


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
    """What came back: the assortment of one demand position, at the demand's price and VAT."""

    assortment: Ref
    quantity: int
    price: Minor
    vat: int | None = None
    vat_enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class SalesReturn:
    """Возврат покупателя on the base of a demand, with the demand's own VAT flags."""

    sync_id: UUID
    moment: datetime
    organization: Ref
    agent: Ref
    store: Ref
    demand: Ref
    description: str
    positions: tuple[SalesReturnPosition, ...]
    vat_enabled: bool | None = None
    vat_included: bool | None = None


@dataclass(frozen=True, slots=True)
class StateChange:
    """A new state for an order or a demand; `entity` is `customerorder` or `demand`."""

    sync_id: UUID
    document: Ref
    state: StateRef


Document = PaymentIn | Supply | PaymentOut | SalesReturn | StateChange

DOCUMENT_OF: dict[PostingKind, type[Document]] = {
    PostingKind.PAYMENTIN: PaymentIn,
    PostingKind.SUPPLY: Supply,
    PostingKind.PAYMENTOUT: PaymentOut,
    PostingKind.SALESRETURN: SalesReturn,
    PostingKind.CUSTOMERORDER_STATE: StateChange,
    PostingKind.DEMAND_STATE: StateChange,
}


def to_stored(document: Document) -> dict[str, Any]:
    """The document as plain JSON values, for `posting.document`."""
    stored: dict[str, Any] = to_json(document)
    return stored


def from_stored(kind: str, stored: dict[str, Any]) -> Document:
    """The document of a posting of this kind (see `PostingKind`).

    Raises:
        ValueError, TypeError: no such kind, or not what `to_stored` gives.
    """
    return from_json(DOCUMENT_OF[PostingKind(kind)], stored)


Resolve = Callable[[UUID], UUID]
"""Gives the MoySklad id of the document that was posted under a sync_id."""

LONGEST = 255
LONGEST_DESCRIPTION = 4096
# MoySklad docs, «НДС»: vat 0 with vatEnabled false is «без НДС».
WITHOUT_VAT = {"vat": 0, "vatEnabled": False}


def body(document: Document, base_url: str, resolve: Resolve) -> dict[str, Any]:
    """The request body of the document for the server at `base_url`.

    Money is an integer of minor units, moments are Moscow time to the minute; what is None is
    left out. `resolve` is asked only for a document that another one refers to by its sync_id.

    Raises:
        NotMoney: an amount is more than MoySklad holds exactly.
    """
    match document:
        case StateChange():
            return {
                **_ref(base_url, document.document),
                "state": state_reference(base_url, document.state.entity, document.state.id),
            }
        case PaymentIn():
            own = _payment_in(document, base_url)
        case PaymentOut():
            own = _payment_out(document, base_url, resolve)
        case Supply():
            own = _supply(document, base_url)
        case SalesReturn():
            own = _sales_return(document, base_url)
    return {**_common(document, base_url), **own}


def _common(
    document: PaymentIn | PaymentOut | Supply | SalesReturn, base_url: str
) -> dict[str, Any]:
    return {
        "syncId": str(document.sync_id),
        # `filter=syncId=` is refused by live accounts, so the bulk look-up goes by this.
        "externalCode": str(document.sync_id),
        "moment": to_minute(document.moment),
        "applicable": True,
        "organization": _ref(base_url, document.organization),
        "agent": _ref(base_url, document.agent),
    }


def _payment_in(document: PaymentIn, base_url: str) -> dict[str, Any]:
    return {
        "sum": to_sum(document.sum),
        "paymentPurpose": _clipped(document.payment_purpose, LONGEST),
        **_incoming(document),
        "operations": [
            _operation(base_url, operation.document, operation.linked_sum)
            for operation in document.operations
        ],
    }


def _payment_out(document: PaymentOut, base_url: str, resolve: Resolve) -> dict[str, Any]:
    supply = Ref("supply", resolve(document.supply))
    return {
        "sum": to_sum(document.sum),
        "paymentPurpose": _clipped(document.payment_purpose, LONGEST),
        "expenseItem": _ref(base_url, document.expense_item),
        "operations": [_operation(base_url, supply, document.sum)],
    }


def _supply(document: Supply, base_url: str) -> dict[str, Any]:
    return {
        "store": _ref(base_url, document.store),
        "description": _clipped(document.description, LONGEST_DESCRIPTION),
        **_incoming(document),
        # A report states its fees gross and mostly without the rate; VAT is claimed from the
        # courier's invoice («счёт-фактура»), which is another document. With VAT switched off
        # the supply's sum is exactly what the report says, whatever the shop's defaults are.
        "vatEnabled": False,
        "positions": [
            _position(base_url, position) | WITHOUT_VAT for position in document.positions
        ],
    }


def _sales_return(document: SalesReturn, base_url: str) -> dict[str, Any]:
    return {
        "store": _ref(base_url, document.store),
        "demand": _ref(base_url, document.demand),
        "description": _clipped(document.description, LONGEST_DESCRIPTION),
        # Another vatIncluded than the demand's is refused (3004); VAT that is not said is none.
        **_told(vatEnabled=document.vat_enabled, vatIncluded=document.vat_included),
        "positions": [
            _position(base_url, position) | _told(vat=position.vat, vatEnabled=position.vat_enabled)
            for position in document.positions
        ],
    }


def _told(**fields: bool | int | None) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _incoming(document: PaymentIn | Supply) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if document.incoming_number is not None:
        fields["incomingNumber"] = _clipped(document.incoming_number, LONGEST)
    if document.incoming_date is not None:
        fields["incomingDate"] = to_minute(document.incoming_date)
    return fields


def _operation(base_url: str, document: Ref, linked_sum: Minor) -> dict[str, Any]:
    # Always with linkedSum: what MoySklad links without it is not documented.
    return {**_ref(base_url, document), "linkedSum": to_sum(linked_sum)}


def _position(base_url: str, position: Position | SalesReturnPosition) -> dict[str, Any]:
    return {
        "assortment": _ref(base_url, position.assortment),
        "quantity": position.quantity,
        "price": to_sum(position.price),
    }


def _ref(base_url: str, ref: Ref) -> dict[str, Any]:
    return reference(base_url, ref.type, ref.id)


def _clipped(text: str, longest: int) -> str:
    """The text within MoySklad's length limit: a longer one would refuse the whole document."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
