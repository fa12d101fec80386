"""The day in a terminal: printed by `make up` and `sverka report`."""

from sverka.nouns import PostingState
from sverka.reporting.daily import Daily
from sverka.reporting.decisions import decisions
from sverka.reporting.parts import Parts
from sverka.reporting.summary import (
    by_verdict,
    counted,
    documents_in,
    headline,
    in_money,
    posted_by_kind,
)
from sverka.reporting.waiting import goes_on, waited_for
from sverka.reporting.words import file_states, posting_kinds, question
from sverka.texts import Texts


def as_text(daily: Daily, say: Texts, where: str = "") -> str:
    """A screenful: what came, what was posted, what is owed, what is wrong, where the report lies."""
    title = say("Сверка за {day}.", day=say.day(daily.day))
    blocks = [
        [f"{title} {headline(daily, say)}"],
        _came(daily, say),
        _posted(daily, say),
        _owed(daily, say),
        _wrong(daily, say),
        _decide(daily, say),
        _waiting(daily, say),
        [say("Отчёт: {where}", where=where)] if where else [],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _came(daily: Daily, say: Texts) -> list[str]:
    if not daily.files:
        return []
    words = file_states(say)
    states = [f"  {words[file.state]:<12} {file.name}" for file in daily.files]
    totals = [_total(currency, parts, say) for currency, parts in daily.totals().items()]
    return [say("Пришло"), *states, *totals]


def _total(currency: str, parts: Parts, say: Texts) -> str:
    sums = parts.reported
    return "  " + say(
        "{rows}: принято {collected}, услуги {fees}, к перечислению {payout}",
        rows=say.counted(sums.lines, "строка", "строки", "строк"),
        collected=say.money(sums.collected, currency),
        fees=say.money(sums.fees, currency),
        payout=say.money(sums.payout, currency),
    )


def _posted(daily: Daily, say: Texts) -> list[str]:
    kinds = posted_by_kind(daily)
    if not kinds:
        return []
    count, _ = counted(documents_in(daily.documents, PostingState.POSTED))
    words = posting_kinds(say)
    rows = [
        f"  {words[kind]:<20} {say.number(number):>7}  {in_money(money, say)}"
        for kind, number, money in kinds
    ]
    documents = say.counted(count, "документ", "документа", "документов")
    return [say("Проведено в МоёмСкладе: {documents}", documents=documents), *rows]


def _owed(daily: Daily, say: Texts) -> list[str]:
    rows = []
    for one in daily.stand.owing:
        title = daily.title(one.courier) or say("служба доставки неизвестна")
        row = f"  {title:<28} {say.money(one.money, one.currency)}"
        late = say.money(one.late, one.currency)
        rows.append(row + say(", просрочено {money}", money=late) if one.late else row)
    return [say("Курьеры должны"), *rows] if rows else []


def _wrong(daily: Daily, say: Texts) -> list[str]:
    rows = [
        f"  {question(say, kind.verdict).title:<28} {say.number(kind.count):>5}"
        f"  {say.money(kind.stake, kind.currency)}"
        for kind in by_verdict(daily)
    ]
    if not daily.adds_up:
        rows.append("  " + say("Контроль не сошёлся: покажите отчёт тому, кто обслуживает Сверку."))
    return [say("Расхождения"), *rows] if rows else []


def _decide(daily: Daily, say: Texts) -> list[str]:
    asked = decisions(daily, say)
    others = [decision for decision in asked if decision.anchor != "discrepancies"]
    rows = [
        f"  {decision.title}: {say.number(decision.count)}"
        + (f", {in_money(decision.money, say)}" if decision.money else "")
        for decision in others
    ]
    return [say("Решить"), *rows] if rows else []


def _waiting(daily: Daily, say: Texts) -> list[str]:
    money = waited_for(daily)
    told = list(goes_on(daily, say))
    if money:
        told.insert(0, say("Ждём {money}: срок ещё не вышел.", money=in_money(money, say)))
    return told
