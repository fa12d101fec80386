"""What every report must satisfy, as rules: a code, a Great Expectations check, a severity.

The columns are those of `sverka.checking.views`. A check of Great Expectations passes over nulls,
so a computed column is null where its rule says nothing about a row.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["critical", "warning"]

ROUNDING = 100
"""Kopecks. Couriers round percentages row by row; up to one ruble a row is a warning, not a
rejection (docs/checks.md, «Что проверяется»)."""

LARGEST = 10_000_000_000
"""Minor units: a hundred million rubles in one row is a number read from the wrong column (a
track number taken for money), not an amount."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One check of Great Expectations: `expect` is its snake-case name without `expect_`.

    A failed critical rule rejects the row, or holds the file when it speaks of the whole file; a
    warning is shown and does nothing. `sentence` is what the rule demands, Russian; `fields` are
    the line's fields that a person has to look at.
    """

    code: str
    expect: str
    kwargs: dict[str, Any]
    sentence: str
    severity: Severity = "critical"
    fields: tuple[str, ...] = field(default=())

    @property
    def critical(self) -> bool:
        """Whether its failure has consequences."""
        return self.severity == "critical"

    @property
    def column(self) -> str | None:
        """The one column it looks at; None for a check of several or of the whole table."""
        return self.kwargs.get("column")


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


def one_of(code: str, values: Iterable[str], sentence: str) -> Rule:
    """The column of this name holds one of the values or nothing."""
    kwargs = {"column": code, "value_set": sorted(values)}
    return Rule(code, "column_values_to_be_in_set", kwargs, sentence, fields=(code,))


COLUMNS = "columns_present"
NOT_NULL = "column_values_to_not_be_null"

CURRENCY_CODE = Rule(
    "currency",
    "column_values_to_match_regex",
    {"column": "currency", "regex": "^[A-Z]{3}$"},
    "валюта указана буквенным кодом",
    fields=("currency",),
)
"""For a layout whose column names the currency of each row."""

PLACE = (
    Rule(
        "reference",
        NOT_NULL,
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
    _between(
        "date_in_period",
        "days_outside_period",
        "дата операции лежит в периоде отчёта, с запасом в три дня",
        "occurred_on",
        span=(None, 3),
        severity="warning",
    ),
)
"""Whom a row is about and when; for every purpose."""

MONEY = (
    _between(
        "repeated",
        "repeats",
        "одни и те же деньги не названы в файле дважды",
        "collected",
        span=(None, 0),
        severity="warning",
    ),
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
        "amount_plausible",
        "largest",
        "в одной строке не больше ста миллионов рублей",
        "collected",
        "fees",
        "payout",
        span=(None, LARGEST),
    ),
    _between(
        "amount_usual",
        "collected",
        "с одного заказа принято не больше миллиона рублей",
        span=(-100_000_000, 100_000_000),
        severity="warning",
    ),
    _between(
        "fees_usual",
        "fees_over",
        "услуги по заказу не дороже того, что принято с покупателя",
        "fees",
        span=(None, 0),
        severity="warning",
    ),
    _between(
        "vat_inside",
        "vat_over",
        "НДС не больше самих услуг",
        "vat",
        "fees",
        span=(None, 0),
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
"""For a settlement, where every row says how money moved."""

NO_MONEY_MOVED = _between(
    "no_transfer",
    "payout",
    "отчёт о статусах или возвратах ничего не перечисляет",
    span=(0, 0),
)
"""For the other purposes: what is not a settlement must not look like a transfer."""

TOTALS = (
    Rule(
        "total_known",
        NOT_NULL,
        {"column": "recounted"},
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

HEADS = (
    _between(
        "complete",
        "lost",
        "каждая прочитанная строка стала операцией, отложена или названа не операцией",
        span=(0, 0),
    ),
    _between(
        "rounding_sum",
        "one_sided",
        "копейки округления не складываются в одну сторону",
        span=(0, 0),
    ),
    _between(
        "report_date_plausible",
        "days_ahead",
        "отчёт и платёжное поручение не из будущего",
        span=(None, 31),
    ),
    _between(
        "report_date_usual",
        "days_ahead",
        "дата отчёта и платёжного поручения не позже дня, когда пришёл файл",
        span=(None, 1),
        severity="warning",
    ),
    _between(
        "period_order",
        "days_of_period",
        "период отчёта кончается не раньше, чем начинается",
        span=(0, None),
    ),
)
"""One row per report of the file; a critical failure holds the file."""

REPORTS: tuple[Rule, ...] = (*TOTALS, *HEADS)
