"""`sverka undo` and `sverka supersede`: what a person at a terminal says and gets."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from sverka.commands import undo
from sverka.posting.undoing_files import NoSuchFile
from tests.posting.conftest import Desk, desk, sandbox, shop
from tests.posting.corrected import edition, expected, rows_of, run
from tests.posting.undone import balance, booked, call, moysklad_id

__all__ = ["desk", "sandbox", "shop"]

Sverka = Callable[..., int]


@pytest.fixture
def sverka(desk: Desk) -> Sverka:
    parser = argparse.ArgumentParser()
    undo.add_parser(parser.add_subparsers(required=True), lambda: desk.services)

    def command(*arguments: object) -> int:
        parsed = parser.parse_args([str(one) for one in arguments])
        code: int = parsed.run(parsed)
        return code

    return command


def test_a_file_is_undone_by_its_number_and_by_whom_is_kept(
    desk: Desk, sverka: Sverka, capsys: pytest.CaptureFixture[str]
) -> None:
    file = booked(desk, 1)
    assert sverka("undo", file.file_id, "--by", "Анна", "--reason", "не тот месяц") == 0
    assert "Отменено: входящие платежи, 1" in capsys.readouterr().out
    assert desk.in_moysklad() == {}
    assert desk.books.run("select asked_by, reason from undo") == [("Анна", "не тот месяц")]


def test_a_dry_run_shows_and_changes_nothing(
    desk: Desk, sverka: Sverka, capsys: pytest.CaptureFixture[str]
) -> None:
    booked(desk, 1)
    before = balance(desk)
    assert sverka("undo", "report-1.xlsx", "--dry-run") == 0
    assert "Будет отменено: входящие платежи, 1" in capsys.readouterr().out
    assert balance(desk) == before
    assert desk.books.run("select state from file") == [("processing",)]


def test_what_stays_gives_an_exit_code_of_its_own(
    desk: Desk, sverka: Sverka, capsys: pytest.CaptureFixture[str]
) -> None:
    file = booked(desk, 1)
    call(desk, "PUT", f"paymentin/{moysklad_id(desk, 'paymentin', file.lines[0])}", {"sum": 1e8})
    assert sverka("undo", file.file_id) == undo.NOT_ALL
    assert "Осталось в МоёмСкладе: 3" in capsys.readouterr().out


def test_a_file_is_known_by_its_bytes(desk: Desk, sverka: Sverka, tmp_path: Path) -> None:
    file = booked(desk, 1)
    # The books name their files by «file N», hashed.
    path = tmp_path / "любое имя.xlsx"
    path.write_bytes(b"file 1")
    assert sverka("undo", path) == 0
    assert desk.in_moysklad(file.file_id) == {}


@pytest.mark.parametrize("said", ["нет такого.xlsx", "77", "99999999999999999999"])
def test_an_unknown_file_is_named(sverka: Sverka, said: str) -> None:
    with pytest.raises(NoSuchFile, match="не принимала"):
        sverka("undo", said)


def test_of_several_files_of_one_name_none_is_chosen(desk: Desk, sverka: Sverka) -> None:
    for _ in range(2):
        desk.books.file("dalli")
    desk.books.run("update file set name = 'реестр.xlsx'")
    with pytest.raises(NoSuchFile, match=r"1 \(принят 20.11.2026\), 2 \(принят 20.11.2026\)"):
        sverka("undo", "реестр.xlsx")


def test_a_corrected_report_is_shown_and_then_takes_its_place(
    desk: Desk, sverka: Sverka, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows))
    better = [rows[0].but(fee=7_000), *rows[1:]]
    new = edition(desk, "dalli", better)
    assert sverka("supersede", new, "--dry-run") == 0
    assert balance(desk) == expected(rows)
    assert sverka("supersede", new, "--by", "Анна") == 0
    assert balance(desk) == expected(better)
    assert "заменяет файл «report-1.xlsx»" in capsys.readouterr().out
    assert desk.books.run("select decided_by from supersession") == [("Анна",)]
    approved = "select distinct approved_by from posting where file_id = %s"
    assert desk.books.run(approved, new) == [("Анна",)]
    assert sverka("supersede", new) == 0
    assert "Исправлять нечего" in capsys.readouterr().out


def test_a_report_of_its_own_is_booked(desk: Desk, sverka: Sverka) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows[:2]))
    new = edition(desk, "dalli", [rows[0].but(fee=1), rows[2]])
    assert "held" in run(desk, new)["plan"]
    assert sverka("supersede", new, "--separate") == 0
    assert balance(desk) == expected(rows)


def test_the_older_file_may_be_named(desk: Desk, sverka: Sverka) -> None:
    rows = rows_of(desk)
    old = edition(desk, "dalli", rows, report_no=None)
    run(desk, old)
    new = edition(desk, "dalli", rows[1:], report_no=None)
    assert sverka("supersede", new, "--of", old) == 0
    assert balance(desk) == expected(rows[1:])
