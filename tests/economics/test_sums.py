"""The stored sums are the sums of the orders, whatever was booked and taken back meanwhile."""

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from sverka.database.connection import Connection
from sverka.economics import refresh
from sverka.economics.orders import Filter, OrderEconomics, every_order
from sverka.economics.period import EVER, Period
from sverka.economics.returns import Cut, of_cut, returns
from sverka.economics.sums import by_courier, totals
from sverka.nouns import FEES
from tests.economics.conftest import Booked

FIRST = date(2026, 8, 20)
MONEY = ("shipped", "returned", "collected", *FEES, "fees", "remainder")
PERIODS = (
    EVER,
    Period(FIRST, date(2026, 11, 3)),
    Period(date(2026, 9, 1), date(2026, 9, 30)),
    Period(first=date(2026, 10, 1)),
    Period(last=date(2026, 9, 14)),
    Period(date(2026, 9, 5), date(2026, 9, 6)),
)


@pytest.fixture
def lived(booked: Booked, conn: Connection) -> Booked:
    """A shop in two currencies; half of what was booked is changed, moved or taken back later."""
    draw = random.Random(1)
    for number in range(24):
        currency = "BYN" if number % 8 == 0 else "RUB"
        region = draw.choice([None, "Москва", "Томская область"])
        order = booked.books.order(f"{number}", 50_000, currency=currency, region=region)
        demand = booked.books.demand(order, 50_000)
        if draw.random() < 0.4:
            booked.books.salesreturn(demand, draw.choice([50_000, 20_000]))
        for courier in draw.sample(["cdek", "dalli"], draw.randrange(1, 3)):
            fees: dict[str, Any] = {fee: draw.choice([0, draw.randrange(30_000)]) for fee in FEES}
            day = FIRST + timedelta(days=draw.randrange(90))
            outcome = draw.choice(["delivered", "refused", None])
            booked.row(order, 50_000, courier=courier, day=day, outcome=outcome, **fees)
    booked.work_out()
    booked.books.run("update posting set state = 'reversed' where line_id % 3 = 0")
    booked.books.run("update snapshot_order set region = 'Москва' where region is null")
    export = booked.books.file("cdek", purpose="statuses")
    for number in range(8, 24):
        booked.books.line(export, f"{number}", outcome="refused", reason="Передумал")
    booked.books.run("update file set state = 'settled' where id = %s", export)
    booked.books.run(
        "update snapshot_demand d set sum = 60000 from snapshot_order o"
        " where o.id = d.order_id and o.name::int % 2 = 0"
    )
    while refresh(conn):
        conn.commit()
    return booked


def added(rows: list[OrderEconomics]) -> dict[str, list[int]]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * (len(MONEY) + 3))
    for row in rows:
        values = [getattr(row, name) for name in MONEY]
        lost = [1, int(row.lost), row.remainder if row.lost else 0]
        both = zip(sums[row.currency], values + lost, strict=True)
        sums[row.currency] = [have + more for have, more in both]
    return dict(sums)


def test_sums_are_those_of_the_rows(lived: Booked, conn: Connection) -> None:
    hold_totals(conn)
    hold_costs_of_couriers(conn)
    hold_returns(conn)
    conn.rollback()
    lived.books.run("truncate order_economics, order_cost, economics_sum")
    lived.work_out()
    hold_totals(conn)
    hold_returns(conn)


def hold_totals(conn: Connection) -> None:
    outcomes = ("delivered", "partially_delivered", "returned", "refused")
    chosen = [
        Filter(period, courier, outcome)
        for period in PERIODS
        for courier in (None, "cdek")
        for outcome in (None, *outcomes)
    ]
    chosen += [Filter(period, region=region) for period in PERIODS for region in ("Москва", "?")]
    chosen += [Filter(reason="Передумал"), Filter(region="Москва", reason="Передумал")]
    for one in chosen:
        found = {
            row.currency: [
                *(getattr(row, name) for name in MONEY),
                *(row.orders, row.lost_orders, row.lost),
            ]
            for row in totals(conn, one)
        }
        assert found == added(list(every_order(conn, one)))
    assert len(list(every_order(conn, Filter()))) > 10
    assert len(list(every_order(conn, Filter(region="Москва", reason="Передумал")))) > 1


def hold_costs_of_couriers(conn: Connection) -> None:
    for period in PERIODS:
        for currency, sums in added(list(every_order(conn, Filter(period)))).items():
            parts = [row for row in by_courier(conn, period) if row.currency == currency]
            for name in ("collected", *FEES):
                whole = sums[MONEY.index(name)]
                assert sum(getattr(part, name) for part in parts) == whole


def hold_returns(conn: Connection) -> None:
    def key_of(cut: Cut, row: OrderEconomics) -> str | None:
        named = {Cut.COURIER: row.courier, Cut.REGION: row.region, Cut.REASON: row.reason}
        return f"{row.day:%Y-%m}" if cut is Cut.MONTH else named.get(cut)

    ends = ("delivered", "partially_delivered", "returned")
    for period in PERIODS:
        ended = [row for row in every_order(conn, Filter(period)) if row.outcome in ends]
        found = returns(conn, period)
        for cut in Cut:
            counted: dict[tuple[str | None, str], list[int]] = defaultdict(lambda: [0] * 4)
            for row in ended:
                back = row.outcome != "delivered"
                if cut is Cut.REASON and not back:
                    continue
                more = [1, int(back), row.returned, row.fee_return]
                place = key_of(cut, row), row.currency
                counted[place] = [a + b for a, b in zip(counted[place], more, strict=True)]
            assert counted == {
                (row.key, row.currency): [row.ended, row.came_back, row.returned, row.fee_return]
                for row in of_cut(found, cut)
            }
