"""Decides what each column of money is: its words propose, the arithmetic of the rows decides."""

from collections.abc import Sequence

from sverka.drafting.arithmetic import Equation, costs, equations, sign_of_costs, sum_of_others
from sverka.drafting.columns import Column
from sverka.drafting.doubts import doubts_of
from sverka.drafting.draft import Question
from sverka.drafting.plan import FEE_NAMES, Known, MoneyPlan
from sverka.drafting.vat import on_top_of, with_tax
from sverka.drafting.words import ACTUAL, PLANNED, says
from sverka.nouns import Settlement

_CANDIDATES = 6
_FEE = 0.45
"""From this weight on, words name a fee well enough to place it without asking."""
_ALONE = 0.6
"""A fee that no equation shows needs a better name."""
_SURE = 0.8
_NEUTRAL = 0.2
_CHARGED = r"план|^начислено$"
_PART_OF = r"\bв т\.? ?ч|в том числе|из них|включая|including|incl\b"


def fee_weight(column: Column) -> float:
    """How much its words name a fee, or the sum of fees."""
    return max(column.fee_label[1], column.score("services_total"))


def is_beside(column: Column) -> bool:
    """Amounts that are no part of a settlement by their name, and by no better name a part of it."""
    best = max((s for n, s in column.scores.items() if n != "track"), default=0.0)
    return column.beside and best < _SURE


def money_plan(columns: Sequence[Column], known: Known) -> MoneyPlan:
    """The plan for all columns of amounts; empty when none is bound to a settlement."""
    amounts = [column for column in columns if column.is_money]
    payouts = _candidates(amounts, "payout", known)
    takings = _candidates(amounts, "collected", known)
    fees = [
        c
        for c in amounts
        if (c.credit or not is_beside(c)) and known.answers.get(f"column:{c.address}") != "ignore"
    ]
    plan = MoneyPlan()
    found = equations(payouts, takings, fees) or _of_any(amounts, payouts, takings, fees, known)
    found.sort(key=_rank, reverse=True)
    if found:
        _by_equation(plan, found, amounts, known)
    else:
        _by_words(plan, payouts, takings, known)
    _place_fees(plan, amounts, known)
    _settle(plan)
    if plan.fields.get("payout") and plan.fields.get("collected"):
        plan.questions += doubts_of(plan, known)
    return plan


def _candidates(amounts: Sequence[Column], name: str, known: Known) -> list[Column]:
    """The columns that may be the field: named so; nameless ones only as the last resort."""
    answer = known.answers.get(name)
    chosen = [c for c in amounts if c.address == answer]
    if chosen:
        return chosen
    named = [c for c in amounts if c.score(name) > 0 and not is_beside(c)]
    if not any(c.score(name) >= _FEE for c in named):
        named += [c for c in amounts if not c.scores and not c.beside]
    return sorted(named, key=lambda c: -_aptness(c, name))[:_CANDIDATES]


def _of_any(
    amounts: Sequence[Column],
    payouts: Sequence[Column],
    takings: Sequence[Column],
    fees: Sequence[Column],
    known: Known,
) -> list[Equation]:
    """Equations with one side well named and any column for the other: a person will be asked."""
    rest = [c for c in amounts if not is_beside(c) and c.has_money]
    found = []
    if "payout" not in known.answers and any(c.score("collected") >= _SURE for c in takings):
        others = [c for c in rest if c.score("collected") < _SURE]
        found += equations(others[:_CANDIDATES], takings, fees)
    if "collected" not in known.answers and any(c.score("payout") >= _SURE for c in payouts):
        beside = [c for c in amounts if c.has_money and c.score("payout") < _SURE]
        found += equations(payouts, beside[:_CANDIDATES], fees)
    return [one for one in found if one.fees and one.proves and not one.misfits]


def _aptness(column: Column, name: str) -> float:
    """Of two sums taken from buyers the one that was really taken goes before the planned one."""
    score = column.score(name) or _NEUTRAL
    if name == "collected":
        score += 0.04 * says(ACTUAL, column.words) - 0.1 * says(PLANNED, column.words)
    return score


