"""The accountant's Russian words for what Sverka stores, in one place (docs/glossary.md).

A test holds this module, the nouns and the glossary together: one word for one thing.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sverka.clock import MONTHS, MOSCOW
from sverka.money import Minor, in_words_of_money
from sverka.nouns import FileState, PostingKind, PostingState, Purpose, VerdictKind


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """How a verdict is called and what a person does about it."""

    title: str
    next_step: str


_NOTHING = "Ничего делать не нужно."

VERDICTS: dict[VerdictKind, VerdictWords] = {
    VerdictKind.MATCHED: VerdictWords("сошлось", _NOTHING),
    VerdictKind.MATCHED_WITHIN_TOLERANCE: VerdictWords("сошлось в пределах допуска", _NOTHING),
    VerdictKind.UNDERPAID: VerdictWords(
        "недоплата",
        "Спросите у курьера, где разница, или исправьте сумму заказа, если она устарела.",
    ),
    VerdictKind.OVERPAID: VerdictWords(
        "переплата",
        "Проверьте сумму заказа в МоёмСкладе; если она верна, курьер перечислил лишнее.",
    ),
    VerdictKind.FEE_ABOVE_TARIFF: VerdictWords(
        "услуги дороже тарифа",
        "Сверьте с договором и запросите у курьера перерасчёт.",
    ),
    VerdictKind.UNKNOWN_ORDER: VerdictWords(
        "заказ не найден",
        "Найдите заказ в МоёмСкладе и впишите номер или трек; чужую строку верните курьеру.",
    ),
    VerdictKind.AMBIGUOUS_ORDER: VerdictWords(
        "подходит несколько заказов",
        "Выберите верный заказ: оставьте номер или трек только у него.",
    ),
    VerdictKind.ALREADY_SETTLED: VerdictWords("уже проведено", _NOTHING),
    VerdictKind.DUPLICATE_IN_REPORT: VerdictWords(
        "повтор в отчёте",
        "Спросите у курьера, две это выдачи или одна строка дважды.",
    ),
    VerdictKind.NOT_SHIPPED: VerdictWords(
        "нет отгрузки",
        "Оформите отгрузку по заказу в МоёмСкладе.",
    ),
    VerdictKind.CANCELLED_IN_BOOKS: VerdictWords(
        "отменён в учёте",
        "Деньги получены по отменённому заказу: верните заказ в работу или деньги покупателю.",
    ),
    VerdictKind.PARTIALLY_DELIVERED: VerdictWords(
        "выкуплен частично",
        "Укажите в МоёмСкладе, какие товары вернулись.",
    ),
    VerdictKind.RETURNED: VerdictWords("возврат", "Проверьте, что товар вернулся на склад."),
    VerdictKind.RETURN_NOT_BOOKED: VerdictWords(
        "возврат не оформлен",
        "Примите товар и оформите возврат покупателя в МоёмСкладе.",
    ),
    VerdictKind.LOST: VerdictWords(
        "утерян курьером", "Подайте курьеру претензию на стоимость заказа."
    ),
    VerdictKind.CURRENCY_MISMATCH: VerdictWords(
        "другая валюта", "Проверьте валюту заказа и отчёта; пересчёта Сверка не делает."
    ),
    VerdictKind.SERVICE_ROW: VerdictWords(
        "услуга без заказа", "Решите, признавать ли расход, и проведите его вручную."
    ),
    VerdictKind.EXPECTED: VerdictWords("ждём, срок не вышел", _NOTHING),
    VerdictKind.OVERDUE: VerdictWords(
        "просрочено", "Запросите у курьера отчёт: срок по договору вышел."
    ),
    VerdictKind.UNPAID: VerdictWords(
        "деньги не пришли", "Запросите у курьера платёжное поручение."
    ),
}

POSTING_KINDS: dict[PostingKind, str] = {
    PostingKind.PAYMENTIN: "Входящий платёж",
    PostingKind.SUPPLY: "Приёмка",
    PostingKind.PAYMENTOUT: "Исходящий платёж",
    PostingKind.SALESRETURN: "Возврат покупателя",
    PostingKind.CUSTOMERORDER_STATE: "Статус заказа",
    PostingKind.DEMAND_STATE: "Статус отгрузки",
}

POSTING_STATES: dict[PostingState, str] = {
    PostingState.PLANNED: "в плане",
    PostingState.APPROVED: "одобрен",
    PostingState.SENDING: "отправляется",
    PostingState.POSTED: "проведён",
    PostingState.UNSURE: "проверяется",
    PostingState.REJECTED: "не принят",
    PostingState.FAILED: "не проведён",
    PostingState.REVERSED: "отменён",
}

FILE_STATES: dict[FileState, str] = {
    FileState.REGISTERED: "в очереди",
    FileState.PROCESSING: "в работе",
    FileState.WAITING: "ждёт ответа",
    FileState.SETTLED: "обработан",
    FileState.QUARANTINED: "в карантине",
    FileState.STALLED: "отложен",
    FileState.UNDONE: "отменён",
}

PURPOSES: dict[Purpose, str] = {
    Purpose.SETTLEMENT: "отчёт о деньгах",
    Purpose.STATUSES: "статусы доставки",
    Purpose.RETURNS: "акт возврата",
    Purpose.STATEMENT: "выписка банка",
}


def noted_in_words(purpose: str, rows: int) -> str:
    """A report that settles no money, as the day's page says it."""
    count = plural(rows, "строка", "строки", "строк")
    return (
        f"Принято к сведению: {PURPOSES[Purpose(purpose)]}, {count}. Денег по нему не проводится."
    )


_WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")


def day_in_words(day: date) -> str:
    """`20 ноября 2026, пятница`."""
    return f"{short_day(day)} {day.year}, {_WEEKDAYS[day.weekday()]}"


def short_day(day: date) -> str:
    """`20 ноября`."""
    return f"{day.day}\u00a0{MONTHS[day.month - 1]}"


def moment_in_words(moment: datetime) -> str:
    """`20 ноября, 12:05` by the Moscow clock."""
    local = moment.astimezone(MOSCOW)
    return f"{short_day(local.date())}, {local:%H:%M}"


def plural(number: int, one: str, few: str, many: str) -> str:
    """`1 файл`, `3 файла`, `11 файлов`: the number with the right form of its noun."""
    tail = abs(number) % 100
    if tail % 10 == 1 and tail != 11:
        word = one
    elif tail % 10 in {2, 3, 4} and tail not in {12, 13, 14}:
        word = few
    else:
        word = many
    return f"{number_in_words(number)}\u00a0{word}"


def number_in_words(number: int) -> str:
    """`12 345` with no-break spaces."""
    sign = "−" if number < 0 else ""
    return sign + f"{abs(number):,}".replace(",", "\u00a0")


def amount_in_words(amount: Minor, currency: str = "RUB") -> str:
    """`1 234,50 ₽`; the same notation everywhere in the report."""
    return in_words_of_money(amount, currency)
