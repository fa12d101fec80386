"""The filters of the list of discrepancies, as its address, its forms and the domain name them."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from fastapi import Request

if TYPE_CHECKING:
    from sverka.discrepancies import Filter

FIELDS = ("state", "courier", "verdict", "order", "by")

Chosen = dict[str, str]


def from_address(request: Request) -> Chosen:
    """What the address chooses; empty words choose nothing."""
    return _clean(dict(request.query_params))


def from_form(filters: str) -> Chosen:
    """What a form took along from the list it was sent from."""
    return _clean(dict(parse_qsl(filters, keep_blank_values=True)))


def filter_of(chosen: Chosen) -> "Filter":
    """The domain's filter; without a state, all that wait for a decision."""
    from sverka.discrepancies import STANDING, Filter, State
    from sverka.reporting.words import questions
    from sverka.texts import Texts

    state, verdict = chosen["state"], chosen["verdict"]
    return Filter(
        states=(State(state),) if state in set(State) else STANDING,
        courier=chosen["courier"] or None,
        verdict=verdict if verdict in questions(Texts()) else None,
        order=chosen["order"].strip()[:200] or None,
    )


def _clean(given: Chosen) -> Chosen:
    return {name: given.get(name, "").replace("\0", "") for name in FIELDS}
