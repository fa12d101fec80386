"""What the end of a file renews: what it says something of, and once a day everything."""

from datetime import date
from pathlib import Path

import pytest

from sverka import settling
from sverka.discrepancies import State
from sverka.reporting import publish
from sverka.services import services_from
from sverka.settings import Settings
from tests.conftest import FrozenClock
from tests.discrepancies.facts import Facts
from tests.support.books import Books
from tests.support.installed import Installed

TODAY = date(2026, 11, 20)
LONG_AGO = date(2026, 10, 1)


@pytest.fixture
def installed(database_url: str, tmp_path: Path, clock: FrozenClock) -> Installed:
    settings = Settings(database_url, str(tmp_path / "storage"), {}, (), None)
    return Installed(services_from(settings, clock), clock, tmp_path / "inbox")


@pytest.fixture
def books(database_url: str) -> Books:
    return Books(database_url)


def states(installed: Installed) -> dict[str | None, State]:
    with installed.services.connect() as conn:
        return {one.order: one.state for one in Facts(conn, installed.clock).all()}


def shipped_long_ago(books: Books, name: str) -> str:
    order_id = books.order(name)
    books.demand(order_id, moment=f"{LONG_AGO} 12:00+03")
    return str(order_id)


def settled(books: Books, order_id: str, name: str) -> int:
    file_id = books.file("gorod")
    line_id = books.line(file_id, name, 100_000)
    verdict = {"line_id": line_id, "verdict": "matched", "rule": "residual.exact", "clean": True}
    told = {"order_id": order_id, "received": 100_000, "sentence": ""}
    books.insert("verdict", verdict | told | {"decided_at": f"{TODAY} 12:00+03"})
    return file_id


def test_late_orders_open_with_the_day_and_close_with_the_report_that_has_them(
    installed: Installed, books: Books
) -> None:
    first, _ = shipped_long_ago(books, "1"), shipped_long_ago(books, "2")
    publish(installed.services, TODAY)
    assert states(installed) == {"1": State.OPEN, "2": State.OPEN}
    installed.clock.advance(seconds=60)
    settling.publish(installed.services, settled(books, first, "1"))
    assert states(installed) == {"1": State.RESOLVED, "2": State.OPEN}


def test_the_end_of_a_file_leaves_what_it_does_not_speak_of(
    installed: Installed, books: Books
) -> None:
    first = shipped_long_ago(books, "1")
    publish(installed.services, TODAY)
    shipped_long_ago(books, "2")
    installed.clock.advance(seconds=60)
    settling.publish(installed.services, settled(books, first, "1"))
    assert states(installed) == {"1": State.RESOLVED}
    publish(installed.services, TODAY)
    assert states(installed) == {"1": State.RESOLVED, "2": State.OPEN}


def test_the_first_report_of_a_day_renews_everything(installed: Installed, books: Books) -> None:
    first, _ = shipped_long_ago(books, "1"), shipped_long_ago(books, "2")
    settling.publish(installed.services, settled(books, first, "1"))
    assert states(installed) == {"2": State.OPEN}
