"""Signs that two columns have changed places: labels and equation agree, the amounts do not."""

import re

from sverka.drafting.arithmetic import costs
from sverka.drafting.columns import Column
from sverka.drafting.draft import Question
from sverka.drafting.plan import Known, MoneyPlan
from sverka.drafting.words import ACTUAL, PLANNED, says

_ENOUGH = 4
"""Rows with different amounts from which a percentage is told from chance."""
_EXPECTED = r"план|прогноз|ожида|предварит|будет|planned|expected|forecast|estimat"
_AS_IS = ("as_is", "да, колонки подписаны верно")


def doubts_of(plan: MoneyPlan, known: Known) -> list[Question]:
    """Questions about columns that may be mislabelled; none when the amounts look as they should.

    «payout = collected − fee» also holds with payout and fee changed about: only size tells them.
    """
    found = [
        _planned(plan),
        _fee_larger_than_payout(plan, known),
        _proportional_elsewhere(plan),
        _fee_sizes(plan),
    ]
    return [q for q in found if q is not None and known.answers.get(q.key) != "as_is"]


def _planned(plan: MoneyPlan) -> Question | None:
    """Both sums are named as to come: the rows hold of a plan as well as of money."""
    names = []
    for name in ("collected", "payout"):
        words = [c.words for c, _ in plan.fields[name]]
        pattern = PLANNED if name == "collected" else _EXPECTED
        if not any(
            says(pattern, one) and not says(ACTUAL, re.sub(PLANNED, "", one)) for one in words
        ):
            return None
        names += [c.address for c, _ in plan.fields[name]]
    shown = ", ".join(f"«{name}»" for name in names)
    return Question(
        "planned",
        f"По названиям {shown} это суммы, которые ещё только должны принять и перечислить. Это отчёт о деньгах, "
        "а не план? Если план, дождитесь отчёта о принятых деньгах.",
        (("as_is", "да, деньги приняты и перечислены"),),
    )


def _fee_larger_than_payout(plan: MoneyPlan, known: Known) -> Question | None:
    payout = sum(sign * c.total() for c, sign in plan.fields["payout"])
    if plan.equation is None:
        return None
    for column in plan.equation.fees:
        kept = sum(costs(column))
        # A sum above the table proves the payout, unless the fee's own sum stands there as well.
        proved = payout in known.sums and kept not in known.sums
        if kept > 0 and kept >= payout and not proved:
            return Question(
                "swapped",
                f"По колонке «{column.address}» удержано больше, чем перечислено по «"
                f"{plan.equation.payout.address}». Верно ли подписаны эти колонки, не перепутаны ли они местами?",
                (_AS_IS,),
            )
    return None


def _proportional_elsewhere(plan: MoneyPlan) -> Question | None:
    """A commission is a percentage of what was taken, the price of a delivery is not."""
    taken = plan.fields["collected"][0][0]
    commissions = [c for c, _ in plan.fields.get("fee_cod", ()) if c.has_money]
    others = [
        c for n in ("fee_delivery", "fee_return", "fee_storage") for c, _ in plan.fields.get(n, ())
    ]
    if not commissions or any(is_percentage(c, taken) for c in commissions):
        return None
    suspect = next((c for c in others if is_percentage(c, taken)), None)
    if suspect is None:
        return None
    return Question(
        "percentage",
        f"«{suspect.address}» растёт как процент от принятых денег, а «{commissions[0].address}» нет. "
        "Верно ли подписаны эти колонки, не перепутаны ли они местами?",
        (_AS_IS,),
    )


def _fee_sizes(plan: MoneyPlan) -> Question | None:
    """Insurance is the smallest part of what a courier takes; VAT is less than what it is paid on."""
    taken = plan.fields["collected"][0][0]
    larger = [sum(sum(costs(c)) for c, _ in plan.fields.get("fee_delivery", ()))]
    larger += [sum(costs(c)) for c, _ in plan.fields.get("fee_cod", ()) if is_percentage(c, taken)]
    for name in ("fee_insurance", "vat"):
        for column, _ in plan.fields.get(name, ()):
            if any(0 < one < sum(costs(column)) for one in larger[: None if name != "vat" else 1]):
                return Question(
                    "sizes",
                    f"По колонке «{column.address}» больше денег, чем за доставку или приём платежа. Верно ли она подписана?",
                    (_AS_IS,),
                )
    return None


def is_percentage(fee: Column, taken: Column) -> bool:
    """The fee is one and the same share of the taken amount on nearly all of enough different rows."""
    pairs = {
        (cost, amount)
        for cost, amount in zip(costs(fee), taken.amounts, strict=True)
        if amount and amount > 0 and cost > 0
    }
    if len({amount for _, amount in pairs}) < _ENOUGH:
        return False
    total = sum(cost for cost, _ in pairs), sum(amount for _, amount in pairs)
    near = sum(
        abs(cost * total[1] - amount * total[0]) <= total[1] + total[1] // 2
        for cost, amount in pairs
    )
    return 10 * near >= 9 * len(pairs)
