"""Another currency than the ruble, by the names of the columns and the titles above them."""

from collections.abc import Mapping, Sequence

from sverka.drafting.draft import Question
from sverka.drafting.plan import MoneyPlan
from sverka.drafting.words import says
from sverka.recognition.currencies import FOREIGN, currency_in
from sverka.recognition.texts import folded

_RUB = "RUB"
_OVER_ALL = r"сумм\w*.*\bв\b|валют|currency|все (?:суммы|цены)|\bв (?:тенге|доллар|евро|юан|бел)"


def currency_of(
    titles: Sequence[str], plan: MoneyPlan, answers: Mapping[str, str]
) -> tuple[str | None, list[Question]]:
    """The ISO code that the file names, None for rubles; a question when its columns disagree."""
    columns = {id(c): c for terms in plan.fields.values() for c, _ in terms}.values()
    named = {c.address: currency_in(folded(c.header.title)) for c in columns}
    found = {code for code in named.values() if code}
    over = {
        code
        for title in titles
        if says(_OVER_ALL, folded(title)) and (code := currency_in(folded(title)))
    }
    if not found and len(over) < 2:
        return next(iter(over), None), []
    if len(found) == 1 and found >= over and (over or all(named.values())):
        return next(iter(found)), []
    answer = answers.get("currency")
    if answer in (_RUB, *FOREIGN):
        return (None if answer == _RUB else answer), []
    shown = ", ".join(f"«{address}»" for address, code in named.items() if code)
    where = f"в колонках {shown}" if shown else "над таблицей"
    choices = [(_RUB, "рубли"), *((code, code) for code in sorted(found | over))]
    return None, [
        Question(
            "currency",
            f"Другая валюта названа {where}, но не везде. В чём суммы этого файла?",
            tuple(choices),
        )
    ]
