"""Money that stands in several columns: in cash and by card, taken and given back, owed either way."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from sverka.drafting.columns import Column
from sverka.drafting.money import money_plan
from sverka.drafting.plan import Known, MoneyPlan, Term
from sverka.drafting.words import says

_WAY = r"наличн|\bнал\b|безнал|\bкарт|эквайр|\bсбп\b|терминал|\bкасс[аеу]\b|\bcash\b|\bcard\b|\bqr\b|перевод\w* на сч"
_GIVEN_BACK = (
    r"(?:возвра[тщ]\w*|выплачен\w*)\s+(?:\w+\s+)?(?:покупател|получател|клиент|денег|средств)|"
    r"возвра[тщ]\w*\s+(?:нп|оплат|платеж)|\brefund"
)
_OWED = r"к\s+удержани|к\s+доплате|долг\s+(?:им|магазин|клиент|заказчик|продавц|партнер)|к\s+оплате\s+(?:клиентом|магазином|заказчиком|продавцом|партнером)"
_MOST_WAYS = 4
_NAMED = 0.6
_COMPOSED = 0.95
"""The words of a sum of columns say what it is only together with the equation."""


def composed(columns: Sequence[Column], known: Known) -> MoneyPlan | None:
    """The plan with a sum of columns as what was taken or is paid out; None when no such sum fits."""
    if {"collected", "payout"} & set(known.answers):
        return None
    amounts = [column for column in columns if column.has_money]
    takings, payouts = [*_takings(amounts)], [*_payouts(amounts)]
    for parts in product([(), *takings], [(), *payouts]):
        sums = [
            _sum(name, terms)
            for name, terms in zip(("collected", "payout"), parts, strict=True)
            if terms
        ]
        if not sums or _stands_already(sums, amounts):
            continue
        used = {id(column) for terms in parts for column, _ in terms}
        plan = money_plan([*(c for c in columns if id(c) not in used), *sums], known)
        equation = plan.equation
        if equation is None or equation.misfits or not equation.proves:
            continue
        if all(one is equation.collected or one is equation.payout for one in sums):
            _take_apart(plan, dict(zip(map(id, sums), filter(None, parts), strict=True)))
            return plan
    return None


def _takings(amounts: Sequence[Column]) -> Iterator[tuple[Term, ...]]:
    ways = [
        c
        for c in amounts
        if says(_WAY, c.words) and c.fee_label[1] < _NAMED and c.score("payout") < _NAMED
    ][:_MOST_WAYS]
    if len(ways) > 1:
        yield tuple((column, 1) for column in ways)
    # Most buyers keep what they paid for: a refund in nearly each row is a mislabelled column.
    back = [
        c
        for c in amounts
        if says(_GIVEN_BACK, c.words) and 2 * sum(map(bool, c.amounts)) <= len(c.amounts)
    ]
    for column in amounts:
        for given in back:
            if column is not given and column.score("collected") >= _NAMED:
                yield (column, 1), (given, -1 if given.total() > 0 else 1)


def _payouts(amounts: Sequence[Column]) -> Iterator[tuple[Term, ...]]:
    """What is paid and what is owed, of which each row has one."""
    for column in amounts:
        for owed in amounts:
            either = not any(a and b for a, b in zip(column.amounts, owed.amounts, strict=True))
            if column.score("payout") >= _NAMED and says(_OWED, owed.words) and either:
                yield (column, 1), (owed, -1 if owed.total() > 0 else 1)


def _sum(name: str, terms: Sequence[Term]) -> Column:
    first = terms[0][0]
    rows = zip(*(column.amounts for column, _ in terms), strict=True)
    signs = [sign for _, sign in terms]
    amounts: list[int | None] = [
        sum(s * (a or 0) for s, a in zip(signs, row, strict=True)) for row in rows
    ]
    return replace(first, amounts=amounts, scores={name: _COMPOSED}, beside=False)


def _stands_already(sums: Sequence[Column], amounts: Sequence[Column]) -> bool:
    return any(one.amounts == column.amounts for one in sums for column in amounts)


def _take_apart(plan: MoneyPlan, parts: dict[int, tuple[Term, ...]]) -> None:
    for name, terms in plan.fields.items():
        plan.fields[name] = [
            (part, sign * own)
            for column, sign in terms
            for part, own in parts.get(id(column), ((column, 1),))
        ]
        if any(id(column) in parts for column, _ in terms):
            plan.why[name] += "; сумма нескольких колонок, равенство сходится только с ней"
