"""The orders and demands that an undo touched, read again into the snapshot.

The mirror would learn it as well, but a document that was deleted past the bin is in no list any
more, and until then the next plan would count its money as paid.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from psycopg2.extras import execute_values

from sverka.database.connection import Connection
from sverka.moysklad.client import MoySklad
from sverka.moysklad.wire import equals, id_of, minor, moment
from sverka.services import Services

AT_ONCE = 100
TABLES = {"customerorder": "snapshot_order", "demand": "snapshot_demand"}


def refresh(services: Services, client: MoySklad, undo_id: int) -> None:
    """Brings the sums and states of the undo's orders and demands up to now.

    Raises:
        Transient: MoySklad does not answer; doing it again is enough.
    """
    with services.connect() as conn:
        touched = _touched(conn, undo_id)
    for entity, ids in touched.items():
        wanted = sorted(ids)
        for start in range(0, len(wanted), AT_ONCE):
            asked_at = services.clock()
            filters = [equals("id", str(one)) for one in wanted[start : start + AT_ONCE]]
            rows = [
                (
                    row["id"],
                    minor(row["payedSum"]),
                    str(id_of(row["state"])) if "state" in row else None,
                    moment(row["updated"]),
                    asked_at,
                )
                for row in client.rows(entity, filters=filters)
            ]
            with services.connect() as conn:
                _write(conn, TABLES[entity], rows)


def _touched(conn: Connection, undo_id: int) -> dict[str, Collection[UUID]]:
    with conn.cursor() as cursor:
        cursor.execute(
            "select distinct p.order_id::text from reversal r join posting p using (sync_id) "
            "where r.undo_id = %s and p.order_id is not null",
            (undo_id,),
        )
        orders = {UUID(row[0]) for row in cursor.fetchall()}
        cursor.execute(
            "select id::text from snapshot_demand where order_id = any(%s::uuid[])",
            ([str(one) for one in orders],),
        )
        return {
            "customerorder": orders,
            "demand": {UUID(row[0]) for row in cursor.fetchall()},
        }


def _write(
    conn: Connection, table: str, rows: Sequence[tuple[str, int, str | None, datetime, datetime]]
) -> None:
    with conn.cursor() as cursor:
        execute_values(
            cursor,
            f"update {table} s set payed_sum = v.paid, state_id = v.state::uuid, "  # noqa: S608 - one of two constants
            "updated = v.updated, fetched_at = v.at "
            "from (values %s) as v (id, paid, state, updated, at) where s.id = v.id::uuid "
            "and (v.updated, v.at) >= (s.updated, s.fetched_at)",
            rows,
            page_size=1000,
        )
