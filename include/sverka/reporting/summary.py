"""The first screen: what came, what was posted, what is owed, what is wrong, what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sverka.discrepancies import Changed
from sverka.money import NO_MONEY, Minor
from sverka.nouns import PostingKind, PostingState
from sverka.reporting.daily import Daily, DocumentCount, Stand, nonzero
from sverka.reporting.parts import money_by_currency, rubles_first
from sverka.texts import Texts

DOCUMENT_KINDS = (
    PostingKind.PAYMENTIN,
    PostingKind.SUPPLY,
    PostingKind.PAYMENTOUT,
    PostingKind.SALESRETURN,
)
"""The kinds that carry money; state changes only follow them."""

OVERCHARGED = "fee_above_tariff"
"""The verdict of what a courier took above its tariff."""


@dataclass(frozen=True, slots=True)
class KindOfQuestion:
    """All discrepancies of one verdict and currency, whatever courier."""

    verdict: str
    currency: str
    count: int
    stake: Minor


@dataclass(frozen=True, slots=True)
class Movement:
    """Discrepancies that became something else since the day began, of all couriers."""

    what: str
    count: int
    money: dict[str, Minor]


def by_verdict(daily: Daily) -> tuple[KindOfQuestion, ...]:
    """What stands by verdict, the most money first."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for one in daily.stand.questions:
        count, stake = found.get((one.verdict, one.currency), (0, 0))
        found[one.verdict, one.currency] = (count + one.count, stake + one.stake)
    kinds = (
        KindOfQuestion(verdict, currency, count, Minor(stake))
        for (verdict, currency), (count, stake) in found.items()
    )
    return tuple(sorted(kinds, key=lambda k: (-k.stake, -k.count, k.verdict, k.currency)))


def moved(changed: Iterable[Changed]) -> tuple[Movement, ...]:
    """What was opened, reopened, changed and resolved; only what happened."""
    changed = tuple(changed)
    kinds = ("opened", "reopened", "changed", "resolved")
    some = ((what, [one for one in changed if one.what == what]) for what in kinds)
    return tuple(
        Movement(
            what,
            sum(one.count for one in found),
            money_by_currency((one.currency, one.stake) for one in found),
        )
        for what, found in some
        if found
    )


@dataclass(frozen=True, slots=True)
class DebtMove:
    """What couriers owe in one currency now, and owed on the last day before; minor units."""

    currency: str
    before: Minor
    now: Minor


def debt_moves(stand: Stand) -> tuple[DebtMove, ...]:
    """How the debt moved; empty while there is no day to compare with.

    The debt is that of the report's moment: `daily_figure` has it only for days that were
    published while they lasted.
    """
    days = {one.before for one in stand.change}
    before = nonzero(
        (figure.currency, Minor((figure.owed or 0) + (figure.reported or 0)))
        for figure in stand.trend
        if figure.day in days
    )
    now = stand.debt
    return tuple(
        DebtMove(currency, before.get(currency, NO_MONEY), now.get(currency, NO_MONEY))
        for currency in sorted({*before, *now}, key=rubles_first)
        if days - {None}
    )


def documents_in(
    documents: Iterable[DocumentCount], *states: PostingState
) -> tuple[DocumentCount, ...]:
    """The documents with money that are in one of the states."""
    return tuple(d for d in documents if d.state in states and d.kind in DOCUMENT_KINDS)


def counted(documents: Iterable[DocumentCount]) -> tuple[int, dict[str, Minor]]:
    """How many documents, and the buyers' money among them by currency.

    Payments, services and returns are different sides of one sale: adding them all up would
    give a number that means nothing.
    """
    documents = tuple(documents)
    inflow = [d for d in documents if d.kind == PostingKind.PAYMENTIN]
    return (
        sum(d.count for d in documents),
        money_by_currency((d.currency, d.amount) for d in inflow),
    )


def posted_by_kind(daily: Daily) -> tuple[tuple[PostingKind, int, dict[str, Minor]], ...]:
    """What stands in MoySklad: kind, number, money; only kinds that occur."""
    posted = documents_in(daily.documents, PostingState.POSTED)
    kinds = ((kind, [d for d in posted if d.kind == kind]) for kind in DOCUMENT_KINDS)
    return tuple(
        (
            kind,
            sum(d.count for d in documents),
            money_by_currency((d.currency, d.amount) for d in documents),
        )
        for kind, documents in kinds
        if documents
    )


def in_money(money: Mapping[str, Minor], say: Texts) -> str:
    """`1 200,00 ₽ и 35,00 EUR`; zero rubles when there is nothing."""
    if not money:
        return say.money(NO_MONEY)
    return say(" и ").join(say.money(amount, currency) for currency, amount in money.items())


def headline(daily: Daily, say: Texts) -> str:
    """The day in one sentence: what came, and what is wrong."""
    return " ".join((_came(daily, say), _wrong(daily, say)))


def story(daily: Daily, say: Texts) -> tuple[str, ...]:
    """The first screen as somebody would tell it: what came, what is owed, what is wrong."""
    return (_came_with_money(daily, say), _owed(daily, say), _wrong(daily, say))


def _came(daily: Daily, say: Texts) -> str:
    if not daily.files:
        return say("Новых отчётов курьеров в этот день не было.")
    return say("Пришло: {files}.", files=say.counted(len(daily.files), "файл", "файла", "файлов"))


def _came_with_money(daily: Daily, say: Texts) -> str:
    totals = daily.totals()
    if not totals:
        return _came(daily, say)
    return say(
        "Пришло: {files}; принято с покупателей {money}, проведено {posted}.",
        files=say.counted(len(daily.files), "файл", "файла", "файлов"),
        money=in_money({c: parts.reported.collected for c, parts in totals.items()}, say),
        posted=in_money({c: parts.posted.collected for c, parts in totals.items()}, say),
    )


def _owed(daily: Daily, say: Texts) -> str:
    owed, late = daily.stand.debt, daily.stand.late
    if not owed:
        return say("Курьеры ничего не должны.")
    if not late:
        return say("Курьеры должны {money}, срок ещё не вышел: ждём.", money=in_money(owed, say))
    return say(
        "Курьеры должны {money}, из них просрочено {late}.",
        money=in_money(owed, say),
        late=in_money(late, say),
    )


def _wrong(daily: Daily, say: Texts) -> str:
    count = daily.stand.count
    if not count:
        return say("Открытых расхождений нет.")
    return say(
        "Под вопросом {money}: {count}.",
        money=in_money(daily.stand.stake, say),
        count=say.counted(count, "расхождение", "расхождения", "расхождений"),
    )
