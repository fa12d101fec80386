"""The words of orders' economics that the pages and the workbooks share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sverka.economics.returns import Cut, Returned
from sverka.economics.waiting import Waiting
from sverka.nouns import PostingKind
from sverka.texts import Texts

_NOMINATIVE = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)


@dataclass(frozen=True, slots=True)
class Words:
    """The language, and couriers' titles by code."""

    say: Texts
    titles: Mapping[str, str]

    def courier(self, code: str) -> str:
        """A code that nobody knows stays what it is."""
        return self.titles.get(code, code)


def fee_titles(say: Texts) -> dict[str, str]:
    """Kinds of fees by their fields, in the order of people's reading (docs/glossary.md)."""
    return {
        "fee_delivery": say("Доставка"),
        "fee_cod": say("Приём денег"),
        "fee_insurance": say("Страховка"),
        "fee_return": say("Возврат"),
        "fee_storage": say("Хранение"),
        "fee_other": say("Прочее"),
    }


def outcome_titles(say: Texts) -> dict[str, str]:
    """How a delivery ended (docs/glossary.md)."""
    return {
        "delivered": say("вручён"),
        "partially_delivered": say("выкуплен частично"),
        "returned": say("вернулся"),
        "refused": say("отказ"),
        "lost": say("утерян"),
        "destroyed": say("уничтожен"),
    }


def outcome_words(say: Texts, outcome: str | None) -> str:
    """None: only a service was charged, and no row told the end."""
    return outcome_titles(say).get(outcome or "", say("исход не указан"))


def waiting_words(say: Texts, one: Waiting) -> str:
    """`услуги курьеров: 3 документа на 1 234,50 ₽`."""
    titles = {
        PostingKind.PAYMENTIN: say("оплата покупателей"),
        PostingKind.SUPPLY: say("услуги курьеров"),
        PostingKind.SALESRETURN: say("возвраты покупателей"),
    }
    return say(
        "{title}: {documents} на {money}",
        title=titles[one.kind],
        documents=say.counted(one.documents, "документ", "документа", "документов"),
        money=say.money(one.amount, one.currency),
    )


def unknown(say: Texts, cut: Cut) -> str:
    """What stands where nobody named a reason or a region."""
    return say("причина не указана") if cut is Cut.REASON else say("регион не указан")


def key_words(row: Returned, words: Words) -> str:
    """The group's name for people."""
    if row.key is None:
        return unknown(words.say, row.cut)
    if row.cut is Cut.COURIER:
        return words.courier(row.key)
    if row.cut is Cut.MONTH:
        return month_words(words.say, date.fromisoformat(f"{row.key}-01"))
    return row.key


def month_words(say: Texts, month: date) -> str:
    """`ноябрь 2026`; `November 2026` in English."""
    if say.is_russian:
        return f"{_NOMINATIVE[month.month - 1]} {month.year}"
    from babel.dates import format_date

    return format_date(month, "LLLL y", locale="en_GB")


def share_words(say: Texts, share: int | None) -> str:
    """`9,01 %`; `9.01%` in English. `share` is hundredths of a per cent."""
    if share is None:
        return "—"
    sign = "−" if share < 0 else ""
    whole, rest = divmod(abs(share), 100)
    if say.is_russian:
        return f"{sign}{say.number(whole)},{rest:02d}\u00a0%"
    return f"{sign}{say.number(whole)}.{rest:02d}%"
