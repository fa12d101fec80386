"""Works out the rows of `order_economics` anew where documents or the books changed."""

from pathlib import Path

from sverka.database.connection import Connection
from sverka.services import Services

LOCK = 1_162_037_071
"""One works at a time: of two the slower one could write down what it read earlier."""

BATCH = 20_000
"""Orders of one transaction; about two seconds of work."""

_SQL = Path(__file__).parent / "sql"
_WORK_OUT = (_SQL / "work_out.sql").read_text(encoding="utf-8")
_ADD_UP = (_SQL / "add_up.sql").read_text(encoding="utf-8")


def refresh(conn: Connection, limit: int = BATCH) -> int:
    """Works out the orders that wait in `economics_queue`; returns how many entries it took.

    In the caller's transaction and only one at a time: 0 when somebody else is at it, and when
    nothing waits. Repeat it until it returns less than `limit`. What changes meanwhile waits for
    the next time, so nothing is missed whatever is killed.
    """
    with conn.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", (LOCK,))
        free = cursor.fetchone()
        if not free or not free[0]:
            return 0
        cursor.execute(
            "delete from economics_queue"
            " where id in (select id from economics_queue order by id limit %s)"
            " returning order_id::text",
            (limit,),
        )
        taken = [order for (order,) in cursor.fetchall()]
        if taken:
            orders = sorted(set(taken))
            cursor.execute(_ADD_UP, {"orders": orders, "sign": -1})
            cursor.execute(_WORK_OUT, {"orders": orders})
            cursor.execute(_ADD_UP, {"orders": orders, "sign": 1})
        return len(taken)


def catch_up(services: Services) -> int:
    """Works out all that waits, batch by batch; returns how many entries it took."""
    done = 0
    while True:
        with services.connect() as conn:
            taken = refresh(conn)
        done += taken
        if taken < BATCH:
            return done


def waits(conn: Connection) -> bool:
    """Whether an order still has to be worked out: what is shown is not the newest then."""
    with conn.cursor() as cursor:
        cursor.execute("select exists (select from economics_queue)")
        found = cursor.fetchone()
    return bool(found and found[0])


def start_anew(conn: Connection) -> None:
    """Has every booked order worked out again by the next refreshes."""
    with conn.cursor() as cursor:
        cursor.execute(
            "insert into economics_queue (order_id)"
            " select order_id from order_economics"
            " union select order_id from posting where state = 'posted' and order_id is not null"
            " union select v.order_id from posting p join posting_line c using (sync_id)"
            "   join verdict v on v.line_id = c.line_id"
            "  where p.state = 'posted' and v.order_id is not null"
        )
