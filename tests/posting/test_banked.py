"""Which reports wait for the bank, what their rows are called meanwhile, and the day of the money."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from sverka.clock import MOSCOW
from sverka.couriers import Courier, Couriers
from sverka.database.connection import Connection, connect
from sverka.payouts.facts import PayoutState
from sverka.posting import banked
from sverka.posting.banked import Banked, _hold_back, _Payout, _rule, in_bank
from sverka.services import Services
from tests.posting.test_arithmetic import LINE
from tests.support.books import NOW, Books

CAME = date(2026, 12, 1)
PAYOUT = _Payout(1, "55", "gorod", date(2026, 11, 19), PayoutState.WAITING, None, None, "Ждём.", waits=True)  # fmt: skip
PAID = replace(PAYOUT, state=PayoutState.PAID, moved_on=CAME, bank_number="123")
COURIER = Courier("gorod", "Город", ("Город",), "ООО «Город»", "net_when_paid", payout_days=5)


@pytest.fixture
def conn(books: Books) -> Iterator[Connection]:
    with connect(books.url) as connection:
        yield connection


@pytest.mark.parametrize("state", PayoutState)
def test_only_a_report_that_is_paid_or_comes_to_nothing_is_booked(state: PayoutState) -> None:
    payout = replace(PAYOUT, state=state)
    free = state in (PayoutState.PAID, PayoutState.NOTHING)
    assert payout.held is not free
    assert not replace(payout, waits=False).held
    assert list(Banked({1: payout}).ready([LINE])) == ([LINE] if free else [])


def test_a_paid_report_is_booked_on_the_banks_day_and_number_and_no_other_is() -> None:
    nothing = replace(PAID, report_id=2, state=PayoutState.NOTHING)
    held = replace(PAYOUT, report_id=3)
    lines = [replace(LINE, report_id=report) for report in (1, 2, 3, 4)]
    found = Banked({1: PAID, 2: nothing, 3: held}).ready(lines)
    dated = replace(
        lines[0],
        moment=datetime(2026, 12, 1, 12, tzinfo=MOSCOW),
        incoming_number="123",
        incoming_date=datetime(2026, 12, 1, tzinfo=MOSCOW),
    )
    assert list(found) == [dated, lines[1], lines[3]]
    undated = replace(PAID, moved_on=None)
    assert list(Banked({1: undated}).ready(lines[:1])) == lines[:1]


@pytest.mark.parametrize(
    ("state", "days", "day", "now", "rule"),
    [
        (PayoutState.WAITING, 5, date(2026, 11, 19), datetime(2026, 11, 24, 20, 59, tzinfo=UTC), "bank.waiting"),
        # In Moscow it is the next day already.
        (PayoutState.WAITING, 5, date(2026, 11, 19), datetime(2026, 11, 24, 21, 0, tzinfo=UTC), "bank.overdue"),
        (PayoutState.WAITING, 0, date(2026, 11, 19), datetime(2026, 11, 20, 9, 0, tzinfo=UTC), "bank.overdue"),
        # Without a term in the contract it is five banking days.
        (PayoutState.WAITING, None, date(2026, 1, 1), NOW, "bank.overdue"),
        (PayoutState.WAITING, None, date(2026, 11, 19), datetime(2026, 11, 24, 20, 59, tzinfo=UTC), "bank.waiting"),
        (PayoutState.WAITING, 5, None, NOW, "bank.waiting"),
        (PayoutState.MISSING, 5, date(2026, 11, 19), NOW, "bank.asks"),
        (PayoutState.DIFFERS, None, None, NOW, "bank.asks"),
        (PayoutState.OWED, 5, date(2026, 1, 1), NOW, "bank.asks"),
    ],
)  # fmt: skip
def test_a_report_is_overdue_when_its_term_is_over(
    state: PayoutState, days: int | None, day: date | None, now: datetime, rule: str
) -> None:
    courier = replace(COURIER, payout_days=days)
    assert _rule(replace(PAYOUT, state=state, day=day), courier, now) == rule


def judged(books: Books, file_id: int, rule: str, *, clean: bool, ordinal: int = 0) -> int:
    line_id = books.line(file_id, ordinal=ordinal)
    row = {"line_id": line_id, "verdict": "matched", "rule": rule, "clean": clean, "received": 0}
    books.insert("verdict", row | {"sentence": "Сошлось.", "decided_at": NOW})
    return line_id


def verdict_of(conn: Connection, line_id: int) -> tuple[Any, ...]:
    with conn.cursor() as cursor:
        cursor.execute(
            "select verdict, rule, clean, sentence, decided_at from verdict where line_id = %s",
            (line_id,),
        )
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def report_of(books: Books, file_id: int, ordinal: int = 0) -> int:
    [[found]] = books.run(
        "select id from report where file_id = %s and ordinal = %s", file_id, ordinal
    )
    return int(found)


def test_clean_rows_of_a_report_that_waits_are_unpaid_with_the_reason(
    books: Books, conn: Connection
) -> None:
    file_id = books.file(reports=3)
    waits = judged(books, file_id, "sum.equal", clean=True)
    again = judged(books, file_id, "sum.equal+bank.waiting", clean=True)
    doubtful = judged(books, file_id, "sum.over", clean=False)
    settled = judged(books, file_id, "sum.equal", clean=True)
    late = judged(books, file_id, "sum.equal", clean=True, ordinal=1)
    other = judged(books, file_id, "sum.equal", clean=True, ordinal=2)
    with conn.cursor() as cursor:
        cursor.execute("create temp table judged (line_id bigint) on commit drop")
        for line_id in (waits, again, doubtful, late, other):
            cursor.execute("insert into judged values (%s)", (line_id,))
    first = replace(PAYOUT, report_id=report_of(books, file_id))
    second = replace(PAYOUT, report_id=report_of(books, file_id, 1), report_no=None)
    later = NOW + timedelta(hours=1)
    _hold_back(conn, [(first, "bank.waiting"), (second, "bank.overdue")], later)
    words = "Отчёт № 55. Ждём. Проведём сами, когда придут."
    for line_id in (waits, again):
        expected = ("unpaid", "sum.equal+bank.waiting", False, words, later)
        assert verdict_of(conn, line_id) == expected
    verdict, rule, clean, words, _ = verdict_of(conn, late)
    assert (verdict, rule, clean) == ("unpaid", "sum.equal+bank.overdue", False)
    assert words.startswith("Отчёт без номера. Ждём. Срок по договору вышел")
    for line_id in (settled, other):
        assert verdict_of(conn, line_id) == ("matched", "sum.equal", True, "Сошлось.", NOW)
    assert verdict_of(conn, doubtful)[1:3] == ("sum.over", False)
    _hold_back(conn, [], later)


def payout(books: Books, file_id: int, ordinal: int, *, waits: bool, **other: Any) -> None:
    row = {"file_id": file_id, "ordinal": ordinal, "key": uuid4(), "courier": "gorod"}
    row |= {"currency": "RUB", "together": 1, "day": date(2026, 11, 19), "sentence": "Ждём."}
    books.insert("payout", row | {"at": NOW, "waits": waits} | other)


def test_the_reports_of_the_file_whose_scheme_waits_are_held_until_they_are_paid(
    services: Services, books: Books, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id, other = books.file(reports=3), books.file()
    key = uuid4()
    paid = {"state": "paid", "movement_key": key, "moved_on": CAME, "bank_number": "123"}
    payout(books, file_id, 0, waits=True)
    payout(books, file_id, 1, waits=True, **paid)
    payout(books, file_id, 2, waits=False)
    payout(books, other, 0, waits=True, **paid)
    reports = [report_of(books, file_id, ordinal) for ordinal in range(3)]
    waiting, in_books = (judged(books, file_id, "sum.equal", clean=True, ordinal=n) for n in (0, 2))
    couriers = [
        replace(COURIER, code=f"c{number}", posting_scheme=name)
        for number, name in enumerate(["net", "net_when_paid", "no such scheme"])
    ]
    known = Couriers({one.code: one for one in (*couriers, COURIER)})
    called: list[Any] = []
    monkeypatch.setattr(banked, "known_couriers", lambda _: known)
    monkeypatch.setattr(banked, "claim", lambda *values: called.append(values))
    monkeypatch.setattr(banked, "rematch", lambda *values: called.append(values))
    with conn.cursor() as cursor:
        cursor.execute("create temp table judged on commit drop as select id as line_id from line")
    found = in_bank(services, conn, file_id, NOW)
    waits = {"c0": False, "c1": True, "gorod": True}
    assert called == [(conn, file_id, waits, NOW), (conn, known, NOW)]
    assert {one.report_id: (one.state, one.waits) for one in found.payouts.values()} == {
        reports[0]: (PayoutState.WAITING, True),
        reports[1]: (PayoutState.PAID, True),
    }
    assert set(found.payouts) == set(reports[:2])
    assert found.payouts[reports[1]] == _Payout(
        reports[1], "55", "gorod", date(2026, 11, 19), PayoutState.PAID, CAME, "123", "Ждём.",
        waits=True,
    )  # fmt: skip
    assert verdict_of(conn, waiting)[0] == "unpaid"
    assert verdict_of(conn, in_books)[0] == "matched"
    with conn.cursor() as cursor:
        # Another movement than the one that this planning knows gives the file another run.
        cursor.execute(
            "select file_id, ordinal, run_for::text from payout where run_for is not null"
        )
        assert cursor.fetchall() == [(file_id, 1, str(key))]
