"""Records by their places: the same cells as often as they are asked for, and no second copy."""

import pytest

from sverka.parsing.records import Records
from sverka.reading.raw import RawTable

TABLE = RawTable("Лист", [["№", "Заказ", "Сумма"], ["1", "a", "10"], ["2", "b"], ["3", "c", "30"]])
ORDER = (2, None, 1)
"""The sum, a column that the file lacks, the number."""


@pytest.fixture
def records() -> Records:
    records = Records(TABLE, ORDER, None)
    for index in (1, 2, 3):
        records.add(index)
    return records


def test_cells_come_in_the_order_of_the_schema_with_the_number_of_their_row(
    records: Records,
) -> None:
    assert list(records) == [(2, ["10", None, "a"]), (3, [None, None, "b"]), (4, ["30", None, "c"])]


def test_they_can_be_gone_over_again(records: Records) -> None:
    assert list(records) == list(records)
    assert len(records) == 3


def test_a_column_is_the_same_place_of_every_record(records: Records) -> None:
    assert list(records.column(0)) == ["10", None, "30"]


def test_a_part_is_from_one_ordinal_to_before_another(records: Records) -> None:
    assert list(records.between(1, 2)) == [(3, [None, None, "b"])]
    assert len(records.between(1, 1)) == 0


def test_the_places_are_those_in_the_table(records: Records) -> None:
    assert records.indexes == {1, 2, 3}
