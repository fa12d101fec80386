"""What an order cost and what was left of it, to the kopeck, of what is booked."""

import itertools
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from sverka.database.connection import Connection, connect
from sverka.economics import refresh
from sverka.economics.orders import (
    Filter,
    OrderEconomics,
    Sort,
    couriers,
    every_order,
    orders,
    share_of,
)
from sverka.economics.period import Period
from sverka.economics.sums import by_courier, totals
from sverka.money import Minor
from sverka.nouns import FEES
from tests.conftest import fresh_database
from tests.economics.conftest import DAY, Booked
from tests.support.books import Books


def one(conn: Connection) -> OrderEconomics:
    (row,) = orders(conn, Filter(), Sort.NEWEST, None, 10).rows
    return row


def test_a_delivered_order_leaves_what_was_shipped_less_the_fees(
    booked: Booked, conn: Connection
) -> None:
    order = booked.books.shipped("1001", 500_000)
    booked.row(order, 500_000, fee_delivery=35_000, fee_cod=10_050)
    booked.work_out()
    row = one(conn)
    assert (row.name, row.courier, row.outcome) == ("1001", "gorod", "delivered")
    assert (row.shipped, row.returned, row.collected) == (500_000, 0, 500_000)
    assert (row.fee_delivery, row.fee_cod, row.fees) == (35_000, 10_050, 45_050)
    assert row.remainder == 454_950
    assert row.share == 901  # 9,01 %
    assert (row.day, row.shipped_on, row.delivered_on) == (
        DAY,
        date(2026, 11, 16),
        date(2026, 11, 18),
    )
    assert (row.paid_on, row.banked_on, row.returned_on) == (DAY, None, None)
    assert not row.lost


def test_a_prepaid_order_leaves_as_much_though_the_courier_takes_nothing(
    booked: Booked, conn: Connection
) -> None:
    booked.row(booked.books.shipped("1001", 500_000, paid=500_000), fee_delivery=35_000)
    booked.work_out()
    assert (one(conn).collected, one(conn).remainder) == (0, 465_000)


def test_a_refused_order_costs_the_way_there_and_back(booked: Booked, conn: Connection) -> None:
    order = booked.books.order("1001", 500_000)
    booked.books.salesreturn(booked.books.demand(order, 500_000), 500_000)
    booked.row(order, outcome="refused", fee_delivery=35_000, fee_return=20_000)
    booked.work_out()
    row = one(conn)
    assert (row.outcome, row.sold, row.remainder, row.lost) == ("returned", 0, -55_000, True)
    assert row.returned_on == date(2026, 11, 18)


def test_of_a_partly_bought_order_only_what_stayed_with_the_buyer_counts(
    booked: Booked, conn: Connection
) -> None:
    order = booked.books.order("1001", 500_000)
    demand = booked.books.demand(order, 500_000)
    line = booked.row(order, 300_000, outcome="partially_delivered", fee_delivery=35_000)
    booked.document(line, order, "salesreturn", 200_000, demand_id=demand)
    booked.work_out()
    row = one(conn)
    assert (row.outcome, row.returned, row.remainder) == ("partially_delivered", 200_000, 265_000)


def test_a_return_that_the_snapshot_has_by_now_counts_once(
    booked: Booked, conn: Connection
) -> None:
    order = booked.books.order("1001", 500_000)
    demand = booked.books.demand(order, 500_000)
    line = booked.row(order, outcome="returned", fee_return=20_000)
    mirrored = booked.books.salesreturn(demand, 500_000)
    booked.document(line, order, "salesreturn", 500_000, demand_id=demand, moysklad_id=mirrored)
    booked.work_out()
    assert one(conn).returned == 500_000


def test_a_return_that_was_taken_back_does_not_count_though_the_snapshot_has_it(
    booked: Booked, conn: Connection
) -> None:
    order = booked.books.order("1001", 500_000)
    demand = booked.books.demand(order, 500_000)
    line = booked.row(order, 500_000, fee_delivery=1)
    mirrored = booked.books.salesreturn(demand, 500_000)
    given: dict[str, Any] = {"demand_id": demand, "moysklad_id": mirrored}
    given["state"] = "reversed"
    booked.document(line, order, "salesreturn", 500_000, **given)
    booked.work_out()
    assert (one(conn).returned, one(conn).outcome) == (0, "delivered")


