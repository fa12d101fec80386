"""Which rows may be booked, and the facts that their documents are made of."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from sverka.clock import MOSCOW
from sverka.database.connection import Connection, connect
from sverka.errors import Misconfigured
from sverka.nouns import VerdictKind
from sverka.posting.bookable import Bookable, bookable
from tests.support.books import AGENT, NOW, ORGANIZATION, STORE, Books, state_id

TEMPORARY = """
    create temp table rule (name text primary key, verdict text, clean boolean) on commit drop;
    insert into rule values ('exact', 'matched', true), ('short', 'underpaid', false),
        ('line.settled', 'already_settled', false);
    create temp table contract (courier text primary key, dry_run boolean) on commit drop;
    create temp table judged (line_id bigint, place bigint, courier text, order_id uuid,
        demand_id uuid, rule text, collected bigint, payout bigint, open_before bigint)
        on commit drop
"""


class Judged:
    """A file whose rows are judged in this transaction."""

    def __init__(self, books: Books, conn: Connection) -> None:
        self.books, self._conn = books, conn
        self.courier = f"courier {uuid4()}"
        self.id = books.file(self.courier)
        self._places = 0
        self._run(TEMPORARY)
        self._run("insert into contract values (%s, false)", self.courier)

    def _run(self, statement: str, *values: Any) -> None:
        with self._conn.cursor() as cursor:
            cursor.execute(statement, [str(v) if isinstance(v, UUID) else v for v in values])

    def live(self, *, dry_run: bool) -> None:
        self._run("update contract set dry_run = %s", dry_run)

    def shipped(self, **demand: Any) -> tuple[UUID, UUID]:
        order = self.books.order(f"order {uuid4()}")
        return order, self.books.demand(order, **demand)

    def row(
        self,
        order: UUID | None = None,
        demand: UUID | None = None,
        rule: str = "exact",
        verdict: str | None = None,
        **line: Any,
    ) -> int:
        """A judged row of the order; clean unless the rule is another one."""
        if order is None:
            order, demand = self.shipped()
        line_id = self.books.line(self.id, "1", **{"collected": 100, **line})
        self._places += 1
        self._run(
            "insert into judged select id, %s, %s, %s, %s, %s, collected, payout, 70 from line "
            "where id = %s",
            self._places, self.courier, order, demand, rule, line_id,
        )  # fmt: skip
        words = {"verdict": verdict or "matched", "rule": rule, "clean": rule == "exact"}
        row = {"line_id": line_id, "order_id": order, "received": 0, "sentence": "", **words}
        self.books.insert("verdict", row | {"decided_at": NOW})
        return line_id

    def found(self) -> list[Bookable]:
        return list(bookable(self._conn, self.id))

    def only(self) -> Bookable:
        [one] = self.found()
        return one


@pytest.fixture
def judged(books: Books) -> Iterator[Judged]:
    with connect(books.url) as conn:
        yield Judged(books, conn)


def test_a_clean_row_has_all_that_its_documents_need(judged: Judged, books: Books) -> None:
    order, demand = judged.shipped(agent_id=uuid4())
    fees = {"fee_delivery": 1, "fee_cod": 0, "fee_insurance": 3, "fee_return": 4, "fee_other": 6}
    line_id = judged.row(order, demand, payout=86, line_no=9, outcome=None, **fees)
    [[name, sha, report]] = books.run(
        "select f.name, f.sha256, r.id from file f join report r on r.file_id = f.id where f.id = %s",
        judged.id,
    )
    [[key]] = books.run("select line_key::text from line where id = %s", line_id)
    [[order_name, consignee]] = books.run(
        "select o.name, d.agent_id::text from snapshot_order o join snapshot_demand d "
        "on d.order_id = o.id where o.id = %s",
        order,
    )
    assert judged.only() == Bookable(
        line_id=line_id,
        line_key=UUID(key),
        revision=1,
        courier=judged.courier,
        verdict=VerdictKind.MATCHED,
        outcome=None,
        collected=100,  # type: ignore[arg-type]
        payout=86,  # type: ignore[arg-type]
        fees={"fee_delivery": 1, "fee_insurance": 3, "fee_return": 4, "fee_other": 6},  # type: ignore[dict-item]
        open_before=70,  # type: ignore[arg-type]
        line_no=9,
        report_id=report,
        ordinal=0,
        report_words="отчёт № 55 от 19.11.2026",
        incoming_number="55",
        incoming_date=datetime(2026, 11, 19, tzinfo=MOSCOW),
        moment=datetime(2026, 11, 19, 12, tzinfo=MOSCOW),
        file_name=name,
        sha256=sha,
        order_id=order,
        order_name=order_name,
        order_agent=AGENT,
        order_state=state_id("customerorder", "Отгружен"),
        demand_id=demand,
        demand_agent=UUID(consignee),
        demand_state=state_id("demand", "Отгружен"),
        demands=1,
        organization=ORGANIZATION,
        store=STORE,
        doubtful=False,
        dry_run=False,
        fees_only=False,
    )
    assert judged.only().kept == 14


@pytest.mark.parametrize(
    ("collected", "payout", "kept"), [(100, 86, 14), (0, -5, 5), (0, 0, 0), (100, 0, 100)]
)
def test_the_courier_keeps_what_it_took_and_does_not_transfer(
    judged: Judged, collected: int, payout: int, kept: int
) -> None:
    judged.row(collected=collected, payout=payout)
    assert judged.only().kept == kept


def test_rows_come_in_the_order_of_the_file_and_only_clean_ones(judged: Judged) -> None:
    first, doubtful = judged.row(), judged.row(rule="short")
    second = judged.row()
    assert [one.line_id for one in judged.found()] == [first, second]
    assert doubtful not in {one.line_id for one in judged.found()}


def test_a_dry_run_is_the_contracts(judged: Judged) -> None:
    judged.row()
    judged.live(dry_run=True)
    assert judged.only().dry_run


def test_of_several_demands_the_first_gives_the_organization_and_the_store(judged: Judged) -> None:
    order = judged.books.order(f"order {uuid4()}")
    organization, store = uuid4(), uuid4()
    judged.books.demand(order, moment=NOW)
    judged.books.demand(
        order, moment=NOW - timedelta(1), organization_id=organization, store_id=store
    )
    judged.books.demand(order, moment=NOW - timedelta(2), deleted=True)
    judged.books.demand(order, moment=NOW - timedelta(2), applicable=False)
    judged.row(order, None)
    one = judged.only()
    assert (one.demands, one.demand_id, one.demand_agent, one.demand_state) == (2, None, None, None)
    assert (one.organization, one.store) == (organization, store)


def test_the_rows_own_demand_gives_them_when_it_is_known(judged: Judged) -> None:
    order = judged.books.order(f"order {uuid4()}", state_id=None)
    judged.books.demand(order, moment=NOW - timedelta(1))
    store = uuid4()
    demand = judged.books.demand(order, moment=NOW, store_id=store, state_id=None)
    judged.row(order, demand)
    one = judged.only()
    assert (one.demand_id, one.store, one.demand_state, one.order_state) == (
        demand,
        store,
        None,
        None,
    )


def test_a_demand_without_a_store_is_named(judged: Judged) -> None:
    order, demand = judged.shipped(store_id=None)
    judged.row(order, demand)
    with pytest.raises(Misconfigured, match="склад"):
        judged.found()


@pytest.mark.parametrize(
    ("verdict", "rule", "doubtful"),
    [
        ("underpaid", "short", True),
        ("duplicate_in_report", "short", False),
        ("already_settled", "short", False),
        ("service_row", "short", False),
        ("already_settled", "line.contradicted", True),
        ("already_settled", "a+line.contradicted", True),
    ],
)
def test_an_order_with_a_row_in_doubt_keeps_its_state(
    judged: Judged, verdict: str, rule: str, doubtful: bool
) -> None:
    order, demand = judged.shipped()
    judged.row(order, demand)
    judged.row()
    line = judged.row(order, demand, rule="short", verdict=verdict)
    judged.books.run("update verdict set rule = %s where line_id = %s", rule, line)
    assert [one.doubtful for one in judged.found()] == [doubtful, False]


def test_rows_of_other_files_cast_no_doubt(judged: Judged) -> None:
    order, demand = judged.shipped()
    judged.row(order, demand)
    other = judged.books.line(judged.books.file(judged.courier), "1")
    row = {"line_id": other, "verdict": "underpaid", "rule": "short", "clean": False}
    row |= {"order_id": order, "received": 0, "sentence": "", "decided_at": NOW}
    judged.books.insert("verdict", row)
    assert not judged.only().doubtful


def shared(judged: Judged, line_id: int, *, revision: int = 1, **posting: Any) -> UUID:
    """A document of the report that the row's fees are in."""
    sync_id = judged.books.posting(judged.id, "supply", **posting)
    [[key]] = judged.books.run("select line_key::text from line where id = %s", line_id)
    row = {"line_key": key, "kind": "supply", "revision": revision, "line_id": line_id}
    judged.books.insert("posting_line", row | {"sync_id": sync_id})
    return sync_id


