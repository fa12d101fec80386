"""What is written down of a correction: who decided, whose rows count, what is asked."""

from typing import Any
from uuid import UUID, uuid4

from sverka.database.connection import Connection, connect
from sverka.posting.supersede_found import Edition
from sverka.posting.supersede_ledger import (
    Decision,
    answered,
    ask,
    decide,
    give_up_verdicts,
    mark,
    release,
    unfinished,
    withdraw_planned,
)
from tests.support.books import NOW, Books

WHO = "бухгалтер"


def decided(conn: Connection, new: int, old: int, verdict: str = "supersedes") -> None:
    decide(conn, Decision(Edition(new, 0), Edition(old, 1), verdict, WHO), NOW)


def three(books: Books) -> list[int]:
    return [books.file(reports=2) for _ in range(3)]


def report_of(books: Books, file_id: int, ordinal: int) -> int:
    [[report_id]] = books.run(
        "select id from report where file_id = %s and ordinal = %s", file_id, ordinal
    )
    return int(report_id)


def marks(books: Books, file_id: int) -> list[tuple[Any, ...]]:
    return books.run(
        "select revision, supersedes from report where file_id = %s order by ordinal", file_id
    )


def decisions(books: Books, *files: int) -> list[tuple[Any, ...]]:
    return books.run(
        "select file_id, ordinal, old_file_id, old_ordinal, verdict, decided_by, decided_at "
        "from supersession where file_id = any(%s) order by file_id, old_file_id",
        list(files),
    )


def events(books: Books, file_id: int) -> list[tuple[Any, ...]]:
    return books.run(
        "select kind, by, report_id, detail from journal where file_id = %s order by 1", file_id
    )


def test_a_decision_is_kept_with_who_made_it_and_can_be_changed(
    books: Books, conn: Connection
) -> None:
    old, new, other = three(books)
    decided(conn, new, old, "separate")
    decided(conn, new, other, "separate")
    assert events(books, old) == []
    decided(conn, new, old)
    assert decisions(books, new) == [
        (new, 0, old, 1, "supersedes", WHO, NOW),
        (new, 0, other, 1, "separate", WHO, NOW),
    ]
    detail = {"by_file": new, "by_report": report_of(books, new, 0)}
    assert events(books, old) == [("report.superseded", WHO, report_of(books, old, 1), detail)]


def test_the_reverse_of_a_decision_is_void(books: Books, conn: Connection) -> None:
    one, two, three_ = three(books)
    forth, back = Edition(one, 0), Edition(two, 1)
    decide(conn, Decision(back, forth, "supersedes", WHO), NOW)
    for other in (
        Decision(back, Edition(one, 1), "separate", WHO),
        Decision(Edition(two, 0), forth, "separate", WHO),
        Decision(back, Edition(three_, 0), "separate", WHO),
        Decision(Edition(three_, 1), forth, "separate", WHO),
    ):
        decide(conn, other, NOW)
    # Who takes the place of another one is superseded by nobody any more.
    decide(conn, Decision(Edition(three_, 0), forth, "supersedes", WHO), NOW)
    decide(conn, Decision(forth, Edition(three_, 1), "separate", WHO), NOW)
    assert len(decisions(books, one, two, three_)) == 6
    decide(conn, Decision(forth, back, "supersedes", WHO), NOW)
    found = [row[:5] for row in decisions(books, one, two, three_)]
    assert (one, 0, two, 1, "supersedes") in found
    assert (two, 1, one, 0, "supersedes") not in found
    assert len(found) == 5


def test_a_report_knows_its_revision_and_what_it_supersedes(books: Books, conn: Connection) -> None:
    old, new, other = three(books)
    decided(conn, new, old)
    decided(conn, other, old, "separate")
    books.run("update report set revision = 4 where id = %s", report_of(books, old, 1))
    for file_id in (old, other):
        mark(conn, file_id)
        assert [row[1] for row in marks(books, file_id)] == [None, None]
    for _ in range(2):
        mark(conn, new)
        assert marks(books, new) == [(5, report_of(books, old, 1)), (1, None)]


def test_a_revision_never_falls(books: Books, conn: Connection) -> None:
    old, new, _ = three(books)
    books.run("update report set revision = 7 where file_id = %s", new)
    decided(conn, new, old)
    mark(conn, new)
    assert marks(books, new) == [(7, report_of(books, old, 1)), (7, None)]


def test_an_undone_file_supersedes_nothing_any_more(books: Books, conn: Connection) -> None:
    old, new, other = three(books)
    for file_id in (new, other):
        decided(conn, file_id, old)
        mark(conn, file_id)
    release(conn, new)
    assert marks(books, new) == [(1, None), (1, None)]
    assert [row[0] for row in decisions(books, new, other)] == [other]
    assert marks(books, other)[0] == (2, report_of(books, old, 1))


