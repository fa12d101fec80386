"""Sets of goods that may have come back where money alone cannot tell which: for a person to see."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from sverka.money import Minor
from sverka.reconciling.partial import Goods

SHOWN = 5
"""Sets that a person can compare at a glance."""

WORK_LIMIT = 20_000
"""Combinations looked at before the search ends with what it has; about 10 ms."""


def possible_returns(
    goods: Sequence[Goods], missing: Minor, kinds: Collection[str]
) -> tuple[tuple[Goods, ...], ...]:
    """At most `SHOWN` sets of these goods that cost `missing` minor units, dear goods first.

    Only goods of these `kinds` (`Ref.type`) come back. Gifts (price 0) are left out: they may have
    come back with any of the sets.
    """
    rows = sorted(
        (
            one
            for one in goods
            if one.quantity > 0 and one.price > 0 and one.assortment.type in kinds
        ),
        key=lambda one: (-one.price, str(one.assortment.id)),
    )
    return tuple(islice(_distinct(_Search(rows).sets(0, missing)), SHOWN))


class _Search:
    def __init__(self, rows: Sequence[Goods]) -> None:
        self.rows = rows
        self.left = WORK_LIMIT

    def sets(self, index: int, missing: int) -> Iterator[tuple[Goods, ...]]:
        """The sets of the rows from `index` on."""
        if missing == 0:
            yield ()
            return
        self.left -= 1
        if index == len(self.rows) or self.left < 0:
            return
        row = self.rows[index]
        for count in range(min(row.quantity, missing // row.price), -1, -1):
            taken = (replace(row, quantity=count),) if count else ()
            for rest in self.sets(index + 1, missing - count * row.price):
                yield taken + rest


def _distinct(sets: Iterator[tuple[Goods, ...]]) -> Iterator[tuple[Goods, ...]]:
    """Each multiset once: rows of the same goods at one price make no difference."""
    seen = set()
    for goods in sets:
        pieces: dict[Goods, int] = {}
        for one in goods:
            piece = replace(one, quantity=1)
            pieces[piece] = pieces.get(piece, 0) + one.quantity
        if (key := frozenset(pieces.items())) not in seen:
            seen.add(key)
            yield tuple(replace(piece, quantity=count) for piece, count in pieces.items())
