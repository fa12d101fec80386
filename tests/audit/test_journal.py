"""Events are appended with the change that they tell of, in order, and never touched again."""

from collections import Counter
from datetime import timedelta

import psycopg2
import pytest
from psycopg2.errors import InsufficientPrivilege, LockNotAvailable, UniqueViolation
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from sverka.audit.chain import GENESIS
from sverka.audit.journal import Event, Kind, Subject, note, notes
from sverka.database.connection import connect
from tests.audit.conftest import Ledger, event, session
from tests.support.books import NOW


def test_an_event_is_written_as_it_was_told(ledger: Ledger) -> None:
    told = event(7)
    ledger.write(told)
    [row] = ledger.rows(
        "id, at, kind, file_id, report_id, line_key::text, sync_id::text, moysklad_id::text, by, detail"
    )
    subject = told.subject
    keys = (str(subject.line_key), str(subject.sync_id), str(subject.moysklad_id))
    assert row == (1, NOW, "posting.posted", 7, 1007, *keys, "Анна", told.detail)


def test_an_event_needs_no_subject_and_no_clock(ledger: Ledger) -> None:
    with connect(ledger.url) as conn:
        note(conn, kind="layout.withdrawn", subject=Subject(), detail={}, by="Анна")
    [[at, *subject]] = ledger.rows("at, file_id, report_id, line_key, sync_id, moysklad_id")
    assert subject == [None] * 5
    assert at > NOW - timedelta(days=3650)


def test_events_keep_their_order_over_calls_and_transactions(ledger: Ledger) -> None:
    with connect(ledger.url) as conn:
        notes(conn, [event(1), event(2)])
        notes(conn, [event(3)])
    ledger.write(event(4))
    assert ledger.rows("id, file_id") == [(1, 1), (2, 2), (3, 3), (4, 4)]


def test_each_link_holds_the_one_before_it(ledger: Ledger) -> None:
    ledger.fill(3)
    ledger.fill(2, start=4)
    links = [(bytes(previous), bytes(hash_)) for previous, hash_ in ledger.rows("previous, hash")]
    assert [previous for previous, _ in links] == [GENESIS, *(hash_ for _, hash_ in links[:-1])]
    assert len({hash_ for _, hash_ in links}) == 5


def test_the_same_event_twice_is_two_links(ledger: Ledger) -> None:
    ledger.write(event(1), event(1))
    first, second = ledger.rows("hash")
    assert first != second


def test_no_events_are_no_links(ledger: Ledger) -> None:
    ledger.write()
    assert ledger.rows() == []


def test_what_is_rolled_back_leaves_no_event_and_no_gap(ledger: Ledger) -> None:
    ledger.fill(1)
    with session(ledger.url) as conn:
        notes(conn, [event(2), event(3)])
        conn.rollback()
    ledger.fill(1, start=4)
    assert ledger.rows("id, file_id") == [(1, 1), (2, 4)]
    assert ledger.walked().broken is None


def test_a_savepoint_that_is_rolled_back_takes_its_events_with_it(ledger: Ledger) -> None:
    with connect(ledger.url) as conn, conn.cursor() as cursor:
        notes(conn, [event(1)])
        cursor.execute("savepoint s")
        notes(conn, [event(2)])
        cursor.execute("rollback to savepoint s")
        notes(conn, [event(3)])
    assert ledger.rows("file_id") == [(1,), (3,)]


