"""The accountant's words for what Sverka stores, in one place (docs/glossary.md).

A test holds this module, the nouns and the glossary together: one word for one thing.
"""

from dataclasses import dataclass
from functools import cache

from sverka.nouns import FileState, PostingKind, PostingState, Purpose, VerdictKind
from sverka.texts import Texts


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """How a verdict is called and what a person does about it."""

    title: str
    next_step: str


@cache
def verdicts(say: Texts) -> dict[VerdictKind, VerdictWords]:
    """Every verdict's words."""
    nothing = say("Ничего делать не нужно.")
    return {
        VerdictKind.MATCHED: VerdictWords(say("сошлось"), nothing),
        VerdictKind.MATCHED_WITHIN_TOLERANCE: VerdictWords(
            say("сошлось в пределах допуска"), nothing
        ),
        VerdictKind.UNDERPAID: VerdictWords(
            say("недоплата"),
            say("Спросите у курьера, где разница, или исправьте сумму заказа, если она устарела."),
        ),
        VerdictKind.OVERPAID: VerdictWords(
            say("переплата"),
            say("Проверьте сумму заказа в МоёмСкладе; если она верна, курьер перечислил лишнее."),
        ),
        VerdictKind.FEE_ABOVE_TARIFF: VerdictWords(
            say("услуги дороже тарифа"),
            say("Сверьте с договором и запросите у курьера перерасчёт."),
        ),
        VerdictKind.UNKNOWN_ORDER: VerdictWords(
            say("заказ не найден"),
            say(
                "Найдите заказ в МоёмСкладе и впишите номер или трек; чужую строку верните курьеру."
            ),
        ),
        VerdictKind.AMBIGUOUS_ORDER: VerdictWords(
            say("подходит несколько заказов"),
            say("Выберите верный заказ: оставьте номер или трек только у него."),
        ),
        VerdictKind.ALREADY_SETTLED: VerdictWords(say("уже проведено"), nothing),
        VerdictKind.DUPLICATE_IN_REPORT: VerdictWords(
            say("повтор в отчёте"),
            say("Спросите у курьера, две это выдачи или одна строка дважды."),
        ),
        VerdictKind.NOT_SHIPPED: VerdictWords(
            say("нет отгрузки"), say("Оформите отгрузку по заказу в МоёмСкладе.")
        ),
        VerdictKind.CANCELLED_IN_BOOKS: VerdictWords(
            say("отменён в учёте"),
            say(
                "Деньги получены по отменённому заказу: верните заказ в работу или деньги "
                "покупателю."
            ),
        ),
        VerdictKind.PARTIALLY_DELIVERED: VerdictWords(
            say("выкуплен частично"), say("Укажите в МоёмСкладе, какие товары вернулись.")
        ),
        VerdictKind.RETURNED: VerdictWords(
            say("возврат"), say("Проверьте, что товар вернулся на склад.")
        ),
        VerdictKind.RETURN_NOT_BOOKED: VerdictWords(
            say("возврат не оформлен"),
            say("Примите товар и оформите возврат покупателя в МоёмСкладе."),
        ),
        VerdictKind.LOST: VerdictWords(
            say("утерян курьером"), say("Подайте курьеру претензию на стоимость заказа.")
        ),
        VerdictKind.CURRENCY_MISMATCH: VerdictWords(
            say("другая валюта"),
            say("Проверьте валюту заказа и отчёта; пересчёта Сверка не делает."),
        ),
        VerdictKind.SERVICE_ROW: VerdictWords(
            say("услуга без заказа"),
            say("Решите, признавать ли расход, и проведите его вручную."),
        ),
        VerdictKind.EXPECTED: VerdictWords(say("ждём, срок не вышел"), nothing),
        VerdictKind.OVERDUE: VerdictWords(
            say("просрочено"), say("Запросите у курьера отчёт: срок по договору вышел.")
        ),
        VerdictKind.UNPAID: VerdictWords(
            say("деньги не пришли"), say("Запросите у курьера платёжное поручение.")
        ),
    }


@cache
def questions(say: Texts) -> dict[str, VerdictWords]:
    """The words of everything that a discrepancy may be: a verdict, a refused document, a payout."""
    ask_courier = say("Сверьте отчёт с выпиской и запросите у курьера платёжное поручение.")
    return {str(kind): words for kind, words in verdicts(say).items()} | {
        "rejected": VerdictWords(
            say("документ не принят"),
            say("Прочтите ответ МоегоСклада и исправьте причину: Сверка отправит документ снова."),
        ),
        "failed": VerdictWords(
            say("документ не проведён"),
            say("Прочтите, что помешало, и скажите тому, кто обслуживает Сверку."),
        ),
        "missing": VerdictWords(say("перевод не пришёл"), ask_courier),
        "differs": VerdictWords(say("пришла другая сумма"), ask_courier),
        "contested": VerdictWords(
            say("неясно, чьи деньги"),
            say("Спросите у курьера, за какой отчёт этот перевод."),
        ),
    }


def question(say: Texts, verdict: str) -> VerdictWords:
    """The words of one; a code without words is shown as it is."""
    return questions(say).get(verdict, VerdictWords(verdict, ""))


@cache
def posting_kinds(say: Texts) -> dict[PostingKind, str]:
    """What a document is."""
    return {
        PostingKind.PAYMENTIN: say("Входящий платёж"),
        PostingKind.SUPPLY: say("Приёмка"),
        PostingKind.PAYMENTOUT: say("Исходящий платёж"),
        PostingKind.SALESRETURN: say("Возврат покупателя"),
        PostingKind.CUSTOMERORDER_STATE: say("Статус заказа"),
        PostingKind.DEMAND_STATE: say("Статус отгрузки"),
    }


@cache
def posting_states(say: Texts) -> dict[PostingState, str]:
    """Where a document stands."""
    return {
        PostingState.PLANNED: say("в плане"),
        PostingState.APPROVED: say("одобрен"),
        PostingState.SENDING: say("отправляется"),
        PostingState.POSTED: say("проведён"),
        PostingState.UNSURE: say("проверяется"),
        PostingState.REJECTED: say("не принят"),
        PostingState.FAILED: say("не проведён"),
        PostingState.REVERSED: say("отменён"),
    }


@cache
def file_states(say: Texts) -> dict[FileState, str]:
    """Where a dropped file stands."""
    return {
        FileState.REGISTERED: say("в очереди"),
        FileState.PROCESSING: say("в работе"),
        FileState.WAITING: say("ждёт ответа"),
        FileState.SETTLED: say("обработан"),
        FileState.QUARANTINED: say("в карантине"),
        FileState.STALLED: say("отложен"),
        FileState.UNDONE: say("отменён"),
    }


@cache
def purposes(say: Texts) -> dict[Purpose, str]:
    """What a report is for."""
    return {
        Purpose.SETTLEMENT: say("отчёт о деньгах"),
        Purpose.STATUSES: say("статусы доставки"),
        Purpose.RETURNS: say("акт возврата"),
        Purpose.STATEMENT: say("выписка банка"),
        Purpose.DECISIONS: say("решения из книги"),
    }


def noted_in_words(say: Texts, purpose: str, rows: int) -> str:
    """A report that settles no money, as the day's page says it."""
    return say(
        "Принято к сведению: {purpose}, {rows}. Денег по нему не проводится.",
        purpose=purposes(say)[Purpose(purpose)],
        rows=say.counted(rows, "строка", "строки", "строк"),
    )
