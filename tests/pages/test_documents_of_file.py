"""The documents of a file: page by page, each with its order and its row."""

import pytest

from sverka.database.connection import Connection
from sverka.pages.documents_of_file import DocumentRow, Wanted, documents_of_file
from tests.support.books import Books
from tests.support.rows import a_file, a_line, a_posting, a_report

ALL = Wanted()


def all_pages(
    conn: Connection, file_id: int, wanted: Wanted = ALL, limit: int = 2
) -> list[DocumentRow]:
    found: list[DocumentRow] = []
    after = None
    for _ in range(20):
        page = documents_of_file(conn, file_id, wanted, after, limit=limit)
        found += page.rows
        after = page.after
        if after is None:
            return found
    pytest.fail("the list never ends")


@pytest.fixture
def file_id(conn: Connection) -> int:
    """Five payments, of which one is reversed, one supply, one change of state."""
    file_id = a_file(conn)
    report, other = a_report(conn, file_id), a_report(conn, a_file(conn))
    for number in range(5):
        state = "reversed" if number == 4 else "posted"
        a_posting(conn, report, a_line(conn, report, str(number)), state=state, amount=number)
    a_posting(conn, report, None, "supply", amount=300)
    a_posting(conn, report, a_line(conn, report), "customerorder.state", amount=0)
    a_posting(conn, other, a_line(conn, other))
    return file_id


def test_pages_have_every_document_once_by_state_and_kind(conn: Connection, file_id: int) -> None:
    told = [("posted", "customerorder.state"), *[("posted", "paymentin")] * 4]
    told += [("posted", "supply"), ("reversed", "paymentin")]
    for limit in (1, 2, 7, 50):
        found = [one.document for one in all_pages(conn, file_id, limit=limit)]
        assert [(one.state, one.kind) for one in found] == told
        assert len({one.sync_id for one in found}) == 7


@pytest.mark.parametrize(
    ("wanted", "amounts"),
    [
        (Wanted("paymentin", "posted"), [0, 1, 2, 3]),
        (Wanted("paymentin"), [0, 1, 2, 3, 4]),
        (Wanted(state="reversed"), [4]),
        (Wanted("salesreturn"), []),
    ],
)
def test_a_kind_and_a_state_are_found(
    conn: Connection, file_id: int, wanted: Wanted, amounts: list[int]
) -> None:
    found = all_pages(conn, file_id, wanted)
    assert sorted(one.document.amount for one in found) == amounts


def test_a_document_names_its_order_and_its_row(conn: Connection, database_url: str) -> None:
    order = Books(database_url).order("М-7")
    file_id = a_file(conn)
    report = a_report(conn, file_id, currency="KZT")
    line = a_line(conn, report, sheet="Реестр", line_no=12)
    a_posting(conn, report, line, order_id=order)
    a_posting(conn, report, None, "supply")
    of_row, of_report = all_pages(conn, file_id)
    assert (of_row.order_id, of_row.order) == (str(order), "М-7")
    assert (of_row.sheet, of_row.line_no, of_row.currency) == ("Реестр", 12, "KZT")
    assert (of_report.order, of_report.sheet, of_report.line_no) == (None, None, None)


@pytest.mark.parametrize("mark", ["x", "posted/x/1", "posted/paymentin/1", "//", "posted"])
def test_a_mark_that_nobody_can_read_is_the_beginning(
    conn: Connection, file_id: int, mark: str
) -> None:
    assert len(documents_of_file(conn, file_id, ALL, mark).rows) == 7
