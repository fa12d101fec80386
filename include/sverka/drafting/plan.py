"""What a draft decided about money: fields with their columns, what is left, what is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sverka.drafting.arithmetic import Equation
from sverka.drafting.columns import Column
from sverka.drafting.draft import Question
from sverka.nouns import Settlement

FEE_NAMES = {
    "fee_delivery": "доставка",
    "fee_cod": "вознаграждение за наложенный платёж",
    "fee_insurance": "страховка",
    "fee_return": "возврат",
    "fee_storage": "хранение",
    "fee_other": "прочие услуги",
}
"""The fees as people read them, in the order in which they are offered."""

FIELD_NAMES = {
    "order_ref": "номер заказа магазина",
    "track_ref": "номер отправления курьера",
    "occurred_on": "дата вручения или операции",
    "outcome": "чем кончилась доставка",
    "row_kind": "вид операции",
    "payment_method": "способ оплаты",
    "currency": "валюта",
    "collected": "принято с покупателя",
    **FEE_NAMES,
    "vat": "НДС в услугах",
    "payout": "к перечислению",
}
"""The canonical fields as people read them."""

Term = tuple[Column, int]
"""A column of money and its sign in the field."""


@dataclass(slots=True)
class MoneyPlan:
    """Canonical money field → its columns with their signs; confidences and reasons by field."""

    fields: dict[str, list[Term]] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    left: list[tuple[Column, str]] = field(default_factory=list)
    """Columns of amounts that have no part in the money of a line, and why."""
    questions: list[Question] = field(default_factory=list)
    settlement: Settlement | None = None
    equation: Equation | None = None
    taken_when: str | None = None
    """`delivered`: the amount was taken only from delivered orders; `returned`: given back on returns."""

    def place(self, name: str, column: Column, sign: int, confidence: float, why: str) -> None:
        """Takes a column into a field; several columns of one field are summed."""
        self.fields.setdefault(name, []).append((column, sign))
        self.confidence[name] = min(confidence, self.confidence.get(name, 1.0))
        self.why[name] = f"{self.why[name]}; {why}" if name in self.why else why

    def placed(self) -> set[int]:
        """Ids of the columns that some field takes."""
        return {id(column) for terms in self.fields.values() for column, _ in terms}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the columns: sums around the table and what a person has answered."""

    sums: frozenset[int]
    answers: Mapping[str, str]