@pytest.mark.parametrize(
    "state", ["planned", "approved", "sending", "unsure", "rejected", "failed", "reversed"]
)
def test_what_does_not_stand_in_the_books_is_not_counted(
    booked: Booked, conn: Connection, state: str
) -> None:
    booked.row(booked.books.shipped("1001"), 100_000, fee_delivery=10_000, state=state)
    booked.work_out()
    assert totals(conn, Filter()) == []


def test_fees_of_a_supply_per_report_go_to_their_orders(booked: Booked, conn: Connection) -> None:
    supply = booked.supply_of_report(60_001)
    dear, cheap = booked.books.shipped("1001"), booked.books.shipped("1002")
    booked.row(dear, 100_000, per_report=supply, fee_delivery=40_001, fee_cod=10_000)
    booked.row(cheap, 100_000, per_report=supply, fee_delivery=10_000)
    planned = booked.supply_of_report(5, state="planned")
    booked.row(cheap, per_report=planned, fee_storage=5)
    booked.work_out()
    fees = {row.name: row.fees for row in every_order(conn, Filter())}
    assert fees == {"1001": 50_001, "1002": 10_000}


def test_a_gateway_and_a_courier_share_an_order(booked: Booked, conn: Connection) -> None:
    order = booked.books.shipped("1001", 500_000)
    booked.row(order, 500_000, courier="yookassa", fee_cod=15_000, outcome=None)
    booked.row(order, courier="cdek", fee_delivery=35_000)
    booked.work_out()
    assert (one(conn).courier, one(conn).remainder) == ("cdek", 450_000)
    parts = {part.courier: (part.collected, part.fees) for part in by_courier(conn, Period())}
    assert parts == {"yookassa": (500_000, 15_000), "cdek": (0, 35_000)}
    assert couriers(conn) == ["cdek"]


def test_money_is_in_the_bank_when_every_report_of_it_was_paid(
    booked: Booked, conn: Connection
) -> None:
    order = booked.books.shipped("1001")
    booked.row(order, 100_000, courier="gorod")
    file_id = booked.file("gorod")
    booked.books.insert("payout", a_payout(file_id))
    booked.work_out()
    assert one(conn).banked_on is None
    booked.books.run(
        "update payout set state = 'paid', movement_key = %s, moved_on = '2026-11-21'", uuid.uuid4()
    )
    conn.rollback()
    refresh(conn)
    assert one(conn).banked_on == date(2026, 11, 21)


def a_payout(file_id: int) -> dict[str, object]:
    return {
        "file_id": file_id,
        "ordinal": 0,
        "key": uuid.uuid4(),
        "courier": "gorod",
        "currency": "RUB",
        "together": 1,
        "at": "2026-11-20T09:00:00Z",
    }


def write_at_random(booked: Booked, draw: random.Random) -> Counter[tuple[str, str]]:
    """Orders of two couriers with rows in all states; returns the sums of what is booked."""
    sums: Counter[tuple[str, str]] = Counter()
    long_ago = DAY - timedelta(days=60)
    supplies = {code: booked.supply_of_report(0, code, day=long_ago) for code in ("cdek", "dalli")}
    for number in range(12):
        order = booked.books.shipped(f"{number}", draw.randrange(1, 900_000))
        for _ in range(draw.randrange(1, 3)):
            courier = draw.choice(("cdek", "dalli"))
            fees = {fee: draw.choice((0, draw.randrange(90_000))) for fee in FEES}
            state = draw.choice(("posted", "posted", "planned", "reversed", "failed"))
            collected = draw.choice((0, draw.randrange(900_000)))
            supply = draw.choice((None, supplies[courier]))
            day = DAY - timedelta(days=draw.randrange(60))
            booked.row(
                order, collected, courier=courier, day=day, per_report=supply, state=state, **fees
            )
            if state == "posted":
                sums[courier, "collected"] += collected
            if state == "posted" or supply:
                sums.update({(courier, fee): amount for fee, amount in fees.items()})
    booked.work_out()
    return sums


@pytest.mark.parametrize("seed", [1, 2])
def test_orders_add_up_to_the_documents_by_courier_and_by_period(
    booked: Booked, conn: Connection, seed: int
) -> None:
    documents = write_at_random(booked, random.Random(seed))
    found: Counter[tuple[str, str]] = Counter()
    middle = DAY - timedelta(days=20)
    halves = Period(last=middle - timedelta(days=1)), Period(first=middle)
    for period in halves:
        for part in by_courier(conn, period):
            found.update(
                {(part.courier, kind): getattr(part, kind) for kind in ("collected", *FEES)}
            )
    assert +found == +documents

    (whole,) = totals(conn, Filter())
    for kind in ("collected", *FEES):
        assert getattr(whole, kind) == sum(
            amount for (_, each), amount in documents.items() if each == kind
        )
    assert whole.remainder == whole.shipped - whole.returned - whole.fees
    parts = [row for period in halves for row in totals(conn, Filter(period))]
    assert len(parts) == 2
    assert sum(part.remainder for part in parts) == whole.remainder
    assert sum(part.orders for part in parts) == whole.orders


