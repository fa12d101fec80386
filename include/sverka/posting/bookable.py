"""The lines that may be booked, each with the facts that its documents are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from sverka.clock import MOSCOW, moscow_day
from sverka.database.connection import Connection
from sverka.errors import Misconfigured
from sverka.money import Minor
from sverka.nouns import FEES, VerdictKind
from sverka.posting.rows import named

QUERY = (Path(__file__).parent / "sql" / "bookable.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Bookable:
    """One clean line. Money is minor units; `fees` holds only the fees that are not zero.

    `open_before` is what was open on the order before this line; `demand_id` is None when the
    order has several demands and the line does not say which; `revision` grows when the line's
    documents were reversed. `fees_only`: everything else of it stands in the books already.
    """

    line_id: int
    line_key: UUID
    revision: int
    courier: str
    verdict: VerdictKind
    outcome: str | None
    collected: Minor
    payout: Minor
    fees: dict[str, Minor]
    open_before: Minor
    line_no: int
    report_id: int
    ordinal: int
    report_words: str
    incoming_number: str | None
    incoming_date: datetime | None
    moment: datetime
    file_name: str
    sha256: str
    order_id: UUID
    order_name: str
    order_agent: UUID
    order_state: UUID | None
    demand_id: UUID | None
    demand_agent: UUID | None
    demand_state: UUID | None
    demands: int
    organization: UUID
    store: UUID
    doubtful: bool
    dry_run: bool
    fees_only: bool = False

    @property
    def kept(self) -> Minor:
        """What the courier kept of this row; a row without money keeps nothing."""
        return Minor(self.collected - self.payout) if self.collected or self.payout else Minor(0)


def bookable(conn: Connection, file_id: int) -> Iterator[Bookable]:
    """The clean lines of the file that were judged in this transaction, in the file's order.

    Raises:
        Misconfigured: a demand of the snapshot has no store, which MoySklad requires.
    """
    with conn.cursor() as cursor:
        cursor.execute(QUERY, {"file_id": file_id})
        for row in named(cursor):
            yield _bookable(row)


def _bookable(row: Any) -> Bookable:
    if row.store_id is None:
        raise Misconfigured(
            f"У отгрузки заказа «{row.order_name}» в МоёмСкладе не указан склад. Укажите его."
        )
    number, day = _incoming(row)
    return Bookable(
        line_id=row.line_id,
        line_key=UUID(row.line_key),
        revision=row.revision,
        courier=row.courier,
        verdict=VerdictKind(row.verdict),
        outcome=row.outcome,
        collected=Minor(row.collected),
        payout=Minor(row.payout),
        fees={name: Minor(fee) for name, fee in zip(FEES, row.fees, strict=True) if fee},
        open_before=Minor(row.open_before),
        line_no=row.line_no,
        report_id=row.report_id,
        ordinal=row.ordinal,
        report_words=_report_words(row),
        incoming_number=number,
        incoming_date=_at(day, time(0)) if day else None,
        moment=_moment(row),
        file_name=row.file_name,
        sha256=row.sha256,
        order_id=UUID(row.order_id),
        order_name=row.order_name,
        order_agent=UUID(row.agent_id),
        order_state=_uuid(row.order_state),
        demand_id=_uuid(row.demand_id),
        demand_agent=_uuid(row.demand_agent),
        demand_state=_uuid(row.demand_state),
        demands=row.demands,
        organization=UUID(row.organization_id),
        store=UUID(row.store_id),
        doubtful=row.doubtful,
        dry_run=row.dry_run,
        fees_only=row.fees_only,
    )


def _incoming(row: Any) -> tuple[str | None, date | None]:
    """The number and day that the accountant knows the money by."""
    if row.payment_order_no:
        return row.payment_order_no, row.payment_order_date or row.report_date
    return row.report_no, row.report_date


def _moment(row: Any) -> datetime:
    """When the books show it. Never the present: planning again must give the same document."""
    day = row.payment_order_date or row.report_date or row.occurred_on
    return _at(day or moscow_day(row.received_at), time(12))


def _report_words(row: Any) -> str:
    if not row.report_no:
        return f"файл «{row.file_name}»"
    day = f" от {row.report_date:%d.%m.%Y}" if row.report_date else ""
    return f"отчёт № {row.report_no}{day}"


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, MOSCOW)


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
