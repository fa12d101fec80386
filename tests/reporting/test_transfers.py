"""«Переводы курьеров»: every report whose money is not in the bank yet, and what came today."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from sverka.couriers import Courier
from sverka.database.connection import Connection
from sverka.payouts.facts import PayoutState
from sverka.reporting import Daily
from sverka.reporting.decisions import decisions
from sverka.reporting.html import as_html
from sverka.reporting.transfers import transfer_of
from sverka.texts import Texts
from tests.reporting.conftest import Rendered
from tests.support.books import NOW, Books
from tests.support.rows import DAY

SAY = Texts()
KEY = "00000000-0000-4000-8000-00000000000"


@pytest.fixture
def books(database_url: str) -> Books:
    return Books(database_url)


def payout(books: Books, *, state: str = "waiting", days_ago: int = 0, **other: Any) -> int:
    file_id = books.file("dalli")
    came = NOW - timedelta(days=days_ago)
    books.run("update file set received_at = %s where id = %s", came, file_id)
    row = {
        "file_id": file_id,
        "ordinal": 0,
        "key": KEY + str(file_id),
        "courier": "dalli",
        "currency": "RUB",
        "own": 100_000,
        "expected": 100_000,
        "together": 1,
        "day": date(2026, 11, 19),
        "state": state,
        "sentence": "Перевод.",
        "at": came,
        "waits": True,
    }
    books.insert("payout", row | other)
    return file_id


def paid(books: Books, **other: Any) -> int:
    came = {"movement_key": KEY + "9", "moved_on": DAY, "received": 100_000, "rule": "payer.inn"}
    return payout(books, state="paid", **(came | other))


def test_it_shows_the_days_reports_what_waits_from_before_and_what_came_now(
    books: Books, daily: Callable[..., Daily]
) -> None:
    today, before = payout(books), payout(books, days_ago=3)
    came_now = paid(books, days_ago=3, at=NOW)
    paid(books, days_ago=3)
    payout(books, state="void")
    payout(books, state="nothing", own=0, expected=0)
    payout(books, days_ago=100)
    transfers = daily().transfers
    assert [one.file_id for one in transfers] == [before, today, came_now]
    assert [one.title for one in transfers] == ["ещё не пришли", "ещё не пришли", "пришли"]
    assert decisions(daily(), SAY) == ()


def test_a_shop_without_statements_is_not_told_every_day(
    books: Books, daily: Callable[..., Daily]
) -> None:
    file_id = payout(books, waits=False)
    assert daily().transfers == ()
    books.insert("bank_statement", {"file_id": file_id, "noted_at": NOW})
    assert len(daily().transfers) == 1


def test_another_sum_is_shown_with_the_difference_and_asks(
    books: Books, daily: Callable[..., Daily], rendered: Rendered
) -> None:
    payout(books, state="differs", received=90_000, moved_on=DAY, bank_number="77")
    [one] = rendered.json(daily())["transfers"]
    assert (one["expected"], one["received"], one["difference"]) == (100_000, 90_000, -10_000)
    assert (one["came_on"], one["bank_number"]) == (DAY.isoformat(), "77")
    [decision] = decisions(daily(), SAY)
    assert (decision.title, decision.money) == ("Разобрать расхождения", {"RUB": 10_000})
    page = as_html(daily(), SAY).decode()
    assert 'id="transfers"' in page
    assert "−100,00\u00a0₽" in page


@pytest.mark.parametrize(
    ("days", "state", "overdue"),
    [(None, "waiting", False), (1, "waiting", False), (0, "waiting", True), (0, "paid", False)],
)
def test_overdue_is_what_the_contract_says(days: int | None, state: str, overdue: bool) -> None:
    terms = Courier("dalli", "Dalli", ("Dalli",), "к", "net", payout_days=days)
    row = {
        **dict.fromkeys(("report_no", "report_date", "came_on", "bank_number"), None),
        "file_id": 1,
        "file": "a.xlsx",
        "courier": "dalli",
        "currency": "RUB",
        "own": 1,
        "expected": 1,
        "received": None,
        "state": state,
        "sentence": ".",
        "day": date(2026, 11, 19),
    }
    one = transfer_of(row, terms, date(2026, 11, 20), SAY)
    assert (one.overdue, one.asks) == (overdue, overdue)


def test_every_state_that_is_shown_has_a_word(books: Books, daily: Callable[..., Daily]) -> None:
    shown = [state for state in PayoutState if state not in {"paid", "void", "nothing"}]
    for state in shown:
        payout(books, state=state.value, received=90_000)
    assert {one.state for one in daily().transfers} == set(shown)


def test_a_line_that_waits_for_the_bank_is_no_discrepancy(
    books: Books, conn: Connection, daily: Callable[..., Daily]
) -> None:
    file_id = books.file("dalli")
    for rule in ("order.exact+bank.waiting", "order.exact+bank.overdue"):
        line = books.line(file_id, "1001", 100)
        row = {"line_id": line, "verdict": "unpaid", "rule": rule, "clean": False}
        books.insert("verdict", row | {"received": 100, "sentence": ".", "decided_at": NOW})
    [courier] = daily().couriers
    assert (courier.parts.matched.lines, courier.parts.discrepant.lines) == (1, 1)
    assert courier.parts.adds_up
