"""One order with everything that is known of it: books, reports, documents, money, history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sverka.database.connection import Connection
from sverka.discrepancies import Discrepancy, Filter, State, open_ones
from sverka.money import Minor
from sverka.nouns import FEES
from sverka.pages.documents import Document, of_order
from sverka.pages.lines import LineRow, lines, with_documents
from sverka.pages.reading import column, read, read_one

SHOWN_LINES = 100
"""An order stands in a few lines; one that stands in more is a mistake that 100 of them show."""

SHOWN_EVENTS = 300
SHOWN_DISCREPANCIES = 20


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """The order as the snapshot has it. Money is minor units of `currency`."""

    id: str
    name: str
    name_key: str
    moment: datetime
    sum: Minor
    payed_sum: Minor
    currency: str
    state: str | None
    buyer: str | None
    track: str | None
    track_key: str | None
    applicable: bool
    deleted: bool
    link: str | None
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Demand:
    """A shipment of the order, with the sum of the goods that came back."""

    id: str
    name: str
    moment: datetime
    sum: Minor
    payed_sum: Minor
    currency: str
    state: str | None
    track: str | None
    track_key: str | None
    applicable: bool
    deleted: bool
    link: str | None
    returns: int
    returned: Minor


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the bank says of a report that has the order."""

    file_id: int
    file: str
    report_no: str | None
    courier: str
    currency: str
    own: Minor | None
    state: str
    moved_on: date | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the journal about a document of the order."""

    at: datetime
    kind: str
    by: str
    document: str
    words: str | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """Everything of an order. `fees` are by field, of lines that are nobody's copy."""

    facts: OrderFacts
    demands: tuple[Demand, ...]
    lines: tuple[LineRow, ...]
    documents: tuple[Document, ...]
    transfers: tuple[Transfer, ...]
    discrepancies: tuple[Discrepancy, ...]
    events: tuple[Event, ...]
    fees: Mapping[str, Minor]
    collected: Minor

    @property
    def shipped_at(self) -> datetime | None:
        """When the first goods left, None while nothing did."""
        sent = [one.moment for one in self.demands if one.applicable and not one.deleted]
        return min(sent, default=None)

    @property
    def delivered_on(self) -> date | None:
        """The last day on which a courier says it handed something over."""
        days = [
            row.line.occurred_on
            for row in self.lines
            if row.line.outcome in {"delivered", "partially_delivered"} and row.line.occurred_on
        ]
        return max(days, default=None)

    @property
    def paid_on(self) -> date | None:
        """When the bank had the transfer of the last report with the order."""
        return max((one.moved_on for one in self.transfers if one.moved_on), default=None)


def order_view(conn: Connection, order_id: str) -> OrderView | None:
    """The order of this MoySklad id, None when the snapshot has none."""
    facts = read_one(conn, OrderFacts, _ORDER, {"id": order_id})
    if facts is None:
        return None
    demands = read(conn, Demand, _DEMANDS, {"id": order_id})
    tracks = [facts.track_key, *(one.track_key for one in demands)]
    values: dict[str, Any] = {
        "id": order_id,
        "name": facts.name_key,
        "tracks": [key for key in tracks if key],
        "limit": SHOWN_LINES,
    }
    found = lines(conn, column(conn, _LINES, values))
    values["lines"] = [line.id for line in found]
    return OrderView(
        facts=facts,
        demands=tuple(demands),
        lines=tuple(with_documents(conn, found)),
        documents=tuple(of_order(conn, order_id)),
        transfers=tuple(read(conn, Transfer, _TRANSFERS, values)),
        discrepancies=_discrepancies(conn, facts),
        events=tuple(read(conn, Event, _EVENTS, values | {"limit": SHOWN_EVENTS})),
        **_money(conn, values),
    )


def _discrepancies(conn: Connection, facts: OrderFacts) -> tuple[Discrepancy, ...]:
    """Those of this order, resolved ones too; not those of another with the same number."""
    wanted = Filter(states=tuple(State), order=facts.name)
    found = open_ones(conn, wanted, facts.fetched_at, limit=SHOWN_DISCREPANCIES).items
    return tuple(one for one in found if one.order_id in {None, UUID(facts.id)})


def _money(conn: Connection, values: Mapping[str, Any]) -> dict[str, Any]:
    [sums] = read(conn, lambda **columns: columns, _MONEY, values)
    fees = {name: Minor(sums[name]) for name in FEES if sums[name]}
    return {"fees": fees, "collected": Minor(sums["collected"])}


_ORDER = """
    select o.id::text, o.name, o.name_key, o.moment, o.sum, o.payed_sum, o.currency,
           s.name as state, c.name as buyer, o.track, o.track_key, o.applicable, o.deleted, o.link,
           o.fetched_at
      from snapshot_order o
      left join snapshot_state s on s.id = o.state_id
      left join snapshot_counterparty c on c.id = o.agent_id
     where o.id = %(id)s::uuid
"""
_DEMANDS = """
    select d.id::text, d.name, d.moment, d.sum, d.payed_sum, d.currency, s.name as state, d.track,
           d.track_key, d.applicable, d.deleted, d.link, count(r.id) as returns,
           coalesce(sum(r.sum), 0)::bigint as returned
      from snapshot_demand d
      left join snapshot_state s on s.id = d.state_id
      left join snapshot_salesreturn r on r.demand_id = d.id and r.applicable and not r.deleted
     where d.order_id = %(id)s::uuid
     group by d.id, s.name order by d.moment, d.id
"""
# A line that reconciling gave to this order, or one that bears its numbers and was given to none.
_LINES = """
    select id from (
        select v.line_id as id from verdict v where v.order_id = %(id)s::uuid
         union
        select l.id from line l left join verdict v on v.line_id = l.id
         where l.order_key = %(name)s and v.order_id is null
         union
        select l.id from line l left join verdict v on v.line_id = l.id
         where l.track_key = any(%(tracks)s) and v.order_id is null
    ) found order by id limit %(limit)s
"""
_TRANSFERS = """
    select p.file_id, f.name as file, r.report_no, p.courier, p.currency, p.own, p.state,
           p.moved_on, p.sentence
      from payout p
      join file f on f.id = p.file_id
      join report r on r.file_id = p.file_id and r.ordinal = p.ordinal
     where p.state not in ('void', 'nothing')
       and r.id in (select report_id from line where id = any(%(lines)s))
     order by f.received_at, f.id, p.ordinal
"""
# The same line in two files has one key: its fees are the shop's cost once.
_MONEY = f"""
    select coalesce(sum(collected), 0)::bigint as collected,
           {", ".join(f"coalesce(sum({name}), 0)::bigint as {name}" for name in FEES)}
      from (select distinct on (l.line_key) l.*
              from line l join verdict v on v.line_id = l.id
             where l.id = any(%(lines)s) and l.accepted and v.order_id = %(id)s::uuid
             order by l.line_key, l.id desc) once
"""  # noqa: S608 - the names are a constant
_EVENTS = """
    select j.at, j.kind, j.by, p.kind as document,
           coalesce(j.detail ->> 'reason', j.detail ->> 'error', j.detail ->> 'words') as words
      from posting p join journal j on j.sync_id = p.sync_id
     where p.order_id = %(id)s::uuid
     order by j.id limit %(limit)s
"""
