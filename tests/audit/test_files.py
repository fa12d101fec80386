"""What happens to a file is in the journal, once, with who did it and why."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sverka.audit.journal import Kind
from sverka.confirming import store as confirming
from sverka.confirming.store import Numbered, Said
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.intake import ledger as register
from sverka.intake.register import Arrival
from sverka.intake.register import register as registered
from sverka.intake.zones import Entry
from sverka.services import Services
from sverka.settings import INCLUDE
from tests.audit.conftest import Ledger
from tests.conftest import FrozenClock

KEY = "a.csv · aaaaaaaaaaaa"


@pytest.fixture
def file_id(services: Services, clock: FrozenClock) -> int:
    with services.connect() as conn:
        return registered(conn, Arrival("inbox", Entry("a.csv", 1, "1"), "a" * 64, 1), clock())


@contextmanager
def told(ledger: Ledger, services: Services) -> Iterator[tuple[Connection, list[Any]]]:
    """The events that the block adds: (kind, file, by, state or None)."""
    start = len(ledger.rows("id"))
    found: list[Any] = []
    with services.connect() as conn:
        yield conn, found
    found += ledger.rows("kind, file_id, by, detail ->> 'state'")[start:]


def test_a_file_is_received_once(ledger: Ledger, services: Services, file_id: int) -> None:
    [row] = ledger.rows("kind, file_id, by, detail")
    assert row[:3] == (Kind.FILE_RECEIVED, file_id, "intake")
    assert row[3] == {"state": "registered", "name": "a.csv", "sha256": "a" * 64}
    with told(ledger, services) as (conn, found):
        arrival = Arrival("inbox", Entry("copy.csv", 1, "2"), "a" * 64, 1)
        registered(conn, arrival, services.clock())
    assert found == []


def test_every_change_of_state_is_told(
    ledger: Ledger, services: Services, file_id: int, clock: FrozenClock
) -> None:
    steps = [
        (lambda c: register.claim(c, KEY, "run 1", clock()), Kind.FILE_CLAIMED, "run 1", "processing"),
        (lambda c: register.waiting(c, file_id, "Чей?"), Kind.FILE_ASKED, "intake", "waiting"),
        (lambda c: register.answered(c, file_id), Kind.FILE_ANSWERED, "intake", "processing"),
        (lambda c: register.stalled(c, file_id, "нет связи", clock()), Kind.FILE_STALLED, "intake", "stalled"),
        (lambda c: register.still_claimed(c, file_id, "run 1", clock()), Kind.FILE_CLAIMED, "run 1", "processing"),
        (lambda c: register.released(c, file_id), Kind.FILE_RELEASED, "intake", "registered"),
        (lambda c: register.claim(c, KEY, "run 2", clock()), Kind.FILE_CLAIMED, "run 2", "processing"),
        (lambda c: register.quarantined(c, file_id, "нет колонки", clock()), Kind.FILE_QUARANTINED, "intake", "quarantined"),
        (lambda c: registered(c, Arrival("inbox", Entry("a.csv", 1, "9"), "a" * 64, 1), clock()), Kind.FILE_RECEIVED, "intake", "registered"),
        (lambda c: register.claim(c, KEY, "run 3", clock()), Kind.FILE_CLAIMED, "run 3", "processing"),
        (lambda c: register.settled(c, file_id, clock()), Kind.FILE_SETTLED, "intake", "settled"),
        (lambda c: register.undone(c, file_id, "ошибка", clock()), Kind.FILE_UNDONE, "undo", "undone"),
    ]  # fmt: skip
    for step, kind, by, state in steps:
        with told(ledger, services) as (conn, found):
            step(conn)
        assert found == [(kind, file_id, by, state)]
    assert ledger.walked().broken is None


def test_what_changes_nothing_is_not_told(
    ledger: Ledger, services: Services, file_id: int, clock: FrozenClock
) -> None:
    with services.connect() as conn:
        register.claim(conn, KEY, "run 1", clock())
    with told(ledger, services) as (conn, found):
        register.claim(conn, KEY, "run 1", clock())
        register.claim(conn, KEY, "run 2", clock())
        register.claim(conn, "нет такого", "run 2", clock())
        register.still_claimed(conn, file_id, "run 1", clock())
        register.answered(conn, file_id)
        register.offer(conn, clock())
    assert found == []


def test_the_reason_is_told(ledger: Ledger, services: Services, file_id: int) -> None:
    with services.connect() as conn:
        register.quarantined(conn, file_id, "нет колонки «Сумма»", services.clock())
    assert ledger.rows("detail ->> 'reason'")[-1] == ("нет колонки «Сумма»",)


def test_an_abandoned_file_is_told_as_stalled(
    ledger: Ledger, services: Services, file_id: int, clock: FrozenClock
) -> None:
    with services.connect() as conn:
        register.claim(conn, KEY, "run 1", clock())
    clock.advance(seconds=8 * 3600)
    with told(ledger, services) as (conn, found):
        register.offer(conn, clock())
        register.offer(conn, clock())
    assert found == [(Kind.FILE_STALLED, file_id, "intake", "stalled")]


def test_a_recognised_layout_is_told_when_it_is_another_one(
    ledger: Ledger, services: Services, file_id: int
) -> None:
    for version, times in ((1, 1), (1, 0), (2, 1)):
        with told(ledger, services) as (conn, found):
            register.recognised(conn, file_id, courier="dalli", schema="d", schema_version=version)
        assert [kind for kind, *_ in found] == [Kind.FILE_RECOGNISED] * times
    assert ledger.rows("detail")[-1] == ({"courier": "dalli", "schema": "d", "version": 2},)


def test_who_confirmed_a_layout_a_courier_or_a_file_is_told(
    ledger: Ledger, services: Services, file_id: int
) -> None:
    said = Said("Анна", services.clock(), file_id)
    courier = Couriers.load(INCLUDE / "couriers").get("dalli")
    with told(ledger, services) as (conn, found):
        confirming.confirm_schema(conn, Numbered("new", 1, "code: new\n"), said)
        confirming.confirm_courier(conn, courier, said)
        confirming.say_courier(conn, file_id, "dalli", said)
        confirming.withdraw(conn, "new", services.clock())
    assert [(kind, of, by) for kind, of, by, _ in found] == [
        (Kind.LAYOUT_CONFIRMED, file_id, "Анна"),
        (Kind.COURIER_CONFIRMED, file_id, "Анна"),
        (Kind.FILE_CONFIRMED, file_id, "Анна"),
        (Kind.LAYOUT_WITHDRAWN, None, "schema"),
    ]


def test_a_change_that_is_taken_back_is_not_told(
    ledger: Ledger, services: Services, file_id: int
) -> None:
    before = ledger.rows()
    with services.connect() as conn:
        register.settled(conn, file_id, services.clock())
        conn.rollback()
    assert ledger.rows() == before
