"""What must not change a draft, and what must never make it certain."""

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sverka.couriers import Couriers
from sverka.drafting import Draft
from sverka.drafting.drafting import draft
from sverka.errors import Refusal
from sverka.reading import read
from sverka.recognition import Schemas
from sverka.settings import INCLUDE
from tests.drafting.corpus import LAYOUTS
from tests.drafting.layouts import Layout, built

from .conftest import Drafted

SCHEMAS = Schemas.load(INCLUDE / "courier_schemas")
COURIERS = Couriers.load(INCLUDE / "couriers")
FLAT = [
    one
    for one in LAYOUTS
    if one.container in {"csv", "csv-comma"} and "{total}" not in "".join(one.titles)
]
NO_DEADLINE = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))


def of(layout: Layout) -> tuple[dict[str, str], list[tuple[object, ...]]]:
    data, name = built(layout)
    raw = read(data, name)
    found = draft(raw, SCHEMAS, COURIERS)
    lines = [line for report in found.parsed(raw, COURIERS) for line in report.lines]
    money = [
        (line.order_ref, line.track_ref, line.collected, line.payout, line.outcome)
        for line in lines
    ]
    return {one.field: one.column for one in found.columns}, money


@NO_DEADLINE
@given(st.sampled_from(FLAT), st.randoms(use_true_random=False))
def test_the_order_of_columns_does_not_matter(layout: Layout, chance: Random) -> None:
    columns = list(layout.columns)
    chance.shuffle(columns)
    shuffled = replace(layout, columns=tuple(columns), numbering=False, totals=False)
    plain = replace(layout, numbering=False, totals=False)
    mapping, money = of(shuffled)
    wanted, expected = of(plain)
    assert {field: set(text.split(" + ")) for field, text in mapping.items()} == {
        field: set(text.split(" + ")) for field, text in wanted.items()
    }
    assert money == expected


@NO_DEADLINE
@given(
    st.sampled_from(FLAT), st.integers(0, 3), st.sampled_from(["person", "city", "comment", "zip"])
)
def test_columns_of_texts_and_titles_do_not_matter(layout: Layout, titles: int, role: str) -> None:
    more = replace(
        layout,
        columns=(*layout.columns, ("Получатель, адрес", role), ("Примечание", "comment")),
        titles=(*layout.titles, *("Просим сверить в течение пяти дней",) * titles),
    )
    assert of(more) == of(layout)


@NO_DEADLINE
@given(st.sampled_from(FLAT), st.integers(0, 1000))
def test_other_amounts_do_not_change_what_a_column_is(layout: Layout, seed: int) -> None:
    assert of(replace(layout, seed=seed))[0] == of(layout)[0]


MONEY = {
    "collected",
    "payout",
    "fee_delivery",
    "fee_cod",
    "fee_insurance",
    "declared",
    "price",
    "planned",
}
SWAPS = [
    (layout, first, second)
    for layout in FLAT
    if layout.name
    in {
        "regional",
        "declared_beside",
        "planned_and_actual",
        "bom",
        "point_numbers",
        "short_numbers",
    }
    for first, second in combinations(
        [i for i, (_, role) in enumerate(layout.columns) if role in MONEY], 2
    )
]


@pytest.mark.parametrize(
    ("layout", "first", "second"), SWAPS, ids=lambda value: getattr(value, "name", str(value))
)
def test_labels_that_changed_places_are_never_certain(
    layout: Layout, first: int, second: int, drafted: Drafted
) -> None:
    columns = list(layout.columns)
    (one, its), (other, others) = columns[first], columns[second]
    columns[first], columns[second] = (other, its), (one, others)
    swapped = replace(layout, columns=tuple(columns))
    try:
        found: Draft | None = drafted(*built(swapped), courier="gorod")
    except Refusal:
        found = None
    beside = {its, others} <= {"declared", "price", "planned"}
    assert beside or found is None or not found.certain, (one, other)
