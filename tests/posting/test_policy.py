"""A plan is cut in three: deterministic, whole orders together, never more money than the limit."""

from dataclasses import replace
from itertools import count
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from sverka.approval import ASK, BOOKABLE, CLEAN, Policy
from sverka.money import Minor
from sverka.nouns import PostingKind, VerdictKind
from sverka.posting.policy import Gone, Intent, Split, Why, split, together

K, V = PostingKind, VerdictKind
KINDS = tuple(PostingKind)
COURIERS = ("dalli", "gorod")
SUMS = st.integers(min_value=0, max_value=1000)
LIMITS = st.none() | st.integers(min_value=0, max_value=4000)


def intent(
    number: int,
    amount: int = 100,
    *,
    kind: PostingKind = K.PAYMENTIN,
    about: str | set[str] = "",
    verdict: VerdictKind = V.MATCHED,
    courier: str = "dalli",
) -> Intent:
    names = {about or f"order {number}"} if isinstance(about, str) else about
    sync_id = UUID(int=number)
    return Intent(sync_id, kind, courier, Minor(amount), frozenset(names), frozenset({verdict}))


def cut(policy: Policy, *intents: Intent, gone: Gone | None = None) -> Split:
    return split(intents, {"dalli": policy}, {"dalli": gone} if gone else {})


@st.composite
def plans(draw: st.DrawFn) -> list[Intent]:
    orders = [f"order {number}" for number in range(draw(st.integers(1, 6)))]
    names = st.sets(st.sampled_from(orders), min_size=1, max_size=3)
    numbers = count(1)
    return [
        intent(
            next(numbers),
            draw(SUMS),
            kind=draw(st.sampled_from(KINDS)),
            about=about,
            verdict=draw(st.sampled_from(BOOKABLE)),
            courier=draw(st.sampled_from(COURIERS)),
        )
        for about in draw(st.lists(names, max_size=10))
    ]


POLICIES = st.builds(
    Policy,
    verdicts=st.none() | st.sets(st.sampled_from(BOOKABLE)).map(tuple),
    kinds=st.none() | st.sets(st.sampled_from(KINDS)).map(tuple),
    document=LIMITS,
    file=LIMITS,
    day=LIMITS,
    never_verdicts=st.sets(st.sampled_from(BOOKABLE), max_size=1).map(tuple),
    never_kinds=st.sets(st.sampled_from(KINDS), max_size=1).map(tuple),
)
BOTH = st.fixed_dictionaries(dict.fromkeys(COURIERS, POLICIES))
GONE = st.fixed_dictionaries({}, optional=dict.fromkeys(COURIERS, st.builds(Gone, SUMS, SUMS)))


@given(plans(), BOTH, GONE, st.randoms(use_true_random=False))
def test_every_document_is_in_exactly_one_part_and_their_order_does_not_matter(
    plan: list[Intent], policies: dict[str, Policy], gone: dict[str, Gone], random: Random
) -> None:
    found = split(plan, policies, gone)
    parts = [*found.by_itself, *found.asks, *found.never]
    assert sorted(parts) == sorted(one.sync_id for one in plan)
    shuffled = random.sample(plan, len(plan))
    assert split(shuffled, policies, gone) == found
    assert all(found.asks.values())


@given(plans(), BOTH, GONE)
def test_no_limit_is_ever_crossed(
    plan: list[Intent], policies: dict[str, Policy], gone: dict[str, Gone]
) -> None:
    free = split(plan, policies, gone).by_itself
    for courier, policy in policies.items():
        money = [one.amount for one in plan if one.sync_id in free and one.courier == courier]
        before = gone.get(courier, Gone())
        assert not money or policy.file is None or sum(money) + before.file <= policy.file
        assert not money or policy.day is None or sum(money) + before.day <= policy.day
        assert policy.document is None or all(one <= policy.document for one in money)


@given(plans(), BOTH)
def test_what_belongs_together_is_decided_together(
    plan: list[Intent], policies: dict[str, Policy]
) -> None:
    found = split(plan, policies, {})
    parts = (found.by_itself, frozenset(found.asks), found.never)
    for one in plan:
        for other in plan:
            if one.about & other.about:
                assert [one.sync_id in part for part in parts] == [
                    other.sync_id in part for part in parts
                ]


