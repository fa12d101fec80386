"""Why a parcel came back is what the courier's own export of orders says, or nobody says it."""

from typing import Any
from uuid import UUID

import pytest

from sverka.database.connection import Connection
from sverka.economics import refresh
from sverka.economics.orders import Filter, every_order
from tests.economics.conftest import Booked

WHY = "Возврат, отказ от получения: Передумал"


@pytest.fixture
def came_back(booked: Booked) -> UUID:
    """An order that came back and is worked out; nobody said why."""
    order = booked.books.order("1001", 100_000)
    booked.books.salesreturn(booked.books.demand(order, 100_000, track="1014263974"), 100_000)
    booked.row(order, courier="cdek", outcome="returned", fee_return=20_000)
    booked.work_out()
    return order


def export(booked: Booked, state: str = "settled", courier: str = "cdek", **line: Any) -> int:
    """A file of statuses with one row, as its run leaves it."""
    file_id = booked.books.file(courier, purpose="statuses")
    given = {"order": None, "outcome": "refused", "reason": WHY, "occurred_on": None}
    booked.books.line(file_id, **(given | line))
    booked.books.run("update file set state = %s where id = %s", state, file_id)
    return file_id


def reasons(conn: Connection) -> list[str | None]:
    conn.rollback()
    while refresh(conn):
        conn.commit()
    return [row.reason for row in every_order(conn, Filter())]


def test_it_is_found_by_the_number_or_by_the_track_and_goes_with_its_file(
    booked: Booked, conn: Connection, came_back: UUID
) -> None:
    assert reasons(conn) == [None]
    for numbers in ({"order": "1001"}, {"track_ref": "1014263974"}):
        file_id = export(booked, **numbers)
        assert reasons(conn) == [WHY]
        booked.books.run("update file set state = 'undone' where id = %s", file_id)
        assert reasons(conn) == [None]


def test_the_newest_word_counts(booked: Booked, conn: Connection, came_back: UUID) -> None:
    export(booked, order="1001")
    export(booked, order="1001", reason="Не востребован")
    assert reasons(conn) == ["Не востребован"]


@pytest.mark.parametrize(
    "row",
    [
        {"order": "1002"},
        {"order": "1001", "courier": "dalli"},
        {"order": "1001", "occurred_on": "2025-11-18"},
        {"order": "1001", "accepted": False},
        {"order": "1001", "state": "undone"},
    ],
)
def test_what_may_be_said_of_another_parcel_is_not_taken(
    booked: Booked, conn: Connection, came_back: UUID, row: dict[str, Any]
) -> None:
    export(booked, **row)
    booked.work_out()
    assert reasons(conn) == [None]


def test_a_number_of_two_orders_says_nothing(
    booked: Booked, conn: Connection, came_back: UUID
) -> None:
    booked.books.order("1001", 5)
    export(booked, order="1001")
    assert reasons(conn) == [None]


def test_what_was_handed_over_in_the_end_has_no_reason(booked: Booked, conn: Connection) -> None:
    booked.row(booked.books.shipped("1001"), 100_000, courier="cdek")
    export(booked, order="1001")
    booked.work_out()
    assert reasons(conn) == [None]


def test_a_reason_as_long_as_a_cell_may_be_stops_nobody(
    booked: Booked, conn: Connection, came_back: UUID
) -> None:
    export(booked, order="1001", reason="ы" * 32_767)
    (found,) = reasons(conn)
    assert found == "ы" * 200
