"""What must stand in MoySklad when nobody meddled, told from the reports alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sverka.nouns import NETTED_FEES
from tests.posting.simulation.documents import bits
from tests.posting.simulation.papers import SETTLEMENTS, Paper, Row
from tests.posting.simulation.shop import SHIPPED

if TYPE_CHECKING:
    from tests.posting.simulation.play import Play

ENDS = {"delivered": "Выполнен", "returned": "Возвращен", "partially_delivered": "Возвращен"}


@dataclass(frozen=True)
class Expected:
    """Documents by what they are about, and states as (entity, id, name)."""

    documents: frozenset[str]
    states: frozenset[tuple[str, str, str]]


def expected(play: "Play") -> Expected:
    """What the valid reports say; an undone file says nothing, a superseded one neither."""
    papers = _valid(play)
    rows = {row.number: (row, paper) for paper in papers for row in paper.rows if row.sure}
    documents = {about for row, paper in rows.values() for about in _documents(row, paper)}
    ends = {row.order.id: ENDS[row.outcome] for row, _ in rows.values()}
    states = set()
    for row in (row for paper in play.papers for row in paper.rows):
        name = ends.get(row.order.id, SHIPPED)
        states.add(("customerorder", str(row.order.id), name))
        states.add(("demand", str(row.order.demands[0].id), name))
    return Expected(frozenset(documents), frozenset(states))


def contradicts(play: "Play") -> bool:
    """Whether two valid reports say different things of one row: then a person has to decide."""
    said: dict[int, Row] = {}
    for row in (row for paper in _valid(play) for row in paper.rows):
        if said.setdefault(row.number, row) != row:
            return True
    return False


def _valid(play: "Play") -> list[Paper]:
    gone = {
        old
        for (old,) in play.world.rows(
            "select old_file_id from supersession where verdict = 'supersedes'"
        )
    }
    return [one for one in play.papers if one.file_id not in gone | play.undone()]


def _documents(row: Row, paper: Paper) -> Iterator[str]:
    if row.collected > 0:
        yield f"paymentin of row {row.number}"
    if row.brought_back:
        yield f"salesreturn of demand/{row.order.demands[0].id}"
    netted = NETTED_FEES[SETTLEMENTS[paper.courier]]
    for name, fee in row.fees.items():
        for bit in bits(fee):
            yield f"supply of fee {bit}"
            if name in netted and row.collected:
                yield f"paymentout of fee {bit}"
