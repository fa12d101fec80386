"""What came back: how much, whose, from where and why, of what was booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sverka.database.connection import Connection
from sverka.economics.orders import share_of
from sverka.economics.period import Period
from sverka.economics.sums import STORED, summed, within
from sverka.money import Minor
from sverka.nouns import FEES
from sverka.pages.reading import read


class Cut(StrEnum):
    """What returns are counted by."""

    TOTAL = "total"
    COURIER = "courier"
    REASON = "reason"
    REGION = "region"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Returned:
    """Orders of one group that ended; money is minor units of `currency`.

    `key` is a courier's code, a reason, a region, or a month as YYYY-MM; None where nobody says.
    `whole` came back in full, `partial` in part; `ended` were delivered or came back; `cost` is
    all that couriers charged for the orders that came back in full, `fee_return` the way back alone
    (of partial ones, too). `days` passed between shipping and return, over `timed` orders. Of reasons
    only what came back is counted: nobody says why an order was delivered.
    """

    cut: Cut
    key: str | None
    currency: str
    ended: int
    whole: int
    partial: int
    shipped: Minor
    returned: Minor
    fee_return: Minor
    cost: Minor
    days: int
    timed: int

    @property
    def came_back(self) -> int:
        """Orders that came back, in full or in part."""
        return self.whole + self.partial

    @property
    def rate(self) -> int | None:
        """Of the orders that ended, in hundredths of a per cent."""
        return share_of(self.came_back, self.ended)

    @property
    def rate_of_money(self) -> int | None:
        """Of the goods that were shipped, in hundredths of a per cent."""
        return share_of(self.returned, self.shipped)

    @property
    def average_days(self) -> int | None:
        """Rounded half up to whole days."""
        return (2 * self.days + self.timed) // (2 * self.timed) if self.timed else None


def returns(conn: Connection, period: Period, courier: str | None = None) -> list[Returned]:
    """All cuts in one pass; within a cut the most that came back first, months in their order."""
    rows = read(
        conn,
        _row,
        _RETURNS,
        within(period) | {"courier": courier},
    )
    return sorted(rows, key=_place)


def of_cut(rows: Sequence[Returned], cut: Cut) -> list[Returned]:
    """The rows of one cut."""
    return [row for row in rows if row.cut is cut]


def _row(cut: str, **columns: object) -> Returned:
    return Returned(cut=Cut(cut), **columns)  # type: ignore[arg-type]  # as the query names them


def _place(row: Returned) -> tuple[object, ...]:
    if row.cut is Cut.MONTH:
        return row.cut, row.currency, row.key or ""
    return row.cut, row.currency, -row.returned, -row.came_back, row.key or ""


# By cut: the stored sums it is made of, and what its groups are named by.
_CUTS = {
    Cut.TOTAL: ("order", "null::text"),
    Cut.COURIER: ("order", "courier"),
    Cut.REASON: ("reason", "nullif(key, '')"),
    Cut.REGION: ("region", "nullif(key, '')"),
    Cut.MONTH: ("order", "to_char(day, 'YYYY-MM')"),
}
_GROUPED = " union all ".join(
    f"""
    select '{cut}' as cut, {key} as key, currency, sum(orders)::bigint as ended,
           coalesce(sum(orders) filter (where outcome = 'returned'), 0)::bigint as whole,
           coalesce(sum(orders) filter (where outcome = 'partially_delivered'), 0)::bigint
               as partial,
           {summed(("shipped", "returned", "fee_return"))},
           coalesce(sum({" + ".join(FEES)}) filter (where outcome = 'returned'), 0)::bigint as cost,
           sum(back_days)::bigint as days, sum(back_timed)::bigint as timed
      from found where cut = '{stored}' group by 2, currency having sum(orders) > 0"""  # noqa: S608 - constants only
    for cut, (stored, key) in _CUTS.items()
)
_RETURNS = f"""
    with found as materialized (
        select s.* from {STORED}
         where s.cut in ('order', 'reason', 'region')
           and s.outcome in ('delivered', 'partially_delivered', 'returned')
           and (%(courier)s is null or s.courier = %(courier)s)
    )
    {_GROUPED}
"""  # noqa: S608 - constants only