def test_pages_show_every_order_once(booked: Booked, conn: Connection) -> None:
    write_at_random(booked, random.Random(3))
    everything = sorted(row.name for row in every_order(conn, Filter()))
    assert len(everything) > 5
    for sort, limit in itertools.product(Sort, (1, 3, len(everything), 1000)):
        seen: list[OrderEconomics] = []
        after: str | None = ""
        while after is not None:
            page = orders(conn, Filter(), sort, after, limit)
            seen += page.rows
            after = page.after
        assert sorted(row.name for row in seen) == everything
        values = [row.remainder if sort is Sort.WORST else -row.day.toordinal() for row in seen]
        assert values == sorted(values)


class TestFilters:
    @pytest.fixture(scope="class")
    @classmethod
    def conn(cls, server_url: str, template_database: str) -> Iterator[Connection]:
        """Three orders that no test changes."""
        for url in fresh_database(server_url, template_database):
            cls.shop(Booked(Books(url)))
            with connect(url) as conn:
                yield conn

    @classmethod
    def shop(cls, booked: Booked) -> None:
        cls.one(booked, "fine", 100_000, "gorod", DAY, fee_delivery=100)
        cls.one(booked, "dear", 100_000, "cdek", DAY - timedelta(days=1), fee_delivery=150_000)
        cls.one(booked, "dearer", 100_000, "cdek", DAY - timedelta(days=2), fee_delivery=150_001)
        booked.work_out()

    @staticmethod
    def one(booked: Booked, name: str, money: int, courier: str, day: date, **fees: Any) -> UUID:
        order = booked.books.shipped(name, money)
        booked.row(order, money, courier=courier, day=day, **fees)
        return order

    @pytest.mark.parametrize(
        ("chosen", "names"),
        [
            (Filter(), ["fine", "dear", "dearer"]),
            (Filter(courier="cdek"), ["dear", "dearer"]),
            (Filter(Period(DAY, DAY)), ["fine"]),
            (Filter(Period(last=DAY - timedelta(days=1))), ["dear", "dearer"]),
            (Filter(outcome="delivered"), ["fine", "dear", "dearer"]),
            (Filter(outcome="returned"), []),
            (Filter(min_loss=Minor(50_000)), ["dear", "dearer"]),
            (Filter(min_loss=Minor(50_001)), ["dearer"]),
            (Filter(courier="' or true --"), []),
        ],
    )
    def test_orders_and_totals_agree(
        self, conn: Connection, chosen: Filter, names: list[str]
    ) -> None:
        found = orders(conn, chosen, Sort.NEWEST, None, 10).rows
        assert [row.name for row in found] == names
        assert sum(row.orders for row in totals(conn, chosen)) == len(names)
        assert sum(row.remainder for row in totals(conn, chosen)) == sum(
            row.remainder for row in found
        )

    def test_the_worst_come_first(self, conn: Connection) -> None:
        page = orders(conn, Filter(), Sort.WORST, None, 2)
        assert [row.name for row in page.rows] == ["dearer", "dear"]
        rest = orders(conn, Filter(), Sort.WORST, page.after, 2)
        assert [row.name for row in rest.rows] == ["fine"]

    @pytest.mark.parametrize(
        "mark", ["", "x", "2026-11-19", "2026-11-19~x", "9" * 30 + "~" + str(UUID(int=0)), "~"]
    )
    def test_a_mark_that_nobody_gave_begins_anew(self, conn: Connection, mark: str) -> None:
        for sort in Sort:
            assert len(orders(conn, Filter(), sort, mark, 10).rows) == 3

    def test_losses_are_counted_apart(self, conn: Connection) -> None:
        (whole,) = totals(conn, Filter())
        assert (whole.lost_orders, whole.lost) == (2, -100_001)


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(1, 3, 3333), (2, 3, 6667), (1, 20_000, 1), (0, 5, 0), (5, 0, None), (3, 2, 15_000)],
)
def test_a_share_is_rounded_to_hundredths_of_a_per_cent(
    part: int, whole: int, share: int | None
) -> None:
    assert share_of(part, whole) == share
