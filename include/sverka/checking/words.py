"""Reasons for people: what does not fit in a row, what it means, what to do."""

from dataclasses import dataclass
from datetime import date
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

    def text(self, field: str) -> str | None:
        """The value as people write it; None when the row does not have it."""
        value = self.values[field]
        if value is None or value == "":
            return None
        if isinstance(value, int):
            return self.money(field)
        if isinstance(value, date):
            return f"{value:%d.%m.%Y}"
        return KINDS.get(value, str(value)) if field == "row_kind" else str(value)

    def told(self, why: "RejectedAs") -> dict[str, Any]:
        """The row and what is wrong with it, for the page of checks."""
        return {
            "line_id": self.line_id,
            "sheet": self.sheet,
            "line_no": self.line_no,
            "order_ref": self.values["order_ref"],
            "track_ref": self.values["track_ref"],
            "column": why.column,
            "value": why.value,
            "reason": why.what,
        }

    @property
    def place(self) -> str:
        """Where a person finds it."""
        return place(self.sheet, self.line_no)


@dataclass(frozen=True, slots=True)
class RejectedAs:
    """How a refused line stands in `rejected`; `column` and `value` are for people.

    `what` does not fit, `reason` says it with its consequence.
    """

    column: str | None
    value: str | None
    rule: str
    what: str
    reason: str


def rejected_as(rule: Rule, row: Row) -> RejectedAs:
    """What the rule refuses in the row and why: place, amounts, what happens next."""
    names = " / ".join(FIELDS[field] for field in _columns(rule))
    what = _misfit(rule, row)
    reason = f"{_in_full(rule, row, what)} {_NEXT}"
    return RejectedAs(names or None, shown(rule, row), rule.code, what, reason)


def _misfit(rule: Rule, row: Row) -> str:
    """What does not fit in the row, without its place."""
    return _arithmetic(row) if rule.code.startswith("arithmetic") else f"{_facts(rule, row)}."


def _in_full(rule: Rule, row: Row, what: str) -> str:
    if rule.code.startswith("arithmetic"):
        return f"{row.place}: {what}"
    return f"{row.place}: нарушено правило «{rule.sentence}»; {what}"


def place(sheet: str | None, line_no: int) -> str:
    """`Лист «Реестр», строка 17`."""
    return f"Лист «{sheet}», строка {line_no}" if sheet else f"Строка {line_no}"


def shown(rule: Rule, row: Row) -> str | None:
    """The value that a person has to look at, as text; money as money."""
    fields = _fields(rule)
    if "fees" in rule.fields:
        fields = [field for field in fields if field not in FEES or row.values[field]]
    return " / ".join(text for field in fields if (text := row.text(field))) or None


def _columns(rule: Rule) -> list[str]:
    return [field for field in rule.fields if field in FIELDS]


def _fields(rule: Rule) -> list[str]:
    fields = [f for field in rule.fields for f in (FEES if field == "fees" else (field,))]
    return [field for field in fields if field in FIELDS]


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
    """The fields the rule looks at, and beside them the money, so that a person finds the row."""
    told = [_fact(field, row) for field in _fields(rule) if field not in FEES or row.values[field]]
    money = [field for field in ("collected", "payout") if field not in rule.fields]
    return ", ".join([*told, *(f"{FIELDS[field]} {row.money(field)}" for field in money)])


def _fact(field: str, row: Row) -> str:
    name, text = FIELDS[field], row.text(field)
    if text is None:
        return f"{name}: не указано"
    return f"{name} {text}" if isinstance(row.values[field], int) else f"{name} «{text}»"