def _rank(equation: Equation) -> float:
    words = 2 * _aptness(equation.payout, "payout") + 2 * _aptness(equation.collected, "collected")
    fees = sum(max(fee_weight(c), 0.5 * c.score("vat")) - 0.3 for c in equation.fees)
    # An equation without a misfit is worth an unnamed column that makes it hold.
    return (
        words + fees - 0.4 * bool(equation.misfits) - len(equation.misfits) / max(1, equation.rows)
    )


def _by_equation(
    plan: MoneyPlan, found: Sequence[Equation], amounts: Sequence[Column], known: Known
) -> None:
    best = found[0]
    plan.equation = best
    proof = f"равенство сходится в {best.rows - len(best.misfits)} стр. из {best.rows}"
    for name, column in (("payout", best.payout), ("collected", best.collected)):
        other = best.collected if name == "payout" else best.payout
        word = column.score(name)
        # Two equal columns prove nothing about which is which: only the words are left.
        proven = column.amounts != other.amounts and best.proves
        confidence = 1 - (1 - word) * (0.35 if proven else 1.0)
        plan.place(name, column, 1, round(min(confidence, 0.99), 2), f"{_named(word)}; {proof}")
        if confidence < 0.75 and known.answers.get(name) != column.address:
            plan.questions.append(_which(name, amounts, column))
    _hold_rivals(plan, found, amounts, known)


def _named(word: float) -> str:
    if word >= 0.9:
        return "название говорит само за себя"
    return "название похоже" if word >= _FEE else "название ничего не говорит"


def _hold_rivals(
    plan: MoneyPlan, found: Sequence[Equation], amounts: Sequence[Column], known: Known
) -> None:
    """Another reading that holds as well and gives other money is a question, never a choice."""
    best = found[0]
    for name in ("payout", "collected"):
        if known.answers.get(name):
            continue
        chosen: Column = getattr(best, name)
        rivals = [
            rival
            for one in found[1:]
            if (rival := getattr(one, name)).amounts != chosen.amounts
            and _rank(best) - _rank(one) < 0.5
        ]
        if name == "collected" and says(PLANNED, chosen.words):
            rivals += [c for c in amounts if _was_taken(c) and c.amounts != chosen.amounts]
        rivals += [
            c
            for c in amounts
            if c.score(name) >= 0.85
            and c.has_money
            and c.amounts not in (chosen.amounts, best.collected.amounts, best.payout.amounts)
            and c not in best.fees
            and chosen.score(name) < (0.6 if name == "collected" else 0.85)
        ]
        if rivals and not any(q.key == name for q in plan.questions):
            plan.questions.append(_which(name, amounts, chosen))


def _was_taken(column: Column) -> bool:
    """Named as really taken, not as to be taken."""
    named = column.score("collected") >= 0.6 and column.has_money
    return named and says(ACTUAL, column.words) and not says(PLANNED, column.words)


def _which(name: str, amounts: Sequence[Column], proposed: Column | None) -> Question:
    what = {
        "payout": "что курьер перечисляет магазину за заказ",
        "collected": "что курьер принял с покупателя",
    }[name]
    choices = [(c.address, f"«{c.address}»") for c in amounts if c.has_money or c is proposed]
    return Question(
        name,
        f"В какой колонке стоит то, {what}?",
        tuple(dict.fromkeys(choices)),
        proposed.address if proposed else None,
    )


def _by_words(
    plan: MoneyPlan, payouts: Sequence[Column], takings: Sequence[Column], known: Known
) -> None:
    """No equation holds: what the words name well is taken, and a person is asked."""
    for name, columns in (("payout", payouts), ("collected", takings)):
        taken = plan.placed()
        best = next((c for c in columns if id(c) not in taken), None)
        if best is None or not (
            best.score(name) >= _FEE or known.answers.get(name) == best.address
        ):
            continue
        plan.place(
            name,
            best,
            1,
            round(0.8 * best.score(name), 2),
            f"{_named(best.score(name))}, но равенством не доказано",
        )
    if (
        "payout" in plan.fields
        and "collected" in plan.fields
        and known.answers.get("arithmetic") != "as_is"
    ):
        plan.questions.append(
            Question(
                "arithmetic",
                "«Принято минус услуги» ни при каком составе услуг не даёт «к перечислению». Верно ли "
                "названы колонки денег? Если да, файл прочитается как есть, а расхождения покажет проверка.",
                (("as_is", "да, колонки названы верно"),),
            )
        )


