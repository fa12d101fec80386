"""docs/layouts.md names exactly the layouts that there are, as their files describe them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from sverka.settings import INCLUDE
from tests.parsing.samples import SAMPLES

PAGE = Path(__file__).parents[2] / "docs" / "layouts.md"
SCHEMAS: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted((INCLUDE / "courier_schemas").glob("*.yaml"))
    if path.stem != "vocabulary"
}
HEADER = ["layout", "courier", "report", "file", "provenance", "not read", "samples"]


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def row(code: str) -> dict[str, str]:
    (found,) = [cells for cells in rows() if cells[0] == f"`{code}`"]
    return dict(zip(HEADER, found, strict=True))


def test_the_table_has_one_row_per_layout_in_order() -> None:
    header, _, *body = rows()
    assert header == HEADER
    assert [cells[0].strip("`") for cells in body] == sorted(SCHEMAS)


@pytest.mark.parametrize("code", SCHEMAS)
def test_a_row_says_what_the_schema_says(code: str) -> None:
    given, shown = SCHEMAS[code], row(code)
    assert shown["courier"] == (f"`{given['courier']}`" if given["courier"] else "any")
    assert shown["provenance"] == f"`{given['provenance']['kind']}`"
    assert all(shown[column] for column in ("report", "file", "not read"))


@pytest.mark.parametrize("code", SCHEMAS)
def test_a_row_names_the_layouts_samples(code: str) -> None:
    own = [name for name, (_, schema) in SAMPLES.items() if schema == code]
    assert row(code)["samples"] == ", ".join(f"`{name}`" for name in own)


@pytest.mark.parametrize("code", ["wildberries", "ozon"])
def test_an_unproven_courier_sends_nothing(code: str) -> None:
    terms = yaml.safe_load((INCLUDE / "couriers" / f"{code}.yaml").read_text("utf-8"))
    assert terms["dry_run"] is True
