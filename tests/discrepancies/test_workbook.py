"""Decisions written into the daily report's workbook and dropped into the inbox."""

from collections.abc import Callable
from typing import Any

import pytest

from sverka.discrepancies import Action, Discrepancy, State
from sverka.discrepancies.door import Taken, take
from sverka.discrepancies.keys import decode, encode
from sverka.discrepancies.workbook import Said, Unclear, columns, holds_decisions, read_decisions
from sverka.reading import read
from sverka.texts import Language, Texts
from tests.discrepancies.books import book, rows_of
from tests.discrepancies.facts import Facts
from tests.support import containers

SAY = Texts()
LOSS, EXPLAINED, RESOLVED = "принять убыток", "объяснено", "решено"


@pytest.fixture
def three(facts: Facts) -> tuple[Discrepancy, ...]:
    for key, received in (("1", 70_000), ("2", 80_000), ("3", 90_000)):
        facts.line(key=key, received=received)
    facts.refresh()
    return facts.all()


def taken(facts: Facts, data: bytes, name: str = "решения.xlsx") -> Taken:
    facts.clock.advance(seconds=60)
    file_id = facts.file(name, state="processing")
    return take(facts.conn, file_id, name, read(data, name), facts.clock())


def reasons(facts: Facts) -> list[tuple[Any, ...]]:
    return facts.run("select sheet, line_no, column_name, value, rule from rejected order by id")


def test_the_key_names_the_discrepancy_and_what_was_seen(three: tuple[Discrepancy, ...]) -> None:
    key = decode(f" {encode(three[0])} ")
    assert key is not None
    assert (key.id, key.seen) == (three[0].id, three[0].updated)
    assert key.is_of(three[0].mark)
    assert not key.is_of(three[1].mark)


@pytest.mark.parametrize("text", [None, "", "D1", "D0.1.000000000000", "D1.1.00000000000g", "=D1"])
def test_anything_else_is_no_key(text: str | None) -> None:
    assert decode(text) is None


@pytest.mark.parametrize("language", list(Language))
def test_it_is_known_by_its_three_columns(language: Language) -> None:
    assert holds_decisions(read(book([], language=language), "x.xlsx"))


def test_a_report_of_a_courier_with_a_column_of_decisions_is_none() -> None:
    data = containers.ods(
        '<table:table table:name="Лист">'
        + containers.ods_rows([["Заказ", "Решение", "Комментарий"], ["1", "решено", ""]])
        + "</table:table>"
    )
    assert not holds_decisions(read(data, "x.ods"))


def test_every_decision_is_applied_in_the_name_of_the_file(
    facts: Facts, three: tuple[Discrepancy, ...]
) -> None:
    first, second, third = three
    said = {
        first.id: (LOSS, None),
        second.id: ("  Объяснено. ", "Ждём акт"),
        third.id: (RESOLVED, None),
    }
    assert taken(facts, book(rows_of(three, said))) == Taken(applied=3, same=0, refused=0)
    found = {one.id: one for one in facts.all()}
    assert found[first.id].accepted_amount == 30_000
    assert (found[second.id].state, found[second.id].comment) == (State.EXPLAINED, "Ждём акт")
    assert found[third.id].resolved_by == "person"
    assert {one.decided_by for one in found.values()} == {"из файла «решения.xlsx»"}


def test_rows_without_a_decision_say_nothing(facts: Facts, three: tuple[Discrepancy, ...]) -> None:
    assert taken(facts, book(rows_of(three, {}))) == Taken(0, 0, 0)
    assert reasons(facts) == []


def test_the_same_decisions_saved_anew_change_nothing(
    facts: Facts, three: tuple[Discrepancy, ...]
) -> None:
    rows = rows_of(three, {three[0].id: (LOSS, "Мелочь"), three[1].id: (EXPLAINED, "Ждём")})
    taken(facts, book(rows))
    before = facts.all()
    assert taken(facts, book(rows), "копия.xlsx") == Taken(applied=0, same=2, refused=0)
    assert facts.all() == before


def test_a_repeated_step_tells_what_came_of_it_the_first_time(
    facts: Facts, three: tuple[Discrepancy, ...]
) -> None:
    raw = read(book(rows_of(three, {three[0].id: (LOSS, None)})), "x.xlsx")
    file_id = facts.file("x.xlsx")
    first = take(facts.conn, file_id, "x.xlsx", raw, facts.clock())
    assert take(facts.conn, file_id, "x.xlsx", raw, facts.clock()) == first == Taken(1, 0, 0)
    assert facts.run("select count(*) from report where file_id = %s", file_id) == [(1,)]


