"""The filterable tables of the workbook: their columns, and one row per thing of the day."""

from collections.abc import Iterator, Sequence

from sverka.reporting.book import Value, major, nothing
from sverka.reporting.daily import Daily, FileDay
from sverka.reporting.parts import Parts
from sverka.reporting.sheets import Column, moment
from sverka.reporting.words import file_states, posting_kinds, posting_states
from sverka.texts import Texts


def service_columns(say: Texts) -> tuple[Column, ...]:
    """Of «Услуги без заказа»."""
    return (
        Column(say("Курьер"), 22),
        Column(say("Файл"), 34),
        Column(say("Лист"), 16),
        Column(say("Строка"), 9, "count"),
        Column(say("Заказ"), 18),
        Column(say("Трек"), 20),
        Column(say("Сумма"), 15, "money", adds_up=True),
        Column(say("Валюта"), 9),
        Column(say("Почему"), 80, "wrap"),
        Column(say("Правило"), 22),
    )


def file_columns(say: Texts) -> tuple[Column, ...]:
    """Of «Файлы»."""
    return (
        Column(say("Файл"), 40),
        Column(say("Состояние"), 14),
        Column(say("Курьер"), 22),
        Column(say("Валюта"), 9),
        Column(say("Пришёл"), 17, "moment"),
        Column(say("Обработан"), 17, "moment"),
        Column(say("Прочитано строк"), 12, "count", adds_up=True),
        Column(say("Пропущено"), 12, "count", adds_up=True),
        Column(say("Не прочитано"), 12, "count", adds_up=True),
        Column(say("Сошлось"), 12, "count", adds_up=True),
        Column(say("Расхождения"), 13, "count", adds_up=True),
        Column(say("Услуги без заказа"), 12, "count", adds_up=True),
        Column(say("Повторы"), 12, "count", adds_up=True),
        Column(say("Отклонено"), 12, "count", adds_up=True),
        Column(say("Ещё не сверено"), 12, "count", adds_up=True),
        Column(say("Проведено"), 12, "count", adds_up=True),
        Column(say("Принято"), 16, "money", adds_up=True),
        Column(say("Причина и сомнения"), 60, "wrap"),
    )


def document_columns(say: Texts) -> tuple[Column, ...]:
    """Of «Документы»."""
    return (
        Column(say("Курьер"), 26),
        Column(say("Документ"), 22),
        Column(say("Состояние"), 16),
        Column(say("Файл"), 40),
        Column(say("Валюта"), 9),
        Column(say("Документов"), 13, "count", adds_up=True),
        Column(say("Сумма"), 18, "money", adds_up=True),
    )


def unsure_columns(say: Texts) -> tuple[Column, ...]:
    """Of «На проверке»."""
    return (
        Column(say("Файл"), 34),
        Column(say("Лист"), 16),
        Column(say("Строка"), 9, "count"),
        Column(say("Заказ"), 18),
        Column(say("Курьер"), 22),
        Column(say("Документ"), 20),
        Column(say("Сумма"), 16, "money"),
        Column(say("Валюта"), 9),
        Column(say("Ответ МоегоСклада"), 80, "wrap"),
    )


def rejected_columns(say: Texts) -> tuple[Column, ...]:
    """Of «Отклонено»."""
    return (
        Column(say("Файл"), 40),
        Column(say("Лист"), 16),
        Column(say("Строка"), 9, "count"),
        Column(say("Колонка"), 26),
        Column(say("Значение"), 26),
        Column(say("Почему"), 70, "wrap"),
        Column(say("Правило"), 24),
    )


def transfer_columns(say: Texts) -> tuple[Column, ...]:
    """Of «Переводы»."""
    return (
        Column(say("Курьер"), 22),
        Column(say("Отчёт"), 16),
        Column(say("Файл"), 40),
        Column(say("К перечислению"), 16, "money", adds_up=True),
        Column(say("Валюта"), 9),
        Column(say("Деньги"), 20),
        Column(say("Пришли"), 12),
        Column(say("Поручение"), 14),
        Column(say("В банке"), 16, "money"),
        Column(say("Разница"), 16, "money"),
        Column(say("Что в банке"), 80, "wrap"),
    )


