"""Storing: all lines of a file in one COPY, again without doubles, and never under postings."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from sverka.database.connection import Connection, connect
from sverka.demo.workbooks import workbook
from sverka.errors import Refusal
from sverka.nouns import Purpose
from sverka.parsing import store as storing
from sverka.parsing.identity import line_key, line_keys
from sverka.parsing.store import Counts, store
from tests.parsing import samples
from tests.parsing.conftest import Parse

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def a_file(conn: Connection) -> int:
    with conn.cursor() as cursor:
        cursor.execute(
            "insert into file (sha256, name, zone, size_bytes, partition_key, received_at)"
            " values (%s, 'f', 'z', 1, %s, %s) returning id",
            (uuid4().hex, uuid4().hex, NOW),
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def rows(conn: Connection, query: str) -> list[tuple[object, ...]]:
    with conn.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_reports_lines_and_rejected_rows_are_stored(database_url: str, parsed: Parse) -> None:
    with connect(database_url) as conn:
        counts = store(conn, a_file(conn), parsed(samples.yandex_zip()))
        assert counts == Counts(reports=1, lines=7, rejected=2, ignored=5)
        assert rows(conn, "select sum(payout), sum(collected), sum(fee_other) from line") == [
            (
                150050 + 140000 - 6000 - 21045 - 3500 + 9900,
                150050 + 140000 - 6000,
                21045 + 3500 - 9900,
            )
        ]
        assert rows(conn, "select courier, schema from file") == [
            ("yandex_market", "yandex_netting")
        ]
        assert rows(conn, "select settlement, rows_read from report") == [("net", 14)]


def test_what_a_report_is_for_and_its_warnings_are_stored(database_url: str, parsed: Parse) -> None:
    (one,) = parsed(samples.register_xlsx())
    other = replace(one, report=replace(one.report, purpose=Purpose.STATUSES), warnings=["скрыто"])
    with connect(database_url) as conn:
        store(conn, a_file(conn), [one, other])
        assert rows(conn, "select purpose, warnings from report order by ordinal") == [
            ("settlement", []),
            ("statuses", ["скрыто"]),
        ]


def test_keys_are_computed_on_the_way(database_url: str, parsed: Parse) -> None:
    with connect(database_url) as conn:
        reports = parsed(samples.dalli())
        store(conn, a_file(conn), reports)
        line = reports[0].lines[2]
        assert rows(
            conn,
            "select order_ref, order_key, track_key, line_key::text from line where line_no = 3",
        ) == [("W 43", "W43", "A5185816", str(line_key("dalli", line.identity, 1)))]
        assert rows(conn, "select ordinal, payment_order_sum from report order by 1") == [
            (1, 176050),
            (2, 10000),
        ]


def test_storing_again_replaces(database_url: str, parsed: Parse) -> None:
    with connect(database_url) as conn:
        file_id = a_file(conn)
        store(conn, file_id, parsed(samples.register_xlsx()))
        again = store(conn, file_id, parsed(samples.register_csv()))
        assert (again.reports, again.lines) == (1, 5)
        assert rows(conn, "select count(*) from line") == [(5,)]


def test_a_file_with_approved_postings_keeps_its_parse(database_url: str, parsed: Parse) -> None:
    with connect(database_url) as conn:
        file_id = a_file(conn)
        store(conn, file_id, parsed(samples.register_xlsx()))
        before = rows(conn, "select id from line order by id")
        with conn.cursor() as cursor:
            cursor.execute(
                "insert into posting (sync_id, account, courier, kind, file_id, report_id, amount,"
                " document, fingerprint, planned_at, state)"
                " select %s, %s, 'gorod', 'paymentin', file_id, id, 1, '{}', 'f', %s, 'approved'"
                " from report",
                (str(uuid4()), str(uuid4()), NOW),
            )
        counts = store(conn, file_id, parsed(samples.register_csv()))
        assert counts.lines == 5
        assert rows(conn, "select id from line order by id") == before


def test_an_empty_report_is_stored_too(database_url: str, parsed: Parse) -> None:
    with connect(database_url) as conn:
        counts = store(conn, a_file(conn), parsed(b"<moneyTransfers/>"))
        assert counts == Counts(reports=1, lines=0, rejected=0, ignored=0)


def test_awkward_texts_survive_the_copy(database_url: str, parsed: Parse) -> None:
    header = ["Номер заказа", "Сумма НП", "К выплате", "Статус"]
    data = workbook(
        {"Лист": [["СДЭК"], header, ["1\\N", "1", "1", "Отказ"], ["2", "1", "1", "a\tb\\"]]}
    )
    with connect(database_url) as conn:
        store(conn, a_file(conn), parsed(data))
        assert rows(conn, "select sheet, order_ref from line") == [("Лист", "1\\N")]
        assert rows(conn, "select column_name, value from rejected") == [("Статус", "a b\\")]


def test_a_report_of_nobody_is_refused(database_url: str, parsed: Parse) -> None:
    header = ["Номер заказа", "Сумма НП", "К выплате"]
    with connect(database_url) as conn, pytest.raises(Refusal, match="чей это отчёт"):
        store(conn, a_file(conn), parsed(workbook({"Л": [header, ["1", "1", "1"]]})))


@pytest.mark.parametrize("courier", ["gorod", "a|b", "с\\кириллицей"])
def test_the_keys_of_many_lines_are_those_of_each(parsed: Parse, courier: str) -> None:
    (report,) = parsed(samples.register_xlsx())
    lines = [*report.lines, replace(report.lines[0], occurrence=2)]
    keys = [line_key(courier, one.identity, one.occurrence) for one in lines]
    assert [*line_keys(courier, lines)] == [str(key).replace("-", "") for key in keys]


@pytest.mark.parametrize(("many", "known"), [(1, True), (1_000, False)])
def test_postgresql_is_told_of_many_new_lines(
    database_url: str, parsed: Parse, monkeypatch: pytest.MonkeyPatch, many: int, *, known: bool
) -> None:
    """Reconciling comes before autovacuum, and plans its joins by what the statistics say."""
    monkeypatch.setattr(storing, "_MANY", many)
    with connect(database_url) as conn:
        store(conn, a_file(conn), parsed(samples.register_xlsx()))
        told = rows(conn, "select count(*) > 0 from pg_stats where tablename = 'line'")
        assert told == [(known,)]


def test_one_money_of_two_couriers_is_two() -> None:
    assert line_key("a", "b|c", 1) != line_key("a|b", "c", 1)
    assert line_key("a", "x", 1) != line_key("a", "x", 2)
