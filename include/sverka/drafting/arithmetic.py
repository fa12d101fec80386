"""Which columns of money are bound by «payout = collected − fees», on how many rows.

Every subset of the fee columns is a candidate; a random projection of a few rows makes each a
single number, so that all subsets are looked up at once and only those found are proven row by row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from sverka.drafting.columns import Column

_MOST_FEES = 13
_PROBES = 4
_PROBE_ROWS = 24
_ALMOST = 0.9
"""An equation that holds on fewer rows is none; the rows it misses are named."""


@dataclass(frozen=True, slots=True)
class Equation:
    """payout = collected − Σ costs of `fees`; `misfits` are indexes of records it does not hold on."""

    payout: Column
    collected: Column
    fees: tuple[Column, ...]
    rows: int
    misfits: tuple[int, ...]

    @property
    def holds(self) -> bool:
        return not self.misfits

    @property
    def proves(self) -> bool:
        """Enough rows with different amounts to be no coincidence."""
        return self.distinct >= 3

    @property
    def distinct(self) -> int:
        """How many different pairs of amounts the equation was tried on."""
        pairs = zip(self.payout.amounts, self.collected.amounts, strict=True)
        return len({pair for pair in pairs if any(pair)})


def sign_of_costs(column: Column) -> int:
    """1 when the file prints fees as positive numbers, −1 when as negative ones; a credit turns it."""
    positive = sum(1 for amount in column.amounts if amount and amount > 0)
    negative = sum(1 for amount in column.amounts if amount and amount < 0)
    sign = -1 if negative > positive else 1
    return -sign if column.credit else sign


def costs(column: Column) -> list[int]:
    """The amounts as costs to the shop: positive; those of a credit are negative."""
    sign = sign_of_costs(column)
    return [sign * (amount or 0) for amount in column.amounts]


def equations(
    payouts: Sequence[Column], takings: Sequence[Column], fees: Sequence[Column]
) -> list[Equation]:
    """All equations that hold on at least nine rows of ten."""
    some = _strongest([column for column in fees if column.has_money])
    cost = {id(column): costs(column) for column in some}
    seen: set[tuple[int, int, frozenset[int]]] = set()
    found = []
    for payout, collected, chosen in _candidates(payouts, takings, some, cost):
        key = (id(payout), id(collected), frozenset(map(id, chosen)))
        if key in seen:
            continue
        seen.add(key)
        equation = _proven(payout, collected, chosen, [cost[id(c)] for c in chosen])
        if equation is not None:
            found.append(equation)
    return found


def _strongest(fees: list[Column]) -> list[Column]:
    ranked = sorted(fees, key=lambda c: (-c.fee_label[1], c.beside))
    return sorted(ranked[:_MOST_FEES], key=lambda c: c.header.index)


def _candidates(
    payouts: Sequence[Column],
    takings: Sequence[Column],
    fees: list[Column],
    cost: dict[int, list[int]],
) -> Iterable[tuple[Column, Column, tuple[Column, ...]]]:
    rows = len((payouts or takings)[0].amounts) if payouts or takings else 0
    for probe in _probes(rows, payouts, takings):
        weights = [crc32(f"{probe}{row}".encode()) | 1 for row in probe]
        sums = _subset_sums([_projected(cost[id(c)], probe, weights) for c in fees])
        for payout in payouts:
            for collected in takings:
                if payout is collected:
                    continue
                target = _projected(collected.amounts, probe, weights) - _projected(
                    payout.amounts, probe, weights
                )
                for mask in sums.get(target, ()):
                    chosen = tuple(c for bit, c in enumerate(fees) if mask >> bit & 1)
                    if payout not in chosen and collected not in chosen:
                        yield payout, collected, chosen


def _probes(rows: int, payouts: Sequence[Column], takings: Sequence[Column]) -> Iterable[list[int]]:
    """Small sets of rows with money: one bad row spoils one probe and not the others."""
    busy = [
        row for row in range(rows) if any(column.amounts[row] for column in (*payouts, *takings))
    ]
    ranked = sorted(busy, key=lambda row: crc32(row.to_bytes(4, "big")))
    size = max(2, min(_PROBE_ROWS, len(ranked) // 3 or 1))
    yield ranked[:_PROBE_ROWS]
    for start in range(0, min(len(ranked), _PROBES * size), size):
        yield ranked[start : start + size]


def _projected(amounts: Sequence[int | None], probe: list[int], weights: list[int]) -> int:
    return sum((amounts[row] or 0) * w for row, w in zip(probe, weights, strict=True))


def _subset_sums(values: list[int]) -> dict[int, list[int]]:
    sums = [0]
    for value in values:
        sums += [known + value for known in sums]
    found: dict[int, list[int]] = {}
    for mask, total in enumerate(sums):
        found.setdefault(total, []).append(mask)
    return found


def _proven(
    payout: Column, collected: Column, fees: tuple[Column, ...], cost: list[list[int]]
) -> Equation | None:
    rows, misfits = 0, []
    for row, (paid, taken) in enumerate(zip(payout.amounts, collected.amounts, strict=True)):
        if paid == 0 and taken == 0:
            # Of a prepaid order nothing is taken; its services may well be paid apart.
            continue
        kept = sum(amounts[row] for amounts in cost)
        rows += 1
        if paid is None or taken is None or taken - kept != paid:
            misfits.append(row)
    if not rows or len(misfits) > (1 - _ALMOST) * rows:
        return None
    return Equation(payout, collected, fees, rows, tuple(misfits))


def sum_of_others(total: Column, others: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that a printed total adds up, on every row; none when it adds up none."""
    parts = _strongest([c for c in others if c is not total and c.has_money])
    if not parts or not total.has_money:
        return ()
    cost = {id(column): costs(column) for column in parts}
    wanted = costs(total)
    rows = [row for row, amount in enumerate(wanted) if amount][:_PROBE_ROWS]
    weights = [crc32(f"{row}".encode()) | 1 for row in rows]
    sums = _subset_sums([_projected(cost[id(c)], rows, weights) for c in parts])
    for mask in sums.get(_projected(wanted, rows, weights), ()):
        chosen = tuple(c for bit, c in enumerate(parts) if mask >> bit & 1)
        added = [sum(column) for column in zip(*(cost[id(c)] for c in chosen), strict=True)]
        if len(chosen) > 1 and added == wanted:
            return chosen
    return ()
