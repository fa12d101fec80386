"""Lists go on where they stopped, and a look at the database changes nothing."""

from datetime import UTC, datetime

import psycopg2
import pytest

from sverka.pages.reading import column, listed, look, moment_mark, moment_of, pair_of


def test_a_moment_survives_its_mark_to_the_microsecond() -> None:
    moment = datetime(2026, 11, 20, 9, 0, 0, 123457, tzinfo=UTC)
    assert moment_of(moment_mark(moment, 7)) == (moment, 7)


@pytest.mark.parametrize(
    "mark",
    ["", None, "x", "1", "1.", ".1", "1.2.3", "-1.2", "1.-2", "１.2", "1.99999999999999999999",
     "9999999999999999999.1", "1 .2", "1.2;drop table file"],
)  # fmt: skip
def test_a_mark_that_nobody_made_is_the_beginning(mark: str | None) -> None:
    assert pair_of(mark) is None
    assert moment_of(mark) is None


def test_a_moment_beyond_the_calendar_is_the_beginning() -> None:
    assert moment_of("9223372036854775807.1") is None


def test_a_page_has_a_mark_only_when_more_follows() -> None:
    assert listed([1, 2, 3], 2, str).after == "2"
    assert listed([1, 2], 2, str).after is None
    assert listed([], 2, str).after is None


def test_a_look_cannot_change_anything(database_url: str) -> None:
    with (
        pytest.raises(psycopg2.errors.ReadOnlySqlTransaction),
        look(database_url) as conn,
        conn.cursor() as cursor,
    ):
        cursor.execute("delete from file")


def test_a_look_ends_before_its_reader_gives_up(database_url: str) -> None:
    with look(database_url) as conn:
        assert column(conn, "show statement_timeout", {}) == ["1min"]
