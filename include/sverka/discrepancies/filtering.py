"""Which discrepancies a person asks for, as conditions of SQL with an index behind each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sverka.discrepancies.nouns import STANDING, State
from sverka.money import Minor
from sverka.reconciling.keys import order_key, track_key


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show; every part that is given has to hold. By default all that stand.

    `order` is an order's or a parcel's number as a person types it; `text` are words of the
    sentence or the comment, each from its beginning. `min_stake` is minor units, `age` whole days
    at least.
    """

    states: tuple[State, ...] = STANDING
    courier: str | None = None
    verdict: str | None = None
    file_id: int | None = None
    order: str | None = None
    text: str | None = None
    min_stake: Minor | None = None
    age: int | None = None


def condition(wanted: Filter, now: datetime) -> tuple[str, dict[str, Any]]:
    """The condition on `d` and its values; `now` is what ages are counted to."""
    values: dict[str, Any] = {
        "courier": wanted.courier,
        "verdict": wanted.verdict,
        "file": wanted.file_id,
        "stake": wanted.min_stake,
        "before": None if wanted.age is None else now - timedelta(days=wanted.age),
        "words": _words(wanted.text),
    }
    parts = [_states(wanted.states), *_given(values)]
    if wanted.order:
        parts.append(_ORDER)
        values |= {"order": order_key(wanted.order), "track": track_key(wanted.order)}
    return " and ".join(parts), values


_ORDER = """(d.order_key = %(order)s or d.track_key = %(track)s
             or d.order_id = any(array(select id from snapshot_order where name_key = %(order)s)))"""
"""An array, not `in`: with a subquery no index of the three would be used."""

_PARTS = {
    "courier": "d.courier = %(courier)s",
    "verdict": "d.verdict = %(verdict)s",
    "file": "d.file_id = %(file)s",
    "stake": "-d.stake <= -%(stake)s",
    "before": "d.opened_at <= %(before)s",
    "words": "to_tsvector('simple', d.sentence || ' ' || coalesce(d.comment, '')) "
    "@@ to_tsquery('simple', %(words)s)",
}


def _given(values: Mapping[str, Any]) -> list[str]:
    return [part for name, part in _PARTS.items() if values[name] is not None]


def _states(states: tuple[State, ...]) -> str:
    """Literals, so that the planner sees that a partial index has them all."""
    if set(states) == set(State):
        return "true"
    if set(states) == set(STANDING):
        return "d.state <> 'resolved'"
    named = ", ".join(f"'{State(state)}'" for state in sorted(set(states)))
    return f"d.state in ({named})" if named else "false"


def _words(text: str | None) -> str | None:
    """`нет отгр` → `нет:* & отгр:*`; signs that the query language has a meaning for fall away."""
    if text is None:
        return None
    letters = "".join(sign if sign.isalnum() else " " for sign in text.casefold())
    return " & ".join(f"{word}:*" for word in letters.split()) or None
