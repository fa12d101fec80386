"""A column of what was to be taken: the equation holds when it counts only for some outcomes."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sverka.drafting.columns import Column
from sverka.drafting.money import money_plan
from sverka.drafting.places import Places
from sverka.drafting.plan import Known, MoneyPlan

_TAKEN = frozenset({"delivered", "partially_delivered"})
Change = Callable[[int | None, str | None], int | None]

_WAYS: dict[str, Change] = {
    "delivered": lambda amount, outcome: amount if outcome in _TAKEN else 0,
    "returned": lambda amount, outcome: -amount if amount and outcome == "returned" else amount,
}


def taken_conditionally(
    columns: Sequence[Column], placed: Places, known: Known
) -> MoneyPlan | None:
    """The plan in which the sums to be taken count only where the status says so; None: no such."""
    meanings = placed.words.get("outcome")
    status = placed.columns.get("status")
    if not meanings or status is None:
        return None
    outcomes = [meanings.get(" ".join(word.split())) if word else None for word in status.values]
    for way, change in _WAYS.items():
        changed = {
            id(c): _changed(c, outcomes, change) for c in columns if c.score("collected") >= 0.6
        }
        plan = money_plan([changed.get(id(c), c) for c in columns], known)
        if plan.equation is None or plan.equation.misfits or not plan.equation.proves:
            continue
        taken = plan.equation.collected
        if not any(taken is one for one in changed.values()):
            continue
        _put_back(plan, {id(new): old for old in columns if (new := changed.get(id(old)))})
        plan.taken_when = way
        words = (
            "только по вручённым заказам" if way == "delivered" else "у возвратов со знаком минус"
        )
        plan.why["collected"] += f"; считается {words}, тогда равенство сходится"
        return plan
    return None


def _changed(column: Column, outcomes: Sequence[str | None], change: Change) -> Column:
    amounts = [change(a, o) for a, o in zip(column.amounts, outcomes, strict=True)]
    return replace(column, amounts=amounts) if column.is_money else column


def _put_back(plan: MoneyPlan, original: dict[int, Column]) -> None:
    for terms in plan.fields.values():
        terms[:] = [(original.get(id(column), column), sign) for column, sign in terms]
    plan.left[:] = [(original.get(id(column), column), why) for column, why in plan.left]
