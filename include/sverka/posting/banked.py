"""Documents when the bank has the money: which reports of a file have to wait for their transfer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from psycopg2.extras import RealDictCursor, execute_values

from sverka.clock import MOSCOW, moscow_day
from sverka.couriers import Courier
from sverka.database.connection import Connection
from sverka.nouns import VerdictKind
from sverka.payouts import claim, rematch
from sverka.payouts.facts import PayoutState
from sverka.posting.bookable import Bookable
from sverka.recognition.known import known_couriers
from sverka.schemes import Schemes
from sverka.services import Services
from sverka.watching.terms import Terms

WAITING, OVERDUE, ASKS = "bank.waiting", "bank.overdue", "bank.asks"
"""Rules of the verdict `unpaid`. Only of the first one there is nothing to do."""

NEXT = {
    WAITING: "Проведём сами, когда придут.",
    OVERDUE: "Срок по договору вышел: запросите у курьера платёжное поручение. Проведём, когда придут.",
    ASKS: "Пока это не решено, по строке ничего не проводим.",
}


@dataclass(frozen=True, slots=True)
class _Payout:
    """A report of the file and what the bank says of its transfer."""

    report_id: int
    report_no: str | None
    courier: str
    day: date | None
    state: PayoutState
    moved_on: date | None
    bank_number: str | None
    sentence: str
    waits: bool

    @property
    def held(self) -> bool:
        return self.waits and self.state not in {PayoutState.PAID, PayoutState.NOTHING}


@dataclass(frozen=True, slots=True)
class Banked:
    """The file's reports by id, where the courier's scheme waits for the bank."""

    payouts: dict[int, _Payout]

    def ready(self, lines: Iterable[Bookable]) -> Iterator[Bookable]:
        """The lines that may be booked now; those of a paid report on the bank's day and number."""
        for line in lines:
            payout = self.payouts.get(line.report_id)
            if payout is None:
                yield line
            elif not payout.held:
                yield _on_its_day(line, payout)


def in_bank(services: Services, conn: Connection, file_id: int, now: datetime) -> Banked:
    """Matches the file's payouts and holds back the lines of reports that have to wait.

    The lines must have been judged in this transaction. Also for couriers that wait for nothing
    the payout is written down, so that the day's report can tell where the money is.
    """
    couriers = known_couriers(services)
    schemes = Schemes.load(services.settings.posting_schemes)
    waits = {
        one.code: schemes.get(one.posting_scheme).book == "when_paid"
        for one in couriers
        if one.posting_scheme in schemes.by_name
    }
    claim(conn, file_id, waits, now)
    rematch(conn, couriers, now)
    payouts = [one for one in _payouts(conn, file_id) if one.waits]
    held = [(one, _rule(one, couriers.get(one.courier), now)) for one in payouts if one.held]
    _hold_back(conn, held, now)
    return Banked({one.report_id: one for one in payouts})


def _payouts(conn: Connection, file_id: int) -> list[_Payout]:
    """The file's payouts; notes which movement this planning knows, so that another one wakes it."""
    with conn.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(
            """update payout p set run_for = p.movement_key
                 from report r
                where p.file_id = %s and r.file_id = p.file_id and r.ordinal = p.ordinal
            returning r.id as report_id, r.report_no, p.courier, p.day, p.state,
                      p.moved_on, p.bank_number, p.sentence, p.waits""",
            (file_id,),
        )
        found = [dict(row) for row in cursor.fetchall()]
    return [_Payout(**(row | {"state": PayoutState(row["state"])})) for row in found]


def _rule(payout: _Payout, courier: Courier, now: datetime) -> str:
    if payout.state is not PayoutState.WAITING:
        return ASKS
    if payout.day is None:
        return WAITING
    return OVERDUE if moscow_day(now) > Terms(courier).payout_due(payout.day) else WAITING


def _hold_back(conn: Connection, held: Sequence[tuple[_Payout, str]], now: datetime) -> None:
    """Clean lines of these reports become `unpaid`; what is in doubt for itself stays in doubt."""
    unpaid = VerdictKind.UNPAID.value
    rows = [(one.report_id, rule, _sentence(one, rule), unpaid, now) for one, rule in held]
    with conn.cursor() as cursor:
        execute_values(cursor, _HOLD_BACK, rows)


_HOLD_BACK = """
    update verdict v
       set verdict = h.verdict, rule = split_part(v.rule, '+', 1) || '+' || h.rule, clean = false,
           sentence = h.sentence, decided_at = h.at::timestamptz
      from (values %s) as h (report_id, rule, sentence, verdict, at)
      join line l using (report_id)
      join judged j on j.line_id = l.id
     where v.line_id = l.id and v.clean
"""


def _sentence(payout: _Payout, rule: str) -> str:
    name = f"Отчёт № {payout.report_no}" if payout.report_no else "Отчёт без номера"
    return f"{name}. {payout.sentence} {NEXT[rule]}"


def _on_its_day(line: Bookable, payout: _Payout) -> Bookable:
    if payout.moved_on is None or payout.state is not PayoutState.PAID:
        return line
    return replace(
        line,
        moment=datetime.combine(payout.moved_on, time(12), MOSCOW),
        incoming_number=payout.bank_number,
        incoming_date=datetime.combine(payout.moved_on, time(0), MOSCOW),
    )
