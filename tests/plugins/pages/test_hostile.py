"""What couriers and shops write is shown as text, whatever it is; addresses reach nothing else."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from uuid import UUID

import pytest

from sverka.discrepancies import refresh
from sverka.pages.counting import count
from sverka.reconciling.keys import order_key
from tests.plugins.pages.conftest import OURS, Site
from tests.support.books import Books
from tests.support.rows import (
    NOON,
    a_discrepant_line,
    a_file,
    a_posting,
    a_rejected_row,
    a_report,
)

EVIL = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{{ 7*7 }}</title>"


class Tags(HTMLParser):
    """The tags of a page and every attribute that could run something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.dangers: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.dangers.append(name)
            if name in {"href", "src", "action"} and (value or "").lower().startswith(
                ("javascript:", "data:", "vbscript:")
            ):
                self.dangers.append(value or "")
            if name == "src" and not (value or "").startswith("/sverka/static/"):
                self.dangers.append(value or "")


def assert_inert(html: str) -> None:
    tags = Tags(html)
    assert tags.dangers == []
    assert tags.found.count("script") == 1  # our own, by its address
    assert "img" not in tags.found
    assert not re.search(r"<script[^>]*>[^<]", html)


@pytest.fixture
def evil(site: Site, database_url: str) -> tuple[Site, int, UUID]:
    """A file whose every text is an attack, with its order."""
    books = Books(database_url)
    link = "javascript:alert(1)"
    order = books.order(EVIL, track=EVIL, link=link)
    books.demand(order, name=EVIL, track=EVIL, link=link)
    file_id = a_file(site.conn, EVIL, zone=EVIL, courier=EVIL, reason=EVIL, claimed_by=EVIL)
    a_file(site.conn, EVIL, state="quarantined", reason=EVIL, received_at=datetime.now(UTC))
    report = a_report(
        site.conn, file_id, EVIL, report_no=EVIL, payment_order_no=EVIL,
        ignored=[{"reason": EVIL, "rows": 1}],
    )  # fmt: skip
    line = a_discrepant_line(
        site.conn, report, "underpaid", order=EVIL, order_key=order_key(EVIL), sheet=EVIL,
        track_ref=EVIL, sentence=EVIL,
    )  # fmt: skip
    with site.conn.cursor() as cursor:
        cursor.execute("update verdict set order_id = %s, rule = %s", (str(order), EVIL))
    a_posting(
        site.conn, report, line, state="failed", error=EVIL, moysklad_name=EVIL, order_id=order
    )
    a_rejected_row(site.conn, report, line_id=line, reason=EVIL)
    refresh(site.conn, NOON)
    count(site.conn, file_id, NOON)
    site.conn.commit()
    return site, file_id, order


def test_an_attack_in_every_text_is_inert_on_every_page(evil: tuple[Site, int, UUID]) -> None:
    site, file_id, order = evil
    for path in (
        "",
        "files",
        f"files/{file_id}",
        f"files/{file_id}/lines",
        f"files/{file_id}/documents",
        f"orders/{order}",
        "discrepancies",
        "discrepancies/1",
    ):
        answer = site.operator.get(f"/sverka/{path}")
        assert answer.status_code == 200, (path, answer.text)
        assert_inert(answer.text)
        assert "&lt;script&gt;alert(1)" in answer.text, f"{path} does not show the text"
        assert "{{ 7*7 }}" in answer.text


def test_an_attack_in_a_form_is_inert(evil: tuple[Site, int, UUID]) -> None:
    site, _, _ = evil
    data = {"action": "resolve", "scope": "all", "comment": EVIL}
    question = site.operator.post("/sverka/discrepancies", headers=OURS, data=data)
    taken = site.operator.post(
        "/sverka/upload", headers=OURS, files=[("files", (EVIL, b"x")), ("files", (EVIL, b""))]
    )
    for answer in (question, taken):
        assert answer.status_code == 200
        assert_inert(answer.text)
        assert "alert(1)" in answer.text


def test_an_attack_in_the_address_is_inert(evil: tuple[Site, int, UUID]) -> None:
    site, file_id, _ = evil
    of_file = (f"files/{file_id}/lines", f"files/{file_id}/documents")
    for path in ("files", *of_file, "orders", "discrepancies", "upload", "days"):
        names = ("q", "state", "courier", "day", "verdict", "outcome", "step", "kind", "after",
                 "order", "by", "done")  # fmt: skip
        answer = site.operator.get(f"/sverka/{path}", params=dict.fromkeys(names, EVIL))
        assert answer.status_code in {200, 303}, (path, answer.text)
        assert_inert(answer.text) if answer.status_code == 200 else None


@pytest.mark.parametrize("value", ["\0", "%00", "'; drop table file; --", "９" * 30, "-1", "1e9"])
def test_nonsense_in_filters_is_no_error(site: Site, value: str) -> None:
    file_id = a_file(site.conn)
    site.conn.commit()
    of_file = (f"files/{file_id}/lines", f"files/{file_id}/documents")
    for path in ("files", *of_file, "orders", "discrepancies", "days", "file"):
        names = ("q", "state", "courier", "verdict", "outcome", "step", "kind", "after", "order",
                 "run_id")  # fmt: skip
        answer = site.viewer.get(f"/sverka/{path}", params=dict.fromkeys(names, value))
        assert answer.status_code in {200, 404}, (path, answer.text)


@pytest.mark.parametrize(
    "path",
    [
        "static/../__init__.py",
        "static/..%2F__init__.py",
        "static/%2e%2e/__init__.py",
        "static/layout.html.j2",
        "static//etc/passwd",
        "files/..%2F..%2Fetc%2Fpasswd",
        "files/1/lines/..%2F..",
        "couriers/..%2F..%2Fcouriers%2Fdalli",
        "orders/../../etc/passwd",
    ],
)
def test_no_address_reaches_a_file(site: Site, path: str) -> None:
    answer = site.viewer.get(f"/sverka/{path}")
    assert answer.status_code == 404
    assert "root:" not in answer.text
    assert "import" not in answer.text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("files/999", "Такого файла нет"),
        ("files/999/lines", "Такого файла нет"),
        ("files/999/plan", "Такого файла нет"),
        ("files/99999999999999999999", "Такой страницы нет"),
        ("files/abc", "Такой страницы нет"),
        ("orders/00000000-0000-4000-8000-000000000001", "Такого заказа нет"),
        ("orders/1", "Такой страницы нет"),
        ("couriers/nobody", "Такого курьера нет"),
        ("discrepancies/999", "Такого расхождения нет"),
        ("file?run_id=nobody", "Файла ещё нет"),
        ("nowhere", "Такой страницы нет"),
    ],
)
def test_what_is_not_there_is_said_kindly_with_the_way_back(
    site: Site, path: str, words: str
) -> None:
    answer = site.viewer.get(f"/sverka/{path}")
    assert answer.status_code == 404
    assert f"<h1>{words}</h1>" in answer.text
    assert 'href="/sverka/files"' in answer.text
