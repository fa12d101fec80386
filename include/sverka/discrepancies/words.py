"""How people read a discrepancy's life, and what they may answer."""

from collections.abc import Mapping, Sequence

from sverka.discrepancies.deciding import Why
from sverka.discrepancies.listing import Event
from sverka.discrepancies.nouns import Action, ResolvedBy, State, What
from sverka.texts import Texts


def state_in_words(say: Texts, state: State) -> str:
    """`открыто`."""
    return {
        State.OPEN: say("открыто"),
        State.EXPLAINED: say("объяснено"),
        State.RESOLVED: say("решено"),
    }[state]


def how_in_words(say: Texts, how: ResolvedBy) -> str:
    """What resolved it: `деньги проведены`."""
    return {
        ResolvedBy.REPORT: say("ответил новый отчёт курьера"),
        ResolvedBy.BOOKING: say("деньги проведены"),
        ResolvedBy.BANK: say("ответила выписка банка"),
        ResolvedBy.BOOKS: say("исправлено в МоёмСкладе"),
        ResolvedBy.UNDO: say("отчёт отменён"),
        ResolvedBy.PERSON: say("решил человек"),
        ResolvedBy.ACCEPTED_LOSS: say("убыток принят"),
        ResolvedBy.TERM: say("срок ещё не вышел"),
    }[how]


def actions(say: Texts) -> dict[Action, str]:
    """What stands in the list of «Решение», in this order."""
    return {
        Action.EXPLAIN: say("объяснено"),
        Action.RESOLVE: say("решено"),
        Action.ACCEPT_LOSS: say("принять убыток"),
        Action.REOPEN: say("открыть снова"),
    }


def event_in_words(say: Texts, event: Event, currency: str) -> str:
    """One step of a history: `решено: деньги проведены`, without who and when."""
    match event.what:
        case What.OPENED:
            return say("открыто, {stake}", stake=say.money(event.to_stake, currency))
        case What.CHANGED:
            return say(
                "сумма или вывод изменились, теперь {stake}",
                stake=say.money(event.to_stake, currency),
            )
        case What.EXPLAINED:
            return say("объяснено")
        case What.RESOLVED:
            return say("решено: {how}", how=how_in_words(say, ResolvedBy(str(event.how))))
        case What.REOPENED:
            return say("открыто снова: {why}", why=_why_again(say, event.how))


def _why_again(say: Texts, why: str | None) -> str:
    if why == "fact":
        return say("то, что его закрыло, больше не так")
    if why == "changed":
        return say("решали о другой сумме или другом выводе")
    return say("так решил человек")


def refusal_in_words(say: Texts, why: Why) -> str:
    """Why a decision was not applied, and what to do."""
    return {
        Why.SAME: say("Так уже и есть, делать ничего не нужно."),
        Why.MISSING: say("Такого расхождения нет. Возьмите строку из свежего отчёта."),
        Why.STALE: say(
            "Расхождение изменилось после того, как вы его видели. Откройте свежий отчёт и решите "
            "заново."
        ),
        Why.RESOLVED: say(
            "Расхождение уже решено. Чтобы решить иначе, сначала откройте его снова."
        ),
        Why.OPEN: say("Расхождение и так открыто."),
        Why.ANSWERED: say("Вопроса больше нет, открывать нечего."),
        Why.SILENT: say("Нет объяснения. Напишите в комментарии, чем объясняется расхождение."),
        Why.TWICE: say(
            "Об этом расхождении в книге сказано дважды и по-разному. Оставьте одно решение."
        ),
    }[why]


NAMED = 20
"""Refused rows that the day's report names; the file's page of checks has them all."""


def answer_in_words(
    say: Texts,
    counts: Mapping[str, int],
    refused: Sequence[Mapping[str, object]],
    named: int = NAMED,
) -> list[str]:
    """What became of a workbook's decisions, a line each: for the day's report and for its sender.

    `refused` has `sheet`, `line_no` and `reason` of rows that were not applied, of which `named`
    are told.
    """
    applied, same, more = (int(counts.get(name, 0)) for name in ("applied", "same", "refused"))
    if not applied + same + more:
        return [say("Книга с решениями: ни одного решения в ней нет.")]
    told = [
        say("Решения из книги: применено {applied}.", applied=say.number(applied)),
        *([say("Уже было так: {same}.", same=say.number(same))] if same else []),
        *([say("Не применено: {refused}.", refused=say.number(more))] if more else []),
    ]
    rows = [
        say(
            "Лист «{sheet}», строка {row}: {reason}",
            sheet=one["sheet"] or "",
            row=one["line_no"],
            reason=one["reason"],
        )
        for one in refused[:named]
    ]
    rest = more - len(rows)
    if rest > 0:
        rows.append(say("Ещё не применено: {rest}.", rest=say.number(rest)))
    return [" ".join(told), *rows]
