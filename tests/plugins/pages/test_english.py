"""With SVERKA_LANGUAGE=en every page is English; only what others wrote stays as they wrote it."""

import re
from uuid import UUID

import pytest

from sverka.discrepancies import refresh
from sverka.pages.counting import count
from tests.plugins.pages.conftest import OURS, Site
from tests.plugins.pages.test_access import VALUES, routes
from tests.support.books import SHIPPED, Books
from tests.support.rows import (
    NOON,
    a_discrepant_line,
    a_file,
    a_line,
    a_posting,
    a_rejected_row,
    a_report,
    a_verdict,
)

STATES_IN_MOYSKLAD = (SHIPPED,)
CYRILLIC = re.compile("[А-Яа-яЁё][А-Яа-яЁё ]*")
PUBLISHED = ("/sverka/report/", "/sverka/help")
"""What is written elsewhere: the report has tests of its own, the operator's guide is Russian."""


@pytest.fixture
def english(
    site: Site, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[Site, int, UUID]:
    """A file with a line of every step, a refused document, a decided discrepancy, an order."""
    monkeypatch.setenv("SVERKA_LANGUAGE", "en")
    conn = site.conn
    books = Books(database_url)
    order = books.order("A-1", track="T1")
    books.demand(order, name="D-1", track="T1")
    file_id = a_file(conn, "register.xlsx", courier="dalli")
    report = a_report(conn, file_id, "dalli", report_no="7", rows_read=5)
    facts = {"sheet": "Sheet"}
    line = a_line(conn, report, "A-1", **facts)
    a_verdict(conn, line, sentence="Fine.", order_id=order)
    a_posting(conn, report, line, order_id=order)
    a_posting(conn, report, line, "supply", state="rejected", error="no", order_id=order)
    for number, verdict in enumerate(("underpaid", "service_row", "already_settled", "lost")):
        a_discrepant_line(
            conn, report, verdict, order=f"B-{number}", sentence="Look.", expected=120000, **facts
        )
    a_rejected_row(conn, report, line_id=a_line(conn, report, "C", accepted=False, **facts))
    with conn.cursor() as cursor:
        cursor.execute("update rejected set reason = 'Bad row.'")
        cursor.execute("update file set reason = null")
    a_file(conn, "broken.xlsx", state="quarantined", reason="No table.")
    a_file(conn, "new.xlsx", state="waiting", reason="Whose?", claimed_by="run 1")
    refresh(conn, NOON)
    count(conn, file_id, NOON)
    with conn.cursor() as cursor:
        cursor.execute("update discrepancy set sentence = 'Look.'")
        cursor.execute("update discrepancy_event set sentence = 'Look.'")
    conn.commit()
    return site, file_id, order


def written_by_others() -> list[str]:
    """Names of couriers, layouts and states in MoySklad: data of this installation."""
    from sverka.recognition.known import knowledge
    from sverka.services import services_from
    from sverka_airflow.served import settings

    known = knowledge(services_from(settings()))
    words = {schema.title for schema in known.schemas} | set(STATES_IN_MOYSKLAD)
    for courier in known.couriers:
        words |= {courier.title, courier.counterparty, *courier.names}
    return sorted(words, key=len, reverse=True)


def russian_in(html: str, data: list[str]) -> list[str]:
    for words in data:
        html = html.replace(words, "")
    return CYRILLIC.findall(html)


def test_no_page_has_a_russian_word_of_its_own(english: tuple[Site, int, UUID]) -> None:
    site, file_id, order = english
    data = written_by_others()
    values = VALUES | {"order_id": str(order)}
    walked = 0
    for role in (site.operator, site.viewer):
        for method, path in routes(values | {"file_id": str(file_id)}):
            if method == "GET" and not path.startswith(PUBLISHED):
                answer = role.get(path, params={"run_id": "nobody"})
                if answer.headers.get("content-type", "").startswith("text/html"):
                    assert russian_in(answer.text, data) == [], path
                    walked += 1
    assert walked >= 30


@pytest.mark.parametrize("query", ["state=resolved", "verdict=lost", "done=1.2.3", "done=silent"])
def test_no_answer_of_the_list_is_russian(english: tuple[Site, int, UUID], query: str) -> None:
    page = english[0].operator.get(f"/sverka/discrepancies?{query}").text
    assert russian_in(page, written_by_others()) == []


def test_no_question_and_no_refusal_is_russian(english: tuple[Site, int, UUID]) -> None:
    site, _, _ = english
    data = {"action": "accept_loss", "scope": "all", "comment": "gone"}
    question = site.operator.post("/sverka/discrepancies", headers=OURS, data=data)
    refusal = site.viewer.post("/sverka/discrepancies", headers=OURS, data=data)
    upload = site.operator.post(
        "/sverka/upload", headers=OURS, files=[("files", ("a.csv", b"x")), ("files", ("b", b""))]
    )
    for answer in (question, refusal, upload, site.viewer.get("/sverka/nowhere")):
        assert russian_in(answer.text, written_by_others()) == []
