"""The goods of demands, read from MoySklad when a verdict depends on them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from sverka.money import Minor, NotMoney, from_minor
from sverka.moysklad.client import MoySklad
from sverka.moysklad.documents import Ref
from sverka.moysklad.wire import equals, id_of
from sverka.reconciling.partial import Goods, Vat

# MoySklad docs, «Замена ссылок объектами»: expanded lists have at most 100 rows, and 100 ids of
# 36 characters keep the URL under its limit of 8 KB.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Shipment:
    """What a demand shipped; `goods` is None when it cannot be told in pieces and kopecks.

    That is so for goods by weight, discounts, and prices with a fraction of a kopeck: a return
    must repeat its demand's price exactly, and how a discount is repeated is not documented.
    `names` are for people.
    """

    goods: tuple[Goods, ...] | None
    names: Mapping[Ref, str] = field(default_factory=dict)


Shipments = Callable[[Collection[UUID]], Mapping[UUID, Shipment]]
"""Gives the shipments of these demands; a demand that MoySklad no longer has is left out."""


class NotInPieces(ValueError):
    """A position that a return could not repeat exactly."""


class ReadShipments:
    """Reads each demand once, however often it is asked for."""

    def __init__(self, moysklad: Callable[[], MoySklad]) -> None:
        self._moysklad = moysklad
        self._known: dict[UUID, Shipment] = {}

    def __call__(self, demands: Collection[UUID]) -> Mapping[UUID, Shipment]:
        wanted = sorted(set(demands) - set(self._known))
        for chunk in _chunks(wanted):
            self._known.update(_read(self._moysklad(), chunk))
        return {demand: self._known[demand] for demand in demands if demand in self._known}


def _read(client: MoySklad, demands: Sequence[UUID]) -> Iterator[tuple[UUID, Shipment]]:
    filters = [equals("id", str(demand)) for demand in demands]
    for row in client.rows("demand", filters=filters, expand=["positions.assortment"]):
        yield UUID(row["id"]), _shipment(row, _positions(client, row))


def _positions(client: MoySklad, row: dict[str, Any]) -> list[dict[str, Any]]:
    positions = row.get("positions", {})
    expanded: list[dict[str, Any]] = positions.get("rows", [])
    # Expanded rows stop at 100; a longer demand is read through its own list.
    if len(expanded) < positions.get("meta", {}).get("size", 0):
        return list(client.rows(f"demand/{row['id']}/positions", expand=["assortment"]))
    return expanded


def _shipment(demand: dict[str, Any], positions: Sequence[dict[str, Any]]) -> Shipment:
    try:
        return Shipment(
            tuple(_goods(demand, position) for position in positions), dict(map(_name, positions))
        )
    except (NotInPieces, NotMoney):
        return Shipment(None)


def _name(position: dict[str, Any]) -> tuple[Ref, str]:
    assortment = position["assortment"]
    ref = Ref(assortment["meta"]["type"], id_of(assortment))
    return ref, assortment.get("name") or "товар без названия"


def _goods(demand: dict[str, Any], position: dict[str, Any]) -> Goods:
    quantity = Decimal(position["quantity"])
    if quantity != quantity.to_integral_value():
        raise NotInPieces(f"{quantity} pieces")
    if position.get("discount"):
        raise NotInPieces(f"a discount of {position['discount']} %")
    assortment = position["assortment"]
    return Goods(
        assortment=Ref(assortment["meta"]["type"], id_of(assortment)),
        quantity=int(quantity),
        price=Minor(from_minor(position.get("price", 0))),
        vat=Vat(
            enabled=demand.get("vatEnabled"),
            included=demand.get("vatIncluded"),
            rate=position.get("vat"),
            charged=position.get("vatEnabled"),
        ),
    )


def _chunks(demands: Sequence[UUID]) -> Iterator[list[UUID]]:
    rest = iter(demands)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
