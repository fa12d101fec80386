"""Lists, sums, ages and what changed: what the report and the pages read."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from sverka.discrepancies import (
    Action,
    Decision,
    Discrepancy,
    Filter,
    State,
    Why,
    ages,
    changed_since,
    decide,
    decide_all,
    open_ones,
    totals,
)
from sverka.discrepancies.listing import By, Cursor
from sverka.reconciling.keys import order_key
from tests.discrepancies.facts import PERSON, Facts
from tests.support.rows import an_id, insert


@pytest.fixture
def many(facts: Facts) -> Facts:
    """Ten lines; stakes of 10, 20, 20, 30, 30, 30 … roubles, the oldest with the least."""
    for number in range(10):
        stake = 1000 * (1 + int((8 * number + 1) ** 0.5 - 1) // 2)
        facts.line(
            key=str(number),
            order=f"М-{number}",
            verdict="underpaid" if number % 2 else "overpaid",
            received=100_000 - stake,
        )
    facts.refresh()
    return facts


def pages(facts: Facts, wanted: Filter, limit: int, by: By) -> list[Discrepancy]:
    found: list[Discrepancy] = []
    after: Cursor | None = None
    while True:
        page = open_ones(facts.conn, wanted, facts.clock(), after=after, limit=limit, by=by)
        found += page.items
        after = page.after
        if after is None:
            return found


@pytest.mark.parametrize("limit", [1, 3, 10, 11])
def test_pages_one_after_another_show_each_once_by_money(many: Facts, limit: int) -> None:
    found = pages(many, Filter(), limit, "stake")
    assert len({one.id for one in found}) == len(found) == 10
    assert [one.stake for one in found] == sorted((one.stake for one in found), reverse=True)


def test_pages_by_age_begin_with_the_oldest(many: Facts) -> None:
    found = pages(many, Filter(), 3, "age")
    assert [one.order for one in found] == [f"М-{number}" for number in range(10)]


@pytest.mark.parametrize(
    ("wanted", "orders"),
    [
        (Filter(order="м-3"), {"М-3"}),
        (Filter(order="В МоёмСкладе"), {"В МоёмСкладе"}),
        (Filter(order="нет такого"), set()),
        (Filter(text="underp", min_stake=4000), {"М-7", "М-9"}),
        (Filter(text="нет"), set()),
        (Filter(verdict="overpaid", min_stake=4000), {"М-6", "М-8"}),
        (Filter(courier="other"), set()),
        (Filter(states=(State.EXPLAINED,)), set()),
        (Filter(text="':* |"), {f"М-{n}" for n in range(10)} | {"В МоёмСкладе"}),
    ],
)
def test_a_filter_finds_what_all_its_parts_hold_for(
    many: Facts, wanted: Filter, orders: set[str]
) -> None:
    order_id = an_id("named")
    insert(
        many.conn,
        "snapshot_order",
        id=order_id,
        name="В МоёмСкладе",
        name_key=order_key("В МоёмСкладе"),
        moment=many.clock(),
        organization_id=order_id,
        agent_id=order_id,
        sum=1,
        payed_sum=0,
        currency="RUB",
        applicable=True,
        updated=many.clock(),
        fetched_at=many.clock(),
    )
    many.line(key="named", order="Х-1", order_id=order_id, received=99_999)
    many.refresh()
    assert {one.order for one in pages(many, wanted, 100, "stake")} == orders


def test_a_filter_of_a_file_and_of_an_age(many: Facts) -> None:
    oldest = pages(many, Filter(), 1, "age")[0]
    assert pages(many, Filter(file_id=oldest.file_id), 5, "stake") == [oldest]
    many.clock.now = oldest.opened_at + timedelta(days=3)
    assert pages(many, Filter(age=3), 5, "stake") == [oldest]


def test_totals_are_the_sums_of_the_pages(many: Facts) -> None:
    found = pages(many, Filter(), 100, "stake")
    expected = Counter(one.verdict for one in found)
    told = totals(many.conn, Filter(), many.clock())
    assert {one.verdict: one.count for one in told} == expected
    assert sum(one.stake for one in told) == sum(one.stake for one in found)


def test_currencies_are_never_added(facts: Facts) -> None:
    facts.line(key="1")
    facts.line(key="2", currency="KZT")
    facts.refresh()
    assert {one.currency for one in totals(facts.conn, Filter(), facts.clock())} == {"RUB", "KZT"}


@pytest.mark.parametrize(
    ("days", "bucket"), [(0, (0, 2)), (1, (0, 2)), (2, (2, 8)), (30, (8, 31)), (365, (91, None))]
)
def test_ages_are_counted_in_whole_days(
    facts: Facts, days: int, bucket: tuple[int, int | None]
) -> None:
    facts.line()
    facts.refresh()
    [one] = ages(facts.conn, Filter(), facts.only().opened_at + timedelta(days=days))
    assert (one.since, one.until) == bucket
    assert (one.count, one.stake) == (1, 10_000)


def standing(facts: Facts) -> int:
    return sum(one.stake for one in totals(facts.conn, Filter(), facts.clock()))


def told(facts: Facts, since: datetime) -> dict[tuple[str, str | None], tuple[int, int]]:
    facts.clock.advance(seconds=60)
    found = changed_since(facts.conn, since)
    return {(one.what, one.how): (one.count, one.stake) for one in found}


def test_what_changed_explains_the_difference_to_yesterday(facts: Facts) -> None:
    gone, grown, back, _ = (facts.line(key=key) for key in "1234")
    facts.refresh()
    facts.judge(back, "matched")
    facts.refresh()
    facts.clock.advance(seconds=60)
    yesterday, before = facts.clock(), standing(facts)

    facts.judge(gone, "matched")
    facts.judge(grown, "underpaid", received=50_000)
    facts.judge(back, "underpaid")
    facts.line(key="5", received=1)
    facts.refresh()
    passed = facts.line(key="6")
    facts.refresh()
    facts.judge(passed, "matched")
    facts.refresh()

    assert told(facts, yesterday) == {
        ("opened", None): (1, 99_999),
        ("reopened", None): (1, 10_000),
        ("changed", None): (1, 40_000),
        ("resolved", "books"): (1, 10_000),
        ("passed", "books"): (1, 10_000),
    }
    assert standing(facts) == before + 99_999 + 10_000 + 40_000 - 10_000


def test_what_happened_later_is_no_part_of_a_day(facts: Facts) -> None:
    start = facts.clock()
    facts.line()
    facts.refresh()
    facts.clock.advance(seconds=60)
    until = facts.clock()
    facts.decide(Action.RESOLVE)
    [one] = changed_since(facts.conn, start, until)
    assert (one.what, one.count) == ("opened", 1)


def test_everything_that_a_filter_finds_is_decided_at_once(many: Facts) -> None:
    seen_at = many.clock()
    many.clock.advance(seconds=60)
    decided = decide_all(
        many.conn,
        Filter(verdict="overpaid"),
        Action.ACCEPT_LOSS,
        None,
        by=PERSON,
        now=many.clock(),
        seen_at=seen_at,
    )
    assert (decided.applied, decided.refusals) == (5, 0)
    assert {one.verdict for one in pages(many, Filter(), 10, "stake")} == {"underpaid"}


def test_what_changed_after_the_list_was_seen_is_left_alone(many: Facts) -> None:
    seen_at = many.clock()
    changed = pages(many, Filter(), 1, "stake")[0]
    assert changed.line_id is not None
    many.judge(changed.line_id, changed.verdict, received=1)
    many.refresh()
    decided = decide_all(
        many.conn, Filter(), Action.RESOLVE, "Всё", by=PERSON, now=many.clock(), seen_at=seen_at
    )
    assert decided.applied == 9
    assert [(one.id, one.why) for one in decided.refused] == [(changed.id, Why.STALE)]


def test_decisions_about_many_name_each_that_was_refused(many: Facts) -> None:
    found = pages(many, Filter(), 100, "stake")
    wanted = [Decision(one.id, one.updated, Action.RESOLVE) for one in found[:3]]
    wanted.append(Decision(found[3].id, found[3].updated + 1, Action.RESOLVE))
    wanted.append(Decision(10**12, 1, Action.RESOLVE))
    decided = decide(many.conn, wanted, PERSON, many.clock())
    assert decided.applied == 3
    assert [(one.place, one.why) for one in decided.refused] == [(3, Why.STALE), (4, Why.MISSING)]
