"""The four charts: debt by age, payouts by courier, discrepancies and returns by day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from sverka.money import Minor
from sverka.reporting.charts.drawing import HEIGHT, Bars, Chart, Columns, bars, columns, ticks
from sverka.reporting.daily import Daily
from sverka.reporting.parts import rubles_first
from sverka.texts import Texts
from sverka.watching import AGES

DAYS = 30
WEEK = 7
OLD = ("31-60", "61+")
"""Ages that are older than a month."""


def charts(daily: Daily, say: Texts) -> tuple[Chart, ...]:
    """The charts that have something to show."""
    return (
        *_debt(daily, say),
        *_payouts(daily, say),
        *_discrepancies(daily, say),
        *_returns(daily, say),
    )


def _debt(daily: Daily, say: Texts) -> list[Chart]:
    """By age, in each currency."""
    ages: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in daily.stand.owed:
        for code, part in one.ages.items():
            ages[one.currency][code] += part.amount
    found: list[Chart] = []
    for currency in sorted(ages, key=rubles_first):
        amounts = [(age.code, ages[currency][age.code]) for age in AGES]
        if any(amount for _, amount in amounts):
            found.append(_debt_in(currency, amounts, say))
    return found


def _debt_in(currency: str, amounts: Sequence[tuple[str, int]], say: Texts) -> Chart:
    words = [(_age(code, say), say.money(Minor(amount), currency)) for code, amount in amounts]
    old, total = (
        Minor(sum(amount for code, amount in amounts if code in codes))
        for codes in (OLD, [age.code for age in AGES])
    )
    title = (
        say(
            "Долг старше месяца: {old} из {total}",
            old=say.money(old, currency),
            total=say.money(total, currency),
        )
        if old
        else say("Весь долг моложе месяца: {total}", total=say.money(total, currency))
    )
    shapes = bars(
        [
            (label, money, amount, f"age-{place}")
            for place, ((label, money), (_, amount)) in enumerate(
                zip(words, amounts, strict=True), start=1
            )
        ]
    )
    unit = say("Заказы, которых нет в отчётах, по возрасту в днях")
    head = (say("Возраст, дней"), say("Долг"))
    return Bars(f"debt-{currency.lower()}", title, unit, head, tuple(words), shapes)


def _age(code: str, say: Texts) -> str:
    if code.endswith("+"):
        return say("{days} и больше", days=code.removesuffix("+"))
    return code.replace("-", "–")


def _payouts(daily: Daily, say: Texts) -> list[Chart]:
    """Money that came to the bank in 30 days, in each currency."""
    currencies = {one.currency for one in daily.stand.payouts}
    return [_payouts_in(currency, daily, say) for currency in sorted(currencies, key=rubles_first)]


def _payouts_in(currency: str, daily: Daily, say: Texts) -> Chart:
    found = [one for one in daily.stand.payouts if one.currency == currency]
    rows = [
        (daily.title(one.courier), say.money(one.amount, currency), one.amount, "payout")
        for one in found
    ]
    first, others = rows[0], len(rows) > 1
    title = (
        say("Больше всех перечислил {courier}: {money}", courier=first[0], money=first[1])
        if others
        else say("{courier} перечислил {money}", courier=first[0], money=first[1])
    )
    table = tuple(
        (row[0], row[1], say.number(one.transfers)) for row, one in zip(rows, found, strict=True)
    )
    unit = say("Переводы курьеров, которые пришли в банк за 30 дней")
    head = (say("Курьер"), say("Пришло"), say("Переводов"))
    return Bars(f"payouts-{currency.lower()}", title, unit, head, table, bars(rows))


def _discrepancies(daily: Daily, say: Texts) -> list[Chart]:
    """Opened above the line, resolved below it."""
    opened: dict[date, int] = defaultdict(int)
    resolved: dict[date, int] = defaultdict(int)
    for figure in daily.stand.trend:
        opened[figure.day] += figure.opened
        resolved[figure.day] += figure.resolved
    days = _days(daily.day)
    counts = [(opened[day], resolved[day]) for day in days]
    came, went = sum(up for up, _ in counts), sum(down for _, down in counts)
    if not came + went:
        return []
    given = {"opened": say.number(came), "resolved": say.number(went)}
    if came > went:
        title = say("Расхождений прибавилось: открыто {opened}, решено {resolved}", **given)
    elif came < went:
        title = say("Расхождений убавилось: открыто {opened}, решено {resolved}", **given)
    else:
        title = say("Сколько открыто, столько и решено: {opened}", **given)
    shapes, base = columns(counts, ("opened", "resolved"), below=True)
    rows = [
        (say.short_day(day), say.number(up), say.number(down))
        for day, (up, down) in zip(days, counts, strict=True)
        if up or down
    ]
    return [
        Columns(
            "trend",
            title,
            say("Расхождения за 30 дней: открыто вверх, решено вниз"),
            (say("День"), say("Открыто"), say("Решено")),
            tuple(rows),
            shapes,
            ticks([say.short_day(day) for day in days]),
            base,
            Decimal(HEIGHT),
            say.number(max(max(pair) for pair in counts)),
            (("opened", say("открыто")), ("resolved", say("решено"))),
        )
    ]


def _returns(daily: Daily, say: Texts) -> list[Chart]:
    """Parcels that came back, by day."""
    parcels: dict[date, int] = defaultdict(int)
    for one in daily.stand.returns:
        parcels[one.day] += one.parcels
    days = _days(daily.day)
    counts = [(parcels[day], 0) for day in days]
    if not any(up for up, _ in counts):
        return []
    week = sum(up for up, _ in counts[-WEEK:])
    before = sum(up for up, _ in counts[-2 * WEEK : -WEEK])
    title = say(
        "За неделю вернулось {week}, неделей раньше {before}",
        week=say.counted(week, "посылка", "посылки", "посылок"),
        before=say.number(before),
    )
    shapes, base = columns(counts, ("returned", "returned"), below=False)
    rows = [
        (say.short_day(day), say.number(up))
        for day, (up, _) in zip(days, counts, strict=True)
        if up
    ]
    return [
        Columns(
            "returns",
            title,
            say("Возвраты и отказы за 30 дней, посылок в день"),
            (say("День"), say("Посылок")),
            tuple(rows),
            shapes,
            ticks([say.short_day(day) for day in days]),
            base,
            Decimal(HEIGHT),
            say.number(max(up for up, _ in counts)),
            (),
        )
    ]


def _days(until: date) -> list[date]:
    return [until - timedelta(days=back) for back in reversed(range(DAYS))]
