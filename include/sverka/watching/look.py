"""A new look at all shipped orders with money to collect: the table `owed_order`."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from psycopg2 import sql
from psycopg2.extras import execute_values

from sverka.couriers import Courier, Couriers
from sverka.database.connection import Connection
from sverka.watching.facts import Phase
from sverka.watching.terms import Terms

SQL = Path(__file__).parent / "sql"
_LOCK = "select pg_advisory_xact_lock(hashtext('watching'))"
CONCERNED = (SQL / "concerned.sql").read_text(encoding="utf-8")
"""The orders that the files `files` say something of, as a relation."""

_TEMPORARY = (
    *("concerned", "candidate", "handed_over", "done", "open_order", "tracked_parcel", "told"),
    *("delivery_name", "track_shape", "watched", "due", "owed_now"),
)


def refresh(conn: Connection, couriers: Couriers, file_ids: Sequence[int] | None = None) -> int:
    """Writes down which orders are owed for, by whom and until when; how many there are.

    Looks at the orders that `file_ids` say something of, or at all of them. Repeating changes
    nothing. What is late is asked when the table is read, so a new day needs no new look; new
    files, new books and new terms do. The lock is held until the caller's transaction ends.
    """
    with conn.cursor() as cursor:
        cursor.execute(_LOCK)
        for table in _TEMPORARY:
            cursor.execute(f"drop table if exists pg_temp.{table}")
    asked = _concerned(conn, file_ids)
    _run(conn, "open", asked.format("o.id"))
    _run(conn, "told")
    _lay_out_names(conn, couriers)
    _lay_out_shapes(conn, couriers)
    _run(conn, "phase")
    _lay_out_terms(conn, couriers)
    _run(conn, "store", asked.format("o.order_id"))
    _note_terms_of_payouts(conn, couriers)
    with conn.cursor() as cursor:
        cursor.execute("select count(*) from owed_now")
        [count] = cursor.fetchone() or (0,)
    return int(count)


def courier_named(couriers: Couriers, text: str) -> Courier | None:
    """The courier that the shop's own field means: by name, or as its counterparty is called."""
    exact = [one for one in couriers if text in {one.code, one.title, one.counterparty}]
    return exact[0] if len(exact) == 1 else couriers.named_in([text])


def _concerned(conn: Connection, file_ids: Sequence[int] | None) -> str:
    """Which orders are looked at, as a condition with a place for the column."""
    if file_ids is None:
        return "true"
    with conn.cursor() as cursor:
        create = f"create temp table concerned on commit drop as {CONCERNED}"
        cursor.execute(create, {"files": list(file_ids)})
        cursor.execute("create unique index on concerned (order_id)")
        cursor.execute("analyze concerned")
    return "{} in (select order_id from concerned)"


def _run(conn: Connection, step: str, asked: str = "") -> None:
    text = (SQL / f"{step}.sql").read_text(encoding="utf-8")
    with conn.cursor() as cursor:
        cursor.execute(text.replace("{asked}", asked))


def _lay_out_names(conn: Connection, couriers: Couriers) -> None:
    with conn.cursor() as cursor:
        cursor.execute("select distinct text from open_order, unnest(deliveries) text")
        texts: list[str] = [row[0] for row in cursor.fetchall()]
    found = [(text, courier_named(couriers, text)) for text in texts]
    rows = [(text, courier.code) for text, courier in found if courier is not None]
    _table(conn, "delivery_name", "text text primary key, courier text not null", rows)


def _lay_out_shapes(conn: Connection, couriers: Couriers) -> None:
    rows = [(courier.code, shape) for courier in couriers for shape in courier.track_shapes]
    _table(conn, "track_shape", "courier text not null, shape text not null", rows)


def _lay_out_terms(conn: Connection, couriers: Couriers) -> None:
    """The term of every courier, phase and day that occurs: few, however many orders there are."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select distinct coalesce(courier, ''), phase, since from watched "
            "where phase not in ('coming_back', 'reported')"
        )
        occurring: list[tuple[str, str, date]] = cursor.fetchall()
    rows = [
        (code, phase, since, _due(Terms(couriers.by_code.get(code)), Phase(phase), since))
        for code, phase, since in occurring
    ]
    columns = "courier text, phase text, since date, due_on date not null"
    _table(conn, "due", f"{columns}, primary key (courier, phase, since)", rows)


def _note_terms_of_payouts(conn: Connection, couriers: Couriers) -> None:
    """Until when the money of each report is waited for; `payout.due_on`."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select distinct courier, day from payout where state = 'waiting' and day is not null"
        )
        rows = [
            (code, day, Terms(couriers.by_code.get(code)).payout_due(day))
            for code, day in cursor.fetchall()
        ]
        execute_values(
            cursor,
            "update payout p set due_on = d.due_on "
            "from (values %s) as d (courier, day, due_on) "
            "where p.state = 'waiting' and p.courier = d.courier and p.day = d.day "
            "and p.due_on is distinct from d.due_on",
            rows,
        )


def _due(terms: Terms, phase: Phase, since: date) -> date:
    if phase is Phase.DELIVERED:
        return terms.report_due(since)
    # What the courier lost it owes from that day on.
    return since if phase is Phase.LOST else terms.news_due(since)


def _table(conn: Connection, name: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    table = sql.Identifier(name)
    with conn.cursor() as cursor:
        create = sql.SQL("create temp table {} ({}) on commit drop")
        cursor.execute(create.format(table, sql.SQL(columns)))
        execute_values(cursor, sql.SQL("insert into {} values %s").format(table), list(rows))
        cursor.execute(sql.SQL("analyze {}").format(table))
