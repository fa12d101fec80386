"""Discrepancies: each is opened, explained, resolved, reopened, and remembers who and why."""

from sverka.discrepancies.changed import Changed, aged_since, changed_since, day_in_moscow
from sverka.discrepancies.deciding import Decided, Decision, Refused, Why, decide, decide_all
from sverka.discrepancies.filtering import Filter
from sverka.discrepancies.listing import (
    Cursor,
    Page,
    about_lines,
    ages,
    history,
    one,
    open_ones,
    totals,
)
from sverka.discrepancies.nouns import (
    STANDING,
    Action,
    Discrepancy,
    Kind,
    ResolvedBy,
    State,
    What,
)
from sverka.discrepancies.refresh import Refreshed, refresh

__all__ = [
    "STANDING",
    "Action",
    "Changed",
    "Cursor",
    "Decided",
    "Decision",
    "Discrepancy",
    "Filter",
    "Kind",
    "Page",
    "Refreshed",
    "Refused",
    "ResolvedBy",
    "State",
    "What",
    "Why",
    "about_lines",
    "aged_since",
    "ages",
    "changed_since",
    "day_in_moscow",
    "decide",
    "decide_all",
    "history",
    "one",
    "open_ones",
    "refresh",
    "totals",
]
