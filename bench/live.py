"""From drop to posted in a running Airflow: one file of N lines, in an installation of its own."""

import shutil
import tempfile
import time
from itertools import islice
from pathlib import Path

import psycopg2

from local.down import bring_down
from local.environment import database_url
from local.state import State
from local.up import bring_up
from sverka.demo.registers import payable, settled_register
from sverka.demo.shop import build_shop
from sverka.intake.zones import Zone


def drop_to_posted(rows: int) -> None:
    """Prints seconds from the drop to the claim, and to the last posted document."""
    with tempfile.TemporaryDirectory(prefix="sverka-bench-") as folder:
        state = State(Path(folder) / "state")
        bring_up(state)
        try:
            _measure(state, rows)
        finally:
            bring_down(state)
            shutil.rmtree(state.control_folder, ignore_errors=True)


def _measure(state: State, rows: int) -> None:
    register = _register(rows)
    inbox = Zone("folder", state.inbox.as_uri(), {})
    dropped = time.time()
    inbox.drop("bench.xlsx", register)
    while not _query(state, "select 1 from file where state in ('settled', 'quarantined')"):
        time.sleep(0.2)
    [(received, claimed, last, posted)] = _query(
        state,
        "select extract(epoch from received_at), extract(epoch from claimed_at),"
        " (select extract(epoch from max(posted_at)) from posting),"
        " (select count(*) from posting where state = 'posted') from file",
    )
    print(f"\n{rows:,} lines in the running Airflow, seconds after the drop")
    print(f"  registered {float(received) - dropped:6.1f}")
    print(f"  claimed    {float(claimed) - dropped:6.1f}")
    print(f"  posted     {float(last) - dropped:6.1f}   {posted} documents and state changes")


def _register(rows: int) -> bytes:
    """A register over orders of the demo shop that are shipped and not paid."""
    orders = list(islice(payable(build_shop().orders), rows))
    if len(orders) < rows:
        raise SystemExit(f"the demo shop has only {len(orders)} payable orders")
    return settled_register("B-1", orders)


def _query(state: State, statement: str) -> list[tuple[object, ...]]:
    conn = psycopg2.connect(database_url(state, "sverka"))
    try:
        with conn, conn.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()
    finally:
        conn.close()
