"""The report as a workbook: every discrepancy, real numbers, sums that follow the filter."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from functools import reduce
from operator import add
from pathlib import Path

from sverka.reporting import standing_sheet, tables
from sverka.reporting.book import Book, Cell, Sheet, Sum, Value, major
from sverka.reporting.daily import Daily
from sverka.reporting.decisions import decisions
from sverka.reporting.parts import CourierDay, Parts
from sverka.reporting.sheets import Column
from sverka.reporting.standing import Standing, StandingSums
from sverka.reporting.summary import by_verdict, in_money, story
from sverka.reporting.words import question
from sverka.texts import Texts
from sverka.watching import AGES


def write_xlsx(  # noqa: PLR0913 - the report, its rows and their sums, and how they are told
    path: Path,
    daily: Daily,
    every: Iterable[Standing],
    sums: Sequence[StandingSums],
    say: Texts,
    *,
    linked: bool = True,
) -> None:
    """Writes the workbook; it opens in Excel and LibreOffice, sums show before they are computed.

    `every` is written as it comes, `sums` are its sums; `linked` says that links to Sverka's pages
    have whole addresses.
    """
    book = Book(path, daily.as_of)
    _summary(book, daily, say)
    standing_sheet.write(book, every, sums, standing_sheet.Words(daily, say, linked))
    for table in _tables(daily, say):
        sheet = book.sheet(table.title, table.columns)
        sheet.table(table.columns, table.rows, _total(daily, table.columns, say))
    book.close()


@dataclass(frozen=True, slots=True)
class _Table:
    title: str
    columns: Sequence[Column]
    rows: Iterator[Sequence[Value]]


def _tables(daily: Daily, say: Texts) -> tuple[_Table, ...]:
    return (
        _Table(say("Долги курьеров"), _owed_columns(say), _owed(daily, say)),
        _Table(say("Услуги без заказа"), tables.service_columns(say), tables.services(daily)),
        _Table(say("Файлы"), tables.file_columns(say), tables.files(daily, say)),
        _Table(say("Документы"), tables.document_columns(say), tables.documents(daily, say)),
        _Table(say("На проверке"), tables.unsure_columns(say), tables.unsure(daily, say)),
        _Table(say("Переводы"), tables.transfer_columns(say), tables.transfers(daily, say)),
        _Table(say("Отклонено"), tables.rejected_columns(say), tables.rejected(daily)),
        _Table(say("Повторы"), tables.again_columns(say), tables.dropped_again(daily)),
        _Table(say("С прошлых дней"), tables.carried_columns(say), tables.carried(daily, say)),
    )


def _total(daily: Daily, columns: Sequence[Column], say: Texts) -> str:
    currencies = {*daily.totals(), *(one.currency for one in daily.stand.owed)}
    mixed = len(currencies) > 1 and any(column.kind == "money" for column in columns)
    if mixed:
        return say("Итого видимых: выберите одну валюту")
    return say("Итого видимых строк")


def _owed_columns(say: Texts) -> tuple[Column, ...]:
    return (
        Column(say("Курьер"), 30),
        Column(say("Валюта"), 9),
        Column(say("Заказов"), 10, "count", adds_up=True),
        Column(say("Должен"), 16, "money", adds_up=True),
        Column(say("Просрочено"), 16, "money", adds_up=True),
        Column(say("Срок не вышел"), 16, "money", adds_up=True),
        Column(say("В пути"), 16, "money", adds_up=True),
        *(Column(say("{days} дней", days=age.code), 14, "money", adds_up=True) for age in AGES),
        Column(say("Самый старый долг"), 14, "day"),
        Column(say("Переводы не пришли"), 16, "money", adds_up=True),
        Column(say("из них просрочены"), 16, "money", adds_up=True),
    )


def _owed(daily: Daily, say: Texts) -> Iterator[Sequence[Value]]:
    for one in daily.stand.owed:
        yield (
            daily.title(one.courier) or say("служба доставки неизвестна"),
            one.currency,
            one.total.orders,
            major(one.total.amount),
            *(major(one.stages[stage].amount) for stage in ("overdue", "not_due", "on_the_way")),
            *(major(one.ages[age.code].amount) for age in AGES),
            datetime.combine(one.oldest, time()) if one.oldest else None,
            major(one.transfers),
            major(one.late_transfers),
        )


def _courier_columns(say: Texts) -> tuple[Column, ...]:
    """Of «Сводка»; the money of the parts is what was collected."""
    return (
        Column(say("Курьер"), 30),
        Column(say("Валюта"), 9),
        Column(say("Строк"), 10, "count", adds_up=True),
        Column(say("Принято"), 16, "money", adds_up=True),
        Column(say("Услуги"), 16, "money", adds_up=True),
        Column(say("К перечислению"), 16, "money", adds_up=True),
        Column(say("Сошлось, строк"), 12, "count", adds_up=True),
        Column(say("Сошлось"), 16, "money", adds_up=True),
        Column(say("Расхождения, строк"), 14, "count", adds_up=True),
        Column(say("Расхождения, принято"), 16, "money", adds_up=True),
        Column(say("Услуги без заказа"), 16, "money", adds_up=True),
        Column(say("Повторы"), 16, "money", adds_up=True),
        Column(say("Отклонено"), 16, "money", adds_up=True),
        Column(say("Ещё не сверено"), 16, "money", adds_up=True),
        Column(say("Проведено, строк"), 12, "count", adds_up=True),
        Column(say("Проведено"), 16, "money", adds_up=True),
        Column(say("Под вопросом"), 16, "money", adds_up=True),
        Column(say("Контроль (0,00)"), 14, "money", adds_up=True),
    )


REPORTED, PARTS_OF_IT = "D", ("H", "J", "K", "L", "M", "N")
"""Letters of the columns above whose equation «Контроль» computes."""


def _summary(book: Book, daily: Daily, say: Texts) -> None:
    columns = _courier_columns(say)
    sheet = book.sheet(say("Сводка"), columns)
    sheet.line((say("Сверка за {day}", day=say.day(daily.day)), "title"))
    for sentence in story(daily, say):
        sheet.line((sentence, "text"))
    sheet.line((say("Данные на {moment} по Москве", moment=say.moment(daily.as_of)), "text"))
    sheet.line()
    for currency in daily.totals():
        couriers = [courier for courier in daily.couriers if courier.currency == currency]
        _couriers(sheet, columns, currency, couriers, say)
    _verdicts(sheet, daily, say)
    _decisions(sheet, daily, say)


def _verdicts(sheet: Sheet, daily: Daily, say: Texts) -> None:
    kinds = by_verdict(daily)
    if not kinds:
        return
    titles = (say("Расхождение"), say("Валюта"), say("Сколько"), say("Сумма"))
    sheet.line(*((title, "head") for title in titles))
    for kind in kinds:
        sheet.line(
            (question(say, kind.verdict).title, "text"),
            (kind.currency, "text"),
            (kind.count, "count"),
            (major(kind.stake), "money"),
        )
    sheet.line()


def _decisions(sheet: Sheet, daily: Daily, say: Texts) -> None:
    found = decisions(daily, say)
    if not found:
        return
    titles = (say("Решить"), "", say("Сколько"), say("Сумма"), say("Что делать"))
    sheet.line(*((title, "head") for title in titles))
    for decision in found:
        sheet.line(
            (decision.title, "text"),
            ("", "text"),
            (decision.count, "count"),
            (in_money(decision.money, say) if decision.money else "", "text"),
            (decision.next_step, "text"),
        )


def _couriers(
    sheet: Sheet,
    columns: Sequence[Column],
    currency: str,
    couriers: Sequence[CourierDay],
    say: Texts,
) -> None:
    sheet.head(columns)
    first = sheet.row + 1
    for courier in couriers:
        row = sheet.row + 1
        parts = "-".join(f"{letter}{row}" for letter in PARTS_OF_IT)
        control = Sum(f"={REPORTED}{row}-{parts}", _control(courier.parts))
        title: Cell = (courier.title, "text")
        money = zip(_courier(courier.parts), (one.kind for one in columns[2:-1]), strict=True)
        sheet.line(title, (currency, "text"), *money, (control, "money"))
    every = reduce(add, (courier.parts for courier in couriers), Parts())
    values = [Decimal(0), Decimal(0), *_courier(every), _control(every)]
    sheet.sums(columns, values, first, sheet.row, say("Итого"), currency)
    sheet.line()


def _control(parts: Parts) -> Decimal:
    whole, accounted = major(parts.reported.collected), major(parts.accounted.collected)
    return (whole or Decimal(0)) - (accounted or Decimal(0))


def _courier(parts: Parts) -> tuple[int | Decimal, ...]:
    money = (
        parts.reported.lines,
        major(parts.reported.collected),
        major(parts.reported.fees),
        major(parts.reported.payout),
        parts.matched.lines,
        major(parts.matched.collected),
        parts.discrepant.lines,
        major(parts.discrepant.collected),
        major(parts.service.collected),
        major(parts.repeated.collected),
        major(parts.rejected.collected),
        major(parts.unreconciled.collected),
        parts.posted.lines,
        major(parts.posted.collected),
        major(parts.stake),
    )
    return tuple(one or Decimal(0) for one in money)
