"""The shared nouns: Report, Line, and the closed lists of words they use.

Source of the words: docs/glossary.md. What is stored in the database and printed by
`sverka parse --json` has exactly these field names.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from sverka.money import NO_MONEY, Minor


class RowKind(StrEnum):
    """What a row of a report is about."""

    ORDER = "order"
    RETURN = "return"
    PICKUP = "pickup"
    SERVICE = "service"
    FINE = "fine"
    CORRECTION = "correction"
    HOLD = "hold"
    HOLD_RELEASE = "hold_release"


class Outcome(StrEnum):
    """How the delivery of an order ended."""

    DELIVERED = "delivered"
    PARTIALLY_DELIVERED = "partially_delivered"
    REFUSED = "refused"
    RETURNED = "returned"
    LOST = "lost"
    DESTROYED = "destroyed"


class PaymentMethod(StrEnum):
    """How the recipient paid the courier."""

    CASH = "cash"
    CARD = "card"
    PREPAID = "prepaid"


class Purpose(StrEnum):
    """What a report is for. Only a settlement is reconciled and posted."""

    SETTLEMENT = "settlement"
    STATUSES = "statuses"
    """How deliveries ended, without the money of a transfer (an export of orders)."""
    RETURNS = "returns"
    """Which goods the courier handed back."""
    STATEMENT = "statement"
    """The movements on a bank account."""
    DECISIONS = "decisions"
    """No report of anybody's: what people decided in Sverka's own workbook."""


class Settlement(StrEnum):
    """Which equation binds a row's amounts (docs/glossary.md, «модель расчётов»)."""

    NET = "net"
    """payout = collected − all fees."""
    AGENT_FEE_NETTED = "agent_fee_netted"
    """payout = collected − fee_cod; the delivery is invoiced separately."""
    GROSS = "gross"
    """payout = collected; all services are invoiced separately."""


FEES = (
    "fee_delivery",
    "fee_cod",
    "fee_insurance",
    "fee_return",
    "fee_storage",
    "fee_other",
)
"""The fee fields of a Line, in the order people read them."""

NETTED_FEES: dict[Settlement, tuple[str, ...]] = {
    Settlement.NET: FEES,
    Settlement.AGENT_FEE_NETTED: ("fee_cod",),
    Settlement.GROSS: (),
}
"""The fees that a courier keeps from the money it transfers, by settlement model."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a courier's report in canonical form.

    `sheet` and `line_no` lead a person to the row: the sheet's name (None where the container
    has no sheets) and its 1-based number as Excel shows it (for XML and JSON: the ordinal of
    the record). Money is minor units; fees are costs to the shop and positive, a correction may
    be negative.
    """

    sheet: str | None
    line_no: int
    row_kind: RowKind
    order_ref: str | None
    track_ref: str | None
    outcome: Outcome | None
    occurred_on: date | None
    payment_method: PaymentMethod | None
    collected: Minor = NO_MONEY
    fee_delivery: Minor = NO_MONEY
    fee_cod: Minor = NO_MONEY
    fee_insurance: Minor = NO_MONEY
    fee_return: Minor = NO_MONEY
    fee_storage: Minor = NO_MONEY
    fee_other: Minor = NO_MONEY
    vat: Minor | None = None
    payout: Minor = NO_MONEY
    currency: str = "RUB"
    reason: str | None = None
    """Why it was not handed over, in the courier's own words; most reports do not say it."""
    identity: str = field(default="", compare=False)
    """The identity columns' values, joined; without the occurrence counter."""
    occurrence: int = field(default=1, compare=False)
    """Tells honest identical rows of one report apart: 1, 2, …"""


@dataclass(frozen=True, slots=True)
class Report:
    """The head of one settlement report (an act, a registry); a file may hold several."""

    courier: str | None
    schema: str
    schema_version: int
    report_no: str | None
    report_date: date | None
    period_from: date | None
    period_to: date | None
    payment_order_no: str | None
    payment_order_date: date | None
    payment_order_sum: Minor | None
    currency: str
    settlement: Settlement | None
    totals: dict[str, Minor]
    """Totals as the file prints them: canonical field → minor units."""
    file_sha256: str
    revision: int = 1
    supersedes: str | None = None
    purpose: Purpose = Purpose.SETTLEMENT


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement on a bank account, from a statement; `amount` is minor units and unsigned.

    `direction` is the account holder's: `in` or `out`. `line_no` is the ordinal of the record.
    """

    line_no: int
    account: str
    direction: Literal["in", "out"]
    number: str | None
    document_date: date | None
    moved_on: date
    amount: Minor
    currency: str
    counterparty: str | None
    counterparty_inn: str | None
    counterparty_account: str | None
    purpose: str | None


class VerdictKind(StrEnum):
    """What reconciling says about a line (a closed list; docs/glossary.md has the Russian)."""

    MATCHED = "matched"
    MATCHED_WITHIN_TOLERANCE = "matched_within_tolerance"
    UNDERPAID = "underpaid"
    OVERPAID = "overpaid"
    FEE_ABOVE_TARIFF = "fee_above_tariff"
    UNKNOWN_ORDER = "unknown_order"
    AMBIGUOUS_ORDER = "ambiguous_order"
    ALREADY_SETTLED = "already_settled"
    DUPLICATE_IN_REPORT = "duplicate_in_report"
    NOT_SHIPPED = "not_shipped"
    CANCELLED_IN_BOOKS = "cancelled_in_books"
    PARTIALLY_DELIVERED = "partially_delivered"
    RETURNED = "returned"
    RETURN_NOT_BOOKED = "return_not_booked"
    LOST = "lost"
    CURRENCY_MISMATCH = "currency_mismatch"
    SERVICE_ROW = "service_row"
    EXPECTED = "expected"
    OVERDUE = "overdue"
    UNPAID = "unpaid"


class PostingKind(StrEnum):
    """The kinds of documents and changes that Sverka makes in MoySklad (API names)."""

    PAYMENTIN = "paymentin"
    SUPPLY = "supply"
    PAYMENTOUT = "paymentout"
    SALESRETURN = "salesreturn"
    CUSTOMERORDER_STATE = "customerorder.state"
    DEMAND_STATE = "demand.state"


class PostingState(StrEnum):
    """Where an intended document stands (docs/posting.md has the diagram)."""

    PLANNED = "planned"
    APPROVED = "approved"
    SENDING = "sending"
    POSTED = "posted"
    UNSURE = "unsure"
    REJECTED = "rejected"
    FAILED = "failed"
    REVERSED = "reversed"


class FileState(StrEnum):
    """Where a dropped file stands."""

    REGISTERED = "registered"
    PROCESSING = "processing"
    WAITING = "waiting"
    """Its layout is drafted; a person is asked to confirm it."""
    SETTLED = "settled"
    QUARANTINED = "quarantined"
    STALLED = "stalled"
    UNDONE = "undone"
    """What it booked was taken back; dropping it again or clearing its run books it anew."""
