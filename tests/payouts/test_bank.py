"""What is claimed, what is matched and what is freed again, in the database."""

import itertools
import os
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sverka.couriers import Courier, Couriers
from sverka.payouts import note_statement, rematch
from tests.payouts.cases import DAY
from tests.payouts.conftest import Bank

SCENES = int(os.environ.get("SVERKA_PAYOUT_SCENES", "3"))
ORDERS = 5
"""Of arrival, for each scene."""


def test_a_payout_is_matched_once_and_told_once(bank: Bank) -> None:
    file_id = bank.reported(60_000, 40_000)
    bank.claimed(file_id)
    assert (bank.states(file_id), bank.events()) == (["waiting"], [])
    statement = bank.statement(bank.movement(100_000))
    before = bank.payouts()
    assert before[0][2:4] == ("paid", "payer.inn")
    assert "деньги пришли в банк 20.11.2026, платёжное поручение № 77." in before[0][-1]
    for _ in range(2):
        bank.claimed(file_id)
        assert note_statement(bank.services, statement) == 0
    assert (bank.payouts(), bank.events()) == (before, [("payout.matched", file_id)])


def test_statements_that_overlap_or_come_twice_change_nothing(bank: Bank) -> None:
    file_id = bank.reported(100_000)
    bank.claimed(file_id)
    bank.statement(bank.movement(100_000))
    before = bank.payouts()
    bank.statement(bank.movement(100_000), bank.movement(5, "other"))
    bank.statement(bank.movement(100_000, counterparty="Далли"))
    assert bank.payouts() == before


@pytest.mark.parametrize(
    ("other", "state"),
    [
        ({"amount": 100_001}, "waiting"),
        ({"direction": "out"}, "waiting"),
        ({"currency": "KZT"}, "waiting"),
        ({"moved_on": DAY + timedelta(days=31)}, "waiting"),
        ({"counterparty_inn": "7700000099"}, "waiting"),
        ({}, "paid"),
    ],
)
def test_only_the_very_money_pays(bank: Bank, other: dict[str, Any], state: str) -> None:
    file_id = bank.reported(100_000)
    bank.claimed(file_id)
    bank.statement(bank.movement(100_000) | other)
    assert bank.states(file_id) == [state]


def test_a_statement_that_is_not_checked_pays_nothing(bank: Bank) -> None:
    file_id = bank.reported(100_000)
    bank.read(bank.movement(100_000))
    bank.claimed(file_id)
    assert bank.states(file_id) == ["waiting"]


def fined(bank: Bank, file_id: int) -> int:
    bank.lines(file_id, -700, row_kind="fine", outcome=None)
    bank.lines(file_id, -300, row_kind="hold", outcome=None)
    return 99_000


def put_aside(bank: Bank, file_id: int) -> int:
    """Its money is in the printed total and in the transfer, whatever is wrong with the row."""
    bank.lines(file_id, 5_000, accepted=False)
    return 105_000


def ordered(bank: Bank, file_id: int) -> int:
    bank.books.run("update report set payment_order_sum = 777 where file_id = %s", file_id)
    return 777


def printed(bank: Bank, file_id: int) -> int:
    bank.books.run("""update report set totals = '{"payout": 778}' where file_id = %s""", file_id)
    return 778


@pytest.mark.parametrize("change", [fined, put_aside, ordered, printed])
def test_what_the_courier_transfers(bank: Bank, change: Callable[[Bank, int], int]) -> None:
    file_id = bank.reported(100_000)
    expected = change(bank, file_id)
    bank.claimed(file_id)
    bank.statement(bank.movement(expected))
    assert bank.states(file_id) == ["paid"]


def unread(bank: Bank, file_id: int) -> None:
    [[report]] = bank.books.run("select id from report where file_id = %s", file_id)
    row = {"report_id": report, "line_no": 9, "rule": "row", "reason": "не прочитана"}
    bank.books.insert("rejected", row)


def foreign(bank: Bank, file_id: int) -> None:
    bank.books.run("update line set currency = 'KZT'")


@pytest.mark.parametrize("change", [unread, foreign])
def test_a_sum_that_nobody_knows_is_not_guessed(
    bank: Bank, change: Callable[[Bank, int], None]
) -> None:
    file_id = bank.reported(100_000)
    change(bank, file_id)
    bank.claimed(file_id)
    bank.statement(bank.movement(100_000))
    assert bank.states(file_id) == ["unknown"]
    assert "Сумма перевода неизвестна" in bank.payouts()[0][-1]


