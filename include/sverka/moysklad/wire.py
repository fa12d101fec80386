"""How MoySklad writes things: numbers, moments, references, conditions (docs, «Общие сведения»)."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from sverka.clock import MOSCOW
from sverka.money import Minor, NotMoney

MEDIA_TYPE = "application/json"

LARGEST = 2**53 - 1
"""Minor units. MoySklad's sums are floats («Float»), which are exact up to here (RFC 8259, §6)."""


def parse_json(text: str | bytes) -> Any:
    """JSON with whole numbers as int and the others as Decimal: no float ever holds a sum.

    Raises:
        ValueError: not JSON, or NaN or Infinity, which JSON does not know.
    """
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (RecursionError, ArithmeticError) as error:  # brackets or an exponent without an end
        raise ValueError(f"no JSON that anybody meant: {error}") from error


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def minor(value: object) -> Minor:
    """A sum as it came in JSON (`1500.0`, already minor units) as an exact amount.

    Raises:
        NotMoney: no number, a fraction of a minor unit, or more than MoySklad can hold exactly.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise NotMoney(f"{value!r} is not a sum")
    if isinstance(value, Decimal) and not value.is_finite():
        raise NotMoney(f"{value} is not a sum")
    if not -LARGEST <= value <= LARGEST:
        raise NotMoney(f"a sum of {value} minor units is more than MoySklad holds exactly")
    if value != int(value):
        raise NotMoney(f"{value} has a fraction of a minor unit")
    return Minor(int(value))


def to_sum(amount: Minor) -> int:
    """A sum for a request: a whole number of minor units that MoySklad stores exactly.

    Raises:
        NotMoney: it would not.
    """
    if type(amount) is not int:
        raise NotMoney(f"{amount!r} is not a sum")
    return minor(amount)


def to_minute(moment: datetime) -> str:
    """A document's `moment` for a request: Moscow time, truncated to the minute as MoySklad does."""
    return f"{moment.astimezone(MOSCOW):%Y-%m-%d %H:%M}:00"


def to_millisecond(moment: datetime) -> str:
    """A moment for a filter on `updated`: Moscow time with milliseconds, rounded down."""
    local = moment.astimezone(MOSCOW)
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d}"


def moment(text: str) -> datetime:
    """A moment of a reply, `YYYY-MM-DD HH:mm:ss[.SSS]` in Moscow time, zone-aware.

    Raises:
        ValueError: not written so.
    """
    return datetime.strptime(
        text, "%Y-%m-%d %H:%M:%S.%f" if "." in text else "%Y-%m-%d %H:%M:%S"
    ).replace(tzinfo=MOSCOW)


def entity_href(base_url: str, entity: str, entity_id: UUID) -> str:
    """The address of an entity, which is also its name in filters and references."""
    return f"{base_url.rstrip('/')}/entity/{entity}/{entity_id}"


def reference(base_url: str, entity: str, entity_id: UUID) -> dict[str, Any]:
    """`{"meta": …}` of an entity, as a request refers to it."""
    return _meta(entity_href(base_url, entity, entity_id), entity)


def state_reference(base_url: str, entity: str, state_id: UUID) -> dict[str, Any]:
    """`{"meta": …}` of a state: it lives under its entity's metadata and has the type `state`."""
    return _meta(f"{base_url.rstrip('/')}/entity/{entity}/metadata/states/{state_id}", "state")


def _meta(href: str, entity_type: str) -> dict[str, Any]:
    return {"meta": {"href": href, "type": entity_type, "mediaType": MEDIA_TYPE}}


def id_of(referred: dict[str, Any]) -> UUID:
    """The id that a reference's `meta.href` ends with.

    Raises:
        ValueError: no such address in it.
    """
    href = referred.get("meta", {}).get("href", "")
    return UUID(urlsplit(href).path.rstrip("/").rpartition("/")[2])


def equals(field: str, value: str) -> str:
    """A filter condition `field=value`; a semicolon in the value would end it and is escaped."""
    escaped = value.replace(";", r"\;")
    return f"{field}={escaped}"


def query(parameters: dict[str, str | int]) -> str:
    """A percent-encoded query string: MoySklad answers 400 to a bare `>` or `<` in a filter."""
    return "&".join(f"{name}={quote(str(value), safe='')}" for name, value in parameters.items())
