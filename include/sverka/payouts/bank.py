"""The tables `payout` and `bank_statement`: who is paid by what, after every change of either."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg2.extras import RealDictCursor, execute_values

from sverka.audit.journal import Event, Kind, Subject, notes
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.payouts.facts import Claim, Covered, Money, Outcome, PayoutState
from sverka.payouts.matching import matched
from sverka.payouts.words import sentence
from sverka.recognition.known import known_couriers
from sverka.services import Services

SQL = Path(__file__).parent / "sql"
CLAIMS, MONEY, COVERED = (
    (SQL / f"{name}.sql").read_text(encoding="utf-8") for name in ("claims", "money", "covered")
)
_VOID = Outcome(PayoutState.VOID)
_LOCK = "select pg_advisory_xact_lock(hashtext('payouts'))"


def note_statement(services: Services, file_id: int) -> int:
    """A statement passed its checks: its movements may pay for reports from now on.

    Returns how many reports are paid now and were not before. Repeating changes nothing.
    """
    couriers = known_couriers(services)
    now = services.clock()
    with services.connect() as conn:
        with conn.cursor() as cursor:
            cursor.execute(
                "insert into bank_statement (file_id, noted_at) values (%s, %s) "
                "on conflict (file_id) do nothing",
                (file_id, now),
            )
        return rematch(conn, couriers, now)


def rematch(conn: Connection, couriers: Couriers, now: datetime) -> int:
    """Matches everything anew and writes down what changed; how many reports became paid.

    The lock is held until the caller's transaction ends, so that no two see half of each other.
    """
    with conn.cursor() as cursor:
        cursor.execute(_LOCK)
    claims = [_claim(row) for row in _rows(conn, CLAIMS)]
    outcomes = matched(
        claims,
        (Money(**(row | {"key": UUID(row["key"])})) for row in _rows(conn, MONEY)),
        couriers,
        (Covered(**row) for row in _rows(conn, COVERED)),
    )
    told = [(one, _VOID if one.void else outcomes[one.key]) for one in claims]
    return _write_down(conn, told, now)


def _rows(conn: Connection, query: str) -> list[dict[str, Any]]:
    with conn.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(query)
        return [dict(row) for row in cursor.fetchall()]


def _claim(row: dict[str, Any]) -> Claim:
    return Claim(**(row | {"key": UUID(row["key"])}))


def _write_down(conn: Connection, told: Iterable[tuple[Claim, Outcome]], now: datetime) -> int:
    rows = [_row(claim, outcome, now) for claim, outcome in told]
    with conn.cursor() as cursor:
        changed = execute_values(
            cursor,
            """with told as (
                   select file_id::bigint, ordinal::int, state, rule, movement_key::uuid,
                          moved_on::date, bank_number, received::bigint, sentence, at::timestamptz
                     from (values %s) as v (file_id, ordinal, state, rule, movement_key, moved_on,
                                            bank_number, received, sentence, at)
               ), before as (
                   select file_id, ordinal, movement_key from payout
               )
               update payout p
                  set state = t.state, rule = t.rule, movement_key = t.movement_key,
                      moved_on = t.moved_on, bank_number = t.bank_number, received = t.received,
                      sentence = t.sentence, at = t.at
                 from told t join before b using (file_id, ordinal)
                where p.file_id = t.file_id and p.ordinal = t.ordinal
                  and (p.state, p.rule, p.movement_key, p.moved_on, p.bank_number, p.received,
                       p.sentence)
                      is distinct from (t.state, t.rule, t.movement_key, t.moved_on, t.bank_number,
                                        t.received, t.sentence)
            returning p.file_id, p.ordinal, p.key::text, p.expected, p.currency, p.state, p.rule,
                      b.movement_key::text, p.movement_key::text""",
            rows,
            page_size=max(1, len(rows)),
            fetch=True,
        )
    moves = [row for row in sorted(changed) if row[7] != row[8]]
    notes(conn, (event for row in moves for event in _events(row, now)))
    return sum(row[8] is not None for row in moves)


def _row(claim: Claim, outcome: Outcome, now: datetime) -> tuple[Any, ...]:
    money = outcome.money
    paid = outcome.state is PayoutState.PAID
    return (
        claim.file_id,
        claim.ordinal,
        outcome.state.value,
        outcome.rule,
        str(money.key) if money and paid else None,
        money.moved_on if money else None,
        money.number if money else None,
        money.amount if money else None,
        sentence(claim, outcome),
        now,
    )


def _events(row: tuple[Any, ...], now: datetime) -> Iterable[Event]:
    file_id, ordinal, key, expected, currency, state, rule, before, after = row
    detail = {"ordinal": ordinal, "payout": key, "expected": expected, "currency": currency}
    subject = Subject(file_id)
    if before is not None:
        gone = detail | {"movement": before, "state": state}
        yield Event(Kind.PAYOUT_UNMATCHED, subject, "bank", gone, now)
    if after is not None:
        came = detail | {"movement": after, "rule": rule}
        yield Event(Kind.PAYOUT_MATCHED, subject, "bank", came, now)
