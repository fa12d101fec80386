"""The report as a workbook: every discrepancy, real numbers, sums that follow the filter."""

from collections.abc import Iterator, Sequence
from io import BytesIO

from sverka.reporting import tables
from sverka.reporting.daily import CourierDay, Daily, Parts
from sverka.reporting.packing import fixed
from sverka.reporting.sheets import Column, Formula, Sheet, Value, new_book, rubles
from sverka.reporting.summary import by_verdict, decisions, headline, in_money
from sverka.reporting.words import VERDICTS, day_in_words, moment_in_words

COURIERS = (
    Column("Курьер", 30),
    Column("Валюта", 9),
    Column("Строк", 10, "count", adds_up=True),
    Column("Принято", 16, "money", adds_up=True),
    Column("Услуги", 16, "money", adds_up=True),
    Column("К перечислению", 16, "money", adds_up=True),
    Column("Сошлось, строк", 12, "count", adds_up=True),
    Column("Сошлось", 16, "money", adds_up=True),
    Column("Расхождения, строк", 14, "count", adds_up=True),
    Column("Расхождения, принято", 16, "money", adds_up=True),
    Column("Услуги без заказа", 16, "money", adds_up=True),
    Column("Повторы", 16, "money", adds_up=True),
    Column("Отклонено", 16, "money", adds_up=True),
    Column("Ещё не сверено", 16, "money", adds_up=True),
    Column("Проведено, строк", 12, "count", adds_up=True),
    Column("Проведено", 16, "money", adds_up=True),
    Column("Под вопросом", 16, "money", adds_up=True),
    Column("Контроль (0,00)", 14, "money", adds_up=True),
)
"""Of «Сводка»; the money of the parts is what was collected."""

REPORTED, PARTS_OF_IT = "D", ("H", "J", "K", "L", "M", "N")


def as_xlsx(daily: Daily) -> bytes:
    """The workbook; opens in Excel and LibreOffice, which compute the sums when they open it."""
    book = new_book()
    _summary(book, daily)
    _table(book, "Расхождения", tables.DISCREPANCIES, tables.questions(daily.discrepancies), daily)
    _table(book, "Услуги без заказа", tables.DISCREPANCIES, tables.questions(daily.services), daily)
    _table(book, "Файлы", tables.FILES, tables.files(daily), daily)
    _table(book, "Документы", tables.DOCUMENTS, tables.documents(daily), daily)
    _table(book, "Не проведены", tables.TROUBLES, tables.troubles(daily), daily)
    _table(book, "Переводы", tables.TRANSFERS, tables.transfers(daily), daily)
    _table(book, "Отклонено", tables.REJECTED, tables.rejected(daily), daily)
    _table(book, "Повторы", tables.DROPPED_AGAIN, tables.dropped_again(daily), daily)
    _table(book, "С прошлых дней", tables.CARRIED, tables.carried(daily), daily)
    saved = BytesIO()
    book.save(saved)
    return fixed(saved.getvalue(), daily.as_of)


def _table(
    book: object,
    title: str,
    columns: Sequence[Column],
    rows: Iterator[Sequence[Value]],
    daily: Daily,
) -> None:
    sheet = Sheet(book, title, [column.width for column in columns])
    mixed = len(daily.totals()) > 1 and any(column.kind == "money" for column in columns)
    total = "Итого видимых: выберите одну валюту" if mixed else "Итого видимых строк"
    sheet.table(columns, rows, total)


def _summary(book: object, daily: Daily) -> None:
    sheet = Sheet(book, "Сводка", [column.width for column in COURIERS])
    sheet.line((f"Сверка за {day_in_words(daily.day)}", "title"))
    sheet.line((headline(daily), "text"))
    sheet.line((f"Данные на {moment_in_words(daily.as_of)} по Москве", "text"))
    sheet.line()
    for currency in daily.totals():
        couriers = [courier for courier in daily.couriers if courier.currency == currency]
        _couriers(sheet, currency, couriers)
    if daily.discrepancies:
        sheet.line(*((title, "head") for title in ("Расхождение", "Валюта", "Строк", "Сумма")))
        for kind in by_verdict(daily):
            sheet.line(
                (VERDICTS[kind.verdict].title, "text"),
                (kind.currency, "text"),
                (kind.count, "count"),
                (rubles(kind.stake), "money"),
            )
        sheet.line()
    if decisions(daily):
        sheet.line(*((title, "head") for title in ("Решить", "", "Сколько", "Сумма", "Что делать")))
    for decision in decisions(daily):
        sheet.line(
            (decision.title, "text"),
            ("", "text"),
            (decision.count, "count"),
            (in_money(decision.money) if decision.money else "", "text"),
            (decision.next_step, "text"),
        )


def _couriers(sheet: Sheet, currency: str, couriers: Sequence[CourierDay]) -> None:
    sheet.head(COURIERS)
    first = sheet.row + 1
    for courier in couriers:
        row = sheet.row + 1
        parts = "-".join(f"{letter}{row}" for letter in PARTS_OF_IT)
        sheet.line(
            (courier.title, "text"),
            (currency, "text"),
            *_courier(courier.parts),
            (Formula(f"={REPORTED}{row}-{parts}"), "money"),
        )
    sums = sheet.sums(COURIERS, first, sheet.row)
    sheet.line(("Итого", "total_text"), (currency, "total_text"), *sums[2:])
    sheet.line()


def _courier(parts: Parts) -> tuple[tuple[Value, str], ...]:
    return (
        (parts.reported.lines, "count"),
        (rubles(parts.reported.collected), "money"),
        (rubles(parts.reported.fees), "money"),
        (rubles(parts.reported.payout), "money"),
        (parts.matched.lines, "count"),
        (rubles(parts.matched.collected), "money"),
        (parts.discrepant.lines, "count"),
        (rubles(parts.discrepant.collected), "money"),
        (rubles(parts.service.collected), "money"),
        (rubles(parts.repeated.collected), "money"),
        (rubles(parts.rejected.collected), "money"),
        (rubles(parts.unreconciled.collected), "money"),
        (parts.posted.lines, "count"),
        (rubles(parts.posted.collected), "money"),
        (rubles(parts.stake), "money"),
    )
