"""A process that posts through the shared budget, for tests that start several of them.

`python -m tests.moysklad.posting_at_once DATABASE MOYSKLAD HOW_MANY`: waits for a line on stdin,
then saves that many payments, one request each, and prints how many were saved. With `hang` for a
number it takes a place, says so, and keeps it until it is killed.
"""

import sys
import time
from uuid import uuid4

from sverka.clock import system_clock
from sverka.moysklad.budget import Budget, key_of
from sverka.moysklad.client import MoySklad, Saved
from sverka.moysklad.weights import weight_now
from sverka.settings import MoySkladConnection


def say(what: object) -> None:
    """One line to whoever started this process."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main(database: str, url: str, how_many: str) -> None:
    connection = MoySkladConnection(url=url, token="sandbox")
    pace = Budget(database, key_of(connection), weight_now(system_clock, with_token=True))
    if how_many == "hang":
        with pace.place(10):
            say("in flight")
            time.sleep(600)
    client = MoySklad(connection, pace=pace)
    say("ready")
    sys.stdin.readline()
    saved = 0
    for number in range(int(how_many)):
        body = {"name": f"{number}", "code": str(uuid4())}
        saved += isinstance(client.save("counterparty", [body])[0], Saved)
    say(saved)


if __name__ == "__main__":
    main(*sys.argv[1:])
