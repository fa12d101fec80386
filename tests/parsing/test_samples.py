"""Goldens: each layout's sample gives exactly the answer that stands beside it.

`make goldens` writes them anew; then read the diff.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from sverka.parsing.printed import as_text, parsed_file
from tests.parsing.samples import SAMPLES

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_gives_its_golden(name: str) -> None:
    build, schema = SAMPLES[name]
    printed: dict[str, Any] = parsed_file(build(), name)
    assert printed["report"]["schema"] == schema
    # The workbook's own bytes depend on the writer's version, what is read from them does not.
    for report in [printed["report"], *printed.get("reports", [])]:
        assert len(report.pop("file_sha256")) == 64
    path = GOLDEN / f"{name}.golden.json"
    if os.environ.get("SVERKA_REGENERATE_GOLDENS"):
        path.write_text(json.dumps(printed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert printed == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_told_in_words(name: str) -> None:
    build, schema = SAMPLES[name]
    printed = parsed_file(build(), name)
    text = as_text(printed)
    assert schema in text
    words = {"settlement": "К перечислению", "statement": "Поступило"}
    purpose = printed["report"].get("purpose", "settlement")
    assert words.get(purpose, "строк: ") in text


def test_two_containers_of_one_report_give_the_same_money() -> None:
    for one, other in (
        ("yandex_netting.xlsx", "yandex_netting.zip"),
        ("cod_register.xlsx", "cod_register.csv"),
    ):
        first, second = (parsed_file(SAMPLES[name][0](), name) for name in (one, other))
        assert _without_place(first) == _without_place(second)


def _without_place(printed: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in line.items() if key not in {"sheet", "line_no"}}
        for line in printed["lines"]
    ]


def test_money_is_printed_as_integers_and_a_place_with_every_line() -> None:
    printed = parsed_file(SAMPLES["cod_register.xlsx"][0](), "x")
    line = printed["lines"][0]
    assert list(line) == [
        "sheet", "line_no", "row_kind", "order_ref", "track_ref", "outcome", "occurred_on",
        "payment_method", "collected", "fee_delivery", "fee_cod", "fee_insurance", "fee_return",
        "fee_storage", "fee_other", "vat", "payout", "currency",
    ]  # fmt: skip
    assert (line["sheet"], line["line_no"], line["collected"]) == ("Реестр", 7, 123456)
    assert "float" not in {type(value).__name__ for value in line.values()}


def test_a_table_that_is_no_report_of_money_is_rejected_in_words() -> None:
    printed = parsed_file("Дата;Кто;Сколько\n1;2;3\n".encode(), "x.csv")
    assert (printed["status"], printed["report"], printed["lines"]) == ("rejected", None, [])
    assert "Положите реестр или акт курьера" in printed["reason"]
    assert as_text(printed) == printed["reason"]


def test_what_is_no_report_is_rejected_with_the_reason() -> None:
    printed = parsed_file(b"%PDF-1.4", "акт.pdf")
    assert (printed["status"], printed["report"]) == ("rejected", None)
    assert "PDF" in printed["reason"]
