"""What is late is said with its money, its term and the last day of a claim; waiting is not late."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from sverka.clock import MOSCOW
from sverka.texts import Language, Texts
from sverka.watching import overdue_now
from sverka.watching.late import LATE, late_parameters
from sverka.watching.words import late_words
from tests.watching.conftest import COURIERS, TODAY, Watch, noon

KEY = UUID(int=7)
DUE = date(2026, 11, 16)
"""Five banking days after the report of 9 November 2026."""


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


class TestOrders:
    def test_nothing_that_is_not_due_is_late(self, watch: Watch) -> None:
        watch.parcel("1", handed=ago(30))
        watch.parcel("2", handed=ago(30))
        watch.status(watch.statuses(), "2", "delivered", ago(14))
        assert watch.late() == []

    def test_a_delivered_one_says_what_to_do_and_until_when(self, watch: Watch) -> None:
        order = watch.parcel("1042", 1_234_50, handed=date(2026, 11, 1))
        watch.status(watch.statuses(), "1042", "delivered", ago(15))
        [late] = watch.late()
        assert (late.subject, late.order_id) == (f"order:{order}", order)
        assert (late.verdict, late.courier, late.stake) == ("overdue", "gorod", 123_450)
        assert (late.due_on, late.days, late.claim_by) == (ago(1), 1, date(2027, 5, 1))
        assert late.sentence == (
            "Заказ 1042 вручён 5 ноября 2026, а в отчётах курьера его нет, хотя срок по договору "
            "вышел 19 ноября 2026. Спросите курьера, где деньги. Если он не ответит, подайте "
            "претензию не позднее 1 мая 2027."
        )

    def test_one_without_news_is_late_too(self, watch: Watch) -> None:
        watch.parcel("7", handed=ago(31))
        [late] = watch.late()
        assert late.courier is None
        assert late.sentence.startswith("Заказ 7 передан 20 октября 2026, и с тех пор о нём нет")

    def test_a_lost_one_is_late_from_the_next_day(self, watch: Watch) -> None:
        watch.parcel("7", handed=ago(10))
        watch.status(watch.statuses(), "7", "lost", ago(1))
        assert watch.late(ago(1)) == []
        [late] = watch.late()
        assert "потерял или уничтожил (19 ноября 2026)" in late.sentence

    @pytest.mark.parametrize(
        ("handed", "hard", "words"),
        [
            (date(2026, 6, 21), False, "не позднее 21 декабря 2026"),
            (date(2026, 6, 20), True, "не позднее 20 декабря 2026"),  # five months
            (date(2026, 5, 20), True, "не позднее 20 ноября 2026"),  # the last day is today
            (date(2026, 5, 19), True, "Срок претензии закончился 19 ноября 2026"),
        ],
    )
    def test_the_end_of_the_claim_is_near_after_five_months(
        self, watch: Watch, handed: date, hard: bool, words: str
    ) -> None:
        watch.parcel("7", handed=handed)
        [late] = watch.late()
        assert late.hard is hard
        assert words in late.sentence

    def test_the_day_changes_in_moscow(self, watch: Watch) -> None:
        watch.parcel("7", handed=ago(30))
        watch.look()
        evening = datetime(2026, 11, 20, 23, 59, tzinfo=MOSCOW)
        with watch.connect() as conn:
            assert overdue_now(conn, watch.couriers, evening) == []
            assert len(overdue_now(conn, watch.couriers, evening + timedelta(minutes=1))) == 1

    def test_the_most_money_comes_first_and_no_more_than_asked_for(self, watch: Watch) -> None:
        for number in range(4):
            watch.parcel(str(number), 100 + number, handed=ago(40))
        assert [late.stake for late in watch.late(limit=3)] == [103, 102, 101]

    def test_the_relation_has_the_same_orders_and_words_that_stand_still(
        self, watch: Watch
    ) -> None:
        order = watch.parcel("7", handed=ago(40))
        watch.look()
        with watch.connect() as conn, conn.cursor() as cursor:
            seen = []
            for day in (TODAY, TODAY + timedelta(days=1)):
                cursor.execute(
                    f"select key::text, sentence, opened_at, days from ({LATE}) w",
                    late_parameters(noon(day)),
                )
                seen.append(cursor.fetchone())
        first, second = seen
        assert first[0] == str(order)
        assert first[:3] == second[:3]
        assert second[3] == first[3] + 1

    def test_every_late_phase_has_words_in_both_languages(self, watch: Watch) -> None:
        english = late_words(Texts(Language.ENGLISH))
        assert english.keys() == late_words(Texts()).keys()
        assert all(words.isascii() and "{order}" in words for words in english.values())
        watch.parcel("7", handed=ago(40))
        [late] = watch.late(say=Texts(Language.ENGLISH))
        assert "11 October 2026" in late.sentence


class TestTransfers:
    def payout(self, watch: Watch, **other: Any) -> int:
        file_id = watch.books.file("dalli")
        row: dict[str, Any] = {
            "file_id": file_id,
            "ordinal": 0,
            "key": KEY,
            "courier": "dalli",
            "currency": "RUB",
            "own": 500,
            "expected": 500,
            "together": 1,
            "day": date(2026, 11, 9),
            "at": noon(TODAY),
        }
        watch.books.insert("payout", row | other)
        return file_id

    def statement(self, watch: Watch, until: date) -> None:
        file_id = watch.books.file(
            purpose="statement", period_from=date(2026, 11, 1), period_to=until
        )
        watch.books.insert("bank_statement", {"file_id": file_id, "noted_at": noon(TODAY)})
        [[report]] = watch.books.run("select id from report where file_id = %s", file_id)
        watch.books.insert(
            "bank_movement",
            {"report_id": report, "line_no": 1, "account": "40", "direction": "out"}
            | {"moved_on": until, "amount": 1, "currency": "RUB", "movement_key": UUID(int=1)},
        )

    def test_money_that_the_statements_do_not_have_is_late_after_its_term(
        self, watch: Watch
    ) -> None:
        file_id = self.payout(watch)
        self.statement(watch, DUE)
        assert watch.late(DUE) == []
        [late] = watch.late(DUE + timedelta(days=1))
        assert (late.subject, late.verdict) == (f"payout:{KEY}", "unpaid")
        assert (late.file_id, late.stake, late.due_on) == (file_id, 500, DUE)
        assert "не пришло в банк 5,00\u00a0₽" in late.sentence
        [owed] = watch.owed(TODAY).values()
        assert (owed.transfers, owed.late_transfers) == (500, 500)

    def test_it_is_not_late_while_statements_are_missing(self, watch: Watch) -> None:
        self.payout(watch)
        self.statement(watch, DUE - timedelta(days=1))
        assert watch.late() == []
        [owed] = watch.owed().values()
        assert (owed.transfers, owed.late_transfers) == (500, 0)

    def test_a_shop_without_statements_is_not_told_for_ever(self, watch: Watch) -> None:
        self.payout(watch)
        [owed] = watch.owed(DUE).values()
        assert owed.transfers == 500
        assert watch.owed(DUE + timedelta(days=1)) == {}

    @pytest.mark.parametrize(
        ("payout", "amount"),
        [
            ({"state": "paid", "movement_key": UUID(int=1), "received": 500}, None),
            ({"state": "void"}, None),
            ({"state": "unknown", "expected": None}, None),
            ({"state": "differs", "received": 300}, 200),
            ({"state": "differs", "received": 700}, None),
            ({"state": "missing"}, 500),
            ({"state": "contested"}, 500),
        ],
    )
    def test_only_what_is_not_in_the_bank_is_owed(
        self, watch: Watch, payout: dict[str, Any], amount: int | None
    ) -> None:
        self.payout(watch, **payout)
        self.statement(watch, DUE)
        assert [one.late_transfers for one in watch.owed().values()] == (
            [] if amount is None else [amount]
        )

    def test_reports_of_one_payment_order_are_one_transfer(self, watch: Watch) -> None:
        self.payout(watch)
        self.payout(watch)
        [owed] = watch.owed(DUE).values()
        assert owed.transfers == 500

    @pytest.mark.parametrize(
        ("terms", "due"),
        [
            ({"payout_days": 3}, date(2026, 11, 12)),
            ({"payout_days": 5}, date(2026, 11, 16)),  # 14 November is a Saturday
            ({"payout_days": 10, "calendar": "banking"}, date(2026, 11, 23)),
        ],
    )
    def test_the_contract_says_when(self, watch: Watch, terms: dict[str, Any], due: date) -> None:
        watch.terms(replace(COURIERS[1], **terms))
        self.payout(watch, state="missing")
        self.statement(watch, due)
        assert watch.late(due) == []
        [late] = watch.late(due + timedelta(days=1))
        assert late.due_on == due

    def test_after_thirty_days_the_report_is_accepted(self, watch: Watch) -> None:
        self.payout(watch, state="missing")
        self.statement(watch, DUE)
        [before] = watch.late(date(2026, 12, 20))
        [after] = watch.late(date(2026, 12, 21))
        assert before.claim_by == date(2026, 12, 20)
        assert "возразить на отчёт можно до 20\u00a0декабря" in before.sentence
        assert "возразить" not in after.sentence