def test_one_order_pays_the_reports_of_a_file_together_or_not_at_all(bank: Bank) -> None:
    file_id = bank.books.file("dalli", reports=2, payment_order_no="77")
    bank.lines(file_id, 300, ordinal=0)
    bank.lines(file_id, 500, ordinal=1)
    bank.claimed(file_id)
    bank.statement(bank.movement(500))
    assert bank.states(file_id) == ["differs", "differs"]
    bank.statement(bank.movement(800, "whole"))
    assert bank.states(file_id) == ["paid", "paid"]
    assert "(один за отчёты файла, их 2)" in bank.payouts()[0][-1]


def test_reports_of_a_file_without_an_order_are_payouts_of_their_own(bank: Bank) -> None:
    file_id = bank.books.file("dalli", reports=2)
    bank.lines(file_id, 300, ordinal=0)
    bank.lines(file_id, 500, ordinal=1)
    bank.claimed(file_id)
    bank.statement(bank.movement(500), bank.movement(800, "whole"))
    assert bank.states(file_id) == ["waiting", "paid"]


def test_the_same_report_in_two_files_is_one_payout(bank: Bank) -> None:
    first, again = bank.reported(300, 500, name="a"), bank.reported(300, 500, name="a")
    other = bank.reported(800, name="b", payment_order_no="78")
    bank.claimed(first, again, other)
    bank.statement(bank.movement(800))
    assert [bank.states(one) for one in (first, again, other)] == [["paid"], ["paid"], ["waiting"]]


@pytest.mark.parametrize("state", ["undone", "quarantined"])
def test_a_file_that_is_out_gives_its_money_back(bank: Bank, state: str) -> None:
    first, second = bank.reported(100_000), bank.reported(100_000)
    bank.claimed(first, second)
    statement = bank.statement(bank.movement(100_000))
    assert bank.states(second) == ["contested"]
    bank.books.run("update file set state = %s, reason = '.' where id = %s", state, first)
    bank.claimed(second)
    assert (bank.states(first), bank.states(second)) == (["void"], ["paid"])
    bank.books.run("update file set state = %s, reason = '.' where id = %s", state, statement)
    bank.claimed(second)
    assert bank.states(second) == ["waiting"]
    assert bank.events() == [("payout.matched", second), ("payout.unmatched", second)]


def test_a_superseded_report_gives_its_money_back(bank: Bank) -> None:
    old, new = bank.reported(100_000), bank.reported(100_000)
    bank.claimed(old, new)
    bank.statement(bank.movement(100_000))
    row = {"file_id": new, "ordinal": 0, "old_file_id": old, "old_ordinal": 0}
    said = {"verdict": "supersedes", "decided_by": "я", "decided_at": bank.services.clock()}
    bank.books.insert("supersession", row | said)
    bank.claimed(new)
    assert (bank.states(old), bank.states(new)) == (["void"], ["paid"])


def test_reading_a_file_again_forgets_the_reports_it_no_longer_has(bank: Bank) -> None:
    file_id = bank.books.file("dalli", reports=2)
    bank.claimed(file_id)
    bank.books.run("delete from report where file_id = %s and ordinal = 1", file_id)
    bank.claimed(file_id)
    assert len(bank.states(file_id)) == 1


def test_days_without_money_are_told_once_the_statements_have_them_all(bank: Bank) -> None:
    file_id = bank.reported(100_000)
    bank.claimed(file_id)
    small = bank.movement(5, "small")
    bank.statement(small, period_from=DAY - timedelta(days=3), period_to=DAY)
    assert bank.states(file_id) == ["waiting"]
    bank.statement(small, period_from=DAY, period_to=DAY + timedelta(days=30))
    assert bank.states(file_id) == ["missing"]
    bank.statement(bank.movement(100_000))
    assert bank.states(file_id) == ["paid"]


def test_a_settled_file_is_woken_once_for_its_money(bank: Bank) -> None:
    file_id = bank.reported(100_000)
    bank.claimed(file_id)
    bank.books.run("update file set state = 'settled' where id = %s", file_id)
    assert bank.woken() == []
    bank.statement(bank.movement(100_000))
    assert bank.woken() == [file_id]
    # A question about the report, say, kept the run from planning: it is not woken for ever.
    bank.books.run("update file set state = 'settled', offered_at = null where id = %s", file_id)
    assert bank.woken() == []


