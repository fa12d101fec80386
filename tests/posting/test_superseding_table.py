"""Every kind of correction at every moment, for every way of booking: the balance is the last file's."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from sverka import settling
from sverka.demo.shop import Order, Shop, build_shop
from sverka.errors import TryLater
from tests.posting.conftest import Desk
from tests.posting.corrected import INVOICES, Row, edition, expected, run, superseded
from tests.posting.undone import balance

Correction = Callable[[list[Row]], list[Row]]

CORRECTIONS: dict[str, Correction] = {
    "a lower fee": lambda rows: [rows[0].but(fee=1), *rows[1:4]],
    "a higher fee": lambda rows: [rows[0].but(fee=19_999), *rows[1:4]],
    "a row removed": lambda rows: rows[1:4],
    "a row added": lambda rows: rows[:5],
    "a delivery that came back": lambda rows: [rows[0].but(outcome="returned"), *rows[1:4]],
    "a return that was delivered": lambda rows: [*rows[:3], rows[3].but(outcome="delivered")],
    "a sum a kopeck short": lambda rows: [rows[0].but(collected=rows[0].taken - 1), *rows[1:4]],
    "all of it at once": lambda rows: [
        rows[0].but(fee=19_999),
        rows[1].but(outcome="returned"),
        rows[3].but(outcome="delivered", fee=7),
        rows[4],
    ],
    "nothing but the order of rows": lambda rows: rows[3::-1],
}
"""What a courier does to a report of rows 0 to 3; row 3 came back in the first edition."""


def planned(desk: Desk, file_id: int) -> None:
    settling.plan(desk.services, file_id)


def approved(desk: Desk, file_id: int) -> None:
    planned(desk, file_id)
    settling.approve(desk.services, file_id)


def half_sent(desk: Desk, file_id: int) -> None:
    """The second request is answered by nobody."""
    approved(desk, file_id)
    desk.sandbox.plan_fault("lose_reply", method="POST", after=1)
    with pytest.raises(TryLater):
        settling.send(desk.services, file_id)


def posted(desk: Desk, file_id: int) -> None:
    run(desk, file_id)


CASES = [
    *(("dalli", moment) for moment in (approved, half_sent, posted)),
    *(("cdek", moment) for moment in (planned, posted)),
    ("gorod", posted),
]
"""Fees netted per line, an agent's fee netted and the rest per report, all by invoice."""


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=600)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("courier", "moment"), CASES)
def test_the_balance_is_the_corrected_file(
    desk: Desk, courier: str, moment: Callable[[Desk, int], None]
) -> None:
    orders = iter(desk.orders(courier))
    books: Counter[str] = Counter()
    for number, (name, correct) in enumerate(CORRECTIONS.items()):
        rows = _rows(desk, orders)
        old = edition(desk, courier, rows[:4], report_no=str(number))
        moment(desk, old)
        better = correct(rows)
        new = edition(desk, courier, better, report_no=str(number))
        run(desk, new)
        superseded(desk, new)
        clean = [row for row in better if row.outcome == "returned" or row.taken == row.order.sum]
        books.update(_booked(clean, courier))
        assert balance(desk) == books, name
    for [file_id] in desk.books.run("select id from file order by id"):
        run(desk, file_id)
    assert balance(desk) == books, "whoever runs afterwards finds nothing to do"


def _rows(desk: Desk, orders: Iterator[Order]) -> list[Row]:
    rows = [Row(next(orders)) for _ in range(5)]
    desk.mirror(*(row.order for row in rows))
    rows[3] = rows[3].but(outcome="returned")
    return rows


def _booked(rows: list[Row], courier: str) -> dict[str, int]:
    sums = expected(rows)
    if courier == INVOICES:
        sums.pop("paymentout", None)
    return sums
