"""Orders by what a person has in hand: a number, a track number, an id of MoySklad."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.pages.lines import LineRow, lines, with_documents
from sverka.pages.reading import column, read
from sverka.reconciling.keys import order_key, track_key

SHOWN = 50


@dataclass(frozen=True, slots=True)
class FoundOrder:
    """An order that fits; `exact` says that the number itself does, not only what is left of it."""

    id: str
    name: str
    track: str | None
    moment: datetime
    sum: Minor
    currency: str
    state: str | None
    deleted: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives: orders, and rows of reports whose order the books do not have."""

    orders: tuple[FoundOrder, ...]
    strays: tuple[LineRow, ...]

    @property
    def only(self) -> str | None:
        """The id of the one order that is meant, when nothing else may be."""
        exact = [order for order in self.orders if order.exact]
        return exact[0].id if len(exact) == 1 and not self.strays else None


def search(conn: Connection, query: str) -> Found:
    """Numbers are compared as in reconciling: case, spaces, look-alike letters do not matter."""
    values = {
        "id": _uuid(query),
        "order": order_key(query) or None,
        "track": track_key(query) or None,
        "limit": SHOWN,
    }
    orders = read(conn, FoundOrder, _ORDERS, values)
    strays = column(conn, _STRAYS, values)
    return Found(tuple(orders), tuple(with_documents(conn, lines(conn, strays))))


def _uuid(query: str) -> str | None:
    try:
        return str(UUID(query.strip()))
    except ValueError:
        return None


_ORDERS = """
    with named as (
        select id, true as exact from snapshot_order where id = %(id)s::uuid
         union all
        select order_id, true from snapshot_demand where id = %(id)s::uuid
         union all
        select order_id, true from posting where moysklad_id = %(id)s::uuid
         union all
        select id, true from snapshot_order where name_key = %(order)s
         union all
        select id, true from snapshot_order where track_key = %(track)s
         union all
        select order_id, true from snapshot_demand where track_key = %(track)s
         union all
        (select id, false from snapshot_order
          where number_core(name_key) = number_core(%(order)s) and number_core(%(order)s) <> ''
          limit %(limit)s)
    ), ranked as (
        select id, bool_or(exact) as exact from named where id is not null group by id
         order by bool_or(exact) desc, id limit %(limit)s
    )
    select o.id::text, o.name, o.track, o.moment, o.sum, o.currency, s.name as state, o.deleted,
           r.exact
      from ranked r join snapshot_order o using (id)
      left join snapshot_state s on s.id = o.state_id
     order by r.exact desc, o.moment desc, o.id
"""
_STRAYS = """
    select l.id
      from (select id from line where order_key = %(order)s
             union select id from line where track_key = %(track)s) named
      join line l using (id)
      left join verdict v on v.line_id = l.id
     where v.order_id is null
     order by l.id desc limit %(limit)s
"""
