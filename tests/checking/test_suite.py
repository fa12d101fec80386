"""A courier schema's expectations become rules beside the general ones."""

from pathlib import Path

import pytest

from sverka.checking.rules import GENERAL
from sverka.checking.suite import line_rules
from sverka.checking.validation import Table, datasource, validate
from sverka.checking.views import LINE_COLUMNS, lines_query
from sverka.errors import Misconfigured
from sverka.settings import INCLUDE

SHIPPED = sorted(
    path.stem for path in (INCLUDE / "courier_schemas").glob("*.yaml") if path.stem != "vocabulary"
)


def write(folder: Path, text: str) -> Path:
    (folder / "plain.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_schema_without_expectations_has_the_general_rules(tmp_path: Path) -> None:
    assert line_rules(write(tmp_path, "schema: plain\n"), "plain") == GENERAL


def test_an_expectation_keeps_its_arguments_and_severity(tmp_path: Path) -> None:
    text = """
expectations:
  - {rule: short, expect: column_value_lengths_to_be_between, column: order_ref, max_value: 9,
     severity: warning, sentence: номер заказа короткий}
"""
    *general, own = line_rules(write(tmp_path, text), "plain")

    assert tuple(general) == GENERAL
    assert (own.code, own.severity, own.sentence) == (
        "plain.short",
        "warning",
        "номер заказа короткий",
    )
    assert own.kwargs == {"column": "order_ref", "max_value": 9}
    assert own.fields == ("order_ref",)


@pytest.mark.parametrize(
    ("expectations", "complaint"),
    [
        ("nothing", "must be a list"),
        ("[nothing]", "needs rule, expect and sentence"),
        ("[{rule: x, expect: y}]", "needs rule, expect and sentence"),
        ("[{rule: x, expect: y, sentence: z, severity: deadly}]", "severity"),
        ("[{rule: x, expect: y, sentence: z}, {rule: x, expect: y, sentence: z}]", "same rule"),
    ],
)
def test_a_wrong_expectation_is_named(tmp_path: Path, expectations: str, complaint: str) -> None:
    with pytest.raises(Misconfigured, match=complaint):
        line_rules(write(tmp_path, f"expectations: {expectations}\n"), "plain")


def test_a_schema_without_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"ghost\.yaml"):
        line_rules(tmp_path, "ghost")


@pytest.mark.parametrize("schema", SHIPPED)
def test_the_shipped_schemas_make_suites_that_run(database_url: str, schema: str) -> None:
    """On a table with one empty row every check must find its column and its arguments."""
    columns = ", ".join(f"null::text as {column}" for column in LINE_COLUMNS if column != "line_id")
    own = line_rules(INCLUDE / "courier_schemas", schema)[len(GENERAL) :]
    table = Table("lines", f"select 1 as line_id, {columns}", LINE_COLUMNS, ("line_id",), 1)
    with datasource(database_url) as source:
        assert all(finding.passed for finding in validate(source, table, own))


def test_the_lines_query_has_every_column_the_suite_demands(database_url: str) -> None:
    table = Table("lines", lines_query(1, {}), LINE_COLUMNS, ("line_id",), 1)
    with datasource(database_url) as source:
        assert validate(source, table, []) == []
