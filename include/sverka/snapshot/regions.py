"""The region that a delivery address names, for counting returns; nothing is matched by it."""

import re
from typing import Any

LONGEST = 60
"""Characters; a longer part of an address is a description, no region."""

_CITIES = {"москва": "Москва", "санкт-петербург": "Санкт-Петербург", "севастополь": "Севастополь"}
"""Cities that are regions of their own."""

_REGION = re.compile(r"\b(?:обл(?:асть)?|край|респ(?:ублика)?|автономн\w+|ао)\b", re.IGNORECASE)
_CITY = re.compile(r"^(?:г(?:ород)?\b\.?\s*)", re.IGNORECASE)
_SPELLING = (
    (re.compile(r"\bобл\b\.?", re.IGNORECASE), "область"),
    (re.compile(r"\bресп\b\.?", re.IGNORECASE), "республика"),
)


def region_of(document: dict[str, Any]) -> str | None:
    """The region of an order's `shipmentAddress`, else the city that MoySklad keeps apart.

    MoySklad's own region is a reference that would have to be expanded, at a tenth of the rows per
    page; the address says it in words (`141400, Московская обл, г Химки, …`).
    """
    parts = [part.strip() for part in str(document.get("shipmentAddress") or "").split(",")]
    short = [part for part in parts if 0 < len(part) <= LONGEST]
    named = next((_spelled(part) for part in short if _REGION.search(part)), None)
    city = next((city for part in short if (city := _city(part)) in _CITIES.values()), None)
    apart = (document.get("shipmentAddressFull") or {}).get("city")
    return named or city or (_city(str(apart)) if apart else None)


def _city(part: str) -> str:
    bare = " ".join(_CITY.sub("", part).split())[:LONGEST]
    return _CITIES.get(bare.casefold(), bare)


def _spelled(part: str) -> str:
    """One spelling of one region: `область Томская` and `Томская обл.` are `Томская область`."""
    for short, whole in _SPELLING:
        part = short.sub(whole, part)
    first, *rest = part.split()
    if first.casefold() in {"область", "край"} and rest:
        return " ".join([*rest, first.casefold()])
    return " ".join([first[:1].upper() + first[1:], *rest])
