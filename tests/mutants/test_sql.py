"""Every condition, comparison, constant and default of an SQL text is spoiled, one at a time."""

from pathlib import Path

import pytest

from mutants.sql import looks_like_sql, spoiled
from sverka.settings import INCLUDE

STATEMENTS = [
    path
    for room in ("reconciling", "posting")
    for path in sorted((INCLUDE / "sverka" / room / "sql").glob("*.sql"))
]


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("where a < b", ["where a <= b", "where true"]),
        (
            "where a and not b",
            ["where a or not b", "where a and  b", "where true and not b", "where a and true"],
        ),
        ("where a or b", ["where a and b", "where false or b", "where a or false"]),
        ("where a is null", ["where a is not null", "where true"]),
        ("where a is not null", ["where a is  null", "where true"]),
        ("where a between b and c", ["where true"]),
        (
            "case when a then b else c end",
            ["case when false then b else c end", "case when a then b else null end"],
        ),
        (
            "where a = any(%s) and b",
            [
                "where a <> any(%s) and b",
                "where a = all(%s) and b",
                "where a = any(%s) or b",
                "where true and b",
                "where a = any(%s) and true",
            ],
        ),
        (
            "(where a in (b) and f(c))",
            [
                "(where a in (b) or f(c))",
                "(where true and f(c))",
                "(where a in (b) and true)",
            ],
        ),
        ("coalesce(a, 0)", ["coalesce(a, 1)", "coalesce(a)"]),
        ("min(a) - 2", ["max(a) - 2", "min(a) + 2", "min(a) - 3", "min(a) - 1"]),
        ("from a left join b", ["from a  join b"]),
        ("from a full join b", ["from a left join b"]),
        ("order by a, b", ["order by a desc, b"]),
        ("order by a desc", ["order by a "]),
        ("select distinct a", ["select  a"]),
        ("a union b", ["a union all b"]),
        ("a union all b", ["a union b"]),
        ("state in ('planned', '')", ["state in ('', '')", "state in ('planned', 'another')"]),
        ("set a = b where true", ["set a = b where false"]),
    ],
)
def test_one_thing_at_a_time(text: str, versions: list[str]) -> None:
    assert sorted(spoiled(text)) == sorted(versions)


@pytest.mark.parametrize(
    "text",
    [
        "create temp table a on commit drop as select b -- and not c = 1",
        "create unique index on a (b)",
        "select a from b group by 1",
        "(array_agg(a))[1]",
        "a text not null",
        "with a as not materialized (select b)",
    ],
)
def test_what_is_no_condition_is_left_alone(text: str) -> None:
    assert list(spoiled(text)) == []


def test_placeholders_and_comments_survive_every_change() -> None:
    text = "select a -- why it's so\n  from b where c = %(file_id)s and d = 'it''s'"
    for version in spoiled(text):
        assert "-- why it's so\n" in version
        assert "%(file_id)s" in version or "true" in version


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: path.name)
def test_the_statements_of_this_repository_give_many_versions(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    versions = list(spoiled(text))
    assert len(versions) > 5
    assert text not in versions
    assert len(set(versions)) == len(versions)


def test_a_statement_is_told_from_a_text() -> None:
    assert looks_like_sql("select 1 from line")
    assert looks_like_sql("\n  update posting set state = %s")
    assert not looks_like_sql("selected by a person")
    assert not looks_like_sql("paymentin")
