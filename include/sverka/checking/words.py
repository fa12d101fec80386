"""Reasons for people: what does not fit in a row, what it means, what to do."""

from dataclasses import dataclass
from typing import Any

from sverka.checking.rules import Rule
from sverka.money import Minor, in_words_of_money
from sverka.nouns import FEES, NETTED_FEES, RowKind, Settlement

FIELDS = {
    "collected": "принято с покупателя",
    "payout": "к перечислению",
    "fees": "услуги курьера",
    "fee_delivery": "доставка",
    "fee_cod": "агентское вознаграждение",
    "fee_insurance": "страховка",
    "fee_return": "возврат",
    "fee_storage": "хранение",
    "fee_other": "прочие услуги",
    "vat": "НДС",
    "rows": "число строк",
    "payment_order_sum": "сумма платёжного поручения",
    "order_ref": "номер заказа",
    "track_ref": "трек-номер",
    "occurred_on": "дата операции",
    "currency": "валюта",
    "row_kind": "вид строки",
    "outcome": "исход доставки",
    "payment_method": "способ оплаты",
    "identity": "отличительные признаки",
}
"""Names of fields as people read them (docs/glossary.md)."""

KINDS = {
    RowKind.ORDER: "заказ",
    RowKind.RETURN: "возврат",
    RowKind.PICKUP: "забор",
    RowKind.SERVICE: "услуга",
    RowKind.FINE: "штраф",
    RowKind.CORRECTION: "корректировка",
    RowKind.HOLD: "удержание",
    RowKind.HOLD_RELEASE: "снятие удержания",
}

_NEXT = (
    "Строка отложена, документов по ней не будет. "
    "Уточните её у курьера и положите исправленный отчёт в папку для отчётов."
)


@dataclass(frozen=True, slots=True)
class Row:
    """A stored line with the head of its report, as far as a reason needs them."""

    line_id: int
    report_id: int
    sheet: str | None
    line_no: int
    settlement: Settlement | None
    values: dict[str, Any]

    def money(self, field: str) -> str:
        """The amount in Russian notation."""
        return in_words_of_money(Minor(self.values[field]), self.values["currency"])

    @property
    def place(self) -> str:
        """`Лист «Реестр», строка 17`."""
        return (
            f"Лист «{self.sheet}», строка {self.line_no}"
            if self.sheet
            else f"Строка {self.line_no}"
        )


def reason(rule: Rule, row: Row) -> str:
    """Why the rule refuses the row: place, amounts, what happens next."""
    return f"{misfit(rule, row)} {_NEXT}"


def misfit(rule: Rule, row: Row) -> str:
    """What does not fit in the row: place and amounts."""
    if rule.code == "arithmetic":
        return f"{row.place}: {_arithmetic(row)}"
    return f"{row.place}: нарушено правило «{rule.sentence}»; {_facts(rule, row)}."


def shown(rule: Rule, row: Row) -> str | None:
    """The value that a person has to look at, as text."""
    values = [row.values[field] for field in rule.fields if field in row.values]
    given = [str(value) for value in values if value is not None]
    return " / ".join(given) or None


def amount(field: str, value: int, currency: str) -> str:
    """A printed total in words: money, or a number of rows."""
    return str(value) if field == "rows" else in_words_of_money(Minor(value), currency)


def _arithmetic(row: Row) -> str:
    netted = NETTED_FEES[row.settlement] if row.settlement else ()
    kept = [field for field in netted if row.values[field]]
    due = Minor(row.values["collected"] - sum(row.values[field] for field in kept))
    fees = "".join(f" − {FIELDS[field]} {row.money(field)}" for field in kept)
    currency = row.values["currency"]
    difference = in_words_of_money(Minor(row.values["payout"] - due), currency)
    return (
        f"принято с покупателя {row.money('collected')}{fees} — должно быть к перечислению "
        f"{in_words_of_money(due, currency)}, а указано {row.money('payout')}; "
        f"разница {difference}."
    )


def _facts(rule: Rule, row: Row) -> str:
    fields = [f for field in rule.fields for f in (FEES if field == "fees" else (field,))]
    told = [_fact(field, row) for field in fields if field in row.values]
    money = [field for field in ("collected", "payout") if field not in fields]
    return ", ".join([*told, *(f"{FIELDS[field]} {row.money(field)}" for field in money)])


def _fact(field: str, row: Row) -> str:
    value = row.values[field]
    name = FIELDS.get(field, field)
    if value is None or value == "":
        return f"{name}: не указано"
    if isinstance(value, int):
        return f"{name} {row.money(field)}"
    return f"{name} «{value}»"
