"""Which movement is which payout. A pure function of all claims and all movements.

Nothing depends on what was matched before, so the order in which reports and statements arrive
makes no difference. A doubt is never resolved by choosing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from sverka.couriers import Couriers
from sverka.payouts.coverage import Coverage
from sverka.payouts.facts import (
    AFTER,
    BEFORE,
    Claim,
    Covered,
    Money,
    Outcome,
    PayoutState,
    bare_number,
    is_order_number,
)
from sverka.payouts.payers import Payer, payer_of, rule_of

Payout = Sequence[Claim]
"""The claims of one key: reports of one payment order, and copies of them."""


def matched(
    claims: Iterable[Claim],
    money: Iterable[Money],
    couriers: Couriers,
    covered: Iterable[Covered] = (),
) -> dict[UUID, Outcome]:
    """The outcome of every payout, by key. A void claim is left out of everything."""
    payouts: dict[UUID, list[Claim]] = defaultdict(list)
    for claim in claims:
        if not claim.void:
            payouts[claim.key].append(claim)
    return _Matching(payouts, money, couriers, Coverage(covered)).outcomes()


class _Matching:
    def __init__(
        self,
        payouts: Mapping[UUID, Payout],
        money: Iterable[Money],
        couriers: Couriers,
        coverage: Coverage,
    ) -> None:
        self.payouts = payouts
        self.couriers = couriers
        self.coverage = coverage
        self.by_sum: dict[tuple[str, int], list[Money]] = defaultdict(list)
        self.by_number: dict[tuple[str, str], list[Money]] = defaultdict(list)
        self.payers: dict[UUID, Payer] = {}
        for one in sorted(money, key=lambda one: (one.moved_on, one.key)):
            self.by_sum[one.currency, one.amount].append(one)
            if number := bare_number(one.number):
                self.by_number[one.currency, number].append(one)
            self.payers[one.key] = payer_of(one, couriers)

    def outcomes(self) -> dict[UUID, Outcome]:
        found = {key: list(self._exact(payout)) for key, payout in self.payouts.items()}
        takers: dict[UUID, set[UUID]] = defaultdict(set)
        for key, fits in found.items():
            for one, _ in fits:
                takers[one.key].add(key)
        return {
            key: self._outcome(payout, found[key], takers) for key, payout in self.payouts.items()
        }

    def _outcome(
        self,
        payout: Payout,
        fits: Sequence[tuple[Money, str]],
        takers: Mapping[UUID, set[UUID]],
    ) -> Outcome:
        expected = payout[0].expected
        if expected is None or _day(payout) is None:
            return Outcome(PayoutState.UNKNOWN)
        if expected <= 0:
            return Outcome(PayoutState.OWED if expected < 0 else PayoutState.NOTHING)
        if not fits:
            return self._without(payout, takers)
        if len(fits) == 1 and len(takers[fits[0][0].key]) == 1:
            money, rule = fits[0]
            return Outcome(PayoutState.PAID, rule, money)
        return Outcome(PayoutState.CONTESTED, rivals=tuple(one for one, _ in fits))

    def _without(self, payout: Payout, takers: Mapping[UUID, set[UUID]]) -> Outcome:
        near = [one for one in self._near(payout) if one.key not in takers]
        if len(near) == 1:
            return Outcome(PayoutState.DIFFERS, money=near[0])
        if near:
            return Outcome(PayoutState.CONTESTED, rivals=tuple(near))
        day = _day(payout)
        assert day is not None, "the caller asks for payouts with a day"
        whole = self.coverage.has(payout[0].currency, day - BEFORE, day + AFTER)
        return Outcome(PayoutState.MISSING if whole else PayoutState.WAITING)

    def _exact(self, payout: Payout) -> Iterator[tuple[Money, str]]:
        """The movements that every claim of the payout agrees with."""
        expected = payout[0].expected
        if expected is None or expected <= 0 or _day(payout) is None:
            return
        for one in self.by_sum.get((payout[0].currency, expected), ()):
            rules = [self._rule(claim, one) for claim in payout]
            if rules[0] is not None and None not in rules:
                yield one, min(rule for rule in rules if rule)

    def _near(self, payout: Payout) -> Iterator[Money]:
        """Movements under the payment order's own number, with whatever sum."""
        for number in sorted({n for claim in payout if (n := bare_number(claim.number))}):
            for one in self.by_number.get((payout[0].currency, number), ()):
                if all(self._rule(claim, one) is not None for claim in payout):
                    yield one

    def _rule(self, claim: Claim, one: Money) -> str | None:
        """How the movement is the claim's, sums apart; None when anything contradicts."""
        if claim.day is not None and not claim.day - BEFORE <= one.moved_on <= claim.day + AFTER:
            return None
        said, banked = bare_number(claim.number), bare_number(one.number)
        agree = said is not None and said == banked
        if not agree and is_order_number(said) and is_order_number(banked):
            return None
        rule = rule_of(claim, one, self.payers[one.key], self.couriers)
        return f"{rule}+number" if rule and agree else rule


def _day(payout: Payout) -> date | None:
    """The earliest day that a claim names; a copy without a day changes nothing."""
    return min((claim.day for claim in payout if claim.day is not None), default=None)
