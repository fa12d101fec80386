"""The list of files, and everything of a file but its lines."""

from datetime import date, timedelta
from itertools import pairwise

from sverka.database.connection import Connection
from sverka.pages.files import Wanted, file_of_run, file_view, files
from tests.support.rows import NOON, a_file, a_report, a_sighting, insert

ALL = Wanted()


def names(conn: Connection, wanted: Wanted = ALL) -> list[str]:
    return [row.name for row in files(conn, wanted).rows]


def test_the_newest_file_comes_first_page_by_page_and_none_twice(conn: Connection) -> None:
    # Two of the same moment: the id decides.
    for number in range(7):
        a_file(conn, f"{number}.xlsx", received_at=NOON + timedelta(hours=number // 2))
    seen: list[str] = []
    after = None
    for _ in range(4):
        page = files(conn, Wanted(), after, limit=2)
        seen += [row.name for row in page.rows]
        after = page.after
    assert seen == [f"{number}.xlsx" for number in (6, 5, 4, 3, 2, 1, 0)]
    assert after is None


def test_filters_by_state_courier_and_moscow_day(conn: Connection) -> None:
    a_file(conn, "settled", courier="dalli")
    a_file(conn, "asks", state="waiting", courier="dalli")
    # 20 November 23:30 UTC is the 21st in Moscow.
    a_file(conn, "night", courier="cdek", received_at=NOON.replace(hour=23, minute=30))
    assert names(conn, Wanted(state="waiting")) == ["asks"]
    assert names(conn, Wanted(courier="dalli")) == ["asks", "settled"]
    assert names(conn, Wanted(day=date(2026, 11, 21))) == ["night"]
    assert names(conn, Wanted("settled", "dalli", date(2026, 11, 20))) == ["settled"]
    assert names(conn, Wanted(courier="' or true --")) == []


def test_the_pages_of_a_filter_are_pages_of_that_filter(conn: Connection) -> None:
    for number in range(6):
        a_file(conn, str(number), courier=("dalli", "cdek")[number % 2])
    first = files(conn, Wanted(courier="dalli"), limit=2)
    second = files(conn, Wanted(courier="dalli"), first.after, limit=2)
    assert [[row.name for row in page.rows] for page in (first, second)] == [["4", "2"], ["0"]]
    assert all(a.id > b.id for a, b in pairwise([*first.rows, *second.rows]))


def test_a_run_leads_to_its_file(conn: Connection) -> None:
    file_id = a_file(conn, claimed_by="asset__1")
    assert file_of_run(conn, "asset__1") == file_id
    assert file_of_run(conn, "another") is None


def test_an_unknown_file_is_none(conn: Connection) -> None:
    assert file_view(conn, 1) is None


def test_a_file_tells_its_reports_and_how_often_it_was_dropped(conn: Connection) -> None:
    file_id = a_file(conn)
    a_sighting(conn, file_id, name="again.xlsx")
    a_report(conn, file_id, "dalli", report_no="55")
    view = file_view(conn, file_id)
    assert view is not None
    assert [one.report_no for one in view.reports] == ["55"]
    assert view.dropped == 2


def test_a_corrected_report_and_the_old_one_name_each_other(conn: Connection) -> None:
    old, new = a_file(conn, "old"), a_file(conn, "new")
    insert(
        conn, "supersession", file_id=new, ordinal=0, old_file_id=old, old_ordinal=0,
        verdict="supersedes", decided_by="policy", decided_at=NOON,
    )  # fmt: skip
    insert(conn, "undo", file_id=old, because_of=new, asked_by="policy", asked_at=NOON)
    for file_id, other, newer in ((old, "new", True), (new, "old", False)):
        view = file_view(conn, file_id)
        assert view is not None
        assert [(one.name, one.newer) for one in view.relations] == [(other, newer)]
    view = file_view(conn, old)
    assert view is not None
    assert [(one.because_of_name, one.finished_at) for one in view.undone] == [("new", None)]
