"""What a plan would create, as planning stored it: to be read before anything is sent.

Only Sverka's own database is read, as of one moment, and nothing is changed. Names come from the
snapshot, so MoySklad may be away. Documents and rows come one by one: a file may have a million.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.nouns import PostingKind
from sverka.posting.ledger import planned
from sverka.posting.outbox import ORDER
from sverka.posting.rows import named
from sverka.recognition.known import known_couriers
from sverka.services import Services

SQL = Path(__file__).parent / "sql"
PAGE = 1000
"""Rows in memory at once."""

COURIERS_OWN = (PostingKind.SUPPLY, PostingKind.PAYMENTOUT)


@dataclass(frozen=True, slots=True)
class Link:
    """What a document is linked to: MoySklad's entity, its number, the sum in minor units."""

    entity: str
    name: str | None = None
    sum: Minor | None = None


@dataclass(frozen=True, slots=True)
class Intended:
    """One document to be, or one change of state (`before` to `after`, by name).

    `lines` counts the rows that a document of a whole report stands for; `approved` is not sent
    yet, but nobody is asked any more.
    """

    sync_id: str
    kind: PostingKind
    courier: str
    amount: Minor
    approved: bool
    agent: str | None
    link: Link | None
    moment: datetime | None
    purpose: str | None
    before: str | None = None
    after: str | None = None
    lines: int = 0


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """What one order gets, in the order of sending; without a name: documents of whole reports."""

    order: str | None
    documents: tuple[Intended, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that becomes no document, and why, in a sentence for a person."""

    sheet: str | None
    line_no: int
    order: str | None
    track: str | None
    collected: Minor
    currency: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Total:
    """Documents of one kind and courier that are not sent yet."""

    courier: str
    kind: PostingKind
    documents: int
    amount: Minor


@dataclass(frozen=True, slots=True)
class CourierTerms:
    """The courier as the plan has it: nothing is sent in a dry run, `approval` says who agrees
    (`sverka.approval.Policy.word`)."""

    code: str
    title: str
    dry_run: bool
    approval: str


@dataclass(frozen=True, slots=True)
class Head:
    """The plan as a whole.

    `seal` names what waits for an approval; empty when nothing does. `orders` get documents;
    `left_out` rows get none; `rejected` rows could not be read or did not pass their checks;
    `begun` documents were sent before, or tried.
    """

    file_id: int
    file: str
    currency: str
    seal: str
    couriers: tuple[CourierTerms, ...]
    totals: tuple[Total, ...]
    orders: int
    approved: int
    left_out: int
    left_out_sum: Minor
    rejected: int
    begun: int

    @property
    def dry_run(self) -> bool:
        """Whether nothing of this plan is going to be sent."""
        return bool(self.couriers) and all(courier.dry_run for courier in self.couriers)


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan while its connection is open: the head at once, the rest one by one."""

    head: Head
    _conn: Connection
    _couriers: Couriers

    def orders(self) -> Iterator[OrderPlan]:
        """Order by order as the report has them, then the documents of whole reports."""
        values = {"file_id": self.head.file_id, "kinds": [kind.value for kind in ORDER]}
        rows = _streamed(self._conn, "preview", values)
        for _, group in groupby(rows, key=lambda row: (row.order_id, row.courier)):
            first = next(group)
            documents = [self._intended(row) for row in (first, *group)]
            yield OrderPlan(first.order_name, tuple(documents))

    def left_out(self) -> Iterator[LeftOut]:
        """The rows that become no document, in the file's order."""
        for row in _streamed(self._conn, "preview_left_out", {"file_id": self.head.file_id}):
            yield LeftOut(
                sheet=row.sheet,
                line_no=row.line_no,
                order=row.order_ref,
                track=row.track_ref,
                collected=Minor(row.collected),
                currency=row.currency,
                sentence=row.sentence,
            )

    def _intended(self, row: Any) -> Intended:
        kind = PostingKind(row.kind)
        return Intended(
            sync_id=row.sync_id,
            kind=kind,
            courier=row.courier,
            amount=Minor(row.amount),
            approved=row.approved,
            agent=self._agent(row, kind),
            link=_link(row, kind),
            moment=row.moment,
            purpose=row.purpose,
            before=row.state_before,
            after=row.state_after,
            lines=row.lines,
        )

    def _agent(self, row: Any, kind: PostingKind) -> str | None:
        if row.agent_name or row.agent_id is None:
            name: str | None = row.agent_name
            return name
        courier = self._couriers.by_code.get(row.courier)
        # Planning found the courier's counterparty by this very name.
        return courier.counterparty if courier and kind in COURIERS_OWN else row.agent_id


@contextmanager
def preview(services: Services, file_id: int) -> Iterator[Preview]:
    """The plan of a file, as of one moment, for as long as the context is open."""
    couriers = known_couriers(services)
    with services.connect() as conn:
        conn.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        yield Preview(_head(conn, file_id, couriers), conn, couriers)


def _link(row: Any, kind: PostingKind) -> Link | None:
    match kind:
        case PostingKind.PAYMENTIN if row.linked_sum:
            return Link("customerorder", row.order_name, Minor(row.linked_sum))
        case PostingKind.PAYMENTOUT:
            return Link("supply", None, Minor(row.amount))
        case PostingKind.SALESRETURN | PostingKind.DEMAND_STATE:
            return Link("demand", row.demand_name)
        case PostingKind.CUSTOMERORDER_STATE:
            return Link("customerorder", row.order_name)
        case _:
            return None


def _head(conn: Connection, file_id: int, couriers: Couriers) -> Head:
    values = {"file_id": file_id}
    facts = next(iter(_rows(conn, _FACTS, values)))
    left_out = next(iter(_rows(conn, _LEFT_OUT, values)))
    totals = list(_rows(conn, _TOTALS, values | {"kinds": [kind.value for kind in ORDER]}))
    return Head(
        file_id=file_id,
        file=facts.name,
        currency=facts.currency,
        seal=planned(conn, file_id).seal,
        couriers=tuple(_terms(conn, file_id, couriers)),
        totals=tuple(
            Total(row.courier, PostingKind(row.kind), row.documents, Minor(row.amount))
            for row in totals
        ),
        orders=facts.orders,
        approved=facts.approved,
        left_out=left_out.lines,
        left_out_sum=Minor(left_out.collected),
        rejected=facts.rejected,
        begun=facts.begun,
    )


def _terms(conn: Connection, file_id: int, couriers: Couriers) -> Iterator[CourierTerms]:
    for row in _rows(conn, _COURIERS, {"file_id": file_id}):
        courier = couriers.get(row.courier)
        # Planned in a dry run it is never approved; a dry run that began since holds it back.
        dry_run = row.dry_run or courier.dry_run
        yield CourierTerms(courier.code, courier.title, dry_run, courier.approval.word)


def _rows(conn: Connection, statement: str, values: dict[str, Any]) -> Iterator[Any]:
    with conn.cursor() as cursor:
        cursor.execute(statement, values)
        yield from named(cursor)


def _streamed(conn: Connection, query: str, values: dict[str, Any]) -> Iterator[Any]:
    """The rows of a query through a server-side cursor."""
    with conn.cursor(name=query) as cursor:
        cursor.execute((SQL / f"{query}.sql").read_text(encoding="utf-8"), values)
        while page := cursor.fetchmany(PAGE):
            # Such a cursor knows its columns only after the first fetch.
            names = [column.name for column in cursor.description or ()]
            for row in page:
                yield SimpleNamespace(**dict(zip(names, row, strict=True)))


_FACTS = """
    select f.name, coalesce((select currency from account), 'RUB') as currency,
           (select count(distinct order_id) from posting
             where file_id = f.id and state in ('planned', 'approved')) as orders,
           (select count(*) from posting where file_id = f.id and state = 'approved') as approved,
           (select count(*) from posting
             where file_id = f.id and state not in ('planned', 'approved', 'reversed')) as begun,
           (select count(distinct (x.report_id, x.sheet, x.line_no))
              from rejected x join report r on r.id = x.report_id
             where r.file_id = f.id) as rejected
      from file f
     where f.id = %(file_id)s
"""

_LEFT_OUT = """
    select count(*) as lines, coalesce(sum(l.collected), 0)::bigint as collected
      from report r
      join line l on l.report_id = r.id
      join verdict v on v.line_id = l.id
     where r.file_id = %(file_id)s and not v.clean
"""

_TOTALS = """
    select courier, kind, count(*) as documents, sum(amount)::bigint as amount
      from posting
     where file_id = %(file_id)s and state in ('planned', 'approved')
     group by courier, kind
     order by courier, array_position(%(kinds)s::text[], kind)
"""

_COURIERS = """
    select r.courier, coalesce(bool_or(p.dry_run), false) as dry_run
      from report r
      left join posting p on p.file_id = r.file_id and p.courier = r.courier
                         and p.state in ('planned', 'approved')
     where r.file_id = %(file_id)s and r.purpose = 'settlement'
     group by r.courier
     order by r.courier
"""
