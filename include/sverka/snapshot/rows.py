"""MoySklad's documents as rows of the snapshot tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sverka.moysklad.wire import id_of, minor, moment
from sverka.reconciling.keys import order_key, track_key
from sverka.snapshot.regions import region_of

DELIVERY_ATTRIBUTE = "Служба доставки"
"""The attribute in which a shop may say who carries an order."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document's row needs beside the document.

    `currencies` is ISO codes by currency id; `track_attribute` names the string attribute with
    the parcel's track number; `fetched_at` is when the request was sent: the document may have
    changed since, never before. `trashed` says which list it came from; the document's own
    `deleted` is the moment of its last deletion and may outlive a restoration.
    """

    currencies: Mapping[UUID, str]
    track_attribute: str
    fetched_at: datetime
    trashed: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A snapshot table: its entity in MoySklad, and how a document becomes a row of it."""

    entity: str
    name: str
    columns: tuple[str, ...]
    row: Callable[[dict[str, Any], Reading], Sequence[object]]


def _order(document: dict[str, Any], reading: Reading) -> Sequence[object]:
    track = _text(document, reading.track_attribute)
    return (
        document["externalCode"],
        document["name"],
        order_key(document["name"]),
        region_of(document),
        minor(document["payedSum"]),
        *_shipped_goods(document, reading),
        track,
        _key(track),
        _text(document, DELIVERY_ATTRIBUTE),
        document.get("meta", {}).get("uuidHref"),
        *_common(document, reading),
    )


def _demand(document: dict[str, Any], reading: Reading) -> Sequence[object]:
    track = _text(document, reading.track_attribute)
    return (
        document["name"],
        _optional_id(document, "customerOrder"),
        _optional_id(document, "store"),
        minor(document["payedSum"]),
        *_shipped_goods(document, reading),
        track,
        _key(track),
        _text(document, DELIVERY_ATTRIBUTE),
        document.get("meta", {}).get("uuidHref"),
        *_common(document, reading),
    )


def _salesreturn(document: dict[str, Any], reading: Reading) -> Sequence[object]:
    return (_optional_id(document, "demand"), *_common(document, reading))


def _counterparty(document: dict[str, Any], reading: Reading) -> Sequence[object]:
    return (
        UUID(document["id"]),
        document["name"],
        reading.trashed,
        moment(document["updated"]),
        reading.fetched_at,
    )


def _shipped_goods(document: dict[str, Any], reading: Reading) -> Sequence[object]:
    return (
        moment(document["moment"]),
        id_of(document["organization"]),
        id_of(document["agent"]),
        reading.currencies[id_of(document["rate"]["currency"])],
        _optional_id(document, "state"),
    )


def _common(document: dict[str, Any], reading: Reading) -> Sequence[object]:
    return (
        UUID(document["id"]),
        minor(document["sum"]),
        document["applicable"],
        reading.trashed,
        moment(document["updated"]),
        reading.fetched_at,
    )


_GOODS_COLUMNS = ("moment", "organization_id", "agent_id", "currency", "state_id")
_TRACK_COLUMNS = ("track", "track_key", "delivery", "link")
_COMMON_COLUMNS = ("id", "sum", "applicable", "deleted", "updated", "fetched_at")

ORDERS = Table(
    entity="customerorder",
    name="snapshot_order",
    columns=(
        *("external_code", "name", "name_key", "region", "payed_sum"),
        *_GOODS_COLUMNS,
        *_TRACK_COLUMNS,
        *_COMMON_COLUMNS,
    ),
    row=_order,
)
DEMANDS = Table(
    entity="demand",
    name="snapshot_demand",
    columns=(
        *("name", "order_id", "store_id", "payed_sum"),
        *_GOODS_COLUMNS,
        *_TRACK_COLUMNS,
        *_COMMON_COLUMNS,
    ),
    row=_demand,
)
RETURNS = Table(
    entity="salesreturn",
    name="snapshot_salesreturn",
    columns=("demand_id", *_COMMON_COLUMNS),
    row=_salesreturn,
)

COUNTERPARTIES = Table(
    entity="counterparty",
    name="snapshot_counterparty",
    columns=("id", "name", "deleted", "updated", "fetched_at"),
    row=_counterparty,
)


def _text(document: dict[str, Any], attribute: str) -> str | None:
    """The attribute as a person typed or chose it, or None where it is not filled."""
    for value in document.get("attributes", []):
        if value.get("name") == attribute:
            filled = value.get("value")
            # An entry chosen from a dictionary comes with its name.
            text = filled.get("name") if isinstance(filled, dict) else filled
            return (text.strip() or None) if isinstance(text, str) else None
    return None


def _key(track: str | None) -> str | None:
    return (track_key(track) or None) if track else None


def _optional_id(document: dict[str, Any], field: str) -> UUID | None:
    # MoySklad leaves empty fields out of its answers.
    return id_of(document[field]) if field in document else None
