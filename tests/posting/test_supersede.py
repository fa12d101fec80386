"""A corrected report: only the difference goes and is booked anew, to the kopeck."""

import pytest

from sverka import settling
from sverka.posting.plan import plan
from sverka.posting.supersede import preview, separate, supersede
from sverka.posting.supersede_found import Unclear
from sverka.posting.undo import undo
from tests.posting.conftest import Desk
from tests.posting.corrected import (
    LATER,
    Correct,
    all_else,
    came_back,
    documents,
    edition,
    expected,
    less_fee,
    removed,
    reordered,
    rows_of,
    run,
    superseded,
)
from tests.posting.undone import WHO, balance

CORRECTIONS = pytest.mark.parametrize("correct", [less_fee, removed, came_back, all_else])


def test_by_default_a_person_is_asked_and_nothing_is_booked(desk: Desk) -> None:
    rows = rows_of(desk)
    old = edition(desk, "dalli", rows)
    run(desk, old)
    before = balance(desk)
    new = edition(desk, "dalli", less_fee(rows))
    held = run(desk, new)["plan"]["held"]
    assert "изменено 1, убрано 0, новых строк 0" in held
    assert "report-1.xlsx" in held
    assert balance(desk) == before == expected(rows)
    assert desk.books.run("select count(*) from posting where file_id = %s", new) == [(0,)]
    shown = desk.books.run(
        "select sentence from check_result where file_id = %s and not passed", new
    )
    assert shown == [(held,)]


@CORRECTIONS
def test_after_posting_the_balance_is_the_corrected_file(desk: Desk, correct: Correct) -> None:
    rows = rows_of(desk)
    old = edition(desk, "dalli", rows)
    run(desk, old)
    kept = {row.order.name: documents(desk, row.order) for row in rows}
    better = correct(rows)
    new = edition(desk, "dalli", better)
    run(desk, new)
    result = superseded(desk, new)
    assert result.sent is not None
    assert balance(desk) == expected(better)
    for row in rows:
        same = row in better
        assert (documents(desk, row.order) == kept[row.order.name]) is same, row.order.name
    # Nothing is left to do for either file.
    run(desk, old)
    run(desk, new)
    assert balance(desk) == expected(better)
    assert desk.books.run("select 1 from check_result where not passed") == []


@CORRECTIONS
@pytest.mark.parametrize("approved", [False, True])
def test_before_sending_the_old_report_gives_way(
    desk: Desk, correct: Correct, approved: bool
) -> None:
    rows = rows_of(desk)
    old = edition(desk, "dalli", rows)
    settling.plan(desk.services, old)
    if approved:
        settling.approve(desk.services, old)
    better = correct(rows)
    new = edition(desk, "dalli", better)
    assert "held" in run(desk, new)["plan"]
    superseded(desk, new)
    run(desk, old)
    assert balance(desk) == expected(better)
    assert desk.in_moysklad(old) == {}


@CORRECTIONS
def test_where_the_terms_say_so_nobody_is_asked(desk: Desk, correct: Correct) -> None:
    desk.terms("dalli", supersede="auto")
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows))
    better = correct(rows)
    new = edition(desk, "dalli", better)
    assert "held" not in run(desk, new)["plan"]
    assert balance(desk) == expected(better)
    decided = desk.books.run("select decided_by, verdict from supersession")
    assert decided == [("policy", "supersedes")]


def test_a_report_of_another_day_is_asked_about_even_then(desk: Desk) -> None:
    desk.terms("dalli", supersede="auto")
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows))
    new = edition(desk, "dalli", less_fee(rows), report_date=LATER)
    assert "точно этого не видно" in run(desk, new)["plan"]["held"]
    superseded(desk, new)
    assert balance(desk) == expected(less_fee(rows))


def test_a_number_of_last_year_is_another_report(desk: Desk) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows[:2], report_date=LATER.replace(year=2025)))
    new = edition(desk, "dalli", less_fee(rows))
    assert "held" not in run(desk, new)["plan"]


@pytest.mark.parametrize(
    "head", [{"report_no": "56"}, {"report_no": None}, {"purpose": "statuses"}]
)
def test_another_number_or_purpose_is_no_correction(desk: Desk, head: dict[str, object]) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows))
    new = edition(desk, "dalli", less_fee(rows), **head)
    assert preview(desk.services, new).reports == ()


def test_a_report_without_common_rows_is_no_correction(desk: Desk) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows[:2]))
    new = edition(desk, "dalli", rows[2:])
    assert "held" not in run(desk, new)["plan"]
    assert balance(desk) == expected(rows)


def test_the_same_rows_in_another_order_are_no_correction(desk: Desk) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows))
    new = edition(desk, "dalli", reordered(rows))
    assert run(desk, new)["plan"]["documents"] == {}
    assert desk.books.run("select 1 from supersession") == []
    assert balance(desk) == expected(rows)


def test_a_report_that_only_adds_rows_asks_nobody(desk: Desk) -> None:
    rows = rows_of(desk)
    old = edition(desk, "dalli", rows[:2])
    run(desk, old)
    new = edition(desk, "dalli", rows)
    assert "held" not in run(desk, new)["plan"]
    assert balance(desk) == expected(rows)
    assert desk.books.run("select revision, supersedes is not null from report order by id") == [
        (1, False),
        (2, True),
    ]


def test_the_reports_know_their_revisions(desk: Desk) -> None:
    rows = rows_of(desk)
    files = [edition(desk, "dalli", rows)]
    run(desk, files[0])
    for fee in (7_000, 8_000):
        files.append(edition(desk, "dalli", [rows[0].but(fee=fee), *rows[1:]]))
        superseded(desk, files[-1])
    found = desk.books.run(
        "select r.revision, o.file_id from report r left join report o on o.id = r.supersedes "
        "order by r.file_id"
    )
    assert found == [(1, None), (2, files[0]), (3, files[1])]


