"""Brings the mirror of MoySklad up to date."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg2.extras import execute_values

from sverka.moysklad.client import MoySklad
from sverka.moysklad.wire import moment
from sverka.services import Services
from sverka.snapshot.account import keep_to
from sverka.snapshot.changes import BEGINNING, Row, changed_since
from sverka.snapshot.payments import (
    PAYMENT,
    changed_payments,
    newest_payment,
    pages_by_id,
    paid_documents,
)
from sverka.snapshot.rows import COUNTERPARTIES, DEMANDS, ORDERS, RETURNS, Reading, Table
from sverka.snapshot.tables import cursor_of, mark_deleted, move_cursor, unseen, upsert

log = logging.getLogger(__name__)

# A row's `updated` may be older than the moment when others can see it, by as long as a write may
# take: a bulk request is cut off after 5 minutes (MoySklad docs, error 1088). The rest is for
# clocks that differ among MoySklad's own machines.
OVERLAP = timedelta(minutes=10)

EVERYTHING = "*"
"""The cursor of a whole reading, by our own clock: when the newest complete one began."""

COMPARED = "compared"
"""The cursor of `compare`, by our own clock: when the newest complete one began."""

COMPARE_EVERY = timedelta(days=1)

ENTITIES_WITH_STATES = ("customerorder", "demand")


@dataclass(frozen=True, slots=True)
class Mirrored:
    """How many rows were read; a row inside the overlap counts though it was known."""

    states: int
    orders: int
    demands: int
    salesreturns: int
    counterparties: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found: rows read, and rows of the mirror that MoySklad has no more."""

    read: int
    vanished: int


def mirror(services: Services, *, track_attribute: str = "Трек-номер") -> Mirrored:
    """Reads what changed in MoySklad since the last time, everything the first time.

    May be killed at any point and repeated: rows are replaced only by newer pictures, and an
    entity's cursor moves in one step after all its rows are in. `track_attribute` is the name of
    the string attribute that holds the parcel's track number. Who has waited while another read
    began and ended is served by that one: a burst of files costs two readings, not one each.

    Raises:
        Misconfigured: the database is for another MoySklad account.
        Terminal, Transient: MoySklad refused or was away; what was read so far stays.
    """
    asked = services.clock()
    with services.hold("mirror"):
        mirroring = _Mirror(services, services.moysklad(), track_attribute)
        return mirroring.run(asked)


def compare(services: Services, *, track_attribute: str = "Трек-номер") -> Compared:
    """Reads all documents again and marks as deleted what MoySklad has no more.

    Increments cannot show what leaves without a trace: documents deleted for good, and links that
    went with a deleted payment. Costs a request per thousand documents (MoySklad docs: 1000 rows
    per page). May be killed and repeated, as `mirror`, which it waits for and includes.

    Raises:
        As `mirror`.
    """
    with services.hold("mirror"):
        return _Mirror(services, services.moysklad(), track_attribute).compare()


def compare_if_due(services: Services) -> Compared | None:
    """Compares unless that was done within the last day; None when it was."""
    with services.connect() as conn:
        last = cursor_of(conn, COMPARED)
    return compare(services) if services.clock() - last >= COMPARE_EVERY else None


