"""Returns on the base of a demand (MoySklad docs, «Возврат покупателя»).

Agent, organization, currency and vatIncluded equal the demand's; only its positions, at its prices, and no
more of them than were shipped and have not come back before. The docs give no code for a foreign
position or another price; 3004 («не соответствует полю связанного объекта») says what is wrong.
"""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from sverka.moysklad.sandbox.errors import differs_from_base, too_big, unchangeable
from sverka.moysklad.sandbox.payments import currency_of
from sverka.moysklad.sandbox.positions import Row
from sverka.moysklad.sandbox.references import Shelf, id_of
from sverka.moysklad.sandbox.storage import Store, Stored

_EQUAL = ("agent", "organization", "vatIncluded")
_FIXED = ("agent", "agentAccount", "demand")
_COPIED = (
    "organization",
    "organizationAccount",
    "agent",
    "agentAccount",
    "store",
    "vatEnabled",
    "vatIncluded",
)


def check_return(body: dict[str, Any], before: Stored | None, store: Store, shelf: Shelf) -> None:
    """Compares a return with its demand; fills in the demand's prices where none was said.

    Raises:
        ApiError: 3001, 3004 or 3008.
    """
    if before is not None:
        for name in _FIXED:
            if body.get(name) != before.body.get(name):
                raise unchangeable(name)
    if "demand" not in body:
        return
    demand = shelf.get(id_of(body["demand"]))
    assert demand is not None, "a demand with a return is never erased"
    for name in _EQUAL:
        if body.get(name) != demand.body.get(name):
            raise differs_from_base(name)
    if currency_of(body) != currency_of(demand.body):
        raise differs_from_base("rate")
    _check_prices(body["positions"], demand)
    _check_quantities(body["positions"], open_quantities(demand, store, shelf, before))


def _check_prices(rows: list[Row], demand: Stored) -> None:
    shipped: dict[str, list[Row]] = defaultdict(list)
    for row in demand.body["positions"]:
        shipped[row["assortment"]].append(row)
    for row in rows:
        bases = shipped.get(row["assortment"])
        if not bases:
            raise differs_from_base("positions")
        if not row.get("priced"):
            base = bases[0]
            row.update({key: base[key] for key in ("price", "discount", "vat", "vatEnabled")})
        elif row["price"] not in {base["price"] for base in bases}:
            raise differs_from_base("price")


def _check_quantities(rows: list[Row], left: dict[str, Decimal]) -> None:
    for row in rows:
        left[row["assortment"]] -= Decimal(row["quantity"])
        if left[row["assortment"]] < 0:
            raise too_big("quantity")


def open_quantities(
    demand: Stored, store: Store, shelf: Shelf, without: Stored | None = None
) -> dict[str, Decimal]:
    """What may still come back, by assortment: shipped minus the live returns but `without`."""
    left: dict[str, Decimal] = defaultdict(Decimal)
    for row in demand.body["positions"]:
        left[row["assortment"]] += Decimal(row["quantity"])
    for link in store.links_to([demand.id]):
        earlier = shelf.get(link.source) if link.field == "demand" else None
        if earlier is None or (without is not None and earlier.id == without.id):
            continue
        for row in earlier.body["positions"]:
            left[row["assortment"]] -= Decimal(row["quantity"])
    return left


def template_of(
    demand: Stored, store: Store, shelf: Shelf, new_id: Callable[[], UUID]
) -> dict[str, Any]:
    """The body of an unsaved return of all that is still out."""
    left = open_quantities(demand, store, shelf)
    rows: list[Row] = []
    for row in demand.body["positions"]:
        quantity = min(Decimal(row["quantity"]), left[row["assortment"]])
        if quantity > 0:
            left[row["assortment"]] -= quantity
            rows.append({**row, "id": str(new_id()), "quantity": str(quantity)})
    copied = {name: demand.body[name] for name in _COPIED if name in demand.body}
    path = f"demand/{demand.id}"
    return {"name": "", "applicable": True, **copied, "demand": path, "positions": rows}
