"""What the draft took each column for, and what it could not place, for people."""

from collections.abc import Sequence

from sverka.drafting.columns import Column
from sverka.drafting.draft import Placed, Unplaced
from sverka.drafting.places import Places
from sverka.drafting.plan import FIELD_NAMES, MoneyPlan

_CANONICAL = {
    "order": "order_ref",
    "track": "track_ref",
    "delivered": "occurred_on",
    "status": "outcome",
    "operation": "row_kind",
    "paid_by": "payment_method",
    "currency": "currency",
}


def placed_of(placed: Places, plan: MoneyPlan) -> list[Placed]:
    """One entry per canonical field; the columns of a sum are joined with their signs."""
    found = {
        canonical: Placed(
            canonical, placed.columns[name].address, placed.confidence[name], placed.why[name]
        )
        for name, canonical in _CANONICAL.items()
        if name in placed.columns
    }
    for field, terms in plan.fields.items():
        found[field] = Placed(field, _joined(terms), plan.confidence[field], plan.why[field])
    return [found[field] for field in FIELD_NAMES if field in found]


def _joined(terms: Sequence[tuple[Column, int]]) -> str:
    text = ""
    for column, sign in terms:
        text += f" {'−' if sign < 0 else '+'} {column.address}"
    return text.removeprefix(" + ").strip()


def unplaced_of(columns: Sequence[Column], placed: Places, plan: MoneyPlan) -> list[Unplaced]:
    """The columns that no field takes, each with the reason."""
    used = {*plan.placed(), *(id(column) for column in placed.columns.values())}
    why = {id(column): reason for column, reason in plan.left}
    return [
        Unplaced(column.address, why.get(id(column), _reason(column)), column.has_money)
        for column in columns
        if id(column) not in used
    ]


def _reason(column: Column) -> str:
    if not any(column.values):
        return "пустая"
    if column.is_money:
        return "не деньги расчётов"
    return "для расчётов не нужна"
