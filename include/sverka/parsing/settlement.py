"""Which equation binds the amounts of a report: contracts differ and change, so the rows tell."""

from collections.abc import Callable, Sequence
from operator import attrgetter

from sverka.nouns import NETTED_FEES, Line, Settlement


def settlement_of(lines: Sequence[Line], declared: Settlement | None) -> Settlement | None:
    """The model whose equation holds, to the kopeck, for every row with money.

    Rows with nothing collected and nothing paid out hold in every model: their services are
    invoiced elsewhere. When several models hold (no fees at all), the declared one is taken if
    it is among them. When none holds for all rows, the declared one stands and checking shows
    the misfits.
    """
    money = [line for line in lines if line.collected or line.payout]
    if not money:
        return declared
    holding = [model for model in Settlement if all(holds(line, model) for line in money)]
    if not holding or declared in holding:
        return declared
    return holding[0]


def holds(line: Line, model: Settlement) -> bool:
    """True when payout = collected − the fees that this model keeps."""
    return line.collected - kept_of(line, model) == line.payout


def _summing(fees: Sequence[str]) -> Callable[[Line], int]:
    """Reads all fees of a line at once: it is asked six times of each of a million lines."""
    if not fees:
        return lambda _line: 0
    if len(fees) == 1:
        one: Callable[[Line], int] = attrgetter(fees[0])
        return one
    several: Callable[[Line], tuple[int, ...]] = attrgetter(*fees)
    return lambda line: sum(several(line))


_KEPT = {model: _summing(fees) for model, fees in NETTED_FEES.items()}


def kept_of(line: Line, model: Settlement) -> int:
    """The fees of the line that this model keeps from the transfer, minor units."""
    return _KEPT[model](line)