def _place_fees(plan: MoneyPlan, amounts: Sequence[Column], known: Known) -> None:
    netted = plan.equation.fees if plan.equation else ()
    for column in netted:
        _place_netted(plan, column, netted, known)
    taken = plan.placed()
    rest = [column for column in amounts if id(column) not in taken]
    if plan.equation and not known.answers:
        collected = plan.equation.collected
        for column in sum_of_others(collected, [c for c in rest if c not in netted]):
            plan.left.append((column, f"входит в «{collected.address}»"))
            rest.remove(column)
    for column in rest:
        _place_outside(plan, column, rest, netted, known)


def _place_netted(plan: MoneyPlan, column: Column, netted: Sequence[Column], known: Known) -> None:
    sign = sign_of_costs(column)
    if column.score("vat") > column.fee_label[1]:
        taxed = on_top_of(column, [c for c in netted if c is not column])
        name = taxed.fee_label[0] if taxed and taxed.fee_label[1] >= _FEE else "fee_other"
        plan.place(name, column, sign, 0.9, "НДС сверх услуг, удержан вместе с ними")
        plan.place("vat", column, sign, 0.9, "НДС сверх услуг")
        return
    answer = known.answers.get(f"column:{column.address}")
    if column.credit and answer not in FEE_NAMES:
        plan.place("fee_other", column, sign, 0.85, "прибавлено к перечислению: уменьшает услуги")
        return
    name, word = _fee_of(column)
    if answer in FEE_NAMES:
        plan.place(answer, column, sign, 0.99, "так ответил человек; удержано из перечисления")
        return
    confidence = round(min(0.99, 1 - (1 - word) * 0.5), 2)
    plan.place(name, column, sign, confidence, f"{_named(word)}; удержано из перечисления")
    if word < _FEE:
        plan.questions.append(_what_is(column, "fee_other", "Она вычитается из принятых денег."))


def _fee_of(column: Column) -> tuple[str, float]:
    name, word = column.fee_label
    total = column.score("services_total")
    if total > word or not word:
        return ("fee_delivery" if "услуг" in column.words else "fee_other"), total
    return name, word


def _what_is(column: Column, proposed: str | None, why: str) -> Question:
    choices = [(name, words) for name, words in FEE_NAMES.items()]
    return Question(
        f"column:{column.address}",
        f"Колонка «{column.address}»: что это за деньги? {why}",
        (*choices, ("ignore", "к расчётам с курьером не относится")),
        proposed,
    )