def test_corrected_twice_and_back_to_the_first(desk: Desk) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows))
    for better in (less_fee(rows), all_else(removed(rows)), rows):
        superseded(desk, edition(desk, "dalli", better))
        assert balance(desk) == expected(better)
    for row in rows:
        assert desk.state_of("customerorder", row.order.id) == "Выполнен"


def test_the_first_file_itself_can_take_its_place_again(desk: Desk) -> None:
    rows = rows_of(desk)
    first = edition(desk, "dalli", rows)
    run(desk, first)
    second = edition(desk, "dalli", less_fee(rows))
    superseded(desk, second)
    supersede(desk.services, first, WHO, of=second)
    assert balance(desk) == expected(rows)
    run(desk, second)
    run(desk, first)
    assert balance(desk) == expected(rows)


def test_the_first_file_can_take_the_place_of_the_last_of_several(desk: Desk) -> None:
    rows = rows_of(desk)
    first = edition(desk, "dalli", rows)
    run(desk, first)
    files = [edition(desk, "dalli", better) for better in (less_fee(rows), all_else(rows))]
    for file_id in files:
        superseded(desk, file_id)
    supersede(desk.services, first, WHO, of=files[-1])
    assert balance(desk) == expected(rows)
    for file_id in (*files, first):
        run(desk, file_id)
    assert balance(desk) == expected(rows)


def test_undoing_the_corrected_report_gives_the_old_one_its_rows_back(desk: Desk) -> None:
    rows = rows_of(desk)
    old = edition(desk, "dalli", rows)
    run(desk, old)
    new = edition(desk, "dalli", less_fee(rows))
    superseded(desk, new)
    undo(desk.services, new, WHO)
    assert balance(desk) == expected(rows[1:])
    run(desk, old)
    assert balance(desk) == expected(rows)
    assert desk.books.run("select supersedes, revision from report where file_id = %s", new) == [
        (None, 1)
    ]


def test_undoing_both_leaves_nothing(desk: Desk) -> None:
    rows = rows_of(desk)
    old = edition(desk, "dalli", rows)
    run(desk, old)
    new = edition(desk, "dalli", less_fee(rows))
    superseded(desk, new)
    undo(desk.services, old, WHO)
    undo(desk.services, new, WHO)
    assert balance(desk) == {}


def test_a_corrected_row_in_doubt_leaves_its_order_open(desk: Desk) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows))
    short = [rows[0].but(collected=rows[0].order.sum - 100), *rows[1:]]
    new = edition(desk, "dalli", short)
    superseded(desk, new)
    assert balance(desk) == expected(rows[1:])
    assert desk.state_of("customerorder", rows[0].order.id) == "Отгружен"
    verdicts = desk.books.run(
        "select v.verdict from verdict v join line l on l.id = v.line_id "
        "join report r on r.id = l.report_id where r.file_id = %s order by l.line_no",
        new,
    )
    assert verdicts == [("underpaid",), ("already_settled",), ("already_settled",)]


def test_rows_of_the_old_report_say_who_speaks_for_them(desk: Desk) -> None:
    rows = rows_of(desk)
    old = edition(desk, "dalli", rows)
    run(desk, old)
    superseded(desk, edition(desk, "dalli", removed(less_fee(rows))))
    found = desk.books.run(
        "select v.verdict, v.rule, v.clean from verdict v join line l on l.id = v.line_id "
        "join report r on r.id = l.report_id where r.file_id = %s order by l.line_no",
        old,
    )
    assert found[0] == ("already_settled", "report.superseded", False)
    assert {verdict for verdict, _, _ in found[1:]} == {"matched"}


def test_a_preview_changes_nothing(desk: Desk) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows))
    new = edition(desk, "dalli", less_fee(rows))
    before = desk.books.run("select * from posting order by sync_id")
    text = preview(desk.services, new).text
    assert "Будет отменено: входящие платежи, 1" in text
    assert desk.books.run("select * from posting order by sync_id") == before
    assert desk.books.run("select 1 from supersession") == []
    assert balance(desk) == expected(rows)


def test_a_person_may_say_that_they_are_two_reports(desk: Desk) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows[:2]))
    new = edition(desk, "dalli", [rows[0].but(fee=7_000), rows[2]])
    assert "held" in run(desk, new)["plan"]
    separate(desk.services, new, WHO)
    assert balance(desk) == expected(rows)
    assert "held" not in run(desk, new)["plan"]


def test_reports_that_cannot_be_paired_are_refused(desk: Desk) -> None:
    rows = rows_of(desk)
    old = desk.books.file("dalli", reports=2, report_no=None)
    new = edition(desk, "dalli", rows, report_no=None)
    with pytest.raises(Unclear):
        supersede(desk.services, new, WHO, of=old)


def test_reports_without_a_number_can_be_named_by_a_person(desk: Desk) -> None:
    rows = rows_of(desk)
    old = edition(desk, "dalli", rows, report_no=None)
    run(desk, old)
    better = less_fee(rows)
    new = edition(desk, "dalli", better, report_no=None)
    assert "held" not in run(desk, new)["plan"]
    supersede(desk.services, new, WHO, of=old)
    assert balance(desk) == expected(better)


def test_planning_alone_never_takes_anything_back(desk: Desk) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows))
    new = edition(desk, "dalli", less_fee(rows))
    plan(desk.services, new)
    assert balance(desk) == expected(rows)