class _Mirror:
    def __init__(self, services: Services, moysklad: MoySklad, track_attribute: str) -> None:
        self._services = services
        self._moysklad = moysklad
        self._track_attribute = track_attribute
        self._currencies: dict[UUID, str] = {}

    def run(self, asked: datetime) -> Mirrored:
        """Reads everything that changed, unless somebody began to after `asked` and is done."""
        began = self._services.clock()
        if self._cursor(EVERYTHING) > asked:
            return Mirrored(states=0, orders=0, demands=0, salesreturns=0)
        self._look_around()
        self._start_following_payments()
        # What refers is read before what it refers to: a demand that is created meanwhile with
        # its order is then never mirrored without the order.
        salesreturns = self._table(RETURNS)
        demands = self._table(DEMANDS)
        orders = self._table(ORDERS)
        self._follow_payments()
        states = self._states()
        counterparties = self._counterparties()
        self._move_cursor(EVERYTHING, began)
        return Mirrored(states, orders, demands, salesreturns, counterparties)

    def compare(self) -> Compared:
        """Reads everything and marks what vanished."""
        began = self._services.clock()
        self._look_around()
        self._states()
        read = vanished = 0
        for table in (RETURNS, DEMANDS, ORDERS):
            for trashed in (False, True):
                read += self._list(table, BEGINNING, trashed=trashed)[0]
            vanished += self._mark_vanished(table, began)
        self._move_cursor(COMPARED, began)
        return Compared(read, vanished)

    def _mark_vanished(self, table: Table, began: datetime) -> int:
        """Marks what no list has shown since then, and what is not found by its id either."""
        with self._services.connect() as conn:
            missed = unseen(conn, table, began)
        # A list is no snapshot: what was changed while it was read may have slipped through.
        for _ in self._kept(table, pages_by_id(self._moysklad, table.entity, missed)):
            pass
        with self._services.connect() as conn:
            gone = mark_deleted(conn, table, unseen(conn, table, began), self._services.clock())
        if gone:
            log.warning("%d rows of %s are in MoySklad no more", gone, table.entity)
        return gone

    def _states(self) -> int:
        states = [
            (UUID(state["id"]), entity, state["name"], state["stateType"])
            for entity in ENTITIES_WITH_STATES
            for state in self._moysklad.metadata(entity).get("states", [])
        ]
        with self._services.connect() as conn, conn.cursor() as cursor:
            # Also the ones that MoySklad no longer has: old documents still point to them.
            execute_values(
                cursor,
                "insert into snapshot_state (id, entity, name, state_type) values %s"
                " on conflict (id) do update set entity = excluded.entity, name = excluded.name,"
                " state_type = excluded.state_type",
                states,
            )
        return len(states)

    def _counterparties(self) -> int:
        """Their names, for people to read; nothing is matched by them, so a deleted one stays."""
        cursor = self._cursor(COUNTERPARTIES.entity)
        read, newest = self._list(COUNTERPARTIES, _with_overlap(cursor), trashed=False)
        self._move_cursor(COUNTERPARTIES.entity, max(cursor, newest))
        return read

    def _table(self, table: Table) -> int:
        cursor = self._cursor(table.entity)
        since = _with_overlap(cursor)
        read = 0
        for trashed in (False, True):
            count, newest = self._list(table, BEGINNING if trashed else since, trashed=trashed)
            read += count
            # The trash does not move the cursor: whether throwing a document away changes its
            # `updated` is not documented, which is also why the (small) trash is read whole.
            cursor = cursor if trashed else max(cursor, newest)
        self._move_cursor(table.entity, cursor)
        log.info("mirrored %d rows of %s up to %s", read, table.entity, cursor)
        return read

    def _list(self, table: Table, since: datetime, *, trashed: bool) -> tuple[int, datetime]:
        """Mirrors one list; returns the number of its rows and the newest `updated` among them."""
        pages = changed_since(self._moysklad, table.entity, since, trashed=trashed)
        read, newest = 0, BEGINNING
        for page in self._kept(table, pages, trashed=trashed):
            newest = max(newest, moment(page[-1]["updated"]))
            read += len(page)
        return read, newest

    def _kept(
        self, table: Table, pages: Iterator[list[Row]], *, trashed: bool = False
    ) -> Iterator[list[Row]]:
        """The pages that have rows, each after it was put into the table."""
        while True:
            reading = Reading(
                currencies=self._currencies,
                track_attribute=self._track_attribute,
                fetched_at=self._services.clock(),
                trashed=trashed,
            )
            page = next(pages, None)
            if page is None:
                return
            if page:
                with self._services.connect() as conn:
                    upsert(conn, table, page, reading)
                yield page

    def _look_around(self) -> None:
        currencies = list(self._moysklad.rows("currency"))
        with self._services.connect() as conn:
            keep_to(conn, self._moysklad.account_id(), currencies)
        self._currencies = {UUID(row["id"]): row["isoCode"] for row in currencies}

    def _start_following_payments(self) -> None:
        # Before the first load: what is paid while it runs is then looked at afterwards.
        if self._cursor(PAYMENT) == BEGINNING:
            self._move_cursor(PAYMENT, newest_payment(self._moysklad))

    def _follow_payments(self) -> None:
        cursor = self._cursor(PAYMENT)
        payments = list(changed_payments(self._moysklad, _with_overlap(cursor)))
        for table in (ORDERS, DEMANDS):
            ids = paid_documents(payments, table.entity)
            for _ in self._kept(table, pages_by_id(self._moysklad, table.entity, ids)):
                pass
        newest = max((moment(payment["updated"]) for payment in payments), default=cursor)
        self._move_cursor(PAYMENT, max(cursor, newest))

    def _cursor(self, entity: str) -> datetime:
        with self._services.connect() as conn:
            return cursor_of(conn, entity)

    def _move_cursor(self, entity: str, upto: datetime) -> None:
        with self._services.connect() as conn:
            move_cursor(conn, entity, upto, self._services.clock())


def _with_overlap(cursor: datetime) -> datetime:
    return cursor - OVERLAP if cursor > BEGINNING else BEGINNING
