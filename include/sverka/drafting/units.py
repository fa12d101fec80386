"""Rubles, kopecks or another currency: by words, by sums around the table, by size."""

from collections.abc import Sequence
from statistics import median

from sverka.drafting.columns import Column
from sverka.drafting.draft import Question
from sverka.drafting.plan import Known, MoneyPlan
from sverka.drafting.words import says
from sverka.recognition.texts import folded
from sverka.recognition.vocabulary import Vocabulary

_KOPECKS = r"в коп\b|в копейках|, коп\b|in kopecks|unit: kop\w*|units?: (?:kop|minor|cent)\w*"
_PART = r"коп|тыс"
"""A title may still name thousands or kopecks where the currency is another one."""
_DEAR_DELIVERY = 3_000_00
"""Hundredths: nobody delivers parcels of an online shop at three thousand rubles on average."""
_DEAR_ORDER = 300_000_00


def unit_words(titles: Sequence[str]) -> bool:
    """True when a title over the table says that its sums are kopecks."""
    return any(says(_KOPECKS, folded(title)) for title in titles)


def unit_question(
    titles: Sequence[str],
    plan: MoneyPlan,
    known: Known,
    vocabulary: Vocabulary,
    currency: str | None = None,
) -> Question | None:
    """Asks for the unit when a title names another one or the sums are a hundred times too big."""
    if known.answers.get("unit") in ("rubles", "kopecks"):
        return None
    words = [w for w in vocabulary.not_rubles if not currency or says(_PART, w)]
    other = [word for title in titles for word in words if word in folded(title)]
    if other:
        return _question(f"Над таблицей написано «{other[0]}»", None)
    used = [
        c for terms in plan.fields.values() for c, _ in terms if c.has_money and not c.in_kopecks
    ]
    if not used or any(amount and amount % 100 for c in used for amount in c.amounts):
        return None
    payout = sum(sign * c.total() for c, sign in plan.fields.get("payout", ()))
    if payout and payout in known.sums:
        return None
    if payout and payout // 100 in known.sums:
        return _question(
            "Сумма строк ровно в сто раз больше суммы, напечатанной в файле", "kopecks"
        )
    dear = any(_usual(c) >= _DEAR_DELIVERY for c, _ in plan.fields.get("fee_delivery", ()))
    dear = dear or any(_usual(c) >= _DEAR_ORDER for c, _ in plan.fields.get("collected", ()))
    return _question("Все суммы целые и очень большие", "kopecks") if dear else None


def _usual(column: Column) -> float:
    amounts = [abs(amount) for amount in column.amounts if amount]
    return median(amounts) if amounts else 0


def _question(why: str, proposed: str | None) -> Question:
    return Question(
        "unit",
        f"{why}. В чём суммы этого файла?",
        (("rubles", "в рублях"), ("kopecks", "в копейках")),
        proposed,
    )
