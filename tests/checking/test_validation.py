"""What Great Expectations is asked and how its answers are taken."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from sverka.checking.rules import CURRENCY_CODE, MONEY, NO_MONEY_MOVED, PLACE, REPORTS, Rule
from sverka.checking.validation import (
    CheckCrashed,
    Table,
    datasource,
    judge,
    refused,
    sampled,
    sqlalchemy_url,
)
from sverka.errors import Misconfigured, TryLater

POSITIVE = Rule("positive", "column_values_to_be_between", {"column": "v", "min_value": 1}, "v > 0")


def numbers(
    count: int, query: str = "select g as id, g - 5 as v from generate_series(1, {}) g"
) -> Table:
    return Table("numbers", query.format(count), ("id", "v"), ("id",), count)


def test_one_pass_tells_which_rules_fail(database_url: str) -> None:
    small = Rule("small", "column_values_to_be_between", {"column": "v", "max_value": 99}, "v < 99")
    with datasource(database_url) as source:
        answers = judge(source, numbers(100), [POSITIVE, small])

    assert [(answer.rule, answer.passed, answer.by_row) for answer in answers] == [
        (POSITIVE, False, True),
        (small, True, True),
    ]


def test_a_check_of_the_whole_table_tells_what_it_found(database_url: str) -> None:
    few = Rule("few", "table_row_count_to_be_between", {"max_value": 9}, "мало строк")
    with datasource(database_url) as source:
        [answer] = judge(source, numbers(100), [few])

    assert (answer.passed, answer.by_row, answer.observed) == (False, False, 100)


def test_every_refused_row_is_named(database_url: str) -> None:
    """Great Expectations on SQL names only 20 refused rows unless told otherwise."""
    table = numbers(300, "select g as id, -g as v from generate_series(1, {}) g")
    with datasource(database_url) as source:
        named = refused(source, table, [POSITIVE])

    assert sorted(row["id"] for row in named["positive"]) == list(range(1, 301))


def test_a_sample_counts_all_and_names_a_few(database_url: str) -> None:
    table = numbers(300, "select g as id, -g as v from generate_series(1, {}) g")
    with datasource(database_url) as source:
        count, rows = sampled(source, table, [POSITIVE], 20)["positive"]

    assert (count, len(rows)) == (300, 20)


def test_values_come_back_as_integers(database_url: str) -> None:
    huge = 9_007_199_254_740_993  # the first integer that a float cannot hold
    table = numbers(1, f"select 1 as id, -{huge}::bigint as v from generate_series(1, {{}})")
    with datasource(database_url) as source:
        [row] = refused(source, table, [POSITIVE])["positive"]

    assert row == {"id": 1, "v": -huge}
    assert type(row["v"]) is int


def test_rows_are_not_taken_home_to_see_the_columns(database_url: str) -> None:
    """Great Expectations runs a custom query whole for that; the rows must stay where they are."""
    from sqlalchemy import event

    taken: list[int] = []
    with datasource(database_url) as source:
        event.listen(
            source.get_execution_engine().engine,
            "after_cursor_execute",
            lambda _conn, cursor, *_: taken.append(cursor.rowcount),
        )
        judge(source, numbers(1000), [POSITIVE])

    assert taken
    assert max(taken) <= 1


def test_a_missing_column_is_a_crash_and_no_success(database_url: str) -> None:
    table = numbers(3, "select g as id from generate_series(1, {}) g")
    with datasource(database_url) as source, pytest.raises(CheckCrashed, match="positive"):
        judge(source, table, [POSITIVE])


def test_a_column_nobody_checks_must_still_be_there(database_url: str) -> None:
    table = numbers(3, "select g as id, g as w from generate_series(1, {}) g")
    with datasource(database_url) as source, pytest.raises(CheckCrashed, match="columns"):
        judge(source, table, [])


def test_a_query_that_cannot_run_is_a_crash(database_url: str) -> None:
    with datasource(database_url) as source, pytest.raises(CheckCrashed):
        judge(source, numbers(3, "select nonsense from nowhere"), [POSITIVE])


@pytest.mark.parametrize(
    ("expect", "kwargs", "named"),
    [
        ("column_values_to_be_magic", {"column": "v"}, ["column_values_to_be_magic"]),
        ("column_values_to_be_betwen", {"column": "v"}, ["column_values_to_be_between"]),
        ("column_values_to_be_between", {"column": "v", "minvalue": 1}, ["minvalue"]),
        ("column_values_to_be_between", {}, ["column"]),
    ],
)
def test_a_misspelt_check_is_told_with_the_rule_and_what_is_close(
    database_url: str, expect: str, kwargs: dict[str, Any], named: list[str]
) -> None:
    rule = Rule("plain.magic", expect, kwargs, "")
    with datasource(database_url) as source, pytest.raises(Misconfigured) as mistake:
        judge(source, numbers(3), [rule])
    assert [word for word in ("plain.magic", *named) if word not in str(mistake.value)] == []


def test_a_server_that_is_away_is_no_verdict_on_the_file() -> None:
    with pytest.raises(TryLater), datasource("postgresql://nobody@127.0.0.1:1/none"):
        pass


def test_a_server_that_fails_in_the_middle_is_no_verdict_on_the_file(database_url: str) -> None:
    impatient = f"{database_url}&options=-c%20statement_timeout%3D200"
    slow = "select g as id, (g + length(pg_sleep(g - 1)::text))::int as v from generate_series(1, {}) g"
    with datasource(impatient) as source, pytest.raises(TryLater):
        judge(source, numbers(3, slow), [POSITIVE])


def test_an_empty_table_needs_no_database() -> None:
    answers = judge(None, numbers(0), MONEY)

    assert [answer.rule for answer in answers] == list(MONEY)
    assert all(answer.passed for answer in answers)


def test_every_general_rule_has_its_own_code_and_sentence() -> None:
    rules = (CURRENCY_CODE, *PLACE, *MONEY, NO_MONEY_MOVED, *REPORTS)

    assert len({rule.code for rule in rules}) == len(rules)
    assert all(rule.sentence for rule in rules)


SAFE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)


@given(password=SAFE, user=SAFE)
def test_any_password_survives_the_spelling_of_sqlalchemy(password: str, user: str) -> None:
    """A bare `$` would be taken for one of Great Expectations' own variables."""
    escaped = password.replace("\\", "\\\\").replace("'", "\\'")
    name = user.replace("\\", "\\\\").replace("'", "\\'")
    spelt = sqlalchemy_url(f"host=db port=5433 dbname=sverka user='{name}' password='{escaped}'")
    url = make_url(spelt)

    assert (url.username, url.password, url.database) == (user, password, "sverka")
    assert (url.query["host"], url.query["port"]) == ("db", "5433")
    assert "$" not in spelt