def test_what_was_reversed_gets_the_next_revision(judged: Judged) -> None:
    lines = [judged.row() for _ in range(4)]
    for line_id, state, revision in [
        (lines[0], "reversed", 1),
        (lines[0], "reversed", 2),
        (lines[1], "failed", 4),
    ]:
        [[key]] = judged.books.run("select line_key::text from line where id = %s", line_id)
        judged.books.posting(judged.id, state=state, line_key=key, revision=revision)
    shared(judged, lines[2], revision=3, state="reversed")
    shared(judged, lines[3], revision=3)
    assert [one.revision for one in judged.found()] == [3, 1, 4, 1]


def taken_back(judged: Judged, sync_id: UUID, *, state: str = "done", because: int | None) -> None:
    row = {"file_id": judged.id, "because_of": because, "asked_by": "policy", "asked_at": NOW}
    undo_id = judged.books.insert("undo", row, "id")
    reversal = {"sync_id": sync_id, "undo_id": undo_id, "state": state, "planned_at": NOW}
    judged.books.insert("reversal", reversal | {"words": "Слова."})


def test_an_unchanged_row_of_a_corrected_report_gets_its_fees_into_the_new_supply(
    judged: Judged,
) -> None:
    other = judged.books.file(judged.courier)

    def settled(rule: str = "line.settled") -> int:
        return judged.row(rule=rule, fee_cod=5)

    comes = settled()
    taken_back(judged, shared(judged, comes, state="reversed"), because=judged.id)
    for line_id, because, state in [
        (settled(), other, "done"),  # of another correction
        (settled(), None, "done"),  # of an undo
        (settled(), judged.id, "kept"),
        (settled("short"), judged.id, "done"),
    ]:
        taken_back(judged, shared(judged, line_id, state="reversed"), state=state, because=because)
    has_one = settled()
    taken_back(judged, shared(judged, has_one, state="reversed"), because=judged.id)
    shared(judged, has_one, revision=2)
    settled()
    one = judged.only()
    assert (one.line_id, one.fees_only, one.verdict) == (comes, True, VerdictKind.MATCHED)
    assert (one.fees, one.revision) == ({"fee_cod": 5}, 2)


