"""The filterable tables of the workbook: their columns, and one row per thing of the day."""

from collections.abc import Iterator, Sequence

from sverka.money import NO_MONEY
from sverka.reporting.daily import Daily, Discrepancy, FileDay, Parts
from sverka.reporting.sheets import Column, Value, moment, rubles
from sverka.reporting.words import FILE_STATES, POSTING_KINDS, POSTING_STATES, VERDICTS

DISCREPANCIES = (
    Column("Курьер", 22),
    Column("Расхождение", 24),
    Column("Файл", 34),
    Column("Лист", 16),
    Column("Строка", 9, "count"),
    Column("Заказ", 18),
    Column("Трек", 20),
    Column("Должно быть", 15, "money", adds_up=True),
    Column("Получено", 15, "money", adds_up=True),
    Column("Разница", 15, "money", adds_up=True),
    Column("Под вопросом", 15, "money", adds_up=True),
    Column("Валюта", 9),
    Column("Почему и что делать", 80, "wrap"),
    Column("Проведено", 11),
    Column("Правило", 22),
    Column("Подсказки", 60, "wrap"),
)

FILES = (
    Column("Файл", 40),
    Column("Состояние", 14),
    Column("Курьер", 22),
    Column("Валюта", 9),
    Column("Пришёл", 17, "moment"),
    Column("Обработан", 17, "moment"),
    Column("Прочитано строк", 12, "count", adds_up=True),
    Column("Пропущено", 12, "count", adds_up=True),
    Column("Не прочитано", 12, "count", adds_up=True),
    Column("Сошлось", 12, "count", adds_up=True),
    Column("Расхождения", 13, "count", adds_up=True),
    Column("Услуги без заказа", 12, "count", adds_up=True),
    Column("Повторы", 12, "count", adds_up=True),
    Column("Отклонено", 12, "count", adds_up=True),
    Column("Ещё не сверено", 12, "count", adds_up=True),
    Column("Проведено", 12, "count", adds_up=True),
    Column("Принято", 16, "money", adds_up=True),
    Column("Причина и сомнения", 60, "wrap"),
)

DOCUMENTS = (
    Column("Курьер", 26),
    Column("Документ", 22),
    Column("Состояние", 16),
    Column("Файл", 40),
    Column("Валюта", 9),
    Column("Документов", 13, "count", adds_up=True),
    Column("Сумма", 18, "money", adds_up=True),
)

TROUBLES = (
    Column("Файл", 34),
    Column("Лист", 16),
    Column("Строка", 9, "count"),
    Column("Заказ", 18),
    Column("Курьер", 22),
    Column("Документ", 20),
    Column("Состояние", 14),
    Column("Сумма", 16, "money"),
    Column("Валюта", 9),
    Column("Ответ МоегоСклада", 80, "wrap"),
)

REJECTED = (
    Column("Файл", 40),
    Column("Лист", 16),
    Column("Строка", 9, "count"),
    Column("Колонка", 26),
    Column("Значение", 26),
    Column("Почему", 70, "wrap"),
    Column("Правило", 24),
)

TRANSFERS = (
    Column("Курьер", 22),
    Column("Отчёт", 16),
    Column("Файл", 40),
    Column("К перечислению", 16, "money", adds_up=True),
    Column("Валюта", 9),
    Column("Деньги", 20),
    Column("Пришли", 12),
    Column("Поручение", 14),
    Column("В банке", 16, "money"),
    Column("Разница", 16, "money"),
    Column("Что в банке", 80, "wrap"),
)

DROPPED_AGAIN = (
    Column("Файл", 40),
    Column("Папка", 20),
    Column("Когда", 17, "moment"),
    Column("Уже принят как", 40),
    Column("Принят", 17, "moment"),
)

CARRIED = (
    Column("Что", 26),
    Column("Курьер", 24),
    Column("Файл", 40),
    Column("Сколько", 10, "count", adds_up=True),
    Column("Сумма", 16, "money", adds_up=True),
    Column("Валюта", 9),
    Column("Самое раннее", 14),
    Column("Причина", 70, "wrap"),
)


