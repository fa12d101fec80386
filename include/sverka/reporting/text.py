"""The day in a terminal, in Russian: printed by `make up` and `sverka report`."""

from sverka.nouns import PostingState
from sverka.reporting.daily import Daily, Parts
from sverka.reporting.summary import (
    by_verdict,
    counted,
    decisions,
    documents_in,
    headline,
    in_money,
    posted_by_kind,
    waiting,
)
from sverka.reporting.words import (
    FILE_STATES,
    POSTING_KINDS,
    VERDICTS,
    amount_in_words,
    day_in_words,
    number_in_words,
    plural,
)


def as_text(daily: Daily, where: str = "") -> str:
    """A screenful: what came, what was posted, what is wrong, where the report lies (`where`)."""
    blocks = [
        [f"Сверка за {day_in_words(daily.day)}. {headline(daily)}"],
        _came(daily),
        _posted(daily),
        _wrong(daily),
        _decide(daily),
        list(waiting(daily)),
        [f"Отчёт: {where}"] if where else [],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _came(daily: Daily) -> list[str]:
    if not daily.files:
        return []
    states = [f"  {FILE_STATES[file.state]:<12} {file.name}" for file in daily.files]
    return ["Пришло", *states, *(_total(*total) for total in daily.totals().items())]


def _total(currency: str, parts: Parts) -> str:
    sums = parts.reported
    collected, fees, payout = (
        amount_in_words(amount, currency) for amount in (sums.collected, sums.fees, sums.payout)
    )
    lines = plural(sums.lines, "строка", "строки", "строк")
    return f"  {lines}: принято {collected}, услуги {fees}, к перечислению {payout}"


def _posted(daily: Daily) -> list[str]:
    kinds = posted_by_kind(daily)
    if not kinds:
        return []
    count, _ = counted(documents_in(daily.documents, PostingState.POSTED))
    rows = [
        f"  {POSTING_KINDS[kind]:<20} {number_in_words(number):>7} на {in_money(money)}"
        for kind, number, money in kinds
    ]
    return [
        f"Проведено в МоёмСкладе: {plural(count, 'документ', 'документа', 'документов')}",
        *rows,
    ]


def _wrong(daily: Daily) -> list[str]:
    rows = [
        f"  {VERDICTS[kind.verdict].title:<28} {number_in_words(kind.count):>5}"
        f" на {amount_in_words(kind.stake, kind.currency)}"
        for kind in by_verdict(daily)
    ]
    if not daily.adds_up:
        rows.append("  Контроль не сошёлся: покажите отчёт тому, кто обслуживает Сверку.")
    return ["Расхождения", *rows] if rows else []


def _decide(daily: Daily) -> list[str]:
    others = [decision for decision in decisions(daily) if decision.anchor != "discrepancies"]
    if not others:
        return []
    rows = [
        f"  {decision.title}: {number_in_words(decision.count)}"
        + (f" на {in_money(decision.money)}" if decision.money else "")
        for decision in others
    ]
    return ["Решить", *rows]
