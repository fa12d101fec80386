"""Which movement pays which report: exact, of the courier, in time, and the only one both ways."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.payouts.facts import Claim, Covered, Money, PayoutState, bare_number
from sverka.payouts.matching import matched
from tests.payouts.cases import ACCOUNT, COURIERS, DAY, INN, OTHER_INN, STRANGER, claim, key, money

S = PayoutState
NAMELESS = {"inn": None, "counterparty": "ИП Иванов"}
BY_NAME = {"inn": None, "counterparty": "ООО «ГОРОДСКОЙ  КУРЬЕР», г. Москва"}
ORDERED = {"number": "77", "ordered_on": DAY}

TABLE: list[tuple[str, list[Claim], list[Money], list[str]]] = [
    # the sum
    ("exactly the sum", [claim()], [money()], ["paid"]),
    ("a kopeck less", [claim()], [money(amount=99_999)], ["waiting"]),
    ("a kopeck more", [claim()], [money(amount=100_001)], ["waiting"]),
    ("another currency", [claim()], [money(currency="KZT")], ["waiting"]),
    ("both in another currency", [claim(currency="KZT")], [money(currency="KZT")], ["paid"]),
    ("no movement at all", [claim()], [], ["waiting"]),
    ("one kopeck", [claim(expected=1)], [money(amount=1)], ["paid"]),
    ("nothing to transfer", [claim(expected=0)], [money()], ["nothing"]),
    ("the shop owes the courier", [claim(expected=-100_000)], [money()], ["owed"]),
    ("the sum is not known", [claim(expected=None)], [money()], ["unknown"]),
    # the payer
    ("the INN alone", [claim()], [money(counterparty=None)], ["paid"]),
    ("the INN, whatever the name", [claim()], [money(counterparty="ИП Иванов")], ["paid"]),
    ("the name, no INN in the bank", [claim()], [money(**BY_NAME)], ["paid"]),
    ("the name, no INN in the terms", [claim(courier="dalli")], [money(counterparty="ООО Далли", inn=STRANGER)], ["paid"]),
    ("the name with another INN", [claim()], [money(inn=STRANGER)], ["waiting"]),
    ("the name inside a word", [claim(courier="dalli")], [money(counterparty="ООО Даллирус", inn=None)], ["waiting"]),
    ("two couriers' names", [claim(courier="dalli")], [money(counterparty="Далли, Городской курьер", inn=None)], ["waiting"]),
    ("another courier by INN", [claim(courier="dalli")], [money(counterparty="Далли")], ["waiting"]),
    ("another courier by name", [claim()], [money(counterparty="Далли", inn=None)], ["waiting"]),
    ("two couriers of one INN, one reports", [claim(courier="market")], [money(inn=OTHER_INN)], ["paid"]),
    ("two couriers of one INN, both report", [claim("a", courier="market"), claim("b", courier="market_fbs")], [money(inn=OTHER_INN)], ["contested", "contested"]),
    ("a stranger", [claim()], [money(**NAMELESS)], ["waiting"]),
    ("a stranger with our order's number and day", [claim(**ORDERED)], [money(**NAMELESS)], ["paid"]),
    ("a stranger with the number only", [claim(number="77")], [money(**NAMELESS)], ["waiting"]),
    ("a stranger, number right, day wrong", [claim(**ORDERED)], [money(document_date=DAY - timedelta(days=1), **NAMELESS)], ["waiting"]),
    ("a stranger's INN with our order's number and day", [claim(**ORDERED)], [money(counterparty="ИП Иванов", inn=STRANGER)], ["waiting"]),
    ("a courier without INN pays through a stranger", [claim(courier="dalli", **ORDERED)], [money(counterparty="ИП Иванов", inn=STRANGER)], ["paid"]),
    ("number and day, but another courier's INN", [claim(courier="dalli", **ORDERED)], [money()], ["waiting"]),
    # the payment order's number
    ("the same number", [claim(number="77")], [money()], ["paid"]),
    ("the number with zeros", [claim(number="№ 000077")], [money()], ["paid"]),
    ("another number", [claim(number="78")], [money()], ["waiting"]),
    ("a number on one side", [claim(number="78")], [money(number=None)], ["paid"]),
    ("the bank's own reference is no number", [claim(number="78")], [money(number="A1B2C3D4E5")], ["paid"]),
    ("a reference equal on both sides", [claim(number="A1B2C3D4E5")], [money(number="a1b2c3d4e5")], ["paid"]),
    # the days
    ("three days before", [claim()], [money(after=-3)], ["paid"]),
    ("four days before", [claim()], [money(after=-4)], ["waiting"]),
    ("thirty days after", [claim()], [money(after=30)], ["paid"]),
    ("thirty-one days after", [claim()], [money(after=31)], ["waiting"]),
    ("a report without a day", [claim(day=None)], [money()], ["unknown"]),
    # only one
    ("two movements", [claim()], [money("m"), money("n")], ["contested"]),
    ("two movements, the number tells", [claim(number="78")], [money("m"), money("n", number="78")], ["paid"]),
    ("two movements, one in time", [claim()], [money("m", after=40), money("n")], ["paid"]),
    ("two reports, one movement", [claim("a"), claim("b")], [money()], ["contested", "contested"]),
    ("two reports, two movements", [claim("a"), claim("b")], [money("m"), money("n")], ["contested", "contested"]),
    ("two reports, two numbers", [claim("a", number="77"), claim("b", number="78")], [money("m"), money("n", number="78")], ["paid", "paid"]),
    ("two reports, one says the number", [claim("a", number="77"), claim("b")], [money("m")], ["contested", "contested"]),
    ("two reports, other sums", [claim("a"), claim("b", 5)], [money()], ["paid", "waiting"]),
    ("an undone report takes nothing", [claim("a", void=True), claim("b")], [money()], ["void", "paid"]),
    # one payout in several reports and files
    ("the same report in two files", [claim("a", file=1), claim("a", file=2)], [money()], ["paid", "paid"]),
    ("a copy that names another order", [claim("a", file=1, number="77"), claim("a", file=2, number="78")], [money()], ["waiting", "waiting"]),
    ("a copy out of time", [claim("a", file=1), claim("a", file=2, day=DAY - timedelta(days=60))], [money()], ["waiting", "waiting"]),
    ("a copy without a day", [claim("a", file=1), claim("a", file=2, day=None)], [money()], ["paid", "paid"]),
    ("one order pays two reports", [claim("a", 300, ordinal=n, together=2, number="77") for n in (1, 2)], [money(amount=300)], ["paid", "paid"]),
    # the order came with another sum
    ("the number with another sum", [claim(number="77")], [money(amount=90_000)], ["differs"]),
    ("two orders with the number", [claim(number="77")], [money("m", 90_000), money("n", 80_000)], ["contested"]),
    ("another payer with the number", [claim(number="77")], [money(amount=90_000, inn=STRANGER)], ["waiting"]),
    ("the number, out of time", [claim(number="77")], [money(amount=90_000, after=31)], ["waiting"]),
    ("the other sum is another report's", [claim("a", number="77"), claim("b", 90_000)], [money(amount=90_000)], ["waiting", "paid"]),
]  # fmt: skip


def states(claims: Sequence[Claim], movements: Sequence[Money]) -> list[str]:
    outcomes = matched(claims, movements, COURIERS)
    return ["void" if one.void else outcomes[one.key].state.value for one in claims]


def test_the_table_is_long_enough() -> None:
    assert len(TABLE) >= 40
    assert len({name for name, *_ in TABLE}) == len(TABLE)


@pytest.mark.parametrize(("claims", "movements", "said"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])  # fmt: skip
def test_the_table(claims: list[Claim], movements: list[Money], said: list[str]) -> None:
    assert states(claims, movements) == said
    assert states(claims[::-1], movements[::-1]) == said[::-1]


@pytest.mark.parametrize(
    ("one", "movement", "rule"),
    [
        (claim(), money(), "payer.inn"),
        (claim(number="77"), money(), "payer.inn+number"),
        (claim(), money(**BY_NAME), "payer.name"),
        (claim(**ORDERED), money(**NAMELESS), "payer.order+number"),
    ],
)
def test_a_match_names_its_rule(one: Claim, movement: Money, rule: str) -> None:
    outcome = matched([one], [movement], COURIERS)[one.key]
    assert (outcome.rule, outcome.money) == (rule, movement)


@pytest.mark.parametrize(
    ("covered", "said"),
    [
        ([(ACCOUNT, -3, 30)], S.MISSING),
        ([(ACCOUNT, -3, 10), (ACCOUNT, 11, 30)], S.MISSING),
        ([(ACCOUNT, -3, 10), (ACCOUNT, 5, 30)], S.MISSING),
        ([(ACCOUNT, -3, 10), (ACCOUNT, 12, 30)], S.WAITING),
        ([(ACCOUNT, -2, 30)], S.WAITING),
        ([(ACCOUNT, -3, 29)], S.WAITING),
        ([(ACCOUNT, -3, 30), ("another", 0, 1)], S.WAITING),
        ([(ACCOUNT, None, None)], S.WAITING),
        ([], S.WAITING),
    ],
)
def test_it_is_missing_only_when_the_statements_have_all_its_days(
    covered: list[tuple[str, int | None, int | None]], said: PayoutState
) -> None:
    """Of every account: the money may have come to any."""

    def day(after: int | None) -> object:
        return None if after is None else DAY + timedelta(days=after)

    has = [Covered(account, "RUB", day(a), day(b)) for account, a, b in covered]  # type: ignore[arg-type]
    assert matched([claim()], [], COURIERS, has)[key("a")].state is said


@pytest.mark.parametrize(
    ("text", "bare"),
    [("77", "77"), ("№ 0 077", "77"), (" 000 ", None), ("", None), (None, None), ("A-7", "a-7")],
)
def test_numbers_are_compared_without_their_dress(text: str | None, bare: str | None) -> None:
    assert bare_number(text) == bare


sums = st.sampled_from([100, 200])
numbers = st.sampled_from([None, "1", "2"])
days = st.integers(-5, 35)
claims_of = st.lists(st.tuples(sums, numbers, st.sampled_from(["gorod", "dalli"])), max_size=5)
money_of = st.lists(st.tuples(sums, numbers, days, st.sampled_from([INN, None])), max_size=6)


@given(claims_of, money_of, st.randoms(use_true_random=False))
def test_no_money_is_made_or_lost(
    reports: list[tuple[int, str | None, str]],
    movements: list[tuple[int, str | None, int, str | None]],
    rng: random.Random,
) -> None:
    """One movement pays one payout, to the kopeck; order and repetition change nothing."""
    claims = [
        claim(f"c{n}", expected, number=number, courier=courier, file=n)
        for n, (expected, number, courier) in enumerate(reports)
    ]
    money_ = [
        money(f"m{n}", amount, after=after, number=number, inn=inn)
        for n, (amount, number, after, inn) in enumerate(movements)
    ]
    once = matched(claims, money_, COURIERS)
    paid = [(one, once[one.key].money) for one in claims if once[one.key].state is S.PAID]
    used = [movement.key for _, movement in paid if movement]
    assert len(used) == len(set(used)) == len(paid)
    assert sum(one.expected or 0 for one, _ in paid) == sum(m.amount for _, m in paid if m)
    rng.shuffle(claims)
    rng.shuffle(money_)
    assert matched([*claims, *(replace(one, file_id=99) for one in claims)], money_, COURIERS) == (
        once
    )


@given(claims_of, money_of)
def test_what_is_matched_has_no_rival(
    reports: list[tuple[int, str | None, str]],
    movements: list[tuple[int, str | None, int, str | None]],
) -> None:
    """Any match stands alone, too: without all the others it is the same one."""
    claims = [claim(f"c{n}", e, number=no, courier=c) for n, (e, no, c) in enumerate(reports)]
    money_ = [money(f"m{n}", a, after=d, number=no, inn=i) for n, (a, no, d, i) in enumerate(movements)]  # fmt: skip
    for one in claims:
        outcome = matched(claims, money_, COURIERS)[one.key]
        alone = matched([one], money_, COURIERS)[one.key]
        if outcome.state is S.PAID:
            assert alone == outcome
        elif outcome.state is S.WAITING:
            # Alone it may look at money of another sum under its number, which another one claims.
            assert alone.state in {S.WAITING, S.DIFFERS, S.CONTESTED}
            assert all(rival.amount != one.expected for rival in alone.rivals)
