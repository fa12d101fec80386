"""What came back from a partly bought order, told from money alone, or honestly not told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from sverka.money import Minor
from sverka.moysklad.documents import Ref

WORK_LIMIT = 200_000
"""Combinations looked at before we say that there are too many to be sure; about 0.1 s."""


@dataclass(frozen=True, slots=True)
class Vat:
    """VAT of a demand (`enabled`, `included`) and of its position (`rate` in percent, `charged`).

    A return repeats them word for word: MoySklad refuses another `vatIncluded` (error 3004), and a
    position without them would come back without VAT. None is what the demand does not show.
    """

    enabled: bool | None = None
    included: bool | None = None
    rate: int | None = None
    charged: bool | None = None


UNKNOWN_VAT = Vat()


@dataclass(frozen=True, slots=True)
class Goods:
    """So many pieces of one assortment at a price per piece in minor units."""

    assortment: Ref
    quantity: int
    price: Minor
    vat: Vat = UNKNOWN_VAT


class Doubt(Enum):
    """Why the returned goods are not known."""

    NONE = "no set of goods costs exactly that much"
    MANY = "several sets do, or there are too many to look at"


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to reach a sum; `several` once another was seen."""

    pieces: tuple[tuple[int, int], ...] = ()
    several: bool = False


def returned_positions(goods: Sequence[Goods], missing: Minor) -> tuple[Goods, ...] | Doubt:
    """The only multiset of these goods that costs `missing` minor units, or the doubt.

    Rows of the same assortment at the same price and VAT are one: which of them came back makes no
    difference. A gift (price 0) could always have come back too, so it makes the answer `MANY`.
    """
    if missing <= 0:
        return Doubt.NONE
    kinds = _merged(goods)
    rest = sum(kind.quantity * kind.price for kind in kinds)
    ways: dict[int, _Way] = {0: _Way()}
    work = 0
    for index, kind in enumerate(kinds):
        rest -= kind.quantity * kind.price
        work += len(ways) * (min(kind.quantity, missing // kind.price if kind.price else 1) + 1)
        if work > WORK_LIMIT:
            return Doubt.MANY
        ways = _with(ways, index, kind, missing - rest, missing)
    way = ways.get(missing)
    if way is None:
        return Doubt.NONE
    if way.several:
        return Doubt.MANY
    return tuple(replace(kinds[index], quantity=count) for index, count in way.pieces)


def _with(ways: dict[int, _Way], index: int, kind: Goods, low: int, high: int) -> dict[int, _Way]:
    """The sums from `low` to `high` that are reachable when this kind may be among them too."""
    reached: dict[int, _Way] = {}
    for total, way in ways.items():
        most = min(kind.quantity, (high - total) // kind.price) if kind.price else 1
        for count in range(most + 1):
            now = total + count * kind.price
            if now < low:
                continue
            if now in reached:
                reached[now] = _Way(reached[now].pieces, several=True)
            else:
                taken = ((index, count),) if count else ()
                reached[now] = _Way(way.pieces + taken, way.several)
    return reached


def _merged(goods: Iterable[Goods]) -> list[Goods]:
    merged: dict[tuple[Ref, Minor, Vat], Goods] = {}
    for one in goods:
        if one.quantity <= 0:
            continue
        key = (one.assortment, one.price, one.vat)
        known = merged.get(key)
        merged[key] = replace(one, quantity=known.quantity + one.quantity) if known else one
    return list(merged.values())
