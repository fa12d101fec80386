"""VAT that stands in a column of its own: inside the fees or on top of them."""

from collections.abc import Sequence

from sverka.drafting.arithmetic import costs
from sverka.drafting.columns import Column

_RATES = (22, 20, 10, 7, 5)
"""Percent. 22 since 2026, 20 before; 5 and 7 are those of the simplified system."""
_ROUNDING = 2
"""Kopecks by which the tax of a row may differ from the rate."""


def on_top_of(tax: Column, fees: Sequence[Column]) -> Column | None:
    """The one fee whose rate the tax is, row by row; None when it is of none or of several."""
    wanted = costs(tax)
    fitting = [fee for fee in fees if any(_is_rate(wanted, costs(fee), rate) for rate in _RATES)]
    return fitting[0] if len(fitting) == 1 else None


def _is_rate(tax: Sequence[int], base: Sequence[int], rate: int) -> bool:
    return any(tax) and all(
        abs(100 * t - rate * b) <= 100 * _ROUNDING for t, b in zip(tax, base, strict=True)
    )


def with_tax(base: Column, fees: Sequence[Column]) -> Column | None:
    """The fee that is this column and its tax on every row: the same money, printed twice."""
    wanted = costs(base)
    for fee in fees:
        tax = [whole - part for whole, part in zip(costs(fee), wanted, strict=True)]
        if fee is not base and any(_is_rate(tax, wanted, rate) for rate in _RATES):
            return fee
    return None
