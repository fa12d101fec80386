"""What the arithmetic of the rows says of columns: another unit, labels that changed places, a new fee.

The number parser belongs to the next room; it is a leaf of it and is taken where it is used.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from sverka.nouns import NETTED_FEES, Settlement
from sverka.recognition import values
from sverka.recognition.schema import Schema

Row = Mapping[str, Decimal]
"""Column → its amount in rubles, 0 where the cell is empty."""

_LOOK_ROWS = 300
_TRY_ROWS = 30
"""Enough rows to tell a rule from chance; every combination is tried on them."""


def amounts_of(
    cells: Mapping[str, Sequence[str | None]], kopecks: frozenset[str]
) -> list[Row] | None:
    """The first rows with an amount; None when a cell is no number, for then nothing is proved."""
    from sverka.parsing.cells import BadCell
    from sverka.parsing.numbers import parse_number

    rows: list[Row] = []
    for texts in zip(*cells.values(), strict=True):
        try:
            row = {
                name: (parse_number(text) if text and values.filled(text) else Decimal(0))
                / (100 if name in kopecks else 1)
                for name, text in zip(cells, texts, strict=True)
            }
        except BadCell:
            return None
        if any(row.values()):
            rows.append(row)
        if len(rows) == _LOOK_ROWS:
            break
    return rows


def below_zero(cells: Sequence[str]) -> bool:
    """True when these costs are printed as negative numbers, whatever a few corrections say."""
    rows = amounts_of({"": cells}, frozenset()) or []
    return sum(row[""] for row in rows) < 0


def provable(schema: Schema) -> bool:
    """True when one equation of whole columns binds each row: no parts, no rules about money."""
    part = schema.parts[0]
    return (
        len(schema.parts) == 1
        and {"collected", "payout"} <= part.money.keys()
        and part.money["collected"] != part.money["payout"]
        and all(rule.money is None and rule.ignore is None for rule in part.rules)
    )


def holds(rows: Sequence[Row], schema: Schema, models: Sequence[Settlement]) -> bool:
    """True when payout = collected − kept fees in every row with money, by one of the models."""
    return any(all(_fits(row, schema, model) for row in rows) for model in models)


def models_of(schema: Schema) -> tuple[Settlement, ...]:
    """The declared model, else all that a contract may have."""
    return (schema.settlement,) if schema.settlement else tuple(Settlement)


def _fits(row: Row, schema: Schema, model: Settlement) -> bool:
    collected, payout = (_value(row, schema, field) for field in ("collected", "payout"))
    if not collected and not payout:
        return True
    kept = sum(_value(row, schema, fee) for fee in NETTED_FEES[model])
    return collected - kept == payout


def _value(row: Row, schema: Schema, field: str) -> Decimal:
    amount = schema.parts[0].money.get(field)
    total = Decimal(0)
    for term in amount.terms if amount else ():
        value = row.get(term.column, Decimal(0))
        value = abs(value) if term.absolute else value
        total += -value if term.negated else value
    return total


def commission_is_absurd(rows: Sequence[Row], schema: Schema) -> bool:
    """True when the fee for taking money is more than half of it in most rows: a few percent is usual.

    What was taken is the fee and the transfer together, so the equation cannot tell which is which.
    """
    taken = [row for row in rows if _value(row, schema, "collected") > 0]
    above = [r for r in taken if 2 * _value(r, schema, "fee_cod") > _value(r, schema, "collected")]
    return 2 * len(above) > len(taken)


def in_other_unit(rows: Sequence[Row], schema: Schema) -> tuple[str, ...]:
    """The columns, one or two, that make the equation hold when they are read in the other unit."""
    few = rows[:_TRY_ROWS]
    names = [name for name in rows[0] if any(row[name] for row in few)]
    for changed in (*combinations(names, 1), *combinations(names, 2)):
        for factor in (Decimal("0.01"), Decimal(100)):
            other = [_scaled(row, changed, factor) for row in few]
            if len(changed) < len(names) and holds(other, schema, models_of(schema)):
                return changed
    return ()


def _scaled(row: Row, names: Sequence[str], factor: Decimal) -> Row:
    return {n: amount * factor if n in names else amount for n, amount in row.items()}


def changed_places(rows: Sequence[Row], schema: Schema) -> tuple[str, str] | None:
    """Two columns that make the equation hold when their names are exchanged."""
    few = rows[:_TRY_ROWS]
    for one, other in combinations(rows[0], 2):
        swapped = [{**row, one: row[other], other: row[one]} for row in few]
        if holds(swapped, schema, models_of(schema)):
            return one, other
    return None


def is_kept(rows: Sequence[Row], extra: str, schema: Schema) -> bool:
    """True when the equation holds only with the column `extra` taken as one more kept fee."""
    paid = schema.parts[0].money["payout"].columns
    if holds(rows, schema, models_of(schema)) or len(paid) != 1:
        return False
    with_fee = [{**row, paid[0]: row[paid[0]] + row[extra]} for row in rows]
    return holds(with_fee, schema, models_of(schema))
