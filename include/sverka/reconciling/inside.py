"""Verdicts that need to look inside a demand: what came back must be known to the piece."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from psycopg2.extras import execute_values

from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.reconciling.partial import Doubt, Goods, returned_positions
from sverka.reconciling.possible import possible_returns
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


@dataclass(frozen=True, slots=True)
class Inside:
    """What came back, by line; and, for people, what may have where it is not certain."""

    coming_back: dict[int, tuple[Goods, ...]]
    may_come_back: dict[int, tuple[str, ...]]


def look_inside(conn: Connection, shipments: Shipments) -> Inside:
    """What came back, by line; where it is not certain, the line's rule says why instead."""
    questions = _questions(conn)
    if not questions:
        return Inside({}, {})
    known = shipments({question.demand_id for question in questions})
    inside = Inside({}, {})
    doubts: list[tuple[int, str]] = []
    for question in questions:
        shipment = known.get(question.demand_id)
        answer = _answer(question, shipment)
        if not isinstance(answer, str):
            inside.coming_back[question.line_id] = answer
            continue
        doubts.append((question.line_id, answer))
        if answer == "partial.several_ways" and shipment is not None:
            inside.may_come_back[question.line_id] = _named(shipment, question.missing)
    _write_down(conn, doubts)
    return inside


def _named(shipment: Shipment, missing: Minor) -> tuple[str, ...]:
    return tuple(
        ", ".join(f"{shipment.names.get(one.assortment, '—')} × {one.quantity}" for one in goods)
        for goods in possible_returns(shipment.goods or (), missing, GOODS)
    )


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
    return tuple(_as_shipped(goods, found))


def _as_shipped(goods: Sequence[Goods], found: Sequence[Goods]) -> Iterator[Goods]:
    """The same pieces in rows no longer than the demand's own.

    A return may not hold more of a position than its demand (MoySklad docs, «Возврат покупателя»);
    whether that counts by position or by assortment is not said.
    """
    for one in found:
        left = one.quantity
        for row in goods:
            if left and row == replace(one, quantity=row.quantity):
                yield replace(row, quantity=min(left, row.quantity))
                left -= min(left, row.quantity)


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
