"""Claims, movements and couriers for tests of matching, with everything that is not said alike."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from sverka.couriers import Courier, Couriers
from sverka.money import Minor
from sverka.payouts.facts import Claim, Money

SPACE = UUID("7f1a5d7e-3e44-5f3b-8a52-0d6f1c6f8b10")
DAY = date(2026, 11, 19)
ACCOUNT = "40702810000000000001"
INN, OTHER_INN, STRANGER = "7700000003", "7700000004", "7700000099"

COURIERS = Couriers(
    {
        one.code: one
        for one in (
            Courier("gorod", "Городской курьер", ("Городской курьер",), "к", "gross", inn=INN),
            Courier("dalli", "Dalli", ("Dalli", "Далли"), "к", "net"),
            Courier("market", "Маркет", ("Маркет",), "к", "net", inn=OTHER_INN),
            Courier("market_fbs", "Маркет FBS", ("Маркет FBS",), "к", "net", inn=OTHER_INN),
        )
    }
)


def key(name: str) -> UUID:
    return uuid5(SPACE, name)


def claim(name: str = "a", expected: int | None = 100_000, **other: Any) -> Claim:
    """A report of «Городской курьер» of 19 November; `name` names its rows."""
    given: dict[str, Any] = {
        "file_id": other.pop("file", 1),
        "ordinal": 1,
        "key": key(name),
        "courier": "gorod",
        "currency": "RUB",
        "expected": None if expected is None else Minor(expected),
        "together": 1,
        "number": None,
        "ordered_on": None,
        "day": DAY,
    }
    return Claim(**(given | other))


def money(name: str = "m", amount: int = 100_000, *, after: int = 1, **other: Any) -> Money:
    """The courier's transfer, `after` days after the report."""
    given: dict[str, Any] = {
        "key": key(name),
        "account": ACCOUNT,
        "currency": "RUB",
        "amount": Minor(amount),
        "number": "77",
        "document_date": DAY,
        "moved_on": DAY + timedelta(days=after),
        "counterparty": "ООО «Городской курьер»",
        "inn": INN,
    }
    return Money(**(given | other))
