"""How many units of the limit one request costs (MoySklad docs, «Ограничения»).

The weights change on announced days. Sverka asks for no stock report: those weigh 5 whoever asks.
"""

from collections.abc import Callable
from datetime import date

from sverka.clock import Clock, moscow_day

Weight = Callable[[], int]
"""Returns the units that a request sent now costs at most."""

SINCE_EVER = date.min

PUBLISHED_SOLUTION = ((SINCE_EVER, 1),)
DRAFT_SOLUTION = ((SINCE_EVER, 1), (date(2026, 4, 13), 4))
"""A solution (решение) that is a draft or on moderation."""
USER = (
    (SINCE_EVER, 1),
    (date(2026, 5, 12), 2),
    (date(2026, 9, 1), 3),
    (date(2026, 12, 1), 4),
)
"""Login and password, or a user's own token."""

Table = tuple[tuple[date, int], ...]


def weight_on(day: date, *, with_token: bool) -> int:
    """Units per request on this day in Moscow.

    A token does not say whether a user or a solution got it, so it costs what the dearest of them
    costs. Too high a weight only spares units while requests are under way: what is left is taken
    from MoySklad's own answers.
    """
    tables = (USER, DRAFT_SOLUTION, PUBLISHED_SOLUTION) if with_token else (USER,)
    return max(_in_force(table, day) for table in tables)


def weight_now(clock: Clock, *, with_token: bool) -> Weight:
    """The weight by this clock, asked for anew with every request: a process may live for weeks."""
    return lambda: weight_on(moscow_day(clock()), with_token=with_token)


def _in_force(table: Table, day: date) -> int:
    return [units for since, units in table if since <= day][-1]
