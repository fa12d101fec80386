"""The report for machines: integers, stable keys, described in docs/report.md."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sverka.database.connection import Connection
from sverka.reporting.daily import Daily
from sverka.reporting.json_report import as_json
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


def test_money_is_integer_minor_units(conn: Connection, daily: Read) -> None:
    a_day(conn)
    report = json.loads(as_json(daily()))
    assert report["discrepancies"][0]["difference"] == -10000
    found = list(numbers(report))
    assert found
    assert not [number for number in found if isinstance(number, float)]


def test_a_discrepancy_carries_the_russian_words_beside_the_code(
    conn: Connection, daily: Read
) -> None:
    a_day(conn)
    (found,) = json.loads(as_json(daily()))["discrepancies"]
    assert (found["verdict"], found["verdict_title"]) == ("underpaid", "недоплата")
    assert found["next_step"]


def test_the_totals_stand_by_currency(conn: Connection, daily: Read) -> None:
    a_day(conn)
    summary = json.loads(as_json(daily()))["summary"]
    assert summary["totals"]["RUB"]["reported"]["collected"] == 190000
    assert summary["totals"]["RUB"]["stake"] == 10000
    assert summary["adds_up"] is True


def test_every_key_is_described(conn: Connection, daily: Read) -> None:
    a_day(conn)
    described = DOCUMENT.read_text(encoding="utf-8")
    found = set(keys(json.loads(as_json(daily())))) - {"RUB"}
    assert len(found) > 40
    assert [key for key in sorted(found) if f"`{key}`" not in described] == []


def test_the_same_data_is_the_same_bytes(conn: Connection, daily: Read) -> None:
    a_day(conn)
    assert as_json(daily()) == as_json(daily())
