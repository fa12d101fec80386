"""The test's side of `dying`: orders work, lets it die at a moment, lets it go on."""

import os
import signal
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from tests.posting.conftest import Desk
from tests.posting.forking import Forking, forking

ALL = os.environ.get("SVERKA_KILL_ALL") == "1"
"""Every moment, and not only the named points."""
REPEATS = int(os.environ.get("SVERKA_KILL_REPEATS", "1"))
"""How often a process is killed at each point, each time with another file."""

HEAVY = (
    "fsspec.implementations.local",
    "great_expectations.expectations.core",
    "jinja2",
    "lxml.etree",
    "openpyxl.packaging.extended",
    "pandas",
    "python_calamine",
    "sqlalchemy.dialects.postgresql.psycopg2",
    "sverka.checking",
    "sverka.confirming",
    "sverka.parsing.store",
    "sverka.reporting.checks.collect",
    "sverka.reporting.checks.html",
)
"""What the steps import where they use it: imported once, before the processes part."""


@dataclass
class Executioner:
    """A server of processes that die on command; see `dying`."""

    server: Forking

    def lives(self, desk: Desk, action: str, file_id: int = 0) -> list[str]:
        """Does it to the end, waiting as it is asked to; the moments that it met."""
        answer = self._ask(desk, action, file_id, "")
        assert answer["code"] == 0, answer["error"]
        moments: list[str] = answer["moments"]
        return moments

    def dies(self, desk: Desk, action: str, at: str, file_id: int = 0) -> None:
        """Begins it and dies at the moment `at`, which has to come."""
        answer = self._ask(desk, action, file_id, at)
        assert answer["code"] == -signal.SIGKILL, f"{answer['error']} {at}: {answer['moments']}"

    def _ask(self, desk: Desk, action: str, file_id: int, at: str) -> dict[str, Any]:
        self.server.order(
            action=action,
            file_id=file_id,
            at=at,
            database_url=desk.books.url,
            sandbox=desk.sandbox.origin,
            couriers=str(desk.couriers),
            folder=str(desk.couriers.parent),
            now=desk.clock.now.isoformat(),
        )
        answer: dict[str, Any] = self.server.answer()
        desk.clock.now = datetime.fromisoformat(answer["now"])
        return answer


@contextmanager
def executioner(*preloaded: str) -> Iterator[Executioner]:
    """Runs the server, which imports the `preloaded` modules first."""
    with forking("tests.posting.dying", *preloaded) as server:
        yield Executioner(server)


@pytest.fixture(scope="module")
def killer() -> Iterator[Executioner]:
    """For work that begins with a plan or later."""
    with executioner() as running:
        yield running


def name_of(moment: str) -> str:
    return moment.rpartition(" #")[0]


def names(moments: Sequence[str]) -> set[str]:
    """The recovery points among the moments: what each `before` is about is one of them, too."""
    return {name_of(one) for one in moments if not one.startswith("before ")}


def to_kill(moments: Sequence[str], *, once: Collection[str] = ()) -> list[str]:
    """The moments of a rehearsal at which a process is killed, one after another.

    Every named point `REPEATS` times, spread over its occurrences, those of `once` (which another
    test repeats) one time; with `SVERKA_KILL_ALL=1` every moment there is.
    """
    if ALL:
        return list(moments)
    chosen = []
    for name in dict.fromkeys(map(name_of, moments)):
        if not name.startswith("before "):
            often = [one for one in moments if name_of(one) == name]
            repeats = 1 if name in once else REPEATS
            chosen += [often[n * len(often) // repeats] for n in range(repeats)]
    return chosen
