"""Rows are worked out anew when documents or the books change, and only then."""

import uuid

import psycopg2

from sverka.database.connection import Connection, connect
from sverka.economics import refresh
from sverka.economics.orders import Filter
from sverka.economics.refresh import waits
from sverka.economics.sums import totals
from tests.economics.conftest import Booked


def left(conn: Connection) -> int | None:
    """What is left of all orders as a page would show it now; None when there are none."""
    conn.rollback()
    while waits(conn):  # a killed one's lock may live a moment longer than its connection
        refresh(conn)
        conn.commit()
    found = totals(conn, Filter())
    conn.commit()
    return found[0].remainder if found else None


def test_sending_and_undoing_are_noticed(booked: Booked, conn: Connection) -> None:
    order = booked.books.shipped("1001", 100_000)
    line = booked.row(order)
    payment = booked.document(line, order, "paymentin", 100_000, state="sending", posted_at=None)
    assert left(conn) is None
    booked.set_state(payment, "posted")
    assert left(conn) == 100_000
    booked.set_state(payment, "reversed")
    assert left(conn) is None


def test_a_supply_of_many_rows_is_noticed_for_each_order(booked: Booked, conn: Connection) -> None:
    supply = booked.supply_of_report(30_000, state="sending", posted_at=None)
    for name in ("1001", "1002"):
        booked.row(booked.books.shipped(name), per_report=supply, fee_delivery=15_000)
    assert left(conn) is None
    booked.set_state(supply, "posted")
    assert left(conn) == 170_000


def test_what_people_do_in_the_books_is_noticed(booked: Booked, conn: Connection) -> None:
    order = booked.books.order("1001", 100_000)
    demand = booked.books.demand(order, 100_000)
    booked.row(order, 100_000, fee_delivery=10_000)
    booked.work_out()
    assert left(conn) == 90_000
    salesreturn = booked.books.salesreturn(demand, 40_000)
    assert left(conn) == 50_000
    booked.books.run("update snapshot_salesreturn set deleted = true where id = %s", salesreturn)
    assert left(conn) == 90_000
    booked.books.run("update snapshot_demand set sum = 70000 where id = %s", demand)
    assert left(conn) == 60_000
    booked.books.demand(order, 5_000)
    assert left(conn) == 65_000


def test_orders_of_which_nothing_is_booked_cost_nothing(booked: Booked, conn: Connection) -> None:
    demand = booked.books.demand(booked.books.order("1001"))
    booked.books.salesreturn(demand, 100)
    booked.books.run("update snapshot_order set payed_sum = 1")
    assert booked.books.run("select count(*) from economics_queue") == [(0,)]


def test_only_one_at_a_time_and_nothing_is_lost(booked: Booked, conn: Connection) -> None:
    booked.row(booked.books.shipped("1001"), 100_000)
    booked.books.run("insert into economics_queue (order_id) select id from snapshot_order")
    with connect(booked.books.url) as other:
        assert refresh(other) == 1
        assert refresh(conn) == 0
        other.rollback()
    assert left(conn) == 100_000


def test_a_killed_refresh_is_repeated(booked: Booked, conn: Connection) -> None:
    booked.row(booked.books.shipped("1001"), 100_000)
    booked.books.run("insert into economics_queue (order_id) select id from snapshot_order")
    dying = psycopg2.connect(booked.books.url)
    assert refresh(dying) == 1
    dying.close()
    assert left(conn) == 100_000


def test_an_order_that_is_not_in_the_snapshot_stops_nobody(
    booked: Booked, conn: Connection
) -> None:
    booked.row(booked.books.shipped("1001"), 100_000)
    stranger = uuid.uuid4()
    booked.books.run("insert into economics_queue (order_id) values (%s)", stranger)
    booked.books.run("insert into economics_queue (order_id) select id from snapshot_order")
    assert left(conn) == 100_000