def judged(books: Books, file_id: int, ordinal: int = 1) -> int:
    line_id = books.line(file_id, ordinal=ordinal)
    row = {"line_id": line_id, "verdict": "matched", "rule": "sum.equal", "clean": True}
    books.insert("verdict", row | {"received": 0, "sentence": "Сошлось.", "decided_at": NOW})
    return line_id


def per_report(books: Books, file_id: int, line_id: int, state: str) -> None:
    sync_id = books.posting(file_id, "supply", state=state)
    row = {"line_key": uuid4(), "kind": "supply", "revision": 1}
    books.insert("posting_line", row | {"sync_id": sync_id, "line_id": line_id})


def verdict_of(books: Books, line_id: int) -> tuple[Any, ...]:
    [found] = books.run(
        "select verdict, rule, clean, decided_at > %s from verdict where line_id = %s", NOW, line_id
    )
    return found


GIVEN_UP = ("already_settled", "report.superseded", False, True)
UNTOUCHED = ("matched", "sum.equal", True, False)


def test_rows_without_documents_of_a_superseded_report_are_settled_by_the_new_one(
    books: Books, conn: Connection
) -> None:
    old, new, other = three(books)
    decided(conn, new, old)
    decided(conn, new, other, "separate")
    bare, undone, posted = (judged(books, old) for _ in range(3))
    fees_undone, fees = (judged(books, old) for _ in range(2))
    books.posting(old, line_id=undone, state="reversed")
    books.posting(old, line_id=posted, state="failed")
    per_report(books, old, fees_undone, "reversed")
    per_report(books, old, fees, "posted")
    elsewhere = [judged(books, old, 0), judged(books, other), judged(books, new, 0)]
    [[later]] = books.run("select %s::timestamptz + interval '1 day'", NOW)
    give_up_verdicts(conn, new, later)
    for line_id in (bare, undone, fees_undone):
        assert verdict_of(books, line_id) == GIVEN_UP
    for line_id in (posted, fees, *elsewhere):
        assert verdict_of(books, line_id) == UNTOUCHED
    [[name]] = books.run("select name from file where id = %s", new)
    [[words]] = books.run("select sentence from verdict where line_id = %s", bare)
    assert f"«{name}»" in words


def test_a_plan_that_gives_way_is_withdrawn_and_told_in_the_journal(books: Books) -> None:
    old, *_ = three(books)
    goes, stays, approved = (
        books.posting(old, state=state, moysklad_id=None)
        for state in ("planned", "planned", "approved")
    )
    with connect(books.url) as conn:
        withdraw_planned(conn, [goes, approved], NOW)
    left = books.run("select sync_id::text from posting where file_id = %s", old)
    assert {UUID(row[0]) for row in left} == {stays, approved}
    [(kind, by, _, detail)] = events(books, old)
    assert (kind, by, detail["documents"]) == ("plan.made", "plan", {"paymentin": 1})
    with connect(books.url) as conn:
        withdraw_planned(conn, [stays], NOW)
    assert [row[0] for row in events(books, old)] == ["plan.made", "plan.withdrawn"]


def test_a_question_stands_on_the_page_of_checks_until_it_is_answered(
    books: Books, conn: Connection
) -> None:
    one, other, _ = three(books)
    shown = (
        "select rule, severity, passed, rows_checked, rows_refused, sentence, checked_at "
        "from check_result where file_id = %s order by rule"
    )
    row = {"severity": "warning", "passed": False, "rows_checked": 1, "rows_refused": 1}
    row |= {"file_id": one, "rule": "another", "sentence": "Другое.", "checked_at": NOW}
    books.insert("check_result", row)
    ask(conn, one, "Заменить?", 2, NOW)
    ask(conn, other, "И этот?", 1, NOW)
    [[later]] = books.run("select %s::timestamptz + interval '1 day'", NOW)
    ask(conn, one, "Точно заменить?", 3, later)
    another = ("another", "warning", False, 1, 1, "Другое.", NOW)
    question = ("report.supersedes", "warning", False, 3, 3, "Точно заменить?", later)
    assert books.run(shown, one) == [another, question]
    answered(conn, one)
    assert books.run(shown, one) == [another]
    assert len(books.run(shown, other)) == 1


def test_what_a_correction_began_to_take_back_is_ended_by_the_next_run(
    books: Books, conn: Connection
) -> None:
    old, new, other = three(books)

    def undo(because_of: int | None, finished: object = None) -> int:
        row = {"file_id": old, "because_of": because_of, "asked_by": WHO, "asked_at": NOW}
        return int(books.insert("undo", row | {"finished_at": finished}, "id"))

    first, _, _, _, last = undo(new), undo(new, NOW), undo(other), undo(None), undo(new)
    assert unfinished(conn, new) == [(first, old, WHO), (last, old, WHO)]