def again_columns(say: Texts) -> tuple[Column, ...]:
    """Of «Повторы»."""
    return (
        Column(say("Файл"), 40),
        Column(say("Папка"), 20),
        Column(say("Когда"), 17, "moment"),
        Column(say("Уже принят как"), 40),
        Column(say("Принят"), 17, "moment"),
    )


def carried_columns(say: Texts) -> tuple[Column, ...]:
    """Of «С прошлых дней»."""
    return (
        Column(say("Что"), 26),
        Column(say("Курьер"), 24),
        Column(say("Файл"), 40),
        Column(say("Сколько"), 10, "count", adds_up=True),
        Column(say("Сумма"), 16, "money", adds_up=True),
        Column(say("Валюта"), 9),
        Column(say("Самое раннее"), 14),
        Column(say("Причина"), 70, "wrap"),
    )


def services(daily: Daily) -> Iterator[Sequence[Value]]:
    """Services and fines without an order, the most money first."""
    for one in daily.services:
        yield (
            one.courier_title,
            one.file,
            one.sheet,
            one.line_no,
            one.order_ref,
            one.track_ref,
            major(one.stake),
            one.currency,
            one.sentence,
            one.rule,
        )


def files(daily: Daily, say: Texts) -> Iterator[Sequence[Value]]:
    """One row per file, courier and currency; the rows of the file stand in its first one."""
    for file in daily.files:
        if not file.parts:
            yield _file(file, ", ".join(file.couriers), "", Parts(), say, first=True)
        for number, part in enumerate(file.parts):
            yield _file(file, part.courier_title, part.currency, part.parts, say, first=number == 0)


def _file(  # noqa: PLR0913 - a row
    file: FileDay, courier: str, currency: str, parts: Parts, say: Texts, *, first: bool
) -> Sequence[Value]:
    ignored = sum(entry.rows for entry in file.ignored)
    return (
        file.name,
        file_states(say)[file.state],
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
        major(parts.reported.collected),
        " ".join([*([file.reason] if file.reason else []), *file.noted, *file.doubts]),
    )


def documents(daily: Daily, say: Texts) -> Iterator[Sequence[Value]]:
    """Documents by file, kind and state."""
    for one in daily.documents:
        yield (
            one.courier_title,
            posting_kinds(say)[one.kind],
            posting_states(say)[one.state],
            one.file,
            one.currency,
            one.count,
            major(one.amount),
        )


def unsure(daily: Daily, say: Texts) -> Iterator[Sequence[Value]]:
    """Documents that MoySklad has not confirmed."""
    for one in daily.unsure:
        yield (
            one.file,
            one.sheet,
            one.line_no,
            one.order_ref,
            one.courier_title,
            posting_kinds(say)[one.kind],
            major(one.amount),
            one.currency,
            one.error,
        )


def rejected(daily: Daily) -> Iterator[Sequence[Value]]:
    """Rows that could not be taken."""
    for row in daily.rejected:
        yield row.file, row.sheet, row.line_no, row.column, row.value, row.reason, row.rule


def transfers(daily: Daily, say: Texts) -> Iterator[Sequence[Value]]:
    """Reports and their money in the bank."""
    for one in daily.transfers:
        yield (
            one.courier_title,
            one.report_no,
            one.file,
            major(one.own),
            one.currency,
            say("просрочены") if one.overdue else one.title,
            f"{one.came_on:%d.%m.%Y}" if one.came_on else "",
            one.bank_number,
            major(one.received),
            major(one.difference),
            one.sentence,
        )


def dropped_again(daily: Daily) -> Iterator[Sequence[Value]]:
    """Contents that came a second time."""
    for one in daily.dropped_again:
        yield one.name, one.zone, moment(one.seen_at), one.accepted_as, moment(one.accepted_at)


def carried(daily: Daily, say: Texts) -> Iterator[Sequence[Value]]:
    """What earlier days left open."""
    for file in daily.carried.files:
        what = say("Файл {state}", state=file_states(say)[file.state])
        couriers = ", ".join(file.couriers)
        day = f"{moment(file.received_at):%d.%m.%Y}"
        yield what, couriers, file.name, 1, nothing(), "", day, file.reason
    for one in daily.carried.documents:
        yield (
            f"{posting_kinds(say)[one.kind]}: {posting_states(say)[one.state]}",
            one.courier_title,
            one.file,
            one.count,
            major(one.amount),
            one.currency,
            "",
            "",
        )
