"""An order is found by whatever a person has in hand; only an exact hit leads straight to it."""

import pytest

from sverka.database.connection import Connection
from sverka.pages.search import search
from sverka.reconciling.keys import order_key
from tests.support.books import Books
from tests.support.rows import a_file, a_line, a_posting, a_report, a_verdict


def test_every_name_of_an_order_leads_to_it(database_url: str, conn: Connection) -> None:
    books = Books(database_url)
    order = books.order("АБ-77", track="RU 100")
    demand = books.demand(order, track="RU 200")
    books.order("АБ-78")
    document = a_posting(conn, a_report(conn, a_file(conn)), None, order_id=order)
    with conn.cursor() as cursor:
        cursor.execute("select moysklad_id::text from posting where sync_id = %s", (document,))
        [(moysklad_id,)] = cursor.fetchall()
    conn.commit()
    for query in ("АБ-77", "аб-77 ", "ru100", "RU 200", str(order), str(demand), moysklad_id):
        assert search(conn, query).only == str(order), query


def test_a_likely_number_is_shown_and_not_taken_for_it(database_url: str, conn: Connection) -> None:
    order = Books(database_url).order("SHOP-001042")
    found = search(conn, "1042")
    assert [(one.id, one.exact) for one in found.orders] == [(str(order), False)]
    assert found.only is None


def test_a_row_whose_order_the_books_do_not_have_is_found(conn: Connection) -> None:
    report = a_report(conn, a_file(conn))
    line = a_line(conn, report, "555", order_key=order_key("555"))
    a_verdict(conn, line, "unknown_order")
    found = search(conn, "555")
    assert [row.line.id for row in found.strays] == [line]
    assert (found.orders, found.only) == ((), None)


def test_two_orders_of_one_number_are_both_shown(database_url: str, conn: Connection) -> None:
    books = Books(database_url)
    both = {str(books.order("1")), str(books.order("1"))}
    found = search(conn, "1")
    assert {one.id for one in found.orders} == both
    assert found.only is None


@pytest.mark.parametrize(
    "query", ["", "   ", "«»", "%", "_", "' or 1=1 --", "no such", "0" * 300, "\\", "А" * 200]
)
def test_nothing_is_found_by_nonsense(database_url: str, conn: Connection, query: str) -> None:
    Books(database_url).order("1001", track="RU1")
    found = search(conn, query)
    assert (found.orders, found.strays) == ((), ())
