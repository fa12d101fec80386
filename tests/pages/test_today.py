"""The first page: what waits for a person, and what does not."""

from datetime import date, timedelta

from psycopg2.extras import Json

from sverka.database.connection import Connection
from sverka.discrepancies import refresh
from sverka.pages.today import Today, archive, today
from tests.support.rows import DAY, NOON, a_discrepant_line, a_file, a_posting, a_report, insert


def of_now(conn: Connection) -> Today:
    return today(conn, NOON, DAY)


def test_nothing_waits_in_an_empty_installation(conn: Connection) -> None:
    found = of_now(conn)
    assert not found.waits
    assert (found.newest, found.of_the_day.rows) == (None, ())


def test_questions_quarantine_and_refused_documents_wait(conn: Connection) -> None:
    a_file(conn, "asks", state="waiting")
    a_file(conn, "bad", state="quarantined")
    a_file(conn, "long ago", state="quarantined", received_at=NOON - timedelta(days=15))
    report = a_report(conn, a_file(conn, "refused"))
    for _ in range(2):
        a_posting(conn, report, None, state="failed")
    found = of_now(conn)
    assert [one.name for one in found.questions] == ["asks"]
    assert [one.name for one in found.quarantined] == ["bad"]
    assert [(one.file, one.state, one.count) for one in found.troubles] == [
        ("refused", "failed", 2)
    ]
    assert found.waits


def test_open_discrepancies_wait_with_their_money_and_currencies_are_not_added(
    conn: Connection,
) -> None:
    report, other = a_report(conn, a_file(conn)), a_report(conn, a_file(conn), "dalli")
    for where in (report, other):
        a_discrepant_line(conn, where, "underpaid", expected=120000)
    a_discrepant_line(conn, other, "underpaid", expected=130000, currency="KZT")
    a_discrepant_line(conn, other, "underpaid", expected=999999, order="explained")
    refresh(conn, NOON)
    with conn.cursor() as cursor:
        cursor.execute("update discrepancy set state = 'explained' where order_ref = 'explained'")
    found = of_now(conn)
    told = {one.currency: (one.count, one.stake) for one in found.standing}
    assert told == {"RUB": (2, 40000), "KZT": (1, 30000)}
    assert found.waits


def test_a_plan_that_asks_waits(conn: Connection) -> None:
    file_id = a_file(conn, "asks to post", state="processing")
    a_posting(conn, a_report(conn, file_id), None, state="planned")
    insert(
        conn, "plan_question", file_id=file_id, seal="s", documents=1, stake=500, reasons=["x"],
        since=NOON, asked_at=NOON,
    )  # fmt: skip
    found = of_now(conn)
    assert [(one.file, one.documents, one.stake) for one in found.plans] == [
        ("asks to post", 1, 500)
    ]
    assert found.waits


def test_what_goes_by_itself_is_no_problem(conn: Connection) -> None:
    for state in ("processing", "registered", "stalled"):
        a_file(conn, state, state=state)
    a_posting(conn, a_report(conn, a_file(conn)), None, state="unsure")
    found = of_now(conn)
    assert [one.name for one in found.running] == ["processing", "registered", "stalled"]
    assert not found.waits


def published(conn: Connection, day: date) -> None:
    summary = Json({"headline": f"{day}"})
    insert(conn, "published_report", day=day, as_of=NOON, path="p", summary=summary)


def test_the_archive_goes_back_page_by_page(conn: Connection) -> None:
    days = [DAY - timedelta(days=number) for number in range(5)]
    for day in days:
        published(conn, day)
    first = archive(conn, limit=3)
    second = archive(conn, date.fromisoformat(first.after or ""), limit=3)
    assert [one.day for one in (*first.rows, *second.rows)] == days
    assert second.after is None
    newest = of_now(conn).newest
    assert newest is not None
    assert newest.day == DAY
