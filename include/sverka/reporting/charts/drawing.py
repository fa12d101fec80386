"""Shapes of a chart in shares of its width, so that it fits a phone and paper without a script.

The shapes are SVG with lengths in per cent and texts in pixels: a chart grows and shrinks, its
words stay as large as the words around it. Bars and columns are told apart by place and by words;
the colour only repeats it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

FULL = Decimal(100)
"""Per cent of the width."""

CENT = Decimal("0.01")
PADDING = Decimal("0.15")
"""The part of a day's place that stays empty on each side of its column."""

LEAST = 2
"""Pixels of the smallest column: what there is can be seen."""

HEIGHT = 120
"""Pixels of the columns above their base line (and below it, when both sides are used)."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar with its words: `share` of the width in per cent, `tone` names a style."""

    label: str
    value: str
    share: Decimal
    tone: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a day in per cent of the width and pixels; `side` is above or below the base."""

    left: Decimal
    width: Decimal
    top: Decimal
    height: Decimal
    tone: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What every chart has: a title that says the conclusion, and all of it as a table of words."""

    name: str
    title: str
    unit: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Bars(Chart):
    """Horizontal bars, one under the other."""

    bars: tuple[Bar, ...]
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True, slots=True)
class Columns(Chart):
    """One column per day; `ticks` are the words below, each at its per cent; `base` is the line."""

    columns: tuple[Column, ...]
    ticks: tuple[tuple[Decimal, str], ...]
    base: Decimal
    height: Decimal
    most: str
    legend: tuple[tuple[str, str], ...]
    kind: Literal["columns"] = "columns"


def bars(rows: Sequence[tuple[str, str, int, str]]) -> tuple[Bar, ...]:
    """Bars of (label, value in words, value, tone); the longest is the whole width."""
    longest = max((abs(value) for _, _, value, _ in rows), default=0) or 1
    return tuple(
        Bar(label, words, _cents(FULL * abs(value) / longest), tone)
        for label, words, value, tone in rows
    )


def columns(
    days: Sequence[tuple[int, int]], tones: tuple[str, str], *, below: bool
) -> tuple[tuple[Column, ...], Decimal]:
    """Columns of (above, below) by day, and where the base line is, in pixels from the top."""
    most = max((max(above, under) for above, under in days), default=0) or 1
    step = FULL / max(len(days), 1)
    base = Decimal(HEIGHT // 2 if below else HEIGHT)
    found = []
    for place, (above, under) in enumerate(days):
        left, width = _cents(step * (place + PADDING)), _cents(step * (1 - 2 * PADDING))
        for value, tone, up in ((above, tones[0], True), (under, tones[1], False)):
            if value:
                tall = max(_cents(base * value / most), Decimal(LEAST))
                found.append(Column(left, width, base - tall if up else base, tall, tone))
    return tuple(found), base


def ticks(words: Sequence[str]) -> tuple[tuple[Decimal, str], ...]:
    """The first, the middle and the last day, in the middle of their columns."""
    step = FULL / max(len(words), 1)
    places = dict.fromkeys((0, len(words) // 2, len(words) - 1))
    return tuple(
        (_cents(step * place + step / Decimal(2)), words[place]) for place in places if words
    )


def _cents(share: Decimal) -> Decimal:
    return share.quantize(CENT)
