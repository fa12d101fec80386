"""What came back, by courier, reason, region and month."""

from datetime import date
from typing import Any

import pytest

from sverka.database.connection import Connection
from sverka.economics.period import Period
from sverka.economics.returns import Cut, Returned, of_cut, returns
from tests.economics.conftest import Booked

OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 1)


@pytest.fixture
def shop(booked: Booked) -> Booked:
    """Four orders of two couriers: one came back whole, one in part, one lies between months."""
    order(booked, "kept", courier="cdek", day=OCTOBER, region="Москва")
    order(booked, "kept too", courier="dalli", day=NOVEMBER)
    whole: dict[str, Any] = {
        "courier": "cdek",
        "day": NOVEMBER,
        "region": "Москва",
        "outcome": "returned",
    }
    order(booked, "whole", back=100_000, fee_delivery=30_000, fee_return=20_000, **whole)
    part: dict[str, Any] = {"courier": "cdek", "day": NOVEMBER, "outcome": "partially_delivered"}
    order(booked, "part", back=25_000, collected=75_000, fee_return=5_000, **part)
    booked.work_out()
    return booked


def order(
    booked: Booked, name: str, *, back: int = 0, region: str | None = None, **row: object
) -> None:
    order_id = booked.books.order(name, 100_000, region=region)
    demand = booked.books.demand(order_id, 100_000)
    if back:
        booked.books.salesreturn(demand, back)
    booked.row(order_id, **({"fee_delivery": 10_000} | row))  # type: ignore[arg-type]


def by(found: list[Returned], cut: Cut) -> dict[str | None, Returned]:
    return {row.key: row for row in of_cut(found, cut)}


def test_counts_sums_and_rates(shop: Booked, conn: Connection) -> None:
    found = by(returns(conn, Period()), Cut.COURIER)
    cdek = found["cdek"]
    assert (cdek.ended, cdek.whole, cdek.partial, cdek.came_back) == (3, 1, 1, 2)
    assert cdek.rate == 6667
    assert (cdek.shipped, cdek.returned, cdek.rate_of_money) == (300_000, 125_000, 4167)
    assert (cdek.fee_return, cdek.cost) == (25_000, 50_000)
    assert cdek.average_days == 2  # shipped on 16 November, back on the 18th
    dalli = found["dalli"]
    assert (dalli.ended, dalli.came_back, dalli.rate, dalli.average_days) == (1, 0, 0, None)


def test_every_cut_adds_up_to_the_whole(shop: Booked, conn: Connection) -> None:
    found = returns(conn, Period())
    (whole,) = of_cut(found, Cut.TOTAL)
    assert (whole.ended, whole.came_back, whole.returned) == (4, 2, 125_000)
    back = ("whole", "partial", "returned", "fee_return", "cost")
    for cut, parts in (
        *((cut, (*back, "ended", "shipped")) for cut in (Cut.COURIER, Cut.REGION, Cut.MONTH)),
        (Cut.REASON, back),
    ):
        for part in parts:
            assert sum(getattr(row, part) for row in of_cut(found, cut)) == getattr(whole, part)


def test_what_nobody_says_has_no_name(shop: Booked, conn: Connection) -> None:
    found = returns(conn, Period())
    assert by(found, Cut.REGION).keys() == {"Москва", None}
    (nobody,) = of_cut(found, Cut.REASON)
    assert (nobody.key, nobody.ended, nobody.came_back) == (None, 2, 2)


def test_months_are_in_their_order_and_a_period_cuts_by_day(shop: Booked, conn: Connection) -> None:
    assert [row.key for row in of_cut(returns(conn, Period()), Cut.MONTH)] == ["2026-10", "2026-11"]
    november = returns(conn, Period(first=NOVEMBER))
    assert by(november, Cut.TOTAL)[None].ended == 3
    assert by(returns(conn, Period(), "dalli"), Cut.COURIER).keys() == {"dalli"}


def test_nothing_is_no_row(conn: Connection) -> None:
    assert returns(conn, Period()) == []
