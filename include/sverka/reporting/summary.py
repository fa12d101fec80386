"""The first screen: what came, what was posted, what is wrong, what a person has to decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add

from sverka.money import NO_MONEY, Minor
from sverka.nouns import FileState, PostingKind, PostingState, VerdictKind
from sverka.reporting.daily import Daily, DocumentCount, money_by_currency
from sverka.reporting.words import (
    amount_in_words,
    plural,
    short_day,
)

DOCUMENT_KINDS = (
    PostingKind.PAYMENTIN,
    PostingKind.SUPPLY,
    PostingKind.PAYMENTOUT,
    PostingKind.SALESRETURN,
)
"""The kinds that carry money; state changes only follow them."""

REFUSED = (PostingState.REJECTED, PostingState.FAILED)
ON_THE_WAY = (PostingState.APPROVED, PostingState.SENDING, PostingState.UNSURE)


@dataclass(frozen=True, slots=True)
class Decision:
    """Something only a person can settle; `anchor` is the section of the page that shows it."""

    title: str
    count: int
    money: dict[str, Minor]
    next_step: str
    anchor: str


@dataclass(frozen=True, slots=True)
class KindOfTrouble:
    """All discrepancies of one verdict and currency."""

    verdict: VerdictKind
    currency: str
    count: int
    stake: Minor


def by_verdict(daily: Daily) -> tuple[KindOfTrouble, ...]:
    """The day's discrepancies by verdict, the most money first."""
    found: dict[tuple[VerdictKind, str], tuple[int, int]] = {}
    for one in daily.discrepancies:
        count, stake = found.get((one.verdict, one.currency), (0, 0))
        found[one.verdict, one.currency] = (count + 1, stake + one.stake)
    kinds = (
        KindOfTrouble(verdict, currency, count, Minor(stake))
        for (verdict, currency), (count, stake) in found.items()
    )
    return tuple(sorted(kinds, key=lambda k: (-k.stake, -k.count, k.verdict, k.currency)))


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
        money_by_currency([(d.currency, d.amount) for d in inflow]),
    )


def posted_by_kind(daily: Daily) -> tuple[tuple[PostingKind, int, dict[str, Minor]], ...]:
    """What stands in MoySklad: kind, number, money; only kinds that occur."""
    posted = documents_in(daily.documents, PostingState.POSTED)
    kinds = ((kind, [d for d in posted if d.kind == kind]) for kind in DOCUMENT_KINDS)
    return tuple(
        (
            kind,
            sum(d.count for d in documents),
            money_by_currency([(d.currency, d.amount) for d in documents]),
        )
        for kind, documents in kinds
        if documents
    )


def on_the_way(daily: Daily) -> tuple[DocumentCount, ...]:
    """Documents that go on by themselves: planned in a file in work, approved, sent, looked up."""
    planned = _planned(daily, FileState.PROCESSING)
    return planned + documents_in(daily.documents, *ON_THE_WAY)


def only_planned(daily: Daily) -> tuple[DocumentCount, ...]:
    """Planned documents of files that are done: the courier's terms do not let them be sent."""
    return _planned(daily, FileState.SETTLED)


def _planned(daily: Daily, state: FileState) -> tuple[DocumentCount, ...]:
    files = {file.file_id for file in daily.files_in(state)}
    planned = documents_in(daily.documents, PostingState.PLANNED)
    return tuple(d for d in planned if d.file_id in files)


def decisions(daily: Daily) -> tuple[Decision, ...]:
    """What a person has to do, the most urgent first; empty on a good day."""
    found = [
        _refused(daily),
        _asked(daily),
        _quarantined(daily),
        _left_out(daily),
        _discrepancies(daily),
        _transfers(daily),
        _services(daily),
        _rejected(daily),
        _carried(daily),
    ]
    return tuple(decision for decision in found if decision.count)


def _refused(daily: Daily) -> Decision:
    refused = [trouble for trouble in daily.troubles if trouble.state in REFUSED]
    return Decision(
        "Документы не проведены",
        len(refused),
        {},
        "Прочтите ответ МоегоСклада, исправьте причину и скажите тому, кто обслуживает Сверку.",
        "troubles",
    )


def _asked(daily: Daily) -> Decision:
    return Decision(
        "Ждёт ответа: какой раскладкой читать",
        len(daily.files_in(FileState.WAITING)),
        {},
        "Откройте запуск файла в Airflow и ответьте на вопрос: до ответа по нему ничего не проводится.",
        "files",
    )


