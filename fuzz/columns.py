"""What a column of a sample means for the lines: what may change unseen when its name is wrong.

No program can tell two columns of order numbers apart by their values, nor two fees that are both
kept from the transfer. docs/drift.md lists these cases; everything else has to be noticed.
"""

from sverka.nouns import FEES, NETTED_FEES, Purpose, Settlement
from sverka.recognition.arithmetic import provable
from sverka.recognition.bearing import bearing
from sverka.recognition.schema import Column, Schema, TableLayout

IDS = frozenset({"order_ref", "track_ref", "identity"})
DATES = frozenset({"occurred_on"})
WORDS = frozenset({"outcome", "payment_method", "identity", "payment_order_no"})
ROWS = frozenset({"rows"})
"""Whole rows may be gone: nothing in the file counts them."""


def money_fields(schema: Schema, column: str) -> frozenset[str]:
    """The money fields of lines that a column feeds."""
    return frozenset(
        field
        for part in schema.parts
        for field, amount in part.money.items()
        if column in amount.columns
    )


def said_by(schema: Schema, column: Column) -> frozenset[str]:
    """The fields that a file says nothing of when the column is not in it."""
    fields = set(money_fields(schema, column.name)) | {"identity"}
    fields |= {field for field, names in schema.refs.items() if column.name in names}
    fields |= {field for field, words in schema.words.items() if words.column == column.name}
    if any(words.column == column.name for words in schema.words.values()):
        fields |= {"outcome", "row_kind"}
    return frozenset(fields | {"settlement"})


def may_be_absent(schema: Schema, column: Column) -> bool:
    """True when files without the column are files of this layout."""
    generic = isinstance(schema.layout, TableLayout) and schema.layout.generic
    others = schema.columns.keys() - {column.name}
    return generic or bool(column.optional) or column.name not in bearing(schema, others)


def unseen_in(schema: Schema, column: Column, model: Settlement | None) -> frozenset[str]:
    """The fields of a money column that no equation binds: its amounts may be wrong unseen.

    Where one column is both what was taken and what is paid (Yandex Market), there is no equation.
    """
    if not provable(schema):
        every = {"collected", "payout", "vat", *FEES}
        return frozenset(every | {"identity", "row_kind", "outcome", *ROWS})
    fields = money_fields(schema, column.name)
    kept = set(NETTED_FEES[model]) if model else set(FEES)
    return fields if fields and not fields & {"collected", "payout", *kept} else frozenset()


def unseen_between(
    schema: Schema, one: Column, other: Column, model: Settlement | None
) -> frozenset[str]:
    """The fields that change unseen when the names of two columns are exchanged."""
    if one.kind == other.kind == "date":
        return DATES
    if {one.kind, other.kind} <= {"text", "id", "number"}:
        if "number" in {one.kind, other.kind} and not provable(schema):
            return WORDS | IDS | unseen_in(schema, one, model)
        no_money = schema.purpose is not Purpose.SETTLEMENT
        return WORDS | IDS | (ROWS | DATES | {"row_kind"} if no_money else frozenset())
    if (
        not provable(schema)
        and "money" in {one.kind, other.kind}
        and "date" not in {one.kind, other.kind}
    ):
        return unseen_in(schema, one, model) | unseen_in(schema, other, model) | IDS | WORDS
    return _unseen_amounts(schema, one, other, model) if one.kind == "money" else frozenset()


def _unseen_amounts(
    schema: Schema, one: Column, other: Column, model: Settlement | None
) -> frozenset[str]:
    """Taken = kept + paid: nobody can tell two kept fees apart, nor a kept fee from what is paid."""
    fields = [money_fields(schema, column.name) for column in (one, other)]
    kept = set(NETTED_FEES[model]) if model else set(FEES)
    bound = all(field and field <= kept | {"payout"} for field in fields)
    free = all(field and not field & {"collected", "payout", *kept} for field in fields)
    return fields[0] | fields[1] if other.kind == "money" and (bound or free) else frozenset()
