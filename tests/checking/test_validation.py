"""What Great Expectations is asked and how its answers are taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from sverka.checking.rules import GENERAL, TOTALS, Rule
from sverka.checking.validation import (
    CheckCrashed,
    Table,
    datasource,
    sqlalchemy_url,
    validate,
)
from sverka.errors import Misconfigured, TryLater

POSITIVE = Rule("positive", "column_values_to_be_between", {"column": "v", "min_value": 1}, "v > 0")


def numbers(
    count: int, query: str = "select g as id, g - 5 as v from generate_series(1, {}) g"
) -> Table:
    return Table("numbers", query.format(count), ("id", "v"), ("id",), count)


def test_every_refused_row_is_named(database_url: str) -> None:
    table = numbers(100, "select g as id, -g as v from generate_series(1, {}) g")
    with datasource(database_url) as source:
        [finding] = validate(source, table, [POSITIVE])

    assert sorted(row["id"] for row in finding.rows) == list(range(1, 101))
    assert (finding.passed, finding.checked) == (False, 100)


def test_values_come_back_as_integers(database_url: str) -> None:
    huge = 9_007_199_254_740_993  # the first integer that a float cannot hold
    table = numbers(1, f"select 1 as id, -{huge}::bigint as v from generate_series(1, {{}})")
    with datasource(database_url) as source:
        [finding] = validate(source, table, [POSITIVE])

    assert finding.rows == ({"id": 1, "v": -huge},)
    assert type(finding.rows[0]["v"]) is int


def test_a_missing_column_is_a_crash_and_no_success(database_url: str) -> None:
    table = numbers(3, "select g as id from generate_series(1, {}) g")
    with datasource(database_url) as source, pytest.raises(CheckCrashed, match="positive"):
        validate(source, table, [POSITIVE])


def test_a_column_nobody_checks_must_still_be_there(database_url: str) -> None:
    table = numbers(3, "select g as id, g as w from generate_series(1, {}) g")
    with datasource(database_url) as source, pytest.raises(CheckCrashed, match="columns"):
        validate(source, table, [])


def test_a_query_that_cannot_run_is_a_crash(database_url: str) -> None:
    with datasource(database_url) as source, pytest.raises(CheckCrashed):
        validate(source, numbers(3, "select nonsense from nowhere"), [POSITIVE])


def test_an_unknown_check_is_a_mistake_of_the_schema(database_url: str) -> None:
    rule = Rule("magic", "column_values_to_be_magic", {"column": "v"}, "")
    with datasource(database_url) as source, pytest.raises(Misconfigured, match="magic"):
        validate(source, numbers(3), [rule])


def test_a_server_that_is_away_is_no_verdict_on_the_file() -> None:
    with pytest.raises(TryLater), datasource("postgresql://nobody@127.0.0.1:1/none"):
        pass


def test_a_server_that_fails_in_the_middle_is_no_verdict_on_the_file(database_url: str) -> None:
    impatient = f"{database_url}&options=-c%20statement_timeout%3D200"
    slow = "select g as id, (g + length(pg_sleep(g - 1)::text))::int as v from generate_series(1, {}) g"
    with datasource(impatient) as source, pytest.raises(TryLater):
        validate(source, numbers(3, slow), [POSITIVE])


def test_an_empty_table_needs_no_database() -> None:
    findings = validate(None, numbers(0), GENERAL)

    assert [finding.rule for finding in findings] == list(GENERAL)
    assert all(finding.passed for finding in findings)


def test_every_general_rule_has_its_own_code_and_sentence() -> None:
    rules = (*GENERAL, *TOTALS)

    assert len(rules) > 10
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
