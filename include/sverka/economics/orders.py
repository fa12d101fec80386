"""Orders with what their delivery cost and what was left of them, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sverka.database.connection import Connection
from sverka.economics.period import EVER, Period
from sverka.money import Minor
from sverka.nouns import FEES
from sverka.pages.reading import Listed, listed, read

MOST_IN_A_BOOK = 100_000
"""Orders of one workbook: about twenty seconds of work, and more than anybody reads."""


class Sort(StrEnum):
    """Which orders come first."""

    NEWEST = "newest"
    WORST = "worst"
    """The least left first."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which orders; None means any. `min_loss` is minor units: at least that much was lost."""

    period: Period = EVER
    courier: str | None = None
    outcome: str | None = None
    min_loss: Minor | None = None
    region: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OrderEconomics:
    """One order as docs/economics.md defines it; money is minor units of `currency`."""

    order_id: str
    name: str
    currency: str
    courier: str
    day: date
    shipped_on: date | None
    delivered_on: date | None
    returned_on: date | None
    paid_on: date | None
    banked_on: date | None
    outcome: str | None
    shipped: Minor
    returned: Minor
    collected: Minor
    fee_delivery: Minor
    fee_cod: Minor
    fee_insurance: Minor
    fee_return: Minor
    fee_storage: Minor
    fee_other: Minor
    fees: Minor
    remainder: Minor
    region: str | None
    reason: str | None

    @property
    def other_fees(self) -> Minor:
        """Storage, insurance and the rest."""
        return Minor(self.fee_insurance + self.fee_storage + self.fee_other)

    @property
    def sold(self) -> Minor:
        """What the buyer kept of what was shipped."""
        return Minor(self.shipped - self.returned)

    @property
    def share(self) -> int | None:
        """The courier's fees in hundredths of a per cent of what was shipped; None of nothing."""
        return share_of(self.fees, self.shipped)

    @property
    def lost(self) -> bool:
        """Whether the delivery ate more than was left."""
        return self.remainder < 0


def share_of(part: int, whole: int) -> int | None:
    """Hundredths of a per cent, rounded half up; None of nothing."""
    if whole <= 0:
        return None
    return (2 * 10_000 * part + whole) // (2 * whole)


def orders(
    conn: Connection, chosen: Filter, sort: Sort, after: str | None, limit: int
) -> Listed[OrderEconomics]:
    """A page of orders; `after` is the former page's, and what is no mark begins anew."""
    where, values = conditions(chosen)
    mark = mark_of(after, sort)
    if mark is not None:
        where.append(_AFTER[sort])
        values |= {"mark": mark[0], "mark_id": mark[1]}
    statement = f"{_ORDERS} where {every(where)} order by {_ORDER_BY[sort]} limit %(limit)s"
    rows = read(conn, OrderEconomics, statement, values | {"limit": limit + 1})
    return listed(rows, limit, lambda row: _mark(row, sort))


def every_order(
    conn: Connection, chosen: Filter, currency: str | None = None
) -> Iterator[OrderEconomics]:
    """All orders of the filter, the newest first, without holding them in memory."""
    where, values = conditions(chosen, currency)
    with conn.cursor(name="orders") as cursor:
        cursor.itersize = 5_000
        cursor.execute(f"{_ORDERS} where {every(where)} order by {_ORDER_BY[Sort.NEWEST]}", values)
        for row in cursor:
            yield OrderEconomics(*row)


def order_economics(conn: Connection, order_id: str) -> OrderEconomics | None:
    """One order, None while nothing of it is booked."""
    with conn.cursor() as cursor:
        cursor.execute(f"{_ORDERS} where order_id = %s", (order_id,))
        row = cursor.fetchone()
    return OrderEconomics(*row) if row else None


def couriers(conn: Connection) -> list[str]:
    """Codes of the couriers that orders were booked of."""
    with conn.cursor() as cursor:
        cursor.execute(_COURIERS)
        return [courier for (courier,) in cursor.fetchall()]


def mark_of(after: str | None, sort: Sort) -> tuple[date | int, str] | None:
    """The mark's sorted value and order; None is the beginning, and so is what nobody can read."""
    first, _, order = (after or "").partition("~")
    try:
        UUID(order)
        return (date.fromisoformat(first) if sort is Sort.NEWEST else _bigint(first)), order
    except ValueError:
        return None


def _bigint(text: str) -> int:
    number = int(text)
    if abs(number) >= 2**63:
        raise ValueError(f"{text} is no bigint")
    return number


def _mark(row: OrderEconomics, sort: Sort) -> str:
    return f"{row.day if sort is Sort.NEWEST else row.remainder}~{row.order_id}"


def conditions(chosen: Filter, currency: str | None = None) -> tuple[list[str], dict[str, Any]]:
    """The filter as conditions on `order_economics`, and the values that they name."""
    given = {
        "day >= %(first)s": ("first", chosen.period.first),
        "day <= %(last)s": ("last", chosen.period.last),
        "courier = %(courier)s": ("courier", chosen.courier),
        "outcome = %(outcome)s": ("outcome", chosen.outcome),
        "remainder <= -%(min_loss)s::bigint": ("min_loss", chosen.min_loss),
        "region = %(region)s": ("region", chosen.region),
        "reason = %(reason)s": ("reason", chosen.reason),
        "currency = %(currency)s": ("currency", currency),
    }
    asked = {where: pair for where, pair in given.items() if pair[1] is not None}
    return list(asked), dict(asked.values())


def every(where: Sequence[str]) -> str:
    """All of the conditions as one."""
    return " and ".join(where) or "true"


# Only constants of this module become part of a statement; what a person gave is a parameter.
_AFTER = {
    Sort.NEWEST: "(day < %(mark)s or day = %(mark)s and order_id > %(mark_id)s::uuid)"
    " and day <= %(mark)s",
    Sort.WORST: "(remainder, order_id) > (%(mark)s, %(mark_id)s::uuid)",
}
_ORDER_BY = {Sort.NEWEST: "day desc, order_id", Sort.WORST: "remainder, order_id"}

_FEES = ", ".join(FEES)
_ORDERS = f"""
    select order_id::text, name, currency, courier, day, shipped_on, delivered_on, returned_on,
           paid_on, banked_on, outcome, shipped, returned, collected, {_FEES}, fees, remainder,
           region, reason
      from order_economics
"""  # noqa: S608 - constants only
# The loose index scan: a courier is one probe of the index, not a scan of all its orders.
_COURIERS = """
    with recursive one as (
        (select courier from order_economics order by courier limit 1)
        union all
        select (select e.courier from order_economics e where e.courier > one.courier
                 order by e.courier limit 1)
          from one where one.courier is not null
    )
    select courier from one where courier is not null
"""
