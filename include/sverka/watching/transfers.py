"""Reported money that is not in the bank."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from psycopg2.extras import RealDictCursor

from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.payouts.bank import COVERED
from sverka.payouts.coverage import Coverage
from sverka.payouts.facts import BEFORE, Covered, PayoutState
from sverka.watching.terms import Terms

_TRANSFERS = (Path(__file__).parent / "sql" / "transfers.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a courier transfers for a report, or for the reports of one payment order.

    `amount` is what is not in the bank, minor units; `late` means that the term has passed and
    the statements have all the days up to it.
    """

    key: str
    courier: str
    currency: str
    file_id: int
    file: str
    report_no: str | None
    received_on: date
    amount: Minor
    state: PayoutState
    due_on: date
    late: bool


def transfers(conn: Connection, couriers: Couriers, today: date) -> Iterator[Transfer]:
    """The transfers that are waited for on this day.

    Where no statement tells of a currency at all, money is believed to have come by its term: a
    shop that gives Sverka no statements is not told for ever that they have no money.
    """
    with conn.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(COVERED)
        statements = [Covered(**row) for row in cursor.fetchall()]
        cursor.execute(_TRANSFERS)
        rows = [dict(row) for row in cursor.fetchall()]
    coverage, followed = Coverage(statements), {one.currency for one in statements}
    for row in rows:
        day, currency = row.pop("day"), row["currency"]
        due_on = Terms(couriers.by_code.get(row["courier"])).payout_due(day)
        if row["amount"] <= 0 or (currency not in followed and due_on < today):
            continue
        state = PayoutState(row.pop("state"))
        known = state is not PayoutState.WAITING or coverage.has(currency, day - BEFORE, due_on)
        late = due_on < today and currency in followed and known
        yield Transfer(**row, state=state, due_on=due_on, late=late)