def _place_outside(  # noqa: C901, PLR0911, PLR0912 - a list of reasons, each with its answer
    plan: MoneyPlan,
    column: Column,
    rest: Sequence[Column],
    netted: Sequence[Column],
    known: Known,
) -> None:
    name, word = column.fee_label
    answer = known.answers.get(f"column:{column.address}")
    if answer == "ignore":
        return plan.left.append((column, "так ответил человек"))
    if answer in FEE_NAMES:
        return plan.place(answer, column, sign_of_costs(column), 0.99, "так ответил человек")
    if is_beside(column) and not word >= _SURE:
        return plan.left.append((column, "не деньги расчётов: по названию это другое"))
    if same := _same_as(column, plan):
        return plan.left.append((column, f"повторяет колонку «{same.address}»"))
    if column.score("vat"):
        if plan.fields.get("vat"):
            return plan.left.append((column, "НДС уже взят из другой колонки"))
        return plan.place("vat", column, sign_of_costs(column), 0.9, "НДС внутри услуг")
    others = [
        c
        for c in (*rest, *netted)
        if c is not column and (fee_weight(c) >= _FEE or c.score("vat") >= _SURE)
    ]
    parts = sum_of_others(column, others)
    if parts and fee_weight(column) > 0:
        return plan.left.append(
            (column, "сумма колонок " + ", ".join(f"«{c.address}»" for c in parts))
        )
    if whole := _within_a_total(column, netted):
        return plan.left.append((column, f"входит в «{whole.address}»"))
    if taxed := with_tax(column, netted):
        return plan.left.append((column, f"то же, что «{taxed.address}», без НДС"))
    if says(_PART_OF, column.words):
        return plan.left.append((column, "часть другой колонки («в том числе»)"))
    if not column.has_money:
        if word >= _SURE:
            return plan.place(name, column, 1, round(word, 2), f"{_named(word)}; сумм пока нет")
        return plan.left.append((column, "сумм в ней нет"))
    if plan.equation and _is_planned(column, plan):
        return plan.left.append((column, "назначено к оплате, а не принято на деле"))
    if word >= _ALONE and column.score("collected") < word and column.score("payout") < word:
        return _place_unnetted(plan, column, name, word, netted)
    plan.left.append((column, "деньги, а какие, по названию не понять"))
    if plan.fields.get("payout") or plan.fields.get("collected"):
        plan.questions.append(_what_is(column, None, "В ней есть суммы, а название незнакомо."))
    return None


def _same_as(column: Column, plan: MoneyPlan) -> Column | None:
    if not column.has_money:
        return None
    values = [column.amounts, [-(a or 0) for a in column.amounts]]
    placed = [c for terms in plan.fields.values() for c, _ in terms]
    return next(
        (c for c in placed if c.amounts in values and fee_weight(column) <= fee_weight(c) + 0.3),
        None,
    )


def _within_a_total(column: Column, netted: Sequence[Column]) -> Column | None:
    """A withheld total of services has this column in it: counted apart it would be paid twice."""
    for total in netted:
        if total.score("services_total") > total.fee_label[1] and fee_weight(column) >= _FEE:
            pairs = zip(costs(column), costs(total), strict=True)
            if all(part <= whole for part, whole in pairs):
                return total
    return None


def _is_planned(column: Column, plan: MoneyPlan) -> bool:
    """A second sum of the same kind as the one that the equation proves: planned, or paid before."""
    if plan.equation is None or not (
        column.score("collected") >= _FEE or says(_CHARGED, column.words)
    ):
        return False
    collected = plan.equation.collected
    return collected.score("collected") >= 0.6 or says(PLANNED, column.words)


def _place_unnetted(
    plan: MoneyPlan, column: Column, name: str, word: float, netted: Sequence[Column]
) -> None:
    """A fee that the equation leaves out is invoiced apart: right in a gross or an agent's contract."""
    sign = sign_of_costs(column)
    if plan.equation is None:
        return plan.place(
            name, column, sign, round(0.8 * word, 2), f"{_named(word)}, но равенством не доказано"
        )
    plan.place(
        name, column, sign, round(min(word, 0.9), 2), f"{_named(word)}; из перечисления не удержано"
    )
    agent_only = all(_fee_of(c)[0] == "fee_cod" for c in netted)
    if netted and (not agent_only or name == "fee_cod"):
        plan.questions.append(
            _what_is(
                column,
                None,
                "Другие услуги вычтены из перечисления, а эта нет: это отдельный расход?",
            )
        )
    return None


def _settle(plan: MoneyPlan) -> None:
    if plan.equation is None:
        return
    netted = {id(column) for column in plan.equation.fees}
    placed = [(n, c) for n, terms in plan.fields.items() if n in FEE_NAMES for c, _ in terms]
    outside = [n for n, c in placed if id(c) not in netted and any(costs(c))]
    inside = {n for n, c in placed if id(c) in netted}
    if not outside and inside:
        plan.settlement = Settlement.NET
    elif not inside:
        plan.settlement = Settlement.GROSS
    elif inside == {"fee_cod"} and "fee_cod" not in outside:
        plan.settlement = Settlement.AGENT_FEE_NETTED
