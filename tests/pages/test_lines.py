"""The rows of a file: page by page, in the file's order, found by verdict, outcome and number."""

import pytest

from sverka.database.connection import Connection
from sverka.pages.counting import count
from sverka.pages.funnel import STEPS, file_funnel
from sverka.pages.lines import LineRow
from sverka.pages.lines_of_file import Wanted, lines_of_file, query
from sverka.reconciling.keys import order_key, track_key
from tests.support.rows import (
    NOON,
    a_discrepant_line,
    a_file,
    a_line,
    a_matched_line,
    a_posting,
    a_rejected_row,
    a_report,
    a_verdict,
    an_id,
    insert,
)

ALL = Wanted()


def all_pages(
    conn: Connection, file_id: int, wanted: Wanted = ALL, limit: int = 3
) -> list[LineRow]:
    found: list[LineRow] = []
    after = None
    for _ in range(20):
        page = lines_of_file(conn, file_id, wanted, after, limit=limit)
        assert len(page.rows) <= limit
        found += page.rows
        after = page.after
        if after is None:
            return found
    pytest.fail("the list never ends")


def orders(rows: list[LineRow]) -> list[str | None]:
    return [row.line.order_ref for row in rows]


def test_pages_have_every_line_once_report_by_report(conn: Connection) -> None:
    file_id, other = a_file(conn), a_file(conn)
    second = a_report(conn, file_id, ordinal=2)
    first = a_report(conn, file_id, ordinal=1)
    foreign = a_report(conn, other, ordinal=1)
    for number in range(4):
        a_line(conn, second, f"B{number}")
        a_line(conn, foreign, f"X{number}")
        a_line(conn, first, f"A{number}")
    for limit in (1, 3, 4, 8, 50):
        assert orders(all_pages(conn, file_id, limit=limit)) == [
            *(f"A{number}" for number in range(4)),
            *(f"B{number}" for number in range(4)),
        ]


def test_a_verdict_is_found_page_by_page_in_all_reports(conn: Connection) -> None:
    file_id = a_file(conn)
    reports = [a_report(conn, file_id, ordinal=ordinal) for ordinal in (1, 2)]
    a_discrepant_line(conn, a_report(conn, a_file(conn)), "lost", order="X")
    for number in range(4):
        for report in reports:
            a_matched_line(conn, report, order=f"M{report}")
            a_discrepant_line(conn, report, "lost", order=f"L{reports.index(report)}{number}")
    expected = [f"L{report}{number}" for report in (0, 1) for number in range(4)]
    assert orders(all_pages(conn, file_id, Wanted(verdict="lost"))) == expected
    assert orders(all_pages(conn, file_id, Wanted(verdict="lost", outcome="lost"))) == []
    assert orders(all_pages(conn, file_id, Wanted(verdict="overpaid"))) == []


def test_an_outcome_is_found(conn: Connection) -> None:
    file_id = a_file(conn)
    report = a_report(conn, file_id)
    for number in range(5):
        a_line(conn, report, str(number), outcome=("delivered", "refused")[number % 2])
    assert orders(all_pages(conn, file_id, Wanted(outcome="refused"))) == ["1", "3"]


def test_a_number_is_found_however_it_is_typed(conn: Connection) -> None:
    file_id = a_file(conn)
    report, foreign = a_report(conn, file_id), a_report(conn, a_file(conn))
    for where in (report, foreign):
        a_line(
            conn, where, "АБ-1042", order_key=order_key("АБ-1042"),
            track_ref="RU 77", track_key=track_key("RU 77"),
        )  # fmt: skip
    a_line(conn, report, "1043", order_key=order_key("1043"))
    for text in ("АБ-1042", " аб-1042 ", "ru77", "RU 77"):
        assert orders(all_pages(conn, file_id, Wanted(text=text))) == ["АБ-1042"], text
    assert all_pages(conn, file_id, Wanted(text="1042%")) == []
    assert all_pages(conn, file_id, Wanted(text="«»")) == []


