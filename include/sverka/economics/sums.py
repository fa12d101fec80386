"""Sums over orders, from what is added up already: no page reads a million rows."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sverka.database.connection import Connection
from sverka.economics.orders import Filter, conditions, every, share_of
from sverka.economics.period import Period, pieces
from sverka.money import Minor
from sverka.nouns import FEES
from sverka.pages.reading import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Sums over orders in one currency, minor units."""

    currency: str
    orders: int
    shipped: Minor
    collected: Minor
    fee_delivery: Minor
    fee_cod: Minor
    fee_insurance: Minor
    fee_return: Minor
    fee_storage: Minor
    fee_other: Minor

    @property
    def fees(self) -> Minor:
        """All kinds together."""
        return Minor(self.fee_delivery + self.fee_cod + self.fee_return + self.other_fees)

    @property
    def other_fees(self) -> Minor:
        """Insurance, storage and the rest."""
        return Minor(self.fee_insurance + self.fee_storage + self.fee_other)

    @property
    def share(self) -> int | None:
        """As of one order."""
        return share_of(self.fees, self.shipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Sums):
    """All orders of a filter; `lost` counts and sums the negative ones."""

    returned: Minor
    remainder: Minor
    lost_orders: int
    lost: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierCost(Sums):
    """What one courier took and charged."""

    courier: str


def totals(conn: Connection, chosen: Filter) -> list[Totals]:
    """One row per currency, the currency with the most orders first."""
    key = chosen.region or chosen.reason
    if chosen.min_loss is not None or (chosen.region and chosen.reason):
        # Few orders, and no sums of them are kept.
        where, values = conditions(chosen)
        return read(conn, Totals, f"{_OF_ORDERS} where {every(where)} {_BY_CURRENCY}", values)
    cut = "region" if chosen.region else "reason" if chosen.reason else "order"
    values = {"cut": cut, "key": key or "", "courier": chosen.courier, "outcome": chosen.outcome}
    return read(conn, Totals, _TOTALS, values | within(chosen.period))


def by_courier(conn: Connection, period: Period) -> list[CourierCost]:
    """Every courier's own part: what two couriers did for one order counts at each of them."""
    return read(conn, CourierCost, _BY_COURIER, within(period))


def within(period: Period) -> dict[str, Any]:
    """The values that `STORED` names."""
    parts = [asdict(piece) for piece in pieces(period)]
    return {f"{name}s": [part[name] for part in parts] for name in ("grain", "first", "last")}


def summed(columns: Sequence[str]) -> str:
    """The columns of the select, each added up."""
    return ", ".join(f"sum({column})::bigint as {column}" for column in columns)


STORED = """
    economics_sum s join unnest(%(grains)s::text[], %(firsts)s::date[], %(lasts)s::date[])
         as piece (grain, first, last)
         on s.grain = piece.grain and s.day between piece.first and piece.last
"""
"""The stored sums of the days and months that make up a period."""

# Only constants of this module become part of a statement; what a person gave is a parameter.
_MONEY = ("shipped", "returned", "collected", *FEES, "remainder")
_BY_CURRENCY = "group by currency order by orders desc, currency"
_OF_ORDERS = f"""
    select currency, count(*) as orders, {summed(_MONEY)},
           count(*) filter (where remainder < 0) as lost_orders,
           coalesce(sum(remainder) filter (where remainder < 0), 0)::bigint as lost
      from order_economics
"""  # noqa: S608 - constants only
_TOTALS = f"""
    select currency, {summed(("orders", *_MONEY, "lost_orders", "lost"))}
      from {STORED}
     where s.cut = %(cut)s and s.key = %(key)s and (%(courier)s is null or s.courier = %(courier)s)
       and (%(outcome)s is null or s.outcome = %(outcome)s)
     group by currency having sum(orders) > 0 order by orders desc, currency
"""  # noqa: S608 - constants only
_BY_COURIER = f"""
    select courier, currency, {summed(("orders", "shipped", "collected", *FEES))}
      from {STORED}
     where s.cut = 'cost'
     group by courier, currency having sum(orders) > 0
     order by sum({" + ".join(FEES)}) desc, courier, currency
"""  # noqa: S608 - constants only