def questions(found: Sequence[Discrepancy]) -> Iterator[Sequence[Value]]:
    """Lines in question, the most money first."""
    for one in found:
        yield (
            one.courier_title,
            VERDICTS[one.verdict].title,
            one.file,
            one.sheet,
            one.line_no,
            one.order_name or one.order_ref,
            one.track_ref,
            rubles(one.expected),
            rubles(one.received),
            rubles(one.difference),
            rubles(one.stake),
            one.currency,
            one.sentence,
            "да" if one.booked else "нет",
            one.rule,
            "; ".join(suggestion.words for suggestion in one.suggestions),
        )


def files(daily: Daily) -> Iterator[Sequence[Value]]:
    """One row per file, courier and currency; the rows of the file stand in its first one."""
    for file in daily.files:
        if not file.parts:
            yield _file(file, ", ".join(file.couriers), "", Parts(), first=True)
        for number, part in enumerate(file.parts):
            yield _file(file, part.courier_title, part.currency, part.parts, first=number == 0)


def _file(
    file: FileDay, courier: str, currency: str, parts: Parts, *, first: bool
) -> Sequence[Value]:
    ignored = sum(entry.rows for entry in file.ignored)
    return (
        file.name,
        FILE_STATES[file.state],
        courier,
        currency,
        moment(file.received_at),
        moment(file.finished_at),
        file.rows_read if first else None,
        ignored if first else None,
        file.rejected_rows if first else None,
        parts.matched.lines,
        parts.discrepant.lines,
        parts.service.lines,
        parts.repeated.lines,
        parts.rejected.lines,
        parts.unreconciled.lines,
        parts.posted.lines,
        rubles(parts.reported.collected),
        " ".join([*([file.reason] if file.reason else []), *file.noted, *file.doubts]),
    )


def documents(daily: Daily) -> Iterator[Sequence[Value]]:
    """Documents by file, kind and state."""
    for one in daily.documents:
        yield (
            one.courier_title,
            POSTING_KINDS[one.kind],
            POSTING_STATES[one.state],
            one.file,
            one.currency,
            one.count,
            rubles(one.amount),
        )


def troubles(daily: Daily) -> Iterator[Sequence[Value]]:
    """Documents that MoySklad refused or has not confirmed."""
    for one in daily.troubles:
        yield (
            one.file,
            one.sheet,
            one.line_no,
            one.order_ref,
            one.courier_title,
            POSTING_KINDS[one.kind],
            POSTING_STATES[one.state],
            rubles(one.amount),
            one.currency,
            one.error,
        )


def rejected(daily: Daily) -> Iterator[Sequence[Value]]:
    """Rows that could not be taken."""
    for row in daily.rejected:
        yield row.file, row.sheet, row.line_no, row.column, row.value, row.reason, row.rule


def transfers(daily: Daily) -> Iterator[Sequence[Value]]:
    """Reports and their money in the bank."""
    for one in daily.transfers:
        yield (
            one.courier_title,
            one.report_no,
            one.file,
            rubles(one.own),
            one.currency,
            "просрочены" if one.overdue else one.title,
            f"{one.came_on:%d.%m.%Y}" if one.came_on else "",
            one.bank_number,
            rubles(one.received),
            rubles(one.difference),
            one.sentence,
        )


def dropped_again(daily: Daily) -> Iterator[Sequence[Value]]:
    """Contents that came a second time."""
    for one in daily.dropped_again:
        yield one.name, one.zone, moment(one.seen_at), one.accepted_as, moment(one.accepted_at)


def carried(daily: Daily) -> Iterator[Sequence[Value]]:
    """What earlier days left open."""
    for file in daily.carried.files:
        what = f"Файл {FILE_STATES[file.state]}"
        couriers = ", ".join(file.couriers)
        day = f"{moment(file.received_at):%d.%m.%Y}"
        yield what, couriers, file.name, 1, rubles(NO_MONEY), "", day, file.reason
    for kind in daily.carried.discrepancies:
        yield (
            VERDICTS[kind.verdict].title,
            kind.courier_title,
            "",
            kind.count,
            rubles(kind.stake),
            kind.currency,
            f"{kind.oldest:%d.%m.%Y}",
            VERDICTS[kind.verdict].next_step,
        )
    for one in daily.carried.documents:
        yield (
            f"{POSTING_KINDS[one.kind]}: {POSTING_STATES[one.state]}",
            one.courier_title,
            one.file,
            one.count,
            rubles(one.amount),
            one.currency,
            "",
            "",
        )
