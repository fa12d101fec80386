"""A hundred thousand discrepancies: the page stays small, nothing is held in memory as a whole."""

import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from sverka.database.connection import Connection
from sverka.reporting.collect import SHOWN
from sverka.reporting.daily import Daily
from sverka.reporting.html import as_html
from sverka.reporting.standing import Standing, StandingSums, every
from sverka.reporting.xlsx import write_xlsx
from sverka.texts import Texts
from tests.reporting.conftest import Rendered
from tests.support.rows import a_discrepant_line, a_file, a_report

Read = Callable[..., Daily]
SAY = Texts()
MEGABYTE = 1_000_000


@pytest.fixture
def one(conn: Connection, daily: Read, rendered: Rendered) -> Standing:
    a_discrepant_line(conn, a_report(conn, a_file(conn)), "underpaid", collected=1, expected=101)
    daily()
    return next(rendered.every())


def test_pages_of_the_list_follow_each_other_without_a_gap(
    conn: Connection, daily: Read, rendered: Rendered, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_id = a_report(conn, a_file(conn))
    for number in range(11):
        a_discrepant_line(conn, report_id, "not_shipped", collected=100 * (number // 2))
    daily()
    monkeypatch.setitem(every.__globals__, "BATCH", 3)
    stakes = [one.stake for one in rendered.every()]
    assert len(stakes) == 11
    assert stakes == sorted(stakes, reverse=True)
    assert len({one.id for one in rendered.every()}) == 11


def test_the_page_tells_the_most_money_and_says_where_the_rest_is(
    conn: Connection, daily: Read
) -> None:
    report_id = a_report(conn, a_file(conn))
    for number in range(SHOWN + 40):
        a_discrepant_line(conn, report_id, "not_shipped", collected=1000 + number)
    day = daily()
    page = as_html(day, SAY)
    assert day.stand.count == SHOWN + 40
    assert page.count(b'<li class="question">') == SHOWN
    assert "Ещё 40 — в".encode() in page
    assert len(page) < MEGABYTE


def test_the_workbook_is_written_row_by_row(one: Standing, daily: Read, rendered: Rendered) -> None:
    many = 4000
    sums = [StandingSums("RUB", many, one.stake, one.stake, one.stake, one.stake)]

    def rows() -> Iterator[Standing]:
        for _ in range(many):
            yield one

    day, path = daily(), rendered.folder / "many.xlsx"
    write_xlsx(path, day, (), [], SAY)
    tracemalloc.start()
    try:
        write_xlsx(path, day, rows(), sums, SAY, linked=False)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 6 * MEGABYTE, "4,000 rows of 28 cells kept in memory take more than 20 MB"
    assert path.stat().st_size > 100_000
