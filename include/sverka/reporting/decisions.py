"""What only a person can settle, the most urgent first."""

from dataclasses import dataclass
from functools import reduce
from operator import add

from sverka.money import NO_MONEY, Minor
from sverka.nouns import FileState
from sverka.payouts.facts import PayoutState
from sverka.reporting.daily import Daily
from sverka.reporting.parts import money_by_currency
from sverka.texts import Texts

REFUSED = ("rejected", "failed")
"""Discrepancies that are documents."""

QUESTIONS = (PayoutState.MISSING, PayoutState.DIFFERS, PayoutState.CONTESTED)
"""Transfers that are discrepancies already; nothing is asked twice."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Something only a person can settle; `anchor` is the section of the page that shows it."""

    title: str
    count: int
    money: dict[str, Minor]
    next_step: str
    anchor: str


def decisions(daily: Daily, say: Texts) -> tuple[Decision, ...]:
    """What a person has to do, whatever day it came from; empty on a good day."""
    found = (
        _plans(daily, say),
        _asked(daily, say),
        _quarantined(daily, say),
        _refused(daily, say),
        _discrepancies(daily, say),
        _transfers(daily, say),
        _services(daily, say),
        _rejected(daily, say),
        _left_out(daily, say),
        _undelivered(daily, say),
    )
    return tuple(decision for decision in found if decision.count)


def _plans(daily: Daily, say: Texts) -> Decision:
    plans = daily.stand.plans
    return Decision(
        say("Ответить, проводить ли документы"),
        len(plans),
        money_by_currency((one.currency, one.stake) for one in plans),
        say("Посмотрите план файла и ответьте на вопрос: до ответа ничего не проводится."),
        "plans",
    )


def _files(daily: Daily, state: FileState) -> tuple[int, str]:
    """How many files are in the state, and the section that shows the newest of them."""
    today = len(daily.files_in(state))
    earlier = sum(file.state is state for file in daily.carried.files)
    return today + earlier, "files" if today else "carried"


def _asked(daily: Daily, say: Texts) -> Decision:
    count, anchor = _files(daily, FileState.WAITING)
    return Decision(
        say("Ответить, какой раскладкой читать файл"),
        count,
        {},
        say("Откройте запуск файла и ответьте на вопрос: до ответа по нему ничего не проводится."),
        anchor,
    )


def _quarantined(daily: Daily, say: Texts) -> Decision:
    count, anchor = _files(daily, FileState.QUARANTINED)
    return Decision(
        say("Исправить файлы в карантине"),
        count,
        {},
        say("Причина у каждого файла; исправленный файл положите в папку для отчётов."),
        anchor,
    )


def _refused(daily: Daily, say: Texts) -> Decision:
    count, money = daily.stand.of(*REFUSED)
    return Decision(
        say("Исправить непроведённые документы"),
        count,
        money,
        say(
            "Прочтите ответ МоегоСклада и исправьте причину; не выходит — скажите тому, кто "
            "обслуживает Сверку."
        ),
        "discrepancies",
    )


def _discrepancies(daily: Daily, say: Texts) -> Decision:
    others = [one for one in daily.stand.questions if one.verdict not in REFUSED]
    return Decision(
        say("Разобрать расхождения"),
        sum(one.count for one in others),
        money_by_currency((one.currency, one.stake) for one in others),
        say("У каждого расхождения написано, что случилось и что делать."),
        "discrepancies",
    )


def _transfers(daily: Daily, say: Texts) -> Decision:
    asking = [one for one in daily.transfers if one.asks and one.state not in QUESTIONS]
    return Decision(
        say("Спросить курьеров о переводах"),
        len(asking),
        money_by_currency((one.currency, one.own or NO_MONEY) for one in asking),
        say("У каждого отчёта написано, что с его деньгами в банке и о чём спросить курьера."),
        "transfers",
    )


def _services(daily: Daily, say: Texts) -> Decision:
    return Decision(
        say("Проверить услуги без заказа"),
        len(daily.services),
        money_by_currency((service.currency, service.stake) for service in daily.services),
        say("Сверьте с договором и проведите вручную: Сверка документов по ним не создаёт."),
        "services",
    )


def _rejected(daily: Daily, say: Texts) -> Decision:
    lines = reduce(add, (c.parts.rejected.lines for c in daily.couriers), 0)
    rows = sum(file.rejected_rows for file in daily.files)
    money = money_by_currency((c.currency, c.parts.rejected.collected) for c in daily.couriers)
    return Decision(
        say("Исправить отклонённые строки"),
        lines + rows,
        money if lines else {},
        say("Исправьте значение в файле или попросите у курьера верный отчёт."),
        "rejected",
    )


def _left_out(daily: Daily, say: Texts) -> Decision:
    return Decision(
        say("Сохранённые раскладки не читаются"),
        len(daily.left_out),
        {},
        say("Передайте тому, кто обслуживает Сверку: такие файлы снова спросят, как их читать."),
        "left-out",
    )


def _undelivered(daily: Daily, say: Texts) -> Decision:
    return Decision(
        say("Оповещения не доставлены"),
        len(daily.undelivered),
        {},
        say(
            "Передайте тому, кто обслуживает Сверку: об этом никто не узнал из почты или Telegram."
        ),
        "undelivered",
    )
