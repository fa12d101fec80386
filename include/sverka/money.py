"""Money is an integer of minor units (kopecks, cents); a float never carries it."""

from decimal import Decimal
from typing import NewType

Minor = NewType("Minor", int)
"""Minor units of the line's or document's currency: 1 ruble is `Minor(100)`."""

NO_MONEY = Minor(0)


class NotMoney(ValueError):
    """The value is not an exact amount of minor units."""


def from_major(amount: Decimal) -> Minor:
    """Rubles to kopecks, exactly.

    Raises:
        NotMoney: a fraction of a kopeck would be lost, or the number is not finite.
    """
    if not amount.is_finite():
        raise NotMoney(f"{amount} is not a number")
    minor = amount.scaleb(2)
    if minor != minor.to_integral_value():
        raise NotMoney(f"{amount} has a fraction of a minor unit")
    return Minor(int(minor))


def from_minor(amount: Decimal | int) -> Minor:
    """An amount that is already in minor units, as MoySklad sends it (`1500.0`).

    Raises:
        NotMoney: a fraction of a minor unit, or not finite.
    """
    return from_major(Decimal(amount).scaleb(-2))


def to_major(amount: Minor) -> Decimal:
    """Kopecks to rubles with two decimals, for spreadsheets and people."""
    return Decimal(amount).scaleb(-2).quantize(Decimal("0.01"))


def in_words_of_money(amount: Minor, currency: str = "RUB") -> str:
    """`-123450` → `−1 234,50 ₽`: Russian notation with no-break spaces."""
    whole, fraction = divmod(abs(amount), 100)
    sign = "−" if amount < 0 else ""
    grouped = f"{whole:,}".replace(",", "\u00a0")
    symbol = "₽" if currency == "RUB" else currency
    return f"{sign}{grouped},{fraction:02d}\u00a0{symbol}"
