"""A register that prints only one side: what was taken, or what is transferred."""

from collections.abc import Sequence

from sverka.drafting.arithmetic import sign_of_costs
from sverka.drafting.columns import Column
from sverka.drafting.draft import Question
from sverka.drafting.money import is_beside
from sverka.drafting.plan import FEE_NAMES, Known, MoneyPlan, Term
from sverka.drafting.words import says
from sverka.nouns import NETTED_FEES, Settlement

_OF_BUYERS = r"\bнпп?\b|налож"
"""«Перечисленный НП» without any fee is both what was taken and what is transferred."""

_MODELS = {
    Settlement.GROSS: "всё, что принял; услуги оплачиваются отдельно",
    Settlement.AGENT_FEE_NETTED: "принятое минус вознаграждение; доставка оплачивается отдельно",
    Settlement.NET: "принятое минус все услуги",
}


def take_lone_sum(plan: MoneyPlan, columns: Sequence[Column], known: Known) -> None:
    """The only column of money, however it is called, whose sum the payment order above it names."""
    sums = [column for column in columns if column.has_money and not is_beside(column)]
    if {"payout", "collected"} & set(plan.fields) or len(sums) != 1:
        return
    if sums[0].total() in known.sums:
        plan.left[:] = [one for one in plan.left if one[0] is not sums[0]]
        plan.questions[:] = [q for q in plan.questions if sums[0].address not in q.key]
        plan.place("payout", sums[0], 1, 0.85, "сумма колонки напечатана над таблицей")


def fill_payout(plan: MoneyPlan, known: Known, *, paid_out: bool) -> str | None:
    """Takes the payout from what was taken, by the sum of the payment order; the sentence that proves it.

    Without such a sum a person is asked which fees the courier keeps, unless the title says that
    these are payouts (`paid_out`) and there is no fee that could be kept.
    """
    if "payout" in plan.fields or "collected" not in plan.fields:
        return None
    readings = {model: _terms(plan, model) for model in _MODELS}
    sums = {model: _sum(terms) for model, terms in readings.items()}
    fitting = [model for model, total in sums.items() if total and total in known.sums]
    answer = known.answers.get("settlement")
    if len({sums[model] for model in fitting}) == 1:
        model = fitting[0]
        _take(plan, readings[model], model, 0.9, "сумма строк равна сумме в заголовке или в итоге")
        return "Сумма к перечислению, посчитанная по строкам, равна сумме, напечатанной в файле."
    if answer in set(Settlement):
        chosen = Settlement(answer)
        _take(plan, readings[chosen], chosen, 0.95, "так ответил человек")
        return None
    has_fees = len({*sums.values()}) > 1
    if paid_out and not has_fees:
        gross = readings[Settlement.GROSS]
        _take(plan, gross, Settlement.GROSS, 0.65, "по заголовку это выплаты, а услуг в файле нет")
        return None
    _take(plan, readings[Settlement.GROSS], None, 0.4, "колонки нет; посчитано как всё принятое")
    plan.questions.append(
        Question(
            "settlement",
            "В файле нет колонки «к перечислению». Что курьер перечисляет за заказ?",
            tuple((model.value, words) for model, words in _MODELS.items()),
            None if has_fees else Settlement.GROSS.value,
        )
    )
    return None


def fill_collected(plan: MoneyPlan, known: Known) -> None:
    """Takes what was collected as what was transferred plus the fees, and asks whether that is so."""
    if "collected" in plan.fields or "payout" not in plan.fields:
        return
    fees = [(c, sign) for name in FEE_NAMES for c, sign in plan.fields.get(name, ())]
    payout = plan.fields["payout"]
    answer = known.answers.get("collected_from")
    if not answer and not fees and all(says(_OF_BUYERS, column.words) for column, _ in payout):
        answer = "same"
    terms = [*payout, *fees] if answer == "with_fees" else [*payout]
    for column, sign in terms:
        plan.place(
            "collected", column, sign, 0.95 if answer else 0.4, "колонки «принято» в файле нет"
        )
    if answer in ("with_fees", "same"):
        plan.settlement = Settlement.NET if answer == "with_fees" else Settlement.GROSS
        return
    plan.questions.append(
        Question(
            "collected_from",
            "В файле нет колонки «принято с покупателя». Как её посчитать?",
            (
                ("same", "столько же, сколько перечислено: услуги оплачиваются отдельно"),
                ("with_fees", "перечислено плюс услуги из этого файла"),
            ),
        )
    )


def _terms(plan: MoneyPlan, model: Settlement) -> list[Term]:
    kept = [
        (column, -sign_of_costs(column))
        for name in NETTED_FEES[model]
        for column, _ in plan.fields.get(name, ())
        if column.has_money
    ]
    return [*plan.fields["collected"], *kept]


def _sum(terms: list[Term]) -> int:
    return sum(sign * column.total() for column, sign in terms)


def _take(
    plan: MoneyPlan, terms: list[Term], model: Settlement | None, confidence: float, why: str
) -> None:
    for column, sign in terms:
        plan.place("payout", column, sign, confidence, "")
    plan.why["payout"] = why
    plan.settlement = model
