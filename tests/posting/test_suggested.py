"""A suggestion is for eyes: nothing that plans, approves or sends can even see it."""

from pathlib import Path

import sverka.posting
from sverka.audit.trace import trace
from sverka.audit.tree import as_text
from sverka.database.connection import connect
from sverka.posting.approve import approve
from sverka.posting.send import send
from tests.posting.conftest import Desk

ROOM = Path(sverka.posting.__file__).parent


def test_no_statement_of_posting_names_the_table() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in ROOM.rglob("*.*y*")}
    texts |= {path: path.read_text(encoding="utf-8") for path in ROOM.rglob("*.sql")}
    assert len(texts) > 20
    assert [path.name for path, text in texts.items() if "suggestion" in text] == []


def test_a_line_with_a_suggestion_is_not_booked(desk: Desk) -> None:
    plain, zeros = desk.orders("gorod")[:2]
    desk.mirror(plain, zeros)
    file_id = desk.books.file("gorod")
    desk.books.line(file_id, plain.name, plain.sum)
    line = desk.books.line(file_id, f"000{zeros.name}", zeros.sum)
    desk.plan(file_id)
    found = desk.books.run("select order_id::text from suggestion where line_id = %s", line)
    assert (str(zeros.id),) in found
    assert approve(desk.services, file_id, "Анна") > 0
    # Sending does without the table at all.
    desk.books.run("alter table suggestion rename to hidden")
    send(desk.services, file_id)
    desk.books.run("alter table hidden rename to suggestion")
    assert desk.in_moysklad()["paymentin"] == 1
    assert desk.books.run("select count(*) from posting where line_id = %s", line) == [(0,)]
    assert desk.books.run("select count(*) from posting where order_id = %s", zeros.id) == [(0,)]
    with connect(desk.books.url) as conn:
        told = as_text(trace(conn, f"000{zeros.name}"))
    assert f"подсказка: заказ «{zeros.name}»" in told
