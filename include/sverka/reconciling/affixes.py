"""What couriers and shops put around an order's number: the number of a place, a shop's prefix.

A courier that carries an order as several places writes `1042-1` or `1042 1 из 2`; a shop that
shares a courier's contract writes `IM-1042`. The patterns are data of the courier's terms. What
they find is a lower rung than the number itself (docs/matching.md).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from sverka.reconciling.keys import order_key

PLACE_SUFFIXES = ("-{n}", "/{n}", " {n} из {m}", " ({n}/{m})")
"""How the number of a place is written after an order's number unless the terms say otherwise.

`{n}` is the place, `{m}` how many there are, each from 1 to 99.
"""

PLACE, PREFIX = "order.place", "order.prefix"
"""The rungs: the place was dropped; a prefix was dropped or added."""

_COUNT = "[1-9][0-9]?"


def bare_keys(text: str, prefixes: Sequence[str], suffixes: Sequence[str]) -> dict[str, str]:
    """Keys that the same order may have in the books, with the rung that each belongs to.

    The key of the text itself is not among them.
    """
    whole = order_key(text)
    found: dict[str, str] = {}
    for key, rung in ((whole, PREFIX), *((key, PLACE) for key in _without_place(text, suffixes))):
        found.setdefault(key, rung)
        for prefix in map(order_key, prefixes):
            if prefix:
                found.setdefault(prefix + key, PREFIX)
                found.setdefault(key.removeprefix(prefix), PREFIX)
    found.pop(whole)
    return {key: rung for key, rung in found.items() if any(sign.isdigit() for sign in key)}


def _without_place(text: str, suffixes: Sequence[str]) -> list[str]:
    """Keys of the text without the place; a first place of none (`3 из 2`) is no place."""
    found = []
    for suffix in suffixes:
        match = _pattern(suffix).search(text)
        if match and int(match["n"]) <= int(match.groupdict().get("m") or match["n"]):
            found.append(order_key(text[: match.start()]))
    return found


@lru_cache(maxsize=256)
def _pattern(suffix: str) -> re.Pattern[str]:
    # A digit stands before the suffix: `A-1` is a number of its own.
    words = re.escape(suffix).replace(r"\ ", r"\s+")
    words = words.replace(r"\{n\}", f"(?P<n>{_COUNT})").replace(r"\{m\}", f"(?P<m>{_COUNT})")
    return re.compile(rf"(?<=[0-9]){words}\s*$", re.IGNORECASE)
