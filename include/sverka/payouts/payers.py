"""Who paid: the courier by its INN, else by its name, else only by the payment order itself."""

from dataclasses import dataclass

from sverka.couriers import Couriers
from sverka.payouts.facts import Claim, Money, bare_number

INN, NAME, ORDER = "payer.inn", "payer.name", "payer.order"


@dataclass(frozen=True, slots=True)
class Payer:
    """The couriers that a movement may be of, and how that is known; none where it is a stranger.

    Several marketplaces of one owner share an INN, so there may be several. `stranger`: the
    movement names an INN that is no courier's.
    """

    couriers: frozenset[str] = frozenset()
    rule: str | None = None


def payer_of(money: Money, couriers: Couriers) -> Payer:
    """Whom the movement is from, by what the statement says of the payer."""
    if money.inn:
        same = frozenset(one.code for one in couriers if one.inn == money.inn)
        if same:
            return Payer(same, INN)
    named = couriers.named_in([money.counterparty]) if money.counterparty else None
    if named is None or (money.inn and named.inn):  # another INN is another payer
        return Payer()
    return Payer(frozenset({named.code}), NAME)


def rule_of(claim: Claim, money: Money, payer: Payer, couriers: Couriers) -> str | None:
    """By which rule the movement is of the claim's courier; None when it is not."""
    if payer.couriers:
        return payer.rule if claim.courier in payer.couriers else None
    terms = couriers.by_code.get(claim.courier)
    if money.inn and terms is not None and terms.inn:
        return None
    same_number = claim.number is not None and bare_number(claim.number) == bare_number(
        money.number
    )
    same_day = claim.ordered_on is not None and claim.ordered_on == money.document_date
    return ORDER if same_number and same_day else None