def _left_out(daily: Daily) -> Decision:
    return Decision(
        "Сохранённые раскладки не читаются",
        len(daily.left_out),
        {},
        "Передайте тому, кто обслуживает Сверку: такие файлы снова спросят, как их читать.",
        "left-out",
    )


def _quarantined(daily: Daily) -> Decision:
    files = daily.files_in(FileState.QUARANTINED)
    return Decision(
        "Файлы в карантине",
        len(files),
        {},
        "Причина у каждого файла; исправленный файл положите в папку для отчётов.",
        "files",
    )


def _discrepancies(daily: Daily) -> Decision:
    return Decision(
        "Разобрать расхождения",
        len(daily.discrepancies),
        stake(daily),
        "У каждого расхождения написано, что случилось и что делать.",
        "discrepancies",
    )


def _transfers(daily: Daily) -> Decision:
    asking = [transfer for transfer in daily.transfers if transfer.asks]
    return Decision(
        "Переводы курьеров",
        len(asking),
        money_by_currency([(one.currency, one.own or NO_MONEY) for one in asking]),
        "У каждого отчёта написано, что с его деньгами в банке и о чём спросить курьера.",
        "transfers",
    )


def _services(daily: Daily) -> Decision:
    return Decision(
        "Услуги без заказа",
        len(daily.services),
        money_by_currency([(service.currency, service.stake) for service in daily.services]),
        "Сверьте с договором и проведите вручную: Сверка документов по ним не создаёт.",
        "services",
    )


def _rejected(daily: Daily) -> Decision:
    rejected = (c.parts.rejected for c in daily.couriers)
    lines = reduce(add, (sums.lines for sums in rejected), 0)
    rows = sum(file.rejected_rows for file in daily.files)
    return Decision(
        "Строки отклонены",
        lines + rows,
        money_by_currency([(c.currency, c.parts.rejected.collected) for c in daily.couriers])
        if lines
        else {},
        "Исправьте значение в файле или попросите у курьера верный отчёт.",
        "rejected",
    )


def _carried(daily: Daily) -> Decision:
    carried = daily.carried
    refused = documents_in(carried.documents, *REFUSED)
    return Decision(
        "Осталось с прошлых дней",
        sum(file.state in {FileState.QUARANTINED, FileState.WAITING} for file in carried.files)
        + sum(kind.count for kind in carried.discrepancies)
        + sum(document.count for document in refused),
        money_by_currency([(kind.currency, kind.stake) for kind in carried.discrepancies]),
        "Разберите вместе с сегодняшними: старое первым.",
        "carried",
    )


def waiting(daily: Daily) -> tuple[str, ...]:
    """What goes on by itself; never a problem."""
    found = []
    working = daily.files_in(FileState.REGISTERED, FileState.PROCESSING)
    if working:
        found.append(f"В работе {plural(len(working), 'файл', 'файла', 'файлов')}.")
    stalled = daily.files_in(FileState.STALLED)
    if stalled:
        number = plural(len(stalled), "файл отложен", "файла отложено", "файлов отложено")
        found.append(f"{number}: Сверка повторит сама.")
    count, money = counted(on_the_way(daily))
    if count:
        number = plural(count, "документ", "документа", "документов")
        found.append(f"{number} в отправке или на проверке, поступления {in_money(money)}.")
    count, money = counted(only_planned(daily))
    if count:
        number = plural(count, "документ", "документа", "документов")
        found.append(f"{number} только в плане, поступления {in_money(money)}: не отправлялись.")
    found += [
        f"Обработан «{file.name}» от {short_day(file.came_on)}: он в отчёте за тот день."
        for file in daily.finished_later
    ]
    return tuple(found)


def in_money(money: dict[str, Minor]) -> str:
    """`1 200,00 ₽ и 35,00 EUR`; zero rubles when there is nothing."""
    if not money:
        return amount_in_words(NO_MONEY)
    return " и ".join(amount_in_words(amount, currency) for currency, amount in money.items())


def stake(daily: Daily) -> dict[str, Minor]:
    """The money in question in the day's discrepancies."""
    return money_by_currency([(d.currency, d.stake) for d in daily.discrepancies])


def headline(daily: Daily) -> str:
    """The day in one sentence."""
    if not daily.files:
        return "Новых отчётов курьеров в этот день не было."
    files = plural(len(daily.files), "файл", "файла", "файлов")
    if not daily.discrepancies:
        return f"{files}, расхождений нет."
    number = plural(len(daily.discrepancies), "расхождение", "расхождения", "расхождений")
    return f"{files}, {number} на {in_money(stake(daily))}."
