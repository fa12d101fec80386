"""What stands in the sandbox, by content: which row each document is about.

Read from the sandbox's own tables after every write, so that a second document is seen at the very
request that made it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg2.extensions import connection as RealConnection  # noqa: N812 - it is a class

KINDS = ("paymentin", "supply", "paymentout", "salesreturn")

_READ = """
    select id::text, type, deleted is null, (body ->> 'sum')::bigint, body ->> 'paymentPurpose',
           body ->> 'demand', body -> 'operations'
      from sandbox.object where touched and type = any(%s) order by created, id
"""


class Violation(AssertionError):
    """A promise was broken; the text says which."""


@dataclass
class Paper:
    """One document of Sverka; `about` was read off it when it was made."""

    id: UUID
    kind: str
    sum: int
    about: frozenset[str]
    order: str
    alive: bool = True


@dataclass
class Archive:
    """Every document of ours that ever stood in the sandbox; `theirs` are other people's."""

    conn: RealConnection
    theirs: set[UUID] = field(default_factory=set)
    touched: set[UUID] = field(default_factory=set)
    """Documents that people changed or threw away."""
    known: dict[UUID, Paper] = field(default_factory=dict)
    paid_by_others: Counter[str] = field(default_factory=Counter)
    order_sums: dict[str, int] = field(default_factory=dict)

    def look(self) -> list[Paper]:
        """Reads the documents again; returns those that are new.

        Raises:
            Violation: a row has two live documents of one kind.
        """
        with self.conn.cursor() as cursor:
            cursor.execute(_READ, (list(KINDS),))
            rows = cursor.fetchall()
        standing = {UUID(row[0]): row for row in rows if UUID(row[0]) not in self.theirs}
        for one in self.known.values():
            one.alive = one.id in standing and standing[one.id][2]
        new = [_paper(row) for id_, row in standing.items() if id_ not in self.known]
        self.known |= {one.id: one for one in new}
        self._once()
        return new

    def alive(self) -> Iterator[Paper]:
        """Our live documents."""
        return (one for one in self.known.values() if one.alive)

    def sums(self) -> dict[str, int]:
        """Sums of our live documents by kind, as they were made."""
        sums: Counter[str] = Counter()
        for one in self.alive():
            sums[one.kind] += one.sum
        return dict(sums)

    def about(self) -> dict[str, Paper]:
        """Our live documents by what they are about."""
        return {about: one for one in self.alive() for about in one.about}

    def _once(self) -> None:
        found: dict[str, list[Paper]] = defaultdict(list)
        for one in self.alive():
            for about in one.about:
                found[about].append(one)
        for about, several in found.items():
            if len(several) > 1:
                ids = ", ".join(str(one.id) for one in several)
                raise Violation(f"two live documents for {about}: {ids}")

    def not_paid_twice(self, new: Iterable[Paper]) -> None:
        """Of payments that were made right now: people act between the steps only.

        Raises:
            Violation: more is linked to an order than it costs.
        """
        for order in {one.order for one in new if one.order}:
            ours = sum(one.sum for one in self.alive() if one.order == order)
            paid = ours + self.paid_by_others[order]
            if paid > self.order_sums[order]:
                raise Violation(f"order {order} is paid {paid} of {self.order_sums[order]}")


def bits(number: int) -> Iterator[int]:
    """The places of the ones in a number: 5 gives 0 and 2."""
    return (place for place in range(number.bit_length()) if number >> place & 1)


def _paper(row: Any) -> Paper:
    text, kind, alive, total, purpose, demand, operations = row
    order = ""
    if kind == "paymentin":
        order = operations[0]["document"].partition("/")[2] if operations else ""
    about = frozenset(_ABOUT[kind](total, purpose, demand))
    return Paper(UUID(text), kind, total, about, order, alive)


def _payment(_total: int, purpose: str, _demand: str) -> Iterator[str]:
    yield f"paymentin of row {purpose.rpartition('строка ')[2]}"


def _supply(total: int, _purpose: str, _demand: str) -> Iterator[str]:
    return (f"supply of fee {bit}" for bit in bits(total))


def _kept(total: int, _purpose: str, _demand: str) -> Iterator[str]:
    return (f"paymentout of fee {bit}" for bit in bits(total))


def _back(_total: int, _purpose: str, demand: str) -> Iterator[str]:
    yield f"salesreturn of {demand}"


_ABOUT: dict[str, Callable[[int, str, str], Iterator[str]]] = {
    "paymentin": _payment,
    "supply": _supply,
    "paymentout": _kept,
    "salesreturn": _back,
}
