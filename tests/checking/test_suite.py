"""The suite for a file is made from its schema: the words it can say, general rules, its own."""

from pathlib import Path

import pytest

from sverka.checking.rules import MONEY, PLACE, Rule
from sverka.checking.suite import line_rules
from sverka.checking.validation import Table, datasource, judge
from sverka.checking.views import LINE_COLUMNS, REPORT_COLUMNS, lines_query, reports_query
from sverka.errors import Misconfigured
from sverka.nouns import Outcome, RowKind
from sverka.recognition.schema import Schema
from sverka.recognition.schemas import Schemas
from sverka.settings import INCLUDE
from tests.checking.conftest import PLAIN, RECEIVED, write_schema

SHIPPED = Schemas.load(INCLUDE / "courier_schemas")
EMPTY_LINE = "select 1 as line_id, " + ", ".join(
    f"null::text as {column}" for column in LINE_COLUMNS if column != "line_id"
)


def plain(folder: Path, more: str = "", text: str = PLAIN) -> Schema:
    return Schemas.load(write_schema(folder, more, text)).by_code["plain"]


def by_code(schema: Schema) -> dict[str, Rule]:
    return {rule.code: rule for rule in line_rules(schema)}


def values(rule: Rule) -> set[str]:
    return set(rule.kwargs["value_set"])


def test_a_settlement_is_held_to_the_rules_of_place_and_money(tmp_path: Path) -> None:
    rules = line_rules(plain(tmp_path))

    assert [rule for rule in (*PLACE, *MONEY) if rule not in rules] == []


def test_the_words_are_those_that_this_layout_can_say(tmp_path: Path) -> None:
    more = """
rules:
  - {when: {taken: {sign: negative}}, row_kind: return, outcome: returned}
  - {when: {taken: {sign: zero}}, row_kind: service}
  - {outcome: delivered}
"""
    text = PLAIN[: PLAIN.index("words:")] + "identity: [order]\n"
    rules = by_code(plain(tmp_path, more, text))

    assert values(rules["row_kind"]) == {RowKind.ORDER, RowKind.RETURN, RowKind.SERVICE}
    assert values(rules["outcome"]) == {Outcome.RETURNED, Outcome.DELIVERED}
    assert values(rules["payment_method"]) == {""}


def test_a_list_of_words_adds_its_meanings(tmp_path: Path) -> None:
    rules = by_code(plain(tmp_path))

    assert values(rules["row_kind"]) == set(RowKind)
    assert values(rules["outcome"]) == set(Outcome)


def test_the_currency_is_that_of_the_schema(tmp_path: Path) -> None:
    assert values(by_code(plain(tmp_path, "currency: KZT\n"))["currency"]) == {"KZT"}


def test_a_column_of_currencies_may_hold_any_code(tmp_path: Path) -> None:
    words = "  currency: {column: status, meanings: {тенге: KZT}}\nidentity"
    rule = by_code(plain(tmp_path, text=PLAIN.replace("identity", words)))["currency"]

    assert rule.kwargs["regex"] == "^[A-Z]{3}$"


@pytest.mark.parametrize("purpose", ["statuses", "returns"])
def test_what_is_no_settlement_transfers_nothing(tmp_path: Path, purpose: str) -> None:
    rules = by_code(plain(tmp_path, f"purpose: {purpose}\n"))

    assert "no_transfer" in rules
    assert not {rule.code for rule in MONEY} & rules.keys()
    assert {rule.code for rule in PLACE} < rules.keys()


def test_an_expectation_keeps_its_arguments_and_severity(tmp_path: Path) -> None:
    more = """
expectations:
  - {rule: short, expect: column_value_lengths_to_be_between, column: order_ref, max_value: 9,
     severity: warning, sentence: номер заказа короткий}
"""
    own = by_code(plain(tmp_path, more))["plain.short"]

    assert (own.severity, own.sentence) == ("warning", "номер заказа короткий")
    assert own.kwargs == {"column": "order_ref", "max_value": 9}
    assert own.fields == ("order_ref",)


@pytest.mark.parametrize(
    ("expectation", "named"),
    [
        (
            "{rule: x, expect: column_values_to_not_be_null, column: colected, sentence: z}",
            ["plain.yaml", "x", "colected", "collected"],
        ),
        (
            "{rule: x, expect: compound_columns_to_be_unique, column_list: [payout, oder_ref],"
            " sentence: z}",
            ["plain.yaml", "x", "oder_ref", "order_ref"],
        ),
        (
            "{rule: x, expect: column_values_to_not_be_null, column: payout, sentence: z},"
            "{rule: x, expect: column_values_to_not_be_null, column: vat, sentence: z}",
            ["plain.yaml", "plain.x"],
        ),
    ],
)
def test_a_mistake_is_told_with_what_is_known(
    tmp_path: Path, expectation: str, named: list[str]
) -> None:
    with pytest.raises(Misconfigured) as mistake:
        line_rules(plain(tmp_path, f"expectations: [{expectation}]\n"))
    assert [word for word in named if word not in str(mistake.value)] == []


@pytest.mark.parametrize("schema", SHIPPED, ids=lambda schema: schema.code)
def test_the_shipped_schemas_make_suites_that_run(database_url: str, schema: Schema) -> None:
    """On a table with one empty row every check must find its column and its arguments."""
    own = [rule for rule in line_rules(schema) if "." in rule.code]
    table = Table("lines", EMPTY_LINE, LINE_COLUMNS, ("line_id",), 1)
    with datasource(database_url) as source:
        assert all(answer.passed for answer in judge(source, table, own))


def test_the_queries_have_every_column_the_suites_demand(database_url: str) -> None:
    day = RECEIVED.date()
    lines = Table("lines", lines_query(1, {}, day), LINE_COLUMNS, ("line_id",), 1)
    reports = Table("reports", reports_query(1, {}, day), REPORT_COLUMNS, REPORT_COLUMNS, 1)
    with datasource(database_url) as source:
        assert judge(source, lines, []) == []
        assert judge(source, reports, []) == []
