"""What is in question and what couriers owe, as the pages say it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from sverka import discrepancies, watching
from sverka.couriers import Couriers
from sverka.database.connection import Connection, connect
from sverka.discrepancies import Filter, State, totals
from sverka.settings import INCLUDE
from tests.monitoring.conftest import Scrape
from tests.support.books import Books
from tests.support.rows import DAY, NOON, a_discrepant_line, a_file, a_posting, a_report, insert

Scraping = Callable[[], Scrape]


def refresh(url: str) -> None:
    with connect(url) as conn:
        discrepancies.refresh(conn, NOON)


def looked(url: str) -> None:
    with connect(url) as conn:
        watching.refresh(conn, Couriers.load(INCLUDE / "couriers"))


def test_discrepancies_are_counted_with_their_money(
    scrape: Scraping, conn: Connection, url: str
) -> None:
    report = a_report(conn, a_file(conn), "gorod")
    a_discrepant_line(conn, report, "underpaid", expected=150_000)
    a_discrepant_line(conn, report, "underpaid", expected=120_000)
    a_discrepant_line(conn, report, "unknown_order")
    line = a_discrepant_line(conn, report, "matched")
    a_posting(conn, report, line, state="rejected", amount=70_000)
    refresh(url)
    found = scrape()
    rub = [("gorod", "RUB", verdict) for verdict in ("underpaid", "unknown_order", "rejected")]
    labels = dict.fromkeys(rub)
    assert set(labels) <= set(found.rows("sverka_discrepancies_open"))
    assert found.rows("sverka_discrepancies_open")["gorod", "RUB", "underpaid"] == 2
    stakes = found.rows("sverka_discrepancies_open_stake_minor_units")
    assert [stakes[key] for key in rub] == [70_000, 100_000, 70_000]
    with connect(url) as own:
        told = totals(own, Filter(states=(State.OPEN,)), NOON)
    assert stakes == {(one.courier, one.currency, one.verdict): one.stake for one in told}


def test_a_discrepancy_that_a_person_explained_waits_for_nobody(
    scrape: Scraping, conn: Connection, url: str
) -> None:
    a_discrepant_line(conn, a_report(conn, a_file(conn)), "unknown_order")
    refresh(url)
    with conn.cursor() as cursor:
        cursor.execute("update discrepancy set state = 'explained'")
    assert scrape().rows("sverka_discrepancies_open") == {}


def test_what_a_courier_owes_is_cut_by_stage(scrape: Scraping, url: str) -> None:
    books = Books(url)
    for name, handed, total in (("1", 1, 100_000), ("2", 2, 50_000), ("3", 90, 7_000)):
        order = books.order(name, total)
        books.demand(order, total, moment=NOON - timedelta(days=handed), delivery="gorod")
    looked(url)
    found = scrape()
    assert found.rows("sverka_owed_minor_units") == {
        ("gorod", "RUB", "on_the_way"): 150_000,
        ("gorod", "RUB", "not_due"): 0,
        ("gorod", "RUB", "overdue"): 7_000,
    }
    assert found.rows("sverka_owed_orders") == {
        ("gorod", "RUB", "on_the_way"): 2,
        ("gorod", "RUB", "not_due"): 0,
        ("gorod", "RUB", "overdue"): 1,
    }


def test_a_parcel_of_nobody_knows_whom_has_a_name_for_that(scrape: Scraping, url: str) -> None:
    Books(url).shipped("1", 100_000)
    looked(url)
    assert scrape().rows("sverka_owed_minor_units")["unknown", "RUB", "on_the_way"] == 100_000


@pytest.mark.parametrize("statements", [True, False], ids=["statements", "no statements"])
def test_transfers_are_late_only_where_statements_could_show_them(
    scrape: Scraping, conn: Connection, *, statements: bool
) -> None:
    report_of = a_file(conn, received_at=NOON - timedelta(days=30))
    for ordinal, (days, expected) in enumerate([(1, 20_000), (30, 100_000)]):
        a_report(conn, report_of, ordinal=ordinal)
        insert(
            conn,
            "payout",
            file_id=report_of,
            ordinal=ordinal,
            key=uuid4(),
            courier="gorod",
            currency="RUB",
            own=expected,
            expected=expected,
            together=1,
            day=DAY - timedelta(days=days),
            state="missing",
            at=NOON,
        )
    if statements:
        bank = a_file(conn, "выписка.txt")
        a_report(conn, bank, None, purpose="statement")  # type: ignore[arg-type]
        insert(conn, "bank_statement", file_id=bank, noted_at=NOON)
        with conn.cursor() as cursor:
            cursor.execute(
                "insert into bank_movement (report_id, line_no, account, direction, moved_on, "
                "amount, currency, movement_key) select id, 1, '40702', 'in', %s, 1, 'RUB', %s "
                "from report where purpose = 'statement'",
                (DAY, uuid4()),
            )
    found = scrape()
    waiting = found.rows("sverka_transfers_waiting_minor_units")
    late = found.rows("sverka_transfers_late_minor_units")
    if statements:
        assert (waiting, late) == ({("gorod", "RUB"): 120_000}, {("gorod", "RUB"): 100_000})
    else:
        assert (waiting, late) == ({("gorod", "RUB"): 20_000}, {("gorod", "RUB"): 0})