def test_a_file_in_work_is_woken_when_it_has_ended(bank: Bank) -> None:
    file_id = bank.reported(100_000)
    bank.claimed(file_id)
    bank.statement(bank.movement(100_000))
    assert bank.woken() == []
    bank.books.run("update file set state = 'settled' where id = %s", file_id)
    assert bank.woken() == [file_id]


def test_who_books_at_once_is_not_woken(bank: Bank) -> None:
    file_id = bank.books.file("gorod")
    bank.lines(file_id, 100_000)
    bank.claimed(file_id)
    bank.books.run("update file set state = 'settled' where id = %s", file_id)
    bank.statement(bank.movement(100_000, counterparty="Городской курьер", counterparty_inn=None))
    assert (bank.states(file_id), bank.woken()) == (["paid"], [])


def scene(bank: Bank, rng: random.Random) -> list[Callable[[], Any]]:
    """Reports and statements in the database; each action is one of them arriving."""
    reports = [
        bank.reported(
            rng.choice((100, 200, 300)),
            name=rng.choice("abcdef"),
            payment_order_no=rng.choice((None, "1", "2")),
        )
        for _ in range(5)
    ]
    movements = [
        bank.movement(rng.choice((100, 200, 300)), f"m{n}", number=rng.choice((None, "1", "2")))
        for n in range(4)
    ]
    reports.append(bank.reported(777, name="sure"))
    movements.append(bank.movement(777, "sure", number="777"))
    statements = [bank.read(movements[-1])]
    statements += [bank.read(*rng.sample(movements, rng.randint(0, 4))) for _ in range(3)]
    return [
        *(lambda one=one: bank.claimed(one) for one in reports),
        *(lambda one=one: note_statement(bank.services, one) for one in statements),
    ]


@pytest.mark.parametrize("seed", range(SCENES))
def test_the_order_of_arrival_makes_no_difference(bank: Bank, seed: int) -> None:
    rng = random.Random(seed)
    arrivals = scene(bank, rng)
    ends = []
    for _ in range(ORDERS):
        bank.books.run("delete from payout; delete from bank_statement")
        rng.shuffle(arrivals)
        for arrive in arrivals:
            arrive()
            whole(bank)
        ends.append(bank.payouts())
    assert all(one == ends[0] for one in ends)
    assert "paid" in {row[2] for row in ends[0]}
    assert len({row[2] for row in ends[0]}) > 1


def whole(bank: Bank) -> None:
    """At every moment: what is paid is what came, to the kopeck, and nothing pays twice."""
    paid = bank.books.run(
        "select distinct key, movement_key::text, expected from payout where state = 'paid'"
    )
    assert len({movement for _, movement, _ in paid}) == len(paid)
    [[came]] = bank.books.run(
        "select coalesce(sum(amount), 0)::bigint from known_movement where movement_key in "
        "(select movement_key from payout where state = 'paid')"
    )
    assert came == sum(expected for *_, expected in paid)


def test_the_lock_keeps_two_from_matching_half_of_each_other(bank: Bank) -> None:
    """The second waits until the first has committed, and then sees all of it."""
    file_id = bank.reported(100_000)
    bank.claimed(file_id)
    couriers = Couriers({"dalli": Courier("dalli", "Dalli", ("Dalli",), "к", "net")})
    with bank.services.connect() as first:
        rematch(first, couriers, bank.services.clock())
        with bank.services.connect() as second, second.cursor() as cursor:
            cursor.execute("select pg_try_advisory_xact_lock(hashtext('payouts'))")
            assert cursor.fetchone() == (False,)


def test_every_state_has_its_words(bank: Bank) -> None:
    """Of each kind of outcome one sentence, in whole sentences."""
    for number, payout in enumerate((0, -5, 7)):
        bank.claimed(bank.reported(payout, name=str(number)))
    states = {row[2]: row[-1] for row in bank.payouts()}
    assert set(states) == {"nothing", "owed", "waiting"}
    assert "а магазин курьеру: 0,05\u00a0₽" in states["owed"]
    for sentence, other in itertools.permutations(states.values(), 2):
        assert sentence.endswith(".")
        assert sentence != other
