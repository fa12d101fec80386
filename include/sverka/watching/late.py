"""What is late by the contract: orders in no report, and transfers that are not in the bank."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg2.extras import RealDictCursor

from sverka.clock import moscow_day
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.nouns import VerdictKind
from sverka.texts import Texts
from sverka.watching.facts import Late
from sverka.watching.terms import CLAIM_MONTHS, WARNING_MONTHS, object_by
from sverka.watching.transfers import Transfer, transfers
from sverka.watching.words import late_words, months

LATE = (Path(__file__).parent / "sql" / "late.sql").read_text(encoding="utf-8")
"""The late orders as a relation, for who takes them by set: a select with the parameters of
`late_parameters`, one row per order. Its `sentence` does not change from day to day, `days` does."""


_LAST_DAYS = timedelta(days=5)
"""Before the end of an objection: a letter takes its time too."""


def late_parameters(now: datetime, say: Texts | None = None) -> dict[str, Any]:
    """What `LATE` is asked with on the Moscow day of `now`."""
    say = say or Texts()
    words = late_words(say)
    return {
        "today": moscow_day(now),
        "claim_months": CLAIM_MONTHS,
        "warning_months": WARNING_MONTHS,
        "months": list(months(say)),
        "phases": [phase.value for phase, _ in words],
        "in_time": [in_time for _, in_time in words],
        "words": list(words.values()),
    }


def overdue_now(
    conn: Connection,
    couriers: Couriers,
    now: datetime,
    *,
    say: Texts | None = None,
    limit: int = 1000,
) -> list[Late]:
    """What is late now, the most money first: at most `limit` orders, and all late transfers.

    Reads what the last `sverka.watching.look.refresh` wrote. What is not due yet is not here.
    """
    say = say or Texts()
    with conn.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(
            f"{LATE} order by stake desc, key limit %(limit)s",
            late_parameters(now, say) | {"limit": limit},
        )
        found = [_order(dict(row)) for row in cursor.fetchall()]
    today = moscow_day(now)
    waiting = (one for one in transfers(conn, couriers, today) if one.late)
    found += [_transfer(one, now, say) for one in waiting]
    return sorted(found, key=lambda one: (-one.stake, one.subject))


def _order(row: dict[str, Any]) -> Late:
    return Late(
        subject=f"order:{row['key']}",
        verdict=VerdictKind.OVERDUE,
        courier=row["courier"] or None,
        currency=row["currency"],
        stake=Minor(row["stake"]),
        order_id=UUID(str(row["key"])),
        file_id=None,
        due_on=row["due_on"],
        days=row["days"],
        claim_by=row["claim_by"],
        hard=row["hard"],
        sentence=row["sentence"],
    )


def _transfer(one: Transfer, now: datetime, say: Texts) -> Late:
    today, claim_by = moscow_day(now), object_by(one.received_on)
    return Late(
        subject=f"payout:{one.key}",
        verdict=VerdictKind.UNPAID,
        courier=one.courier,
        currency=one.currency,
        stake=one.amount,
        order_id=None,
        file_id=one.file_id,
        due_on=one.due_on,
        days=(today - one.due_on).days,
        claim_by=claim_by,
        hard=claim_by - today <= _LAST_DAYS,
        sentence=_unpaid(one, in_time=today <= claim_by, say=say),
    )


def _unpaid(one: Transfer, *, in_time: bool, say: Texts) -> str:
    given = {
        "sum": say.money(one.amount, one.currency),
        "due": say.short_day(one.due_on),
        "file": one.file,
        "last": say.short_day(object_by(one.received_on)),
    }
    if in_time:
        return say(
            "По отчёту из файла {file} не пришло в банк {sum}, хотя срок по договору вышел {due}. "
            "Запросите у курьера платёжное поручение; возразить на отчёт можно до {last}.",
            **given,
        )
    return say(
        "По отчёту из файла {file} не пришло в банк {sum}, хотя срок по договору вышел {due}. "
        "Запросите у курьера платёжное поручение или подайте претензию.",
        **given,
    )
