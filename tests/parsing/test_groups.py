"""Merged cells and hidden rows: an amount that stands once is taken once, or asked about."""

import pytest

from sverka.reading.raw import Merge, Row
from sverka.recognition import Schemas
from tests.support.layouts import REGISTER, loaded, money, parsed_rows

ORDER, TRACK, DAY, TAKEN, FEE, OURS = 0, 1, 2, 5, 6, 8


def row(
    order: str | None,
    taken: str | None,
    fee: str | None,
    ours: str | None,
    track: str | None = None,
) -> Row:
    return [order, track, None, None, None, taken, fee, None, ours]


def down(column: int, first: int = 1, last: int = 2) -> Merge:
    return (first, column, last, column)


def test_the_number_of_a_merged_cell_belongs_to_each_of_its_rows(schemas: Schemas) -> None:
    report = parsed_rows(
        loaded(REGISTER, schemas.vocabulary),
        ["W-1", None, "20.11.2026", None, None, "500", "50", None, "450"],
        row(None, "300", "30", "270"),
        merged=(down(ORDER), down(DAY)),
    )
    assert money(report) == [("W-1", 50000, 5000, 45000), ("W-1", 30000, 3000, 27000)]
    assert [str(line.occurred_on) for line in report.lines] == ["2026-11-20"] * 2


def test_without_a_merged_cell_a_number_is_not_carried_down(schemas: Schemas) -> None:
    report = parsed_rows(
        loaded(REGISTER, schemas.vocabulary),
        row("W-1", "500", "50", "450"),
        row(None, "300", "30", "270"),
    )
    assert money(report) == [("W-1", 50000, 5000, 45000)]
    assert [(bad.line_no, bad.rule) for bad in report.rejected] == [(3, "no_reference")]


@pytest.mark.parametrize("number", ["W-1", None])
def test_the_amount_of_a_merged_cell_belongs_once_to_its_order(
    schemas: Schemas, number: str | None
) -> None:
    report = parsed_rows(
        loaded(REGISTER, schemas.vocabulary),
        row("W-1", "500", "50", "450"),
        row(number, None, None, None),
        row("W-2", "100", "10", "90"),
        merged=(down(TAKEN), down(FEE), down(OURS)),
    )
    assert money(report) == [("W-1", 50000, 5000, 45000), ("W-2", 10000, 1000, 9000)]
    assert report.rejected == []


def test_a_row_of_the_group_with_money_of_its_own_is_a_row(schemas: Schemas) -> None:
    report = parsed_rows(
        loaded(REGISTER, schemas.vocabulary),
        row("W-1", "500", "50", "400"),
        row("W-1", None, "50", None),
        merged=(down(TAKEN), down(OURS)),
    )
    assert money(report) == [("W-1", 50000, 5000, 40000), ("W-1", 0, 5000, 0)]


@pytest.mark.parametrize("column", [TAKEN, FEE, OURS])
def test_an_amount_of_several_orders_is_given_to_none_of_them(
    schemas: Schemas, column: int
) -> None:
    rows = [
        row("W-1", "500", "50", "450"),
        row("W-2", "500", "50", "450"),
        row("W-3", "7", "0", "7"),
    ]
    rows[1][column] = None
    report = parsed_rows(loaded(REGISTER, schemas.vocabulary), *rows, merged=(down(column),))
    assert money(report) == [("W-3", 700, 0, 700)]
    assert [(bad.line_no, bad.rule) for bad in report.rejected] == [
        (2, "shared_money"), (3, "shared_money"),
    ]  # fmt: skip
    assert "строки 2–3" in report.rejected[0].reason
    assert report.rows_read == 3


def test_orders_of_one_merged_number_are_told_apart_by_their_tracks(schemas: Schemas) -> None:
    report = parsed_rows(
        loaded(REGISTER, schemas.vocabulary),
        row("W-1", "500", "50", "450", "T1"),
        row(None, None, "50", None, "T2"),
        merged=(down(ORDER), down(TAKEN), down(OURS)),
    )
    assert [bad.rule for bad in report.rejected] == ["shared_money"] * 2


@pytest.mark.parametrize(
    "merged", [(down(TAKEN, 0, 1),), ((1, ORDER, 1, OURS),), (down(TAKEN, 1, 9),), (down(20),)]
)
def test_other_merged_cells_change_nothing(schemas: Schemas, merged: tuple[Merge, ...]) -> None:
    report = parsed_rows(
        loaded(REGISTER, schemas.vocabulary), row("W-1", "5", "1", "4"), merged=merged
    )
    assert money(report) == [("W-1", 500, 100, 400)]


def test_a_hidden_row_is_read_and_told(schemas: Schemas) -> None:
    report = parsed_rows(
        loaded(REGISTER, schemas.vocabulary),
        row("W-1", "5", "1", "4"),
        row("W-2", "6", "1", "5"),
        ["Итого", None, None, None, None, "11", "2", None, "9"],
        hidden=frozenset({2, 3}),
    )
    assert money(report) == [("W-1", 500, 100, 400), ("W-2", 600, 100, 500)]
    assert report.report.totals["payout"] == 900
    (warning,) = report.warnings
    assert "на листе «Л» есть скрытые строки с операциями (1): 3" in warning


def test_hidden_rows_without_operations_are_not_worth_a_word(schemas: Schemas) -> None:
    report = parsed_rows(
        loaded(REGISTER, schemas.vocabulary),
        row("W-1", "5", "1", "4"),
        [None] * 9,
        hidden=frozenset({0, 2}),
    )
    assert report.warnings == []


@pytest.mark.parametrize(
    ("cells", "is_order"),
    [
        (["Итого-17", "T17", "20.11.2026"], True),
        (["ИТОГО/17", None, "20.11.2026"], True),
        (["Всего-2", "T2", None], True),
        (["Итого-17", None, None], False),  # nothing but sums beside it
        (["Итого - 17", None, "20.11.2026"], False),
        (["Итого за 20.11", None, "20.11.2026"], False),
    ],
)
def test_an_order_whose_number_begins_like_a_total(
    schemas: Schemas, cells: Row, is_order: bool
) -> None:
    total: Row = [*cells, None, None, "5", "1", None, "4"]
    report = parsed_rows(loaded(REGISTER, schemas.vocabulary), row("W-1", "5", "1", "4"), total)
    assert [line.order_ref for line in report.lines] == ["W-1", *([cells[0]] if is_order else [])]
    assert report.report.totals == ({} if is_order else {"collected": 500, "payout": 400})