@pytest.mark.parametrize(
    ("head", "number", "day", "moment", "words"),
    [
        ({}, "55", date(2026, 11, 19), date(2026, 11, 19), "отчёт № 55 от 19.11.2026"),
        ({"report_date": None}, "55", None, date(2026, 11, 18), "отчёт № 55"),
        (
            {"payment_order_no": "7", "payment_order_date": date(2026, 11, 21)},
            "7",
            date(2026, 11, 21),
            date(2026, 11, 21),
            "отчёт № 55 от 19.11.2026",
        ),
        (
            {"payment_order_no": "7"},
            "7",
            date(2026, 11, 19),
            date(2026, 11, 19),
            "отчёт № 55 от 19.11.2026",
        ),
        ({"report_no": None}, None, date(2026, 11, 19), date(2026, 11, 19), None),
    ],
)
def test_the_books_show_the_number_and_the_day_that_the_accountant_knows(
    judged: Judged,
    head: dict[str, Any],
    number: str | None,
    day: date | None,
    moment: date,
    words: str | None,
) -> None:
    for column, value in head.items():
        judged.books.run(f"update report set {column} = %s where file_id = %s", value, judged.id)
    judged.row()
    one = judged.only()
    midnight = datetime(day.year, day.month, day.day, tzinfo=MOSCOW) if day else None
    assert (one.incoming_number, one.incoming_date) == (number, midnight)
    assert one.moment == datetime(moment.year, moment.month, moment.day, 12, tzinfo=MOSCOW)
    assert one.report_words == (words or f"файл «{one.file_name}»")


def test_without_any_date_it_is_the_day_of_arrival_in_moscow(judged: Judged) -> None:
    judged.row(occurred_on=None)
    arrived = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
    judged.books.run("update report set report_date = null where file_id = %s", judged.id)
    judged.books.run("update file set received_at = %s where id = %s", arrived, judged.id)
    assert judged.only().moment == datetime(2026, 11, 21, 12, tzinfo=MOSCOW)
