"""The term `approval`: a policy is read whole, written back the same, and a wrong one is named."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sverka.approval import (
    ASK,
    BOOKABLE,
    CLEAN,
    CLEAN_LINES,
    LIMITED,
    NOTHING,
    Policy,
    as_term,
    policy_of,
)
from sverka.errors import Misconfigured
from sverka.nouns import PostingKind, VerdictKind
from sverka.reconciling.rules import RULES

MONEY = st.none() | st.integers(min_value=0, max_value=10**12)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    def some(words: tuple[Any, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
        chosen = st.sets(st.sampled_from(words)) if words else st.just(set())
        return chosen.map(lambda some: tuple(word for word in words if word in some))

    never_verdicts, never_kinds = draw(some(BOOKABLE)), draw(some(tuple(PostingKind)))
    verdicts, kinds = (
        draw(st.none() | some(tuple(word for word in words if word not in never)))
        for words, never in ((BOOKABLE, never_verdicts), (tuple(PostingKind), never_kinds))
    )
    limits = [draw(MONEY) for _ in range(3)]
    return Policy(verdicts, kinds, *limits, never_verdicts, never_kinds)  # type: ignore[arg-type]


@given(policies())
def test_a_policy_survives_being_written(policy: Policy) -> None:
    written = yaml.safe_load(yaml.safe_dump({"approval": as_term(policy)}))
    assert policy_of("c.yaml", written["approval"]) == policy


def test_the_two_words_are_policies_of_their_own() -> None:
    assert policy_of("c", "clean_lines") == policy_of("c", {}) == CLEAN
    assert policy_of("c", "nothing") == policy_of("c", {"by_itself": "nothing"}) == ASK
    assert (as_term(CLEAN), as_term(ASK)) == (CLEAN_LINES, NOTHING)
    assert (CLEAN.word, ASK.word, Policy(kinds=()).word) == (CLEAN_LINES, NOTHING, NOTHING)


def test_a_limit_of_nothing_is_a_limit() -> None:
    policy = policy_of("c", {"by_itself": {"file": 0}})
    assert (policy.file, policy.word) == (0, LIMITED)


def test_a_policy_can_name_every_verdict_that_can_be_booked() -> None:
    assert set(BOOKABLE) == {rule.verdict for rule in RULES if rule.clean}


def test_a_list_is_written_in_one_way() -> None:
    one = policy_of("c", {"by_itself": {"verdicts": ["returned", "matched", "matched"]}})
    assert one.verdicts == (VerdictKind.MATCHED, VerdictKind.RETURNED)


@pytest.mark.parametrize(
    ("given_", "named"),
    [
        ("everything", "everything"),
        (None, "None"),
        (True, "True"),
        ([], r"\[\]"),
        ({"limit": 5}, "limit; it may have by_itself, never"),
        ({"by_itself": "all"}, "all"),
        ({"by_itself": {"week": 5}}, "week"),
        ({"by_itself": {"file": 1.5}}, r"file must be whole kopecks, found 1\.5"),
        ({"by_itself": {"day": -1}}, "day"),
        ({"by_itself": {"document": True}}, "document"),
        ({"by_itself": {"verdicts": "matched"}}, "verdicts"),
        ({"by_itself": {"verdicts": ["underpaid"]}}, "underpaid"),
        ({"by_itself": {"kinds": ["invoice"]}}, "invoice"),
        ({"never": "salesreturn"}, "never"),
        ({"never": {"file": 5}}, "file"),
        ({"never": {"verdicts": ["lost"]}}, "lost"),
        (
            {"by_itself": {"kinds": ["supply"]}, "never": {"kinds": ["supply"]}},
            "supply go by itself and never",
        ),
    ],
)
def test_a_wrong_policy_is_named(given_: object, named: str) -> None:
    with pytest.raises(Misconfigured, match=rf"gorod\.yaml.*{named}"):
        policy_of("gorod.yaml", given_)
