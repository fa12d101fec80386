"""A plan cut in three: what goes by itself, about what a person is asked, what is never posted.

What belongs together is decided together: the documents about one order, and all orders whose fees
one supply holds. Half a chain must not look like a whole one, and planning again would lose the
other half: a line with one approved document is not planned any more. Which of two rows comes
first in a file changes nothing.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from sverka.approval import Policy
from sverka.money import NO_MONEY, Minor
from sverka.nouns import PostingKind, VerdictKind

Name = TypeVar("Name", bound=Hashable)


class Why(StrEnum):
    """Why a person is asked."""

    ALWAYS = "always"
    """The courier's policy asks about everything."""
    VERDICT = "verdict"
    KIND = "kind"
    DOCUMENT = "document"
    """One document is larger than what goes by itself."""
    FILE = "file"
    """The file's documents that would go by themselves come to more than a file may."""
    DAY = "day"
    """So do those of all the courier's files of that day."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A planned document as a policy sees it.

    `about` are the orders and reports that bind it to other documents; `verdicts` are those of the
    lines that it stands for.
    """

    sync_id: UUID
    kind: PostingKind
    courier: str
    amount: Minor
    about: frozenset[str]
    verdicts: frozenset[VerdictKind]


@dataclass(frozen=True, slots=True)
class Gone:
    """The money that went by itself already, in this file and in all files of its day."""

    file: Minor = NO_MONEY
    day: Minor = NO_MONEY


@dataclass(frozen=True, slots=True)
class Split:
    """Every document is in exactly one of the three; `asks` says why, in the order of `Why`."""

    by_itself: frozenset[UUID] = frozenset()
    asks: Mapping[UUID, tuple[Why, ...]] = field(default_factory=dict)
    never: frozenset[UUID] = frozenset()

    @property
    def reasons(self) -> tuple[Why, ...]:
        """All reasons to ask, each once."""
        found = {why for whys in self.asks.values() for why in whys}
        return tuple(why for why in Why if why in found)


def split(
    intents: Iterable[Intent], policies: Mapping[str, Policy], gone: Mapping[str, Gone]
) -> Split:
    """Cuts a file's plan; `policies` and `gone` are by courier.

    A limit is never crossed: if what would go by itself is more than a file or a day may have,
    all of it is asked about.
    """
    found = list(intents)
    wholes = together({one.sync_id: one.about for one in found})
    chains: dict[int, list[Intent]] = defaultdict(list)
    for one in found:
        chains[wholes[one.sync_id]].append(one)
    never = {key for key, chain in chains.items() if any(_never(o, policies) for o in chain)}
    whys = {
        key: {why for one in chain for why in _why(one, policies[one.courier])}
        for key, chain in chains.items()
        if key not in never
    }
    free = [one for key, reasons in whys.items() if not reasons for one in chains[key]]
    full = _full(free, policies, gone)
    for key, reasons in whys.items():
        if not reasons:
            reasons |= {why for one in chains[key] for why in full[one.courier]}
    return Split(
        frozenset(one.sync_id for key, why in whys.items() if not why for one in chains[key]),
        {
            one.sync_id: tuple(why for why in Why if why in reasons)
            for key, reasons in whys.items()
            if reasons
            for one in chains[key]
        },
        frozenset(one.sync_id for key in never for one in chains[key]),
    )


def together(named: Mapping[Name, frozenset[str]]) -> dict[Name, int]:
    """Numbers the groups of things that share a name, directly or through others."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for names in named.values():
        first, *rest = names
        for other in rest:
            parent[root(other)] = root(first)
    numbers: dict[str, int] = {}
    return {
        thing: numbers.setdefault(root(next(iter(names))), len(numbers))
        for thing, names in named.items()
    }


def _never(one: Intent, policies: Mapping[str, Policy]) -> bool:
    policy = policies[one.courier]
    return one.kind in policy.never_kinds or bool(one.verdicts & {*policy.never_verdicts})


def _why(one: Intent, policy: Policy) -> Iterable[Why]:
    if policy.asks_always:
        yield Why.ALWAYS
    elif policy.verdicts is not None and not one.verdicts <= {*policy.verdicts}:
        yield Why.VERDICT
    elif policy.kinds is not None and one.kind not in policy.kinds:
        yield Why.KIND
    if policy.document is not None and abs(one.amount) > policy.document and not policy.asks_always:
        yield Why.DOCUMENT


def _full(
    free: Iterable[Intent], policies: Mapping[str, Policy], gone: Mapping[str, Gone]
) -> dict[str, set[Why]]:
    """By courier: the limits that these documents together would cross."""
    sums: dict[str, int] = defaultdict(int)
    for one in free:
        sums[one.courier] += abs(one.amount)
    found: dict[str, set[Why]] = defaultdict(set)
    for courier, money in sums.items():
        policy, before = policies[courier], gone.get(courier, Gone())
        if policy.file is not None and money + before.file > policy.file:
            found[courier].add(Why.FILE)
        if policy.day is not None and money + before.day > policy.day:
            found[courier].add(Why.DAY)
    return found
