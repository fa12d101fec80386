"""Layouts that nobody described: the draft places every column right and the lines have the money."""

from dataclasses import replace

import pytest

from sverka.couriers import Couriers
from sverka.drafting import Draft
from sverka.reading import read
from tests.drafting.corpus import LAYOUTS
from tests.drafting.layouts import FEES, Layout, built, rows_of, truth_of

from .conftest import Drafted


def prepared(layout: Layout) -> Layout:
    """The title with the sum of the payment order filled in."""
    total = sum(int(row["collected"]) for row in rows_of(layout))  # type: ignore[call-overload]
    shown = f"{total / 100:.2f}".replace(".", ",")
    return replace(layout, titles=tuple(title.replace("{total}", shown) for title in layout.titles))


def columns_of(draft: Draft, field: str) -> set[str]:
    placed = next((one for one in draft.columns if one.field == field), None)
    parts = placed.column.replace(" − ", " + ").split(" + ") if placed else []
    return {part.strip(" −+") for part in parts}


def test_the_corpus_is_wide() -> None:
    assert len({layout.name for layout in LAYOUTS}) == len(LAYOUTS) >= 40
    assert {layout.model for layout in LAYOUTS} == {"net", "agent", "gross"}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_the_columns_are_placed_right(layout: Layout, drafted: Drafted) -> None:
    layout = prepared(layout)
    found = drafted(*built(layout))
    wanted = truth_of(layout).mapping
    assert {one.field for one in found.columns} == set(wanted)
    for field, headers in wanted.items():
        last = {header.rpartition("/")[2] for header in headers}
        assert columns_of(found, field) in (set(headers), last), field


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_the_lines_have_the_money_of_the_file(
    layout: Layout, drafted: Drafted, couriers: Couriers
) -> None:
    layout = prepared(layout)
    data, name = built(layout)
    reports = drafted(data, name).parsed(read(data, name), couriers)
    lines = [line for report in reports for line in report.lines]
    money = [
        {field: getattr(line, field) for field in ("collected", "payout", *FEES)} for line in lines
    ]
    assert money == truth_of(layout).lines
    assert [report.rejected for report in reports] == [[]] * len(reports)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_nothing_but_whose_report_it_is_has_to_be_asked(layout: Layout, drafted: Drafted) -> None:
    found = drafted(*built(prepared(layout)))
    assert {question.key for question in found.questions} <= {"courier"}


@pytest.mark.parametrize(
    "layout", [one for one in LAYOUTS if one.name != "single_sum"], ids=lambda layout: layout.name
)
def test_once_the_courier_is_told_the_draft_is_certain(layout: Layout, drafted: Drafted) -> None:
    found = drafted(*built(prepared(layout)), courier="gorod")
    assert found.certain, found.proofs
    assert found.courier == "gorod"
    assert not found.questions
