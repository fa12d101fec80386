"""One file's lines against the books: a set-based pass in PostgreSQL, a verdict per line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg2.extras import execute_values

from sverka.database.connection import Connection
from sverka.nouns import FEES
from sverka.reconciling.inside import look_inside
from sverka.reconciling.ladder import take_off_affixes
from sverka.reconciling.partial import Goods
from sverka.reconciling.rules import RULES
from sverka.reconciling.shipments import ReadShipments, Shipments
from sverka.reconciling.suggestions import suggest_goods
from sverka.reconciling.terms import Terms, couriers_of, lay_out, terms_of
from sverka.services import Services

SQL = Path(__file__).parent / "sql"
WORK_MEGABYTES = 64
"""What one sort or join of PostgreSQL may take; a small file takes what it needs."""
TEMPORARY = (
    *("contract", "rule", "judging", "numbered", "tracked", "spoken", "unnamed", "alike", "loose"),
    *("tallied", "doubted", "meant", "located", "weighed", "judged", "asked", "possible"),
)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Lines per verdict of the whole file, and the goods that come back, by line.

    Until the transaction ends its temporary table `judged` holds the lines judged now.
    """

    counts: dict[str, int]
    coming_back: dict[int, tuple[Goods, ...]]


def reconcile(services: Services, file_id: int) -> dict[str, int]:
    """Gives every accepted line of the file its verdict; returns the number of lines per verdict.

    A line that has an approved or sent document keeps its verdict. Repeating changes nothing but
    what the snapshot changed.

    Raises:
        Misconfigured: a courier of the file has no terms.
        TryLater: MoySklad is away and a verdict needs the goods of a demand.
    """
    with services.connect() as conn:
        terms = terms_of(services, couriers_of(conn, file_id))
        shipments = ReadShipments(services.moysklad)
        return reconcile_in(conn, file_id, terms, shipments, services.clock()).counts


def reconcile_in(
    conn: Connection, file_id: int, terms: Sequence[Terms], shipments: Shipments, now: datetime
) -> Reconciled:
    """The same inside the caller's transaction."""
    _clear(conn)
    _give_room(conn)
    lay_out(conn, terms)
    _lay_out_rules(conn)
    for step in ("lines", "numbers"):
        _run(conn, step, file_id, now)
    take_off_affixes(conn, terms)
    for step in ("candidates", "weigh", "judge"):
        _run(conn, step, file_id, now)
    inside = look_inside(conn, shipments)
    for step in ("contract", "verdicts", "suggest"):
        _run(conn, step, file_id, now)
    suggest_goods(conn, inside.may_come_back)
    return Reconciled(_counts(conn, file_id), inside.coming_back)


def _run(conn: Connection, step: str, file_id: int, now: datetime) -> None:
    with conn.cursor() as cursor:
        cursor.execute(
            (SQL / f"{step}.sql").read_text(encoding="utf-8"),
            {"file_id": file_id, "fee_names": list(FEES), "now": now},
        )


def _give_room(conn: Connection) -> None:
    """Until the transaction ends: with the usual 4 MB every sort of a large file goes to disk."""
    with conn.cursor() as cursor:
        cursor.execute("set local work_mem = %s", (f"{WORK_MEGABYTES}MB",))


def _clear(conn: Connection) -> None:
    with conn.cursor() as cursor:
        for table in TEMPORARY:
            cursor.execute(f"drop table if exists pg_temp.{table}")


def _lay_out_rules(conn: Connection) -> None:
    with conn.cursor() as cursor:
        cursor.execute(
            "create temp table rule (name text primary key, verdict text not null, "
            "clean boolean not null, sentence text not null) on commit drop"
        )
        execute_values(
            cursor,
            "insert into rule values %s",
            [(rule.name, rule.verdict.value, rule.clean, rule.sentence) for rule in RULES],
        )


def _counts(conn: Connection, file_id: int) -> dict[str, int]:
    with conn.cursor() as cursor:
        cursor.execute(
            "select v.verdict, count(*) from verdict v join line l on l.id = v.line_id "
            "join report r on r.id = l.report_id where r.file_id = %s group by 1 order by 1",
            (file_id,),
        )
        return dict(cursor.fetchall())
