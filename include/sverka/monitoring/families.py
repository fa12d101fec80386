"""Metrics out of rows: names, labels and help in one place per metric."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

UNKNOWN = "unknown"
"""The label of what has no name; in Prometheus an empty label is an absent one."""


def gauge(
    name: str, words: str, labels: Sequence[str] = (), rows: Iterable[Sequence[Any]] = ()
) -> GaugeMetricFamily:
    """A gauge; a row has the labels' values and then the number."""
    family = GaugeMetricFamily(name, words, labels=labels)
    for *values, number in rows:
        family.add_metric([str(value or UNKNOWN) for value in values], number)
    return family


def counter(name: str, words: str, number: int) -> CounterMetricFamily:
    """A counter that the database keeps: it outlives this process."""
    return CounterMetricFamily(name, words, value=number)


def every(kind: Iterable[StrEnum | str], found: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """A row for every word of a closed list, 0 where nothing was found: a graph has no holes."""
    return [(str(word), found.get(str(word), 0)) for word in kind]


def age(now: datetime, moment: datetime | None) -> float:
    """Seconds since then; 0 for what is not there. Another machine's clock may be ahead of ours."""
    return max((now - moment).total_seconds(), 0.0) if moment else 0.0
