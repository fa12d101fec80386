"""Checks of single JSON values: from what a request carries to what is kept."""

import re
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from sverka.clock import MOSCOW, Clock
from sverka.moysklad.sandbox.errors import (
    BAD_REQUEST,
    ApiError,
    negative,
    rejected,
    too_big,
    wrong_type,
)
from sverka.moysklad.sandbox.model import Field, Kind

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d{1,3})?)?")
_SHORTEST_WRITTEN = len("2026-11-20 12:00:00")
_WHOLE = Decimal(1)
_MOST = 10**15


def moscow_now(clock: Clock) -> datetime:
    """The present moment as the API writes it: Moscow time, naive, milliseconds."""
    now = clock().astimezone(MOSCOW).replace(tzinfo=None)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def shown(moment: datetime) -> str:
    """`YYYY-MM-DD HH:mm:ss.SSS`."""
    return moment.isoformat(sep=" ", timespec="milliseconds")


def parse_moment(text: str) -> datetime | None:
    """A naive moment, or None when the text is anything else (a bare date, ISO with `T`)."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def parse_uuid(value: Any) -> UUID:
    """A UUID in its usual spelling with hyphens.

    Raises:
        ApiError: 1052.
    """
    try:
        parsed = UUID(str(value))
    except ValueError:
        parsed = None
    if parsed is None or str(parsed) != str(value).lower():
        raise ApiError(BAD_REQUEST, 1052, "Неверный формат UUID")
    return parsed


def is_number(value: Any) -> bool:
    """Whether JSON had a number here (`true` is an int only for Python)."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def parse_money(name: str, value: Any) -> int:
    """Minor units; a fraction is rounded to the whole, as the service does by default.

    Raises:
        ApiError: 2016, 3002 or 3008.
    """
    if not is_number(value):
        raise wrong_type(name, "double")
    if value < 0:
        raise negative(name)
    if value > _MOST:
        raise too_big(name)
    return int(Decimal(value).quantize(_WHOLE, rounding=ROUND_HALF_UP))


def parse_plain(field: Field, value: Any) -> Any:
    """The kept form of a value of a field that is not a reference.

    Raises:
        ApiError: 2016, 3002, 3005 or 3008.
    """
    match field.kind:
        case Kind.TEXT:
            return _text(field, value)
        case Kind.MONEY:
            return parse_money(field.name, value)
        case Kind.FLAG:
            if not isinstance(value, bool):
                raise wrong_type(field.name, "boolean")
            return value
        case Kind.CHOICE:
            return _choice(field, value)
        case _:
            return parse_minute(field.name, value)


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise wrong_type(field.name, "string")
    if len(value) > field.longest:
        raise too_big(field.name)
    return value


def _choice(field: Field, value: Any) -> str:
    if value not in field.choices:
        allowed = ", ".join(field.choices)
        raise rejected(
            3005,
            f"Ошибка сохранения объекта: неверное значение '{value}' поля '{field.name}'. "
            f"Допустимые значения: {allowed}",
            parameter=field.name,
        )
    return str(value)


def parse_minute(name: str, value: Any) -> str:
    """A moment cut to the minute («Формат даты и времени»); without seconds only filters take it.

    Raises:
        ApiError: 2016.
    """
    moment = parse_moment(value) if isinstance(value, str) else None
    if moment is None or len(value) < _SHORTEST_WRITTEN:
        raise wrong_type(name, "datetime")
    return shown(moment.replace(second=0, microsecond=0))