def test_what_changed_meanwhile_is_refused_with_its_row(
    facts: Facts, three: tuple[Discrepancy, ...]
) -> None:
    rows = rows_of(three, {one.id: (RESOLVED, None) for one in three})
    line_id = three[0].line_id
    assert line_id is not None
    facts.judge(line_id, "underpaid", received=1)
    facts.refresh()
    assert taken(facts, book(rows)) == Taken(applied=2, same=0, refused=1)
    assert reasons(facts) == [("Расхождения", 3, "Решение", None, "decision.stale")]
    assert facts.all()[0].state is State.OPEN


def test_a_word_that_is_no_decision_is_named(facts: Facts, three: tuple[Discrepancy, ...]) -> None:
    rows = rows_of(three, {three[1].id: ("=1+1", None), three[2].id: ("решенно", "да")})
    assert taken(facts, book(rows)).applied == 0
    assert [row[1:] for row in reasons(facts)] == [
        (4, "Решение", "=1+1", "decision.unknown"),
        (5, "Решение", "решенно", "decision.unknown"),
    ]


def test_a_comment_alone_asks_for_a_decision(facts: Facts, three: tuple[Discrepancy, ...]) -> None:
    assert taken(facts, book(rows_of(three, {three[0].id: (None, "Разберёмся")}))).refused == 1
    assert [row[4] for row in reasons(facts)] == ["decision.none"]


def test_two_different_decisions_about_one_are_both_refused(
    facts: Facts, three: tuple[Discrepancy, ...]
) -> None:
    rows = rows_of(three, {three[0].id: (RESOLVED, None)})
    rows += rows_of(three[:1], {three[0].id: (LOSS, None)})
    assert taken(facts, book(rows)) == Taken(applied=0, same=0, refused=2)


def test_a_row_copied_twice_is_one_decision(facts: Facts, three: tuple[Discrepancy, ...]) -> None:
    rows = rows_of(three, {three[0].id: (RESOLVED, None)})
    assert taken(facts, book([*rows, rows[0]])).applied == 1


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        (None, "decision.key"),
        ("D1.1", "decision.key"),
        ("D1.1.000000000000", "decision.missing"),
        ("D999.1.000000000000", "decision.missing"),
    ],
)
def test_a_key_that_sverka_did_not_write_decides_nothing(
    facts: Facts, three: tuple[Discrepancy, ...], key: str | None, rule: str
) -> None:
    assert taken(facts, book([("gorod", 1, LOSS, None, key)])) == Taken(0, 0, 1)
    assert [row[4] for row in reasons(facts)] == [rule]
    assert {one.state for one in facts.all()} == {State.OPEN}


def merge(sheet: Any) -> None:
    sheet["C4"] = sheet["C5"] = None
    sheet.merge_cells("C3:C5")


def sort(sheet: Any) -> None:
    first, last = ([cell.value for cell in sheet[row]] for row in (3, 5))
    for row, values in ((3, last), (5, first)):
        for cell, value in zip(sheet[row], values, strict=True):
            cell.value = value


def hide(sheet: Any) -> None:
    sheet.auto_filter.ref = "A2:E5"
    for row in (3, 4):
        sheet.row_dimensions[row].hidden = True


def add_notes(sheet: Any) -> None:
    sheet.insert_rows(4)
    sheet["A4"] = "обсудить с курьером"
    sheet["D20"] = "позвонить"


@pytest.mark.parametrize("change", [merge, sort, hide, add_notes])
def test_what_people_do_to_a_table_loses_no_decision(
    facts: Facts, three: tuple[Discrepancy, ...], change: Callable[[Any], None]
) -> None:
    rows = rows_of(three, {one.id: (RESOLVED, None) for one in three})
    assert taken(facts, book(rows, change=change)) == Taken(applied=3, same=0, refused=0)


def test_a_calculated_decision_counts_as_what_it_shows(
    facts: Facts, three: tuple[Discrepancy, ...]
) -> None:
    told = columns(SAY)
    shown = f'<table:table-cell table:formula="of:=[.Z1]" office:value-type="string"><text:p>{LOSS}</text:p></table:table-cell>'
    heading = containers.ods_rows([[told.decision, told.comment, told.key]])
    row = (
        f"<table:table-row>{shown}<table:table-cell/><table:table-cell office:value-type='string'>"
        f"<text:p>{encode(three[0])}</text:p></table:table-cell></table:table-row>"
    )
    data = containers.ods(f'<table:table table:name="Лист1">{heading}{row}</table:table>')
    assert taken(facts, data, "из LibreOffice.ods").applied == 1


def test_only_rows_in_which_somebody_wrote_are_read(three: tuple[Discrepancy, ...]) -> None:
    rows = rows_of(three, {three[0].id: (LOSS, "да"), three[1].id: ("никогда", None)})
    [said, unclear] = read_decisions(read(book(rows), "x.xlsx"), SAY)
    assert isinstance(said, Said)
    assert (said.action, said.comment, said.place.line_no) == (Action.ACCEPT_LOSS, "да", 3)
    assert isinstance(unclear, Unclear)
    assert "«никогда»" in unclear.reason
