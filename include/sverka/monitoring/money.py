"""What is in question, and what couriers owe: the figures of the pages, as metrics."""

from collections.abc import Iterator

from prometheus_client import Metric

from sverka.discrepancies import Filter, State, totals
from sverka.monitoring.families import gauge
from sverka.monitoring.looking import Look
from sverka.watching import STAGES, owed


def discrepancies(look: Look) -> Iterator[Metric]:
    """Open discrepancies and the money in question."""
    found = totals(look.conn, Filter(states=(State.OPEN,)), look.now)
    labels = ("courier", "verdict", "currency")
    yield gauge(
        "sverka_discrepancies_open",
        "Discrepancies that wait for a decision.",
        labels,
        ((one.courier, one.verdict, one.currency, one.count) for one in found),
    )
    yield gauge(
        "sverka_discrepancies_open_stake_minor_units",
        "Money in question in open discrepancies.",
        labels,
        ((one.courier, one.verdict, one.currency, one.stake) for one in found),
    )


def debts(look: Look) -> Iterator[Metric]:
    """What each courier owes, how much of it is late, and reported money on its way to the bank."""
    found = owed(look.conn, look.couriers, look.now)
    staged = [
        (one.courier, one.currency, stage, one.stages[stage])
        for one in found
        if one.stages
        for stage in STAGES
    ]
    yield gauge(
        "sverka_owed_minor_units",
        "Money to collect for shipped orders that are in no report.",
        ("courier", "currency", "stage"),
        ((*key, part.amount) for *key, part in staged),
    )
    yield gauge(
        "sverka_owed_orders",
        "Shipped orders with money to collect that are in no report.",
        ("courier", "currency", "stage"),
        ((*key, part.orders) for *key, part in staged),
    )
    yield gauge(
        "sverka_transfers_waiting_minor_units",
        "Reported money that is not in the bank, late or not.",
        ("courier", "currency"),
        ((one.courier, one.currency, one.transfers) for one in found),
    )
    yield gauge(
        "sverka_transfers_late_minor_units",
        "Reported money that should be in the bank by the contract and is not.",
        ("courier", "currency"),
        ((one.courier, one.currency, one.late_transfers) for one in found),
    )
