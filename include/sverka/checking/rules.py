"""What every report must satisfy, as rules: a code, a Great Expectations check, a severity.

The columns are those of `sverka.checking.views`. A check of Great Expectations passes over nulls,
so a computed column is null where its rule says nothing about a row.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from sverka.nouns import Outcome, PaymentMethod, RowKind

Severity = Literal["critical", "warning"]

ROUNDING = 100
"""Kopecks. Couriers round percentages row by row; up to one ruble a row is a warning, not a
rejection (docs/couriers.md, «Арифметика строки»)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One check of Great Expectations: `expect` is its snake-case name without `expect_`.

    A failed critical rule rejects the row; a warning is shown and rejects nothing. `sentence` is
    what the rule demands, Russian; `fields` are the line's fields that a person has to look at.
    """

    code: str
    expect: str
    kwargs: dict[str, Any]
    sentence: str
    severity: Severity = "critical"
    fields: tuple[str, ...] = field(default=())


def _between(
    code: str,
    column: str,
    sentence: str,
    *fields: str,
    span: tuple[int | None, int | None],
    severity: Severity = "critical",
) -> Rule:
    low, high = span
    kwargs = {"column": column, "min_value": low, "max_value": high}
    return Rule(
        code, "column_values_to_be_between", kwargs, sentence, severity, fields or (column,)
    )


def _in_set(code: str, column: str, values: list[str], sentence: str) -> Rule:
    kwargs = {"column": column, "value_set": values}
    return Rule(code, "column_values_to_be_in_set", kwargs, sentence, fields=(column,))


COLUMNS = "columns_present"

WORDS = (
    _in_set("row_kind", "row_kind", [kind.value for kind in RowKind], "вид строки известен"),
    _in_set(
        "outcome",
        "outcome",
        [outcome.value for outcome in Outcome],
        "исход доставки известен или не указан",
    ),
    _in_set(
        "payment_method",
        "payment_method",
        [method.value for method in PaymentMethod],
        "способ оплаты известен",
    ),
    Rule(
        "currency",
        "column_values_to_match_regex",
        {"column": "currency", "regex": "^[A-Z]{3}$"},
        "валюта указана буквенным кодом",
        fields=("currency",),
    ),
)

PLACE = (
    Rule(
        "reference",
        "column_values_to_not_be_null",
        {"column": "reference"},
        "у заказа или возврата есть номер заказа или трек-номер",
        fields=("order_ref", "track_ref"),
    ),
    _between(
        "identity_unique",
        "copies",
        "каждая строка отчёта отличима от остальных",
        "identity",
        span=(None, 1),
    ),
    _between(
        "date_plausible",
        "days_from_report",
        "дата операции не дальше месяца после отчёта и не старше двух лет",
        "occurred_on",
        span=(-730, 31),
    ),
    _between(
        "date_usual",
        "days_from_report",
        "дата операции не позже отчёта и не старше четырёх месяцев",
        "occurred_on",
        span=(-120, 1),
        severity="warning",
    ),
)

MONEY = (
    _between(
        "order_sign",
        "order_collected",
        "с заказа не берут меньше нуля",
        "collected",
        span=(0, None),
    ),
    _between(
        "return_sign",
        "return_collected",
        "возврат не приносит денег от покупателя",
        "collected",
        span=(None, 0),
    ),
    _between(
        "charge_sign",
        "charge_collected",
        "в строке услуги, штрафа или забора нет денег покупателя",
        "collected",
        span=(0, 0),
    ),
    _between(
        "hold_sign", "hold_payout", "удержание уменьшает перечисление", "payout", span=(None, 0)
    ),
    _between(
        "release_sign",
        "release_payout",
        "снятие удержания увеличивает перечисление",
        "payout",
        span=(0, None),
    ),
    _between(
        "fee_sign",
        "lowest_fee",
        "услуги курьера не меньше нуля (кроме корректировок)",
        "fees",
        span=(0, None),
    ),
    _between(
        "amount_usual",
        "collected",
        "с одного заказа принято не больше миллиона рублей",
        span=(-100_000_000, 100_000_000),
        severity="warning",
    ),
    _between(
        "refused_with_money",
        "refused_collected",
        "за неврученный заказ денег не принято",
        "collected",
        span=(0, 0),
        severity="warning",
    ),
    _between(
        "arithmetic",
        "misfit",
        "принято − удержано = к перечислению",
        "payout",
        span=(-ROUNDING, ROUNDING),
    ),
    _between(
        "arithmetic_rounding",
        "rounding",
        "принято − удержано = к перечислению, до копейки",
        "payout",
        span=(0, 0),
        severity="warning",
    ),
)

GENERAL: tuple[Rule, ...] = (*WORDS, *PLACE, *MONEY)

TOTALS: tuple[Rule, ...] = (
    Rule(
        "total_known",
        "column_values_to_not_be_null",
        {"column": "counted"},
        "каждый напечатанный итог можно пересчитать по строкам",
    ),
    _between(
        "control_total",
        "difference",
        "итоги отчёта и сумма платёжного поручения равны сумме строк",
        span=(0, 0),
    ),
)
"""Exact to the kopeck: rows are printed to the kopeck, so their sum has nothing to round."""
