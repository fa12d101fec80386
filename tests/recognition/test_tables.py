"""Where a table's columns are: merged headers, sheets by name, other tables beside the report."""

import pytest

from sverka.couriers import Couriers
from sverka.errors import NeedsMapping
from sverka.reading.raw import Merge, RawFile, RawTable
from sverka.recognition import Schemas, recognise
from sverka.recognition.loading import load_schema_text
from sverka.recognition.schema import Schema
from sverka.recognition.tables import locate, sheet_keys

GROUPED = """\
language: 1
schema: grouped
version: 1
title: Отчёт с группами
courier: null
provenance: {kind: learned, sources: [x]}
layout:
  table:
    sheets: [Деньги]
    require: [order, sold, back]
    beside: [Справка]
columns:
  order: {headers: [Номер], as: id}
  sold: {headers: [Продано/Сумма], as: money}
  back: {headers: [Возвращено/Сумма], as: money}
line: {order_ref: order, collected: sold, payout: back}
identity: [order]
"""
UPPER = ["Номер", "Продано", None, "Возвращено", None, None]
LOWER = [None, "Сумма", "Штук", "Сумма", "Штук", "Сумма"]
ROW = ["N-1", "100", "1", "50", "1", "7"]
MERGED: tuple[Merge, ...] = ((0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4))


@pytest.fixture
def grouped(schemas: Schemas) -> Schema:
    return load_schema_text(GROUPED, "grouped.yaml", schemas.vocabulary)


def test_a_group_reaches_as_far_as_its_cells_are_merged(grouped: Schema) -> None:
    table = RawTable("Деньги", [UPPER, LOWER, ROW], merged=MERGED)
    found = locate(table, grouped)
    assert found is not None
    assert found.columns == {"order": 0, "sold": 1, "back": 3}
    assert not found.doubled


def test_without_merged_cells_a_group_reaches_up_to_the_next_one(grouped: Schema) -> None:
    found = locate(RawTable("Деньги", [UPPER, LOWER, ROW]), grouped)
    assert found is not None
    assert found.doubled == {"back": [3, 5]}


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Деньги ", {"деньги"}),
        ("Деньги.csv", {"деньги"}),
        ("отчёт.xlsx / Деньги", {"деньги"}),
        ("папка/Деньги.csv", {"деньги"}),
    ],
)
def test_a_sheet_is_known_by_its_own_name_wherever_it_lies(name: str, keys: set[str]) -> None:
    assert keys <= sheet_keys(name)


def test_only_named_sheets_are_looked_at_and_a_csv_has_no_name(grouped: Schema) -> None:
    rows = [UPPER, LOWER, ROW]
    assert locate(RawTable("Итоги", rows, merged=MERGED), grouped) is None
    assert locate(RawTable(None, rows, merged=MERGED), grouped) is not None


FINES = [["Номер заказа", "За что", "Штраф, руб."], ["N-1", "опоздание", "500"]]


@pytest.mark.parametrize(
    ("sheet", "rows", "held"),
    [
        ("Прочее", FINES, True),
        ("Справка", FINES, False),
        ("Прочее", [["Что это", "Пояснение"], ["отчёт", "за ноябрь"]], False),
        ("Прочее", [[None, None]], False),
        ("Деньги", [["Совсем", "другое"], ["а", "б"]], True),
        ("Прочее", [["Номер;Продано;Возвращено;Сумма"], ["N-1;5;5;5"]], False),
    ],
)
def test_money_on_another_sheet_is_not_passed_over(
    schemas: Schemas,
    couriers: Couriers,
    grouped: Schema,
    sheet: str,
    rows: list[list[str | None]],
    held: bool,
) -> None:
    own = RawTable("Деньги", [UPPER[:5], LOWER[:5], ROW[:5]], merged=MERGED)
    beside = RawTable(sheet, rows)
    raw = RawFile("x.xlsx", "xlsx", (own, beside))
    alone = Schemas({"grouped": _harmless_counts(grouped, schemas)}, schemas.vocabulary)
    if not held:
        assert len(recognise(raw, alone, couriers).tables) == 1
        return
    with pytest.raises(NeedsMapping) as asked:
        recognise(raw, alone, couriers)
    assert asked.value.sheet == sheet


def _harmless_counts(grouped: Schema, schemas: Schemas) -> Schema:
    return load_schema_text(
        grouped.text.replace("[Справка]", "[Справка, Штук]"), "grouped.yaml", schemas.vocabulary
    )


def test_several_tables_of_one_layout_are_all_read(
    schemas: Schemas, couriers: Couriers, grouped: Schema
) -> None:
    one = RawTable("а / Деньги", [UPPER[:5], LOWER[:5], ROW[:5]], merged=MERGED)
    two = RawTable("б / Деньги", [UPPER[:5], LOWER[:5], ROW[:5]], merged=MERGED)
    alone = Schemas({"grouped": _harmless_counts(grouped, schemas)}, schemas.vocabulary)
    assert len(recognise(RawFile("x", "zip", (one, two)), alone, couriers).tables) == 2
