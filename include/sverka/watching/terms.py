"""When a courier's money is due, and until when a claim may be made.

None of this is legal advice. The defaults are habits of the trade, and a courier's file says what
the contract says (docs/watching.md).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sverka.couriers import Courier
from sverka.watching.calendar import BANKING, CALENDAR, after, months_after

REPORT_DAYS = 14
"""Calendar days from a delivery to its row in a report."""
TRANSIT_DAYS = 30
"""Calendar days from the hand-over to any news; freight is presumed lost 30 days after its term
(federal law 87-FZ, art. 7)."""
PAYOUT_DAYS = 5
"""Banking days from a report to its money."""
CLAIM_MONTHS, WARNING_MONTHS = 6, 5
"""A claim to a forwarder or the post is made within six months (87-FZ, art. 12; 176-FZ, art. 37).
Counted from the hand-over, the earliest day that either law may mean."""
OBJECTION_DAYS = 30
"""An agent's report is accepted unless objected to within 30 days (Civil Code, art. 999, 1008)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one courier, or the defaults for parcels of nobody knows whom."""

    courier: Courier | None

    def report_due(self, delivered_on: date) -> date:
        """The last day on which a delivered order may be missing in the reports."""
        days = None if self.courier is None else self.courier.report_days
        return self._after(delivered_on, days, REPORT_DAYS)

    def news_due(self, shipped_on: date) -> date:
        """The last day on which a parcel may travel without news."""
        days = None if self.courier is None else self.courier.transit_days
        return self._after(shipped_on, days, TRANSIT_DAYS)

    def payout_due(self, reported_on: date) -> date:
        """The last day on which a report's money may be missing in the bank."""
        if self.courier is None or self.courier.payout_days is None:
            return after(reported_on, PAYOUT_DAYS, BANKING)
        return after(reported_on, self.courier.payout_days, self.courier.calendar)

    def _after(self, day: date, days: int | None, default: int) -> date:
        if self.courier is None or days is None:
            return after(day, default, CALENDAR)
        return after(day, days, self.courier.calendar)


def claim_by(shipped_on: date) -> date:
    """The last day of a claim for a parcel."""
    return months_after(shipped_on, CLAIM_MONTHS)


def is_hard(shipped_on: date, today: date) -> bool:
    """Whether a claim for the parcel has to be made at once."""
    return today >= months_after(shipped_on, WARNING_MONTHS)


def object_by(received_on: date) -> date:
    """The last day to object to a report."""
    return received_on + timedelta(days=OBJECTION_DAYS)
