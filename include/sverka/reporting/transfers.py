"""The couriers' transfers in the day's report: which reports the bank has the money of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sverka.couriers import Courier
from sverka.money import Minor
from sverka.payouts.facts import PayoutState
from sverka.texts import Texts
from sverka.watching.terms import Terms

QUIET = {PayoutState.PAID, PayoutState.WAITING}
"""Nothing to do for a person, as long as it is not overdue."""


@cache
def states(say: Texts) -> dict[PayoutState, str]:
    """As the pages say it; `nothing` and `void` are not shown."""
    return {
        PayoutState.PAID: say("пришли"),
        PayoutState.WAITING: say("ещё не пришли"),
        PayoutState.MISSING: say("не пришли"),
        PayoutState.DIFFERS: say("пришла другая сумма"),
        PayoutState.CONTESTED: say("неясно, чьи деньги"),
        PayoutState.OWED: say("должен магазин"),
        PayoutState.UNKNOWN: say("сумма неизвестна"),
    }


@dataclass(frozen=True, slots=True)
class Transfer:
    """What one report says that its courier transfers, and what the bank says.

    `own` is the report's part of `expected`, the sum of all reports of its payment order.
    `received` came on `came_on` under `bank_number`: the transfer, or one of the same order with
    another sum; `difference` is received − expected. `overdue`: later than the contract allows.
    """

    file_id: int
    file: str
    courier: str
    courier_title: str
    report_no: str | None
    report_date: date | None
    currency: str
    own: Minor | None
    expected: Minor | None
    state: PayoutState
    title: str
    came_on: date | None
    bank_number: str | None
    received: Minor | None
    difference: Minor | None
    overdue: bool
    sentence: str

    @property
    def asks(self) -> bool:
        """Whether a person has to ask the courier."""
        return self.overdue or self.state not in QUIET


def transfer_of(row: Mapping[str, Any], terms: Courier | None, day: date, say: Texts) -> Transfer:
    """A row of `queries.TRANSFERS` as the report of this day tells it."""
    given = {name: row[name] for name in row if name != "day"}
    state = PayoutState(row["state"])
    received, expected = row["received"], row["expected"]
    known = received is not None and expected is not None
    return Transfer(
        **given
        | {
            "state": state,
            "title": states(say)[state],
            "courier_title": terms.title if terms else row["courier"],
            "difference": Minor(received - expected) if known else None,
            "overdue": state is PayoutState.WAITING and _late(row["day"], terms, day),
        }
    )


def _late(from_day: date | None, courier: Courier | None, day: date) -> bool:
    return from_day is not None and day > Terms(courier).payout_due(from_day)