def test_the_inbox_is_empty_to_everybody(ledger: Ledger) -> None:
    ledger.fill(3)
    with connect(ledger.url) as conn, conn.cursor() as cursor:
        cursor.execute("select count(*) from journal_inbox")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "update journal set by = 'никто'",
        "update journal set by = by where false",
        "delete from journal where id = 1",
        "truncate journal",
    ],
)
def test_a_link_cannot_be_changed_or_removed(ledger: Ledger, statement: str) -> None:
    ledger.fill(2)
    before = ledger.rows()
    with (
        pytest.raises(InsufficientPrivilege, match="append-only"),
        connect(ledger.url) as conn,
        conn.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert ledger.rows() == before


def test_a_kind_outside_the_closed_list_is_refused_at_once(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match=r"posting\.eaten"):
        ledger.write(event(1, kind="posting.eaten"))


@pytest.mark.parametrize("detail", [{"at": NOW}, {"id": event(1).subject.sync_id}])
def test_a_detail_that_is_no_json_is_refused_at_once(ledger: Ledger, detail: object) -> None:
    with pytest.raises(TypeError):
        ledger.write(event(1, detail=detail))


def test_nobody_acts_without_a_name(ledger: Ledger) -> None:
    with pytest.raises(psycopg2.errors.CheckViolation):
        ledger.write(event(1, by=""))
    assert ledger.rows() == []


def test_every_kind_can_be_stored(ledger: Ledger) -> None:
    ledger.write(*(Event(kind, Subject(), "Анна", {}, NOW) for kind in Kind))
    assert [kind for (kind,) in ledger.rows("kind")] == [kind.value for kind in Kind]


def test_a_transaction_with_an_old_picture_is_refused_not_forked(ledger: Ledger) -> None:
    with session(ledger.url) as old:
        old.set_session(isolation_level="REPEATABLE READ")
        with old.cursor() as cursor:
            cursor.execute("select 1 from journal")
        ledger.fill(1)
        notes(old, [event(2)])
        with pytest.raises(UniqueViolation):
            old.commit()
    assert ledger.rows("id, file_id") == [(1, 1)]
    assert ledger.walked().broken is None


def test_a_long_transaction_with_events_holds_nobody_up(ledger: Ledger) -> None:
    with session(ledger.url) as long:
        notes(long, [event(1)])
        ledger.fill(1, start=2)
        long.commit()
    assert ledger.rows("file_id") == [(2,), (1,)]


def test_events_before_row_locks_cannot_meet_in_a_deadlock(ledger: Ledger) -> None:
    """A lock of the chain taken by the call would do: A: chain, then row; B: row, then chain."""
    with connect(ledger.url) as conn, conn.cursor() as cursor:
        cursor.execute("create table thing (id int primary key, n int)")
        cursor.execute("insert into thing values (1, 0)")
    with session(ledger.url) as first, session(ledger.url) as second:
        notes(first, [event(1)])
        with second.cursor() as cursor:
            cursor.execute("update thing set n = n + 1")
        with first.cursor() as cursor:
            cursor.execute("set local lock_timeout = '100ms'")
            with pytest.raises(LockNotAvailable):
                cursor.execute("update thing set n = n + 1")
        first.rollback()
        notes(second, [event(2)])
        second.commit()
    assert ledger.rows("file_id") == [(2,)]


def test_ten_thousand_events_are_one_delivery_that_asks_for_the_newest_link_once(
    ledger: Ledger,
) -> None:
    with connect(ledger.url) as conn, conn.cursor() as cursor:
        before = touched(cursor)
        notes(conn, [event(n) for n in range(10_000)])
        cursor.execute("set constraints all immediate")
        done = touched(cursor) - before
    assert done == {
        "journal inserts": 10_000,
        "journal scans": 1,
        "journal_inbox inserts": 1,
        "journal_inbox scans": 1,
    }


def touched(cursor: Cursor) -> Counter[str]:
    """Rows that were inserted and scans that were begun, as this session's statistics have them."""
    cursor.execute(
        "select relname, n_tup_ins, seq_scan + idx_scan from pg_stat_xact_user_tables"
        " where relname in ('journal', 'journal_inbox')"
    )
    found: Counter[str] = Counter()
    for table, inserts, scans in cursor.fetchall():
        found |= {f"{table} inserts": inserts, f"{table} scans": scans}
    return found


def test_more_events_than_one_parcel_are_one_chain(ledger: Ledger) -> None:
    ledger.fill(10_001)
    assert [row for (row,) in ledger.rows("file_id")] == list(range(1, 10_002))
    assert ledger.walked().links == 10_001
