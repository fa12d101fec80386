"""Positions of goods documents: what a request may say, and the sums that follow from them.

An array of positions in a document replaces the whole set; a position that names an id which is
there keeps what is not said (MoySklad docs, «Позиции»). Vendor SDKs send `{"rows": [...]}`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from sverka.moysklad.sandbox.errors import (
    TOO_LARGE,
    ApiError,
    malformed,
    not_positive,
    rejected,
    required,
    wrong_type,
)
from sverka.moysklad.sandbox.http import LARGEST_ARRAY
from sverka.moysklad.sandbox.model import ASSORTMENT
from sverka.moysklad.sandbox.references import References
from sverka.moysklad.sandbox.values import is_number, parse_money

Row = dict[str, Any]
_KOPECK = Decimal(1)


@dataclass(frozen=True, slots=True)
class PositionReader:
    """Turns the positions of a request into rows as they are kept."""

    references: References
    new_id: Callable[[], UUID]

    def replaced(self, given: Any, current: list[Row]) -> list[Row]:
        """The whole new set; a MetaArray without rows leaves the set as it is.

        Raises:
            ApiError: the list or one of its positions breaks a rule.
        """
        listed = rows_of(given)
        if listed is None:
            return current
        by_id = {row["id"]: row for row in current}
        return _counted([self._row(item, by_id) for item in listed])

    def added(self, given: Any, current: list[Row]) -> list[Row]:
        """The set with these positions (one or many) at its end.

        Only what one request carries is counted: this is how a document gets more than a thousand.

        Raises:
            ApiError: the list or one of its positions breaks a rule.
        """
        if isinstance(given, dict) and "rows" not in given:
            given = [given]
        listed = rows_of(given) or []
        return [*current, *_counted([self._row(item, {}) for item in listed])]

    def _row(self, given: Any, current: dict[str, Row]) -> Row:
        if not isinstance(given, dict):
            raise malformed(2000, "отсутствует начало объекта", parameter="positions")
        row = dict(current.get(str(given.get("id", "")), {}))
        if not row:
            row = {"id": str(self.new_id()), "price": 0, "discount": "0", "vat": 0}
            row["vatEnabled"] = False
        if given.get("assortment") is not None:
            row["assortment"] = self.references.entity(
                "assortment", given["assortment"], ASSORTMENT
            )
        if "assortment" not in row:
            raise required("assortment")
        if given.get("quantity") is not None:
            row["quantity"] = _quantity(given["quantity"])
        if "quantity" not in row:
            raise required("quantity")
        if given.get("price") is not None:
            row["price"] = parse_money("price", given["price"])
            row["priced"] = True
        _read_percents(row, given)
        return row


def rows_of(given: Any) -> list[Any] | None:
    """The listed positions, or None when the request only repeats the MetaArray's meta.

    Raises:
        ApiError: 2016, neither an array nor `{"rows": [...]}`.
    """
    if isinstance(given, dict) and "rows" in given:
        given = given["rows"]
    elif isinstance(given, dict) and "meta" in given:
        return None
    if not isinstance(given, list):
        raise wrong_type("positions", "array")
    return given


def totals(rows: Iterable[Row], body: dict[str, Any]) -> tuple[int, int]:
    """Sum and VAT of the positions in minor units; each position is rounded to a kopeck."""
    total = vat_total = Decimal(0)
    for row in rows:
        share = (100 - Decimal(row["discount"])) / 100
        value = _rounded(row["price"] * Decimal(row["quantity"]) * share)
        total += value
        if body["vatEnabled"] and row["vatEnabled"] and row["vat"]:
            rate = row["vat"]
            if body["vatIncluded"]:
                vat_total += _rounded(value * rate / (100 + rate))
            else:
                vat = _rounded(value * rate / 100)
                vat_total += vat
                total += vat
    return int(total), int(vat_total)


def _counted(rows: list[Row]) -> list[Row]:
    if len(rows) > LARGEST_ARRAY:
        text = "Ошибка формата: слишком большое число элементов вложенной коллекции"
        raise ApiError(TOO_LARGE, 2022, text, parameter="positions")
    return rows


def _quantity(value: Any) -> str:
    if not is_number(value):
        raise wrong_type("quantity", "double")
    if value <= 0:
        raise not_positive("quantity")
    return str(value)


def _read_percents(row: Row, given: dict[str, Any]) -> None:
    if given.get("discount") is not None:
        if not is_number(given["discount"]):
            raise wrong_type("discount", "double")
        if given["discount"] > 100:
            text = "Ошибка сохранения позиции документа: скидка не может быть больше 100"
            raise rejected(17008, text, parameter="discount")
        row["discount"] = str(given["discount"])
    if given.get("vat") is not None:
        if isinstance(given["vat"], bool) or not isinstance(given["vat"], int):
            raise wrong_type("vat", "int")
        if given["vat"] > 100:
            text = "Ошибка сохранения позиции документа: НДС не может быть больше 100"
            raise rejected(17007, text, parameter="vat")
        row["vat"] = given["vat"]
        row["vatEnabled"] = True
    if given.get("vatEnabled") is not None:
        if not isinstance(given["vatEnabled"], bool):
            raise wrong_type("vatEnabled", "boolean")
        row["vatEnabled"] = given["vatEnabled"]


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_KOPECK, rounding=ROUND_HALF_UP)
