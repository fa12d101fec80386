"""Verdicts that need to look inside a demand: what came back must be known to the piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg2.extras import execute_values

from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.reconciling.partial import Doubt, Goods, returned_positions
from sverka.reconciling.shipments import Shipment, Shipments

# A service among the goods was rendered; that it "came back" is never what the money says.
GOODS = ("product", "variant", "bundle", "consignment")


@dataclass(frozen=True, slots=True)
class _Question:
    """A line that looks like a whole or partial return of this demand."""

    line_id: int
    rule: str
    demand_id: UUID
    missing: Minor
    demand_sum: Minor


def look_inside(conn: Connection, shipments: Shipments) -> dict[int, tuple[Goods, ...]]:
    """What came back, by line; where it is not certain, the line's rule says why instead."""
    questions = _questions(conn)
    if not questions:
        return {}
    known = shipments({question.demand_id for question in questions})
    coming_back: dict[int, tuple[Goods, ...]] = {}
    doubts: list[tuple[int, str]] = []
    for question in questions:
        answer = _answer(question, known.get(question.demand_id))
        if isinstance(answer, str):
            doubts.append((question.line_id, answer))
        else:
            coming_back[question.line_id] = answer
    _write_down(conn, doubts)
    return coming_back


def _questions(conn: Connection) -> list[_Question]:
    with conn.cursor() as cursor:
        cursor.execute(
            "select line_id, rule, demand_id::text, missing, demand_sum "
            "from judged where look_inside order by place"
        )
        return [
            _Question(line_id, rule, UUID(demand), missing, demand_sum)
            for line_id, rule, demand, missing, demand_sum in cursor.fetchall()
        ]


def _answer(question: _Question, shipment: Shipment | None) -> tuple[Goods, ...] | str:
    """The goods that came back, or the rule that says why they are not known."""
    if shipment is None:
        return "demand.vanished"
    whole = question.rule == "return.whole"
    goods = shipment.goods
    # Prices without VAT, or a demand changed meanwhile: the sums of money would mislead.
    if not goods or sum(one.quantity * one.price for one in goods) != question.demand_sum:
        return "return.not_in_pieces" if whole else "partial.not_in_pieces"
    return goods if whole else _part(goods, question.missing)


def _part(goods: tuple[Goods, ...], missing: Minor) -> tuple[Goods, ...] | str:
    found = returned_positions(goods, missing)
    if found is Doubt.MANY:
        return "partial.several_ways"
    if isinstance(found, Doubt) or any(one.assortment.type not in GOODS for one in found):
        return "partial.unexplained"
    return found


def _write_down(conn: Connection, doubts: Sequence[tuple[int, str]]) -> None:
    if not doubts:
        return
    with conn.cursor() as cursor:
        execute_values(
            cursor,
            "update judged j set rule = d.rule from (values %s) as d (line_id, rule) "
            "where j.line_id = d.line_id",
            doubts,
        )
