"""An order's page knows everything of the order, and nothing of another."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sverka.audit.journal import Subject, note
from sverka.database.connection import Connection
from sverka.discrepancies import refresh
from sverka.pages.orders import order_view
from sverka.reconciling.keys import order_key, track_key
from tests.support.books import NOW, Books
from tests.support.rows import NOON, a_file, a_line, a_posting, a_report, a_verdict, an_id, insert


def a_line_of(conn: Connection, report: int, order_id: UUID, **given: object) -> int:
    line = a_line(conn, report, **given)  # type: ignore[arg-type]
    a_verdict(conn, line, order_id=order_id)
    return line


def test_an_unknown_order_is_none(conn: Connection) -> None:
    assert order_view(conn, str(an_id("nobody"))) is None


def test_the_way_of_an_order_from_the_shop_to_the_bank(database_url: str, conn: Connection) -> None:
    books = Books(database_url)
    order = books.order("1001", paid=100_000, link="https://online.moysklad.ru/app/#order")
    books.demand(order, moment=NOW - timedelta(days=2), applicable=False)
    books.demand(order, moment=NOW - timedelta(days=3))
    report = a_report(conn, file_id := a_file(conn), ordinal=1, report_no="55")
    a_line_of(conn, report, order, outcome="delivered", occurred_on=date(2026, 11, 18))
    a_line_of(conn, report, order, outcome="returned", occurred_on=date(2026, 11, 19))
    insert(
        conn, "payout", file_id=file_id, ordinal=1, key=an_id("payout"), courier="gorod",
        currency="RUB", together=1, state="paid", movement_key=an_id("movement"),
        moved_on=date(2026, 11, 20), sentence="Пришли.", at=NOW,
    )  # fmt: skip
    conn.commit()
    view = order_view(conn, str(order))
    assert view is not None
    assert view.facts.link == "https://online.moysklad.ru/app/#order"
    # A demand that is not applied has not left.
    assert view.shipped_at == datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
    assert view.delivered_on == date(2026, 11, 18)
    assert view.paid_on == date(2026, 11, 20)
    assert [(one.report_no, one.state) for one in view.transfers] == [("55", "paid")]


def test_an_order_that_nobody_shipped_has_no_dates(database_url: str, conn: Connection) -> None:
    view = order_view(conn, str(Books(database_url).order()))
    assert view is not None
    assert (view.shipped_at, view.delivered_on, view.paid_on) == (None, None, None)
    assert (view.lines, view.documents, view.events, dict(view.fees)) == ((), (), (), {})


def test_lines_are_those_given_to_it_and_those_that_only_bear_its_numbers(
    database_url: str, conn: Connection
) -> None:
    books = Books(database_url)
    order, other = books.shipped("1001", track="RU 1"), books.order("1002")
    report = a_report(conn, a_file(conn))
    a_line_of(conn, report, order, order="given")
    a_line(conn, report, "named", order_key=order_key("1001"))
    a_line(conn, report, "tracked", track_key=track_key("ru1"))
    a_line_of(conn, report, other, order="others", order_key=order_key("1001"))
    conn.commit()
    view = order_view(conn, str(order))
    assert view is not None
    assert [row.line.order_ref for row in view.lines] == ["given", "named", "tracked"]


def test_a_line_in_two_files_costs_once(database_url: str, conn: Connection) -> None:
    order = Books(database_url).order()
    for _ in range(2):
        report = a_report(conn, a_file(conn))
        a_line_of(conn, report, order, fee_cod=500, line_key=an_id("the same"))
    a_line_of(conn, report, order, collected=0, fee_delivery=700)
    a_line_of(conn, report, order, accepted=False)
    conn.commit()
    view = order_view(conn, str(order))
    assert view is not None
    assert (view.collected, dict(view.fees)) == (
        100000,
        {"fee_delivery": 10700, "fee_cod": 500},
    )


def test_returns_are_told_with_their_demand(database_url: str, conn: Connection) -> None:
    books = Books(database_url)
    order = books.order()
    demand = books.demand(order)
    books.salesreturn(demand, 40_000)
    books.salesreturn(demand, 10_000)
    books.salesreturn(demand, 99_000, applicable=False)
    view = order_view(conn, str(order))
    assert view is not None
    assert [(one.returns, one.returned) for one in view.demands] == [(2, 50_000)]


def test_documents_and_their_history_are_this_orders(database_url: str, conn: Connection) -> None:
    books = Books(database_url)
    order, other = books.order("1"), books.order("2")
    report = a_report(conn, a_file(conn))
    own = a_posting(conn, report, None, order_id=order)
    foreign = a_posting(conn, report, None, order_id=other)
    for sync_id in (own, foreign):
        detail = {"reason": f"{sync_id}"}
        subject = Subject(sync_id=sync_id)
        note(conn, kind="posting.approved", subject=subject, detail=detail, by="Анна")
    conn.commit()
    view = order_view(conn, str(order))
    assert view is not None
    assert [one.sync_id for one in view.documents] == [str(own)]
    assert [(one.kind, one.by, one.document, one.words) for one in view.events] == [
        ("posting.approved", "Анна", "paymentin", str(own))
    ]


def test_discrepancies_of_an_order_stand_on_its_page_and_no_others(
    database_url: str, conn: Connection
) -> None:
    books = Books(database_url)
    order, namesake = books.order("1001"), books.order("1001")
    report = a_report(conn, a_file(conn))
    facts = {"order_key": order_key("1001"), "order": "1001"}
    for of, verdict in ((order, "underpaid"), (namesake, "lost"), (None, "unknown_order")):
        line = a_line(conn, report, **facts)  # type: ignore[arg-type]
        a_verdict(conn, line, verdict, order_id=of, expected=120000)
    refresh(conn, NOON)
    conn.commit()
    view = order_view(conn, str(order))
    assert view is not None
    assert {one.verdict for one in view.discrepancies} == {"underpaid", "unknown_order"}
