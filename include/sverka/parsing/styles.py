"""What a column as a whole proves about a cell that can be read in two ways."""

import re
from collections.abc import Iterable

from sverka.parsing.cells import is_nothing
from sverka.parsing.dates import Order, order_of, slashed
from sverka.parsing.numbers import unsigned

_PROOF = {
    ",": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+\.\d+|[1-9]\d{0,2}(?:,\d{3}){2,}", re.ASCII),
    ".": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+,\d+|[1-9]\d{0,2}(?:\.\d{3}){2,}", re.ASCII),
}
"""Numbers in which the sign can only part thousands: `1,234.56`, `1,234,567`."""
_FRACTION = {
    ",": re.compile(r"\d*,(?:\d{1,2}|\d{4,})", re.ASCII),
    ".": re.compile(r"\d*\.(?:\d{1,2}|\d{4,})", re.ASCII),
}
"""Numbers in which the sign can only stand before a fraction: `12,5`, `1234.50`."""


def group_sign(texts: Iterable[str | None]) -> str | None:
    """The sign that parts thousands in this column, or None when its cells prove none.

    One number of one notation proves it. One of the other notation unproves it: such a column was
    put together from several, and a doubtful cell stays doubtful.
    """
    parts: set[str] = set()
    fractions: set[str] = set()
    for text in texts:
        if not isinstance(text, str) or is_nothing(text):
            continue
        bare = unsigned(text)[1].replace(" ", "")
        parts |= {sign for sign, proof in _PROOF.items() if proof.fullmatch(bare)}
        fractions |= {sign for sign, proof in _FRACTION.items() if proof.fullmatch(bare)}
    return parts.pop() if len(parts) == 1 and not parts & fractions else None


def date_order(texts: Iterable[str | None]) -> Order | None:
    """What stands first in this column's dates with slashes, or None when its cells prove nothing.

    A number above 12 is a day. When it stands first in one cell and second in another, nothing is
    proven.
    """
    orders: set[Order] = set()
    for text in texts:
        found = slashed(text) if isinstance(text, str) else None
        if found and (order := order_of(*found)):
            orders.add(order)
    return orders.pop() if len(orders) == 1 else None
