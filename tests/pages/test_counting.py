"""What was counted of a file holds until its documents or verdicts change, whoever changes them."""

from datetime import timedelta
from pathlib import Path

import pytest

from sverka import settling
from sverka.database.connection import Connection, connect
from sverka.pages.counting import count, is_counted
from sverka.pages.funnel import file_funnel
from sverka.services import services_from
from sverka.settings import Settings
from tests.conftest import FrozenClock
from tests.support.rows import NOON, a_file, a_line, a_matched_line, a_posting, a_report, a_verdict

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def file_id(conn: Connection) -> int:
    """A file with a matched line and its payment, counted after its end."""
    file_id = a_file(conn)
    a_matched_line(conn, a_report(conn, file_id))
    count(conn, file_id, LATER)
    return file_id


def change(conn: Connection, statement: str) -> None:
    with conn.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount > 0


def steps(conn: Connection, file_id: int) -> dict[str, int]:
    [one] = file_funnel(conn, file_id).currencies
    return {step: sums.lines for step, sums in one.steps.items()}


def test_a_file_is_counted_until_something_changes(conn: Connection, file_id: int) -> None:
    assert is_counted(conn, file_id)
    assert not is_counted(conn, a_file(conn))
    assert file_funnel(conn, file_id).counted_at == LATER


@pytest.mark.parametrize(
    "statement",
    [
        "update posting set state = 'reversed'",
        "update verdict set verdict = 'already_settled', clean = false",
        "update file set finished_at = finished_at + interval '1 day'",
    ],
)
def test_a_correction_an_undo_and_a_new_run_are_noticed(
    conn: Connection, file_id: int, statement: str
) -> None:
    change(conn, statement)
    assert not is_counted(conn, file_id)


def test_a_new_document_is_noticed_and_another_files_is_not(conn: Connection, file_id: int) -> None:
    report = a_report(conn, a_file(conn))
    line = a_line(conn, report)
    a_verdict(conn, line)
    a_posting(conn, report, line)
    change(conn, f"update posting set error = 'x' where line_id = {line}")
    assert is_counted(conn, file_id)
    change(conn, f"update posting set file_id = {file_id} where line_id = {line}")
    assert not is_counted(conn, file_id)


def test_counting_again_tells_the_new_state_once(conn: Connection, file_id: int) -> None:
    assert steps(conn, file_id) == {"posted": 1}
    change(conn, "update posting set state = 'reversed'")
    count(conn, file_id, LATER)
    assert steps(conn, file_id) == {"waiting": 1}
    assert is_counted(conn, file_id)


def test_a_file_in_work_shows_what_was_counted_last(conn: Connection, file_id: int) -> None:
    change(conn, "update posting set state = 'sending'")
    change(conn, "update file set state = 'processing', finished_at = null")
    assert is_counted(conn, file_id)
    assert steps(conn, file_id) == {"posted": 1}


def test_a_change_that_is_committed_while_it_is_counted_is_not_lost(
    conn: Connection, file_id: int, database_url: str
) -> None:
    conn.commit()
    with connect(database_url) as other:
        change(other, "update posting set state = 'reversed'")
        count(conn, file_id, LATER)
        conn.commit()
        assert is_counted(conn, file_id)
    conn.commit()
    assert not is_counted(conn, file_id)


def test_every_end_of_a_run_counts_the_file(
    conn: Connection, file_id: int, database_url: str, tmp_path: Path, clock: FrozenClock
) -> None:
    change(conn, "update posting set state = 'reversed'")
    conn.commit()
    clock.advance(seconds=3600)
    services = services_from(Settings(database_url, str(tmp_path), {}, (), None), clock)
    settling.publish(services, file_id)
    assert is_counted(conn, file_id)
    assert steps(conn, file_id) == {"waiting": 1}
    assert file_funnel(conn, file_id).counted_at == clock()