def test_a_line_comes_with_its_verdict_order_documents_and_why_it_was_put_aside(
    conn: Connection,
) -> None:
    file_id = a_file(conn)
    report = a_report(conn, file_id)
    line = a_line(conn, report, "1")
    a_verdict(conn, line, "underpaid", expected=120000)
    payment = a_posting(conn, report, line)
    shared = a_posting(conn, report, None, "supply", state="planned")
    for member in (line, aside := a_line(conn, report, "2", accepted=False)):
        insert(
            conn, "posting_line", line_key=an_id(member), kind="supply", revision=1,
            sync_id=shared, line_id=member,
        )  # fmt: skip
    a_rejected_row(conn, report, line_id=aside, reason="Сумма не сходится.")
    told, put_aside = all_pages(conn, file_id)
    assert (told.line.verdict, told.line.expected, told.line.difference) == (
        "underpaid",
        120000,
        -20000,
    )
    documents = [(one.sync_id, one.kind, one.stands_for) for one in told.documents]
    assert documents == [(str(payment), "paymentin", 1), (str(shared), "supply", 2)]
    assert (put_aside.line.rejected, put_aside.line.verdict) == ("Сумма не сходится.", None)


def test_a_document_has_the_link_that_moysklad_gave(conn: Connection) -> None:
    from sverka.audit.journal import Subject, note

    report = a_report(conn, file_id := a_file(conn))
    line = a_line(conn, report)
    sync_id = a_posting(conn, report, line)
    link = "https://online.moysklad.ru/app/#paymentin/edit?id=1"
    subject = Subject(sync_id=sync_id)
    note(conn, kind="posting.posted", subject=subject, detail={"link": link}, by="send")
    note(conn, kind="posting.kept", subject=subject, detail={"words": "стоит"}, by="undo")
    conn.commit()
    [row] = all_pages(conn, file_id)
    assert [one.link for one in row.documents] == [link]


def test_every_step_of_the_funnel_leads_to_its_lines(conn: Connection) -> None:
    file_id = a_file(conn)
    report = a_report(conn, file_id)
    a_matched_line(conn, report, order="posted")
    half = a_line(conn, report, "waiting")
    a_verdict(conn, half)
    a_posting(conn, report, half)
    a_posting(conn, report, half, "supply", state="unsure")
    a_verdict(conn, taken_back := a_line(conn, report, "waiting"))
    a_posting(conn, report, taken_back, state="reversed")
    a_discrepant_line(conn, report, "underpaid", order="discrepant")
    a_discrepant_line(conn, report, "service_row", order="service")
    a_discrepant_line(conn, report, "already_settled", order="repeated")
    a_rejected_row(conn, report, line_id=a_line(conn, report, "rejected", accepted=False))
    a_line(conn, report, "unreconciled")
    count(conn, file_id, NOON)
    [funnel] = file_funnel(conn, file_id).currencies
    assert set(funnel.steps) == set(STEPS)
    for step, sums in funnel.steps.items():
        found = all_pages(conn, file_id, Wanted(step=step), limit=1)
        assert orders(found) == [step] * sums.lines
    narrowed = Wanted(step="discrepant", verdict="underpaid", outcome="delivered")
    assert orders(all_pages(conn, file_id, narrowed)) == ["discrepant"]
    assert orders(all_pages(conn, file_id, Wanted(step="discrepant", verdict="lost"))) == []


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (ALL, "line_of_report"),
        (Wanted(outcome="refused"), "line_by_outcome"),
        (Wanted(step="discrepant"), "verdict_in_question"),
        (Wanted(step="rejected"), "line_put_aside"),
        (Wanted(text="М-1"), "line_order_key"),
    ],
    ids=str,
)
def test_an_index_finds_the_rows_of_every_filter(
    conn: Connection, wanted: Wanted, index: str
) -> None:
    file_id = a_file(conn)
    report = a_report(conn, file_id)
    for _ in range(30):
        a_matched_line(conn, report)
    statement, values = query(file_id, wanted, None, 51)
    with conn.cursor() as cursor:
        cursor.execute("analyze")
        cursor.execute("set local enable_seqscan = off; set local enable_bitmapscan = off")
        cursor.execute(f"explain {statement}", values)
        plan = "\n".join(row for (row,) in cursor)
    assert f"using {index} " in plan