@given(plans(), BOTH)
def test_nothing_goes_by_itself_that_the_policy_does_not_name(
    plan: list[Intent], policies: dict[str, Policy]
) -> None:
    found = split(plan, policies, {})
    for one in plan:
        policy = policies[one.courier]
        if one.sync_id in found.by_itself:
            assert policy.kinds is None or one.kind in policy.kinds
            assert policy.verdicts is None or one.verdicts <= set(policy.verdicts)
        if one.kind in policy.never_kinds or one.verdicts & set(policy.never_verdicts):
            assert one.sync_id in found.never


@given(st.lists(SUMS, max_size=8), st.integers(min_value=0, max_value=2000))
def test_many_files_of_a_day_let_no_more_go_than_one(sums: list[int], day: int) -> None:
    """However the courier cuts its reports, what went by itself stays under the day's limit."""
    policy, went = Policy(day=Minor(day)), 0
    for number, amount in enumerate(sums):
        found = cut(policy, intent(number, amount), gone=Gone(day=Minor(went)))
        went += amount * len(found.by_itself)
    assert went <= day


def test_clean_lines_go_and_nothing_asks() -> None:
    one, other = intent(1, 10**12), intent(2, kind=K.SALESRETURN, verdict=V.RETURNED)
    assert cut(CLEAN, one, other).by_itself == {one.sync_id, other.sync_id}
    assert cut(ASK, one).asks == {one.sync_id: (Why.ALWAYS,)}
    assert cut(replace(ASK, document=Minor(1)), one).reasons == (Why.ALWAYS,)


def test_an_order_is_asked_about_with_all_its_documents() -> None:
    policy = Policy(document=Minor(500))
    large, fee, other = intent(1, 501, about="a"), intent(2, 5, about="a"), intent(3, 500)
    found = cut(policy, large, fee, other)
    assert found.by_itself == {other.sync_id}
    assert found.asks == {large.sync_id: (Why.DOCUMENT,), fee.sync_id: (Why.DOCUMENT,)}


def test_a_supply_for_a_whole_report_ties_its_orders() -> None:
    policy = Policy(verdicts=(V.MATCHED,))
    supply = intent(1, 5, kind=K.SUPPLY, about={"a", "b"})
    found = cut(policy, supply, intent(2, about="a"), intent(3, about="b", verdict=V.RETURNED))
    assert found.by_itself == frozenset()
    assert found.reasons == (Why.VERDICT,)


def test_money_on_the_limit_goes_and_a_kopeck_more_asks() -> None:
    for limit in ("file", "day"):
        policy = replace(CLEAN, **{limit: Minor(200)})
        before = Gone(file=Minor(50), day=Minor(50))
        assert len(cut(policy, intent(1, 100), intent(2, 50), gone=before).by_itself) == 2
        more = cut(policy, intent(1, 100), intent(2, 51), gone=before)
        assert (more.by_itself, more.reasons) == (frozenset(), (Why(limit),))


def test_money_back_is_money_too() -> None:
    assert cut(Policy(document=Minor(100)), intent(1, -101)).reasons == (Why.DOCUMENT,)
    assert cut(Policy(file=Minor(100)), intent(1, -60), intent(2, 60)).reasons == (Why.FILE,)


def test_what_is_asked_about_anyway_takes_nothing_of_the_limit() -> None:
    policy = Policy(verdicts=(V.MATCHED,), file=Minor(100))
    small, asked = intent(1, 100), intent(2, 900, verdict=V.RETURNED)
    assert cut(policy, small, asked).by_itself == {small.sync_id}


def test_things_are_together_through_others() -> None:
    names = {"a": {"1", "2"}, "b": {"3"}, "c": {"2", "4"}, "d": {"4"}, "e": {"5"}}
    numbers = together({key: frozenset(value) for key, value in names.items()})
    assert numbers["a"] == numbers["c"] == numbers["d"]
    assert len(set(numbers.values())) == 3
