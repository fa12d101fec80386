"""A courier's policy: what goes to MoySklad by itself, about what a person is asked, what never goes.

It is the term `approval` of `include/couriers/<code>.yaml` (docs/approvals.md); `sverka.posting.policy`
applies it to a plan.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from sverka.errors import Misconfigured
from sverka.money import Minor
from sverka.nouns import PostingKind, VerdictKind

CLEAN_LINES, NOTHING = "clean_lines", "nothing"
LIMITED = "limited"
"""A policy that no single word says."""

BOOKABLE = (
    VerdictKind.MATCHED,
    VerdictKind.MATCHED_WITHIN_TOLERANCE,
    VerdictKind.PARTIALLY_DELIVERED,
    VerdictKind.RETURNED,
)
"""The verdicts that a line can be booked by; only of them a policy can say anything."""

LIMITS = ("document", "file", "day")

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a courier's clean lines may become without a person; everything else is asked about.

    `verdicts` and `kinds` are those that go by themselves, None: all. The limits are minor units of
    documents that go by themselves: of one, of all of a file, and of all files of the courier that
    came on one Moscow day. What is `never` posted is not even planned.
    """

    verdicts: tuple[VerdictKind, ...] | None = None
    kinds: tuple[PostingKind, ...] | None = None
    document: Minor | None = None
    file: Minor | None = None
    day: Minor | None = None
    never_verdicts: tuple[VerdictKind, ...] = ()
    never_kinds: tuple[PostingKind, ...] = ()

    @property
    def asks_always(self) -> bool:
        """Whether nothing at all goes by itself."""
        return self.verdicts == () or self.kinds == ()

    @property
    def word(self) -> str:
        """The policy in one word: `clean_lines`, `nothing`, or `limited`."""
        if self.asks_always:
            return NOTHING
        free = self.verdicts is None and self.kinds is None and not any(self._limits())
        return CLEAN_LINES if free else LIMITED

    @property
    def forbids(self) -> bool:
        """Whether anything is never posted."""
        return bool(self.never_verdicts or self.never_kinds)

    def _limits(self) -> Iterable[bool]:
        return (getattr(self, name) is not None for name in LIMITS)


CLEAN = Policy()
"""Everything that reconciles cleanly goes by itself."""
ASK = Policy(verdicts=())
"""A person is asked about every document."""


def policy_of(name: str, given: object) -> Policy:
    """The policy that a courier's file states; `name` stands in messages.

    Raises:
        Misconfigured: it is no policy; the message says what was found.
    """
    if not isinstance(given, dict):
        return _by_word(name, given)
    _only(name, "approval", given, ("by_itself", "never"))
    by_itself, never = given.get("by_itself", CLEAN_LINES), given.get("never", {})
    if not isinstance(never, dict):
        raise Misconfigured(f"{name}: approval.never must be a mapping, found {never!r}")
    _only(name, "approval.never", never, ("verdicts", "kinds"))
    base = _by_itself(name, by_itself) if isinstance(by_itself, dict) else _by_word(name, by_itself)
    return _without_contradiction(
        name,
        replace(
            base,
            never_verdicts=_listed(name, "never.verdicts", never.get("verdicts", []), BOOKABLE),
            never_kinds=_listed(name, "never.kinds", never.get("kinds", []), tuple(PostingKind)),
        ),
    )


def _by_word(name: str, given: object) -> Policy:
    words = {CLEAN_LINES: CLEAN, NOTHING: ASK}
    if not isinstance(given, str) or given not in words:
        known = ", ".join(words)
        raise Misconfigured(f"{name}: approval must be {known} or a mapping; found {given!r}")
    return words[given]


def _by_itself(name: str, given: dict[str, Any]) -> Policy:
    _only(name, "approval.by_itself", given, ("verdicts", "kinds", *LIMITS))
    verdicts, kinds = given.get("verdicts"), given.get("kinds")
    return Policy(
        verdicts=None if verdicts is None else _listed(name, "verdicts", verdicts, BOOKABLE),
        kinds=None if kinds is None else _listed(name, "kinds", kinds, tuple(PostingKind)),
        document=_limit(name, "document", given.get("document")),
        file=_limit(name, "file", given.get("file")),
        day=_limit(name, "day", given.get("day")),
    )


def _only(name: str, where: str, given: dict[str, Any], known: tuple[str, ...]) -> None:
    if unknown := sorted(str(key) for key in given if key not in known):
        raise Misconfigured(
            f"{name}: {where} has {', '.join(unknown)}; it may have {', '.join(known)}"
        )


def _listed(name: str, key: str, given: object, allowed: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words of a list, in the order of `allowed`, so that one policy is written in one way."""
    if not isinstance(given, list) or not set(map(str, given)) <= set(allowed):
        raise Misconfigured(
            f"{name}: approval {key} must be a list of {', '.join(allowed)}; found {given!r}"
        )
    return tuple(word for word in allowed if word in given)


def _limit(name: str, key: str, given: object) -> Minor | None:
    if given is None:
        return None
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise Misconfigured(f"{name}: approval {key} must be whole kopecks, found {given!r}")
    return Minor(given)


def _without_contradiction(name: str, policy: Policy) -> Policy:
    both = [one.value for one in policy.verdicts or () if one in policy.never_verdicts]
    both += [one.value for one in policy.kinds or () if one in policy.never_kinds]
    if both:
        raise Misconfigured(f"{name}: approval lets {', '.join(both)} go by itself and never")
    return policy


def as_term(policy: Policy) -> str | dict[str, Any]:
    """The policy as it stands in a courier's file; `policy_of` reads it back."""
    never = {
        "verdicts": [one.value for one in policy.never_verdicts],
        "kinds": [one.value for one in policy.never_kinds],
    }
    never = {key: words for key, words in never.items() if words}
    by_itself = _written(policy)
    return {"by_itself": by_itself, "never": never} if never else _alone(by_itself)


def _alone(by_itself: str | dict[str, Any]) -> str | dict[str, Any]:
    return by_itself if isinstance(by_itself, str) else {"by_itself": by_itself}


def _written(policy: Policy) -> str | dict[str, Any]:
    own = replace(policy, never_verdicts=(), never_kinds=())
    if own in (CLEAN, ASK):
        return own.word
    given: dict[str, Any] = {}
    if policy.verdicts is not None:
        given["verdicts"] = [one.value for one in policy.verdicts]
    if policy.kinds is not None:
        given["kinds"] = [one.value for one in policy.kinds]
    limits = {limit: getattr(policy, limit) for limit in LIMITS}
    return given | {limit: int(money) for limit, money in limits.items() if money is not None}
