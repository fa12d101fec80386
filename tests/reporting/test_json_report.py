"""The report for machines: integers, stable keys, described in docs/report.md."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sverka.database.connection import Connection
from sverka.reporting.daily import Daily
from sverka.reporting.json_report import SCHEMA
from sverka.watching import AGES
from tests.reporting.conftest import COURIERS, Rendered
from tests.reporting.rich import a_rich_day
from tests.support.rows import a_discrepant_line, a_file, a_matched_line, a_report, rows_add_up

Read = Callable[..., Daily]
DOCUMENT = Path(__file__).parents[2] / "docs" / "report.md"


def a_day(conn: Connection) -> None:
    report_id = a_report(conn, a_file(conn))
    a_matched_line(conn, report_id)
    a_discrepant_line(conn, report_id, "underpaid", collected=90000, expected=100000)
    rows_add_up(conn)


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def numbers(value: Any) -> Iterator[object]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from numbers(inner)
    elif isinstance(value, (int, float)):
        yield value


def test_money_is_integer_minor_units(conn: Connection, daily: Read, rendered: Rendered) -> None:
    a_day(conn)
    report = rendered.json(daily())
    assert report["discrepancies"][0]["difference"] == -10000
    found = list(numbers(report))
    assert found
    assert not [number for number in found if isinstance(number, float)]


def test_a_discrepancy_carries_the_russian_words_beside_the_code(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    a_day(conn)
    (found,) = rendered.json(daily())["discrepancies"]
    assert (found["verdict"], found["verdict_title"]) == ("underpaid", "недоплата")
    assert found["next_step"]


def test_the_totals_stand_by_currency(conn: Connection, daily: Read, rendered: Rendered) -> None:
    a_day(conn)
    summary = rendered.json(daily())["summary"]
    assert summary["totals"]["RUB"]["reported"]["collected"] == 190000
    assert summary["totals"]["RUB"]["stake"] == 10000
    assert summary["adds_up"] is True


def test_every_key_is_described_in_words_and_in_the_schema(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    import jsonschema

    a_rich_day(conn, COURIERS)
    described = DOCUMENT.read_text(encoding="utf-8")
    report = rendered.json(daily())
    found = set(keys(report)) - {"RUB", *(age.code for age in AGES), *COURIERS.by_code}
    assert len(found) > 100
    assert [key for key in sorted(found) if f"`{key}`" not in described] == []
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema)
    assert report["format"] == 2
    assert len(report["discrepancies"]) == report["summary"]["discrepancies"] > 5


def test_the_schema_refuses_what_is_no_integer_of_minor_units(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    import jsonschema

    a_day(conn)
    report = rendered.json(daily())
    report["discrepancies"][0]["stake"] = 100.5
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_an_empty_day_is_the_same_format(daily: Read, rendered: Rendered) -> None:
    import jsonschema

    report = rendered.json(daily())
    jsonschema.validate(report, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert report["discrepancies"] == []


def test_the_same_data_is_the_same_bytes(conn: Connection, daily: Read, rendered: Rendered) -> None:
    a_day(conn)
    assert rendered.json_bytes(daily()) == rendered.json_bytes(daily())
