"""Every file is taken once, whole, and none is lost, whatever happens in between."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2.extras import RealDictCursor

from sverka.intake import archive, intake, ledger
from sverka.intake.intake import look_round, take
from sverka.intake.ledger import archive_path
from sverka.intake.names import partition_key
from sverka.intake.place import Away
from sverka.intake.zones import Entry, Zone
from sverka.services import Services
from tests.conftest import FrozenClock

Wait = Callable[[float], None]
Rows = Callable[[str], list[dict[str, Any]]]


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def key(name: str, data: bytes) -> str:
    return partition_key(name, sha(data))


@pytest.fixture
def rows(database_url: str) -> Iterator[Rows]:
    conn = psycopg2.connect(database_url)
    conn.autocommit = True

    def query(statement: str) -> list[dict[str, Any]]:
        with conn.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute(statement)
            return [dict(row) for row in cursor.fetchall()]

    yield query
    conn.close()


def test_a_file_is_archived_registered_and_leaves_the_zone(
    services: Services, zone: Zone, wait: Wait, rows: Rows, clock: FrozenClock
) -> None:
    data = "заказ;сумма\r\n1;100\r\n".encode("cp1251")
    zone.drop("Реестр №7 «ноябрь».csv", data)

    keys = take(services, [zone], wait=wait)

    assert keys == [key("Реестр №7 «ноябрь».csv", data)]
    assert services.storage.read(archive_path(sha(data))) == data
    assert zone.look() == []
    [row] = rows("select * from file")
    assert (row["name"], row["zone"], row["size_bytes"], row["state"]) == (
        "Реестр №7 «ноябрь».csv",
        "почта",
        len(data),
        "registered",
    )
    assert row["received_at"] == clock.now
    assert [sighting["name"] for sighting in rows("select * from sighting")] == [row["name"]]


def test_twenty_files_give_twenty_runs(services: Services, local_zone: Zone, wait: Wait) -> None:
    for number in range(20):
        local_zone.drop(f"{number:02}.csv", str(number).encode())
    keys = take(services, [local_zone], wait=wait)
    assert [name.partition(" ")[0] for name in keys] == [f"{n:02}.csv" for n in range(20)]
    assert local_zone.look() == []


def test_nothing_there_asks_for_nothing_and_waits_for_nothing(
    services: Services, local_zone: Zone
) -> None:
    def never(seconds: float) -> None:
        raise AssertionError(f"waited {seconds} s for nothing")

    assert take(services, [local_zone], wait=never) == []


class TestSameContent:
    def test_under_another_name_it_is_only_a_sighting(
        self, services: Services, local_zone: Zone, wait: Wait, rows: Rows
    ) -> None:
        local_zone.drop("first.csv", b"same")
        first = take(services, [local_zone], wait=wait)
        local_zone.drop("second.csv", b"same")

        assert take(services, [local_zone], wait=wait) == []
        assert len(first) == 1
        assert local_zone.look() == []
        assert [row["name"] for row in rows("select name from file")] == ["first.csv"]
        assert [row["name"] for row in rows("select name from sighting order by id")] == [
            "first.csv",
            "second.csv",
        ]

    def test_twice_in_one_round_is_one_run(
        self, services: Services, local_zone: Zone, wait: Wait, rows: Rows
    ) -> None:
        local_zone.drop("a.csv", b"same")
        local_zone.drop("b.csv", b"same")
        assert take(services, [local_zone], wait=wait) == [key("a.csv", b"same")]
        assert len(rows("select 1 from sighting")) == 2

    def test_after_it_was_settled_it_never_runs_again(
        self, services: Services, local_zone: Zone, wait: Wait, clock: FrozenClock
    ) -> None:
        local_zone.drop("a.csv", b"same")
        [name] = take(services, [local_zone], wait=wait)
        with services.connect() as conn:
            file_id = ledger.claim(conn, name, "run", clock())
            assert file_id is not None
            ledger.settled(conn, file_id, clock())
        clock.advance(seconds=86_400)
        local_zone.drop("a.csv", b"same")
        assert take(services, [local_zone], wait=wait) == []

    def test_after_quarantine_it_runs_again_under_its_new_name(
        self, services: Services, local_zone: Zone, wait: Wait, clock: FrozenClock, rows: Rows
    ) -> None:
        """The advice for an unknown courier is to rename the file: that must have an effect."""
        local_zone.drop("report.csv", b"same")
        [name] = take(services, [local_zone], wait=wait)
        with services.connect() as conn:
            file_id = ledger.claim(conn, name, "run 1", clock())
            assert file_id is not None
            ledger.quarantined(conn, file_id, "непонятно, чей", clock())

        local_zone.drop("Далли report.csv", b"same")
        assert take(services, [local_zone], wait=wait) == [key("Далли report.csv", b"same")]
        [row] = rows("select * from file")
        assert (row["id"], row["name"], row["state"], row["reason"]) == (
            file_id,
            "Далли report.csv",
            "registered",
            None,
        )


class TestWaitingUntilWhole:
    def test_a_file_that_still_grows_is_left_alone(
        self, services: Services, local_zone: Zone, tmp_path: Path, clock: FrozenClock
    ) -> None:
        path = tmp_path / "inbox" / "growing.csv"
        path.write_bytes(b"1")

        def growing(seconds: float) -> None:
            clock.advance(seconds=seconds)
            with path.open("ab") as file:
                file.write(b"2")

        assert take(services, [local_zone], wait=growing) == []
        assert path.read_bytes() == b"12"
        still = lambda seconds: clock.advance(seconds=seconds)  # noqa: E731
        assert take(services, [local_zone], wait=still) == [key("growing.csv", b"12")]

    def test_the_two_looks_are_settle_seconds_apart(
        self, services: Services, local_zone: Zone
    ) -> None:
        waited: list[float] = []
        local_zone.drop("a.csv", b"x")
        take(services, [local_zone], wait=waited.append)
        assert waited == [services.settings.settle_seconds]

    @pytest.mark.parametrize(
        "data", [b"PK\x03\x04 half a workbook", b"<report><li", b'{"a": [', b""]
    )
    def test_bytes_that_look_cut_off_are_given_a_minute(
        self, services: Services, zone: Zone, wait: Wait, clock: FrozenClock, data: bytes
    ) -> None:
        zone.drop("half", data)
        assert take(services, [zone], wait=wait) == []
        clock.advance(seconds=55)
        assert take(services, [zone], wait=wait) == []
        clock.advance(seconds=5)
        assert take(services, [zone], wait=wait) == [key("half", data)]
        assert zone.look() == []

    def test_the_minute_begins_anew_when_the_file_changes(
        self, services: Services, local_zone: Zone, wait: Wait, clock: FrozenClock
    ) -> None:
        local_zone.drop("a.json", b"[1,")
        take(services, [local_zone], wait=wait)
        clock.advance(seconds=50)
        local_zone.drop("a.json", b"[1, 2,")
        take(services, [local_zone], wait=wait)
        clock.advance(seconds=50)
        assert take(services, [local_zone], wait=wait) == []
        local_zone.drop("a.json", b"[1, 2, 3]")
        assert take(services, [local_zone], wait=wait) == [key("a.json", b"[1, 2, 3]")]

    def test_a_file_with_an_old_date_is_no_older_for_that(
        self, services: Services, local_zone: Zone, tmp_path: Path, wait: Wait
    ) -> None:
        """Clients keep a copy's date; the minute is counted by our clock, not by the file's."""
        path = tmp_path / "inbox" / "a.json"
        path.write_bytes(b"[1,")
        os.utime(path, (1_000_000_000, 1_000_000_000))
        assert take(services, [local_zone], wait=wait) == []
        assert path.exists()


class TestSomebodyOverwrites:
    def test_while_it_is_read(
        self, services: Services, local_zone: Zone, wait: Wait, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        local_zone.drop("a.csv", b"old")
        fetch = Zone.fetch

        def overwritten(zone: Zone, name: str) -> bytes:
            data = fetch(zone, name)
            zone.drop(name, b"new content")
            return data

        monkeypatch.setattr(Zone, "fetch", overwritten)
        assert take(services, [local_zone], wait=wait) == []
        monkeypatch.undo()
        assert take(services, [local_zone], wait=wait) == [key("a.csv", b"new content")]

    def test_after_it_was_registered(
        self, services: Services, zone: Zone, wait: Wait, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The first content is taken, the second stays in the zone and is taken next."""
        zone.drop("a.csv", b"old")
        register = intake.register

        def overwritten(*arguments: Any) -> int:
            file_id = register(*arguments)
            zone.drop("a.csv", b"new content")
            return file_id

        monkeypatch.setattr(intake, "register", overwritten)
        assert take(services, [zone], wait=wait) == [key("a.csv", b"old")]
        monkeypatch.undo()
        assert zone.fetch("a.csv") == b"new content"
        assert take(services, [zone], wait=wait) == [key("a.csv", b"new content")]
        assert zone.look() == []

    def test_somebody_takes_the_file_away_first(
        self, services: Services, local_zone: Zone, tmp_path: Path, clock: FrozenClock
    ) -> None:
        local_zone.drop("a.csv", b"x")
        local_zone.drop("b.csv", b"y")

        def taken_away(_: float) -> None:
            (tmp_path / "inbox" / "a.csv").unlink(missing_ok=True)

        result = look_round(services, [local_zone], wait=taken_away)
        assert (result.keys, result.troubles) == ([key("b.csv", b"y")], [])


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it, nothing cleans up."""


CUTS = {
    "before archiving": (archive.Storage, "write"),
    "after archiving": (intake, "register"),
    "before forgetting": (intake, "forget_arrival"),
    "before looking again": (Zone, "sees"),
    "before removing": (Zone, "remove"),
    "before offering": (ledger, "offer"),
}


@pytest.mark.parametrize("cut", CUTS)
def test_a_kill_between_any_two_steps_loses_nothing_and_doubles_nothing(
    services: Services,
    zone: Zone,
    wait: Wait,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    cut: str,
) -> None:
    zone.drop("a.csv", b"bytes")

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    monkeypatch.setattr(*CUTS[cut], killed)
    with pytest.raises(Killed):
        take(services, [zone], wait=wait)
    monkeypatch.undo()

    assert take(services, [zone], wait=wait) == [key("a.csv", b"bytes")]
    assert zone.look() == []
    assert services.storage.read(archive_path(sha(b"bytes"))) == b"bytes"
    assert len(rows("select 1 from file")) == len(rows("select 1 from sighting")) == 1


class TestTroubles:
    def test_a_zone_that_is_away_stops_no_other(
        self, services: Services, local_zone: Zone, tmp_path: Path, wait: Wait
    ) -> None:
        local_zone.drop("a.csv", b"x")
        away = Zone("шлюз", str(tmp_path / "unmounted"))
        result = look_round(services, [away, local_zone], wait=wait)
        assert result.keys == [key("a.csv", b"x")]
        [trouble] = result.troubles
        assert trouble.startswith("Папка «шлюз» недоступна")

    def test_a_file_that_cannot_be_read_stops_no_other(
        self, services: Services, local_zone: Zone, wait: Wait, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("a.csv", "b.csv", "c.csv"):
            local_zone.drop(name, name.encode())
        fetch = Zone.fetch

        def forbidden(zone: Zone, name: str) -> bytes:
            if name == "b.csv":
                raise Away("permission denied")
            return fetch(zone, name)

        monkeypatch.setattr(Zone, "fetch", forbidden)
        result = look_round(services, [local_zone], wait=wait)
        assert result.keys == [key("a.csv", b"a.csv"), key("c.csv", b"c.csv")]
        [trouble] = result.troubles
        assert "b.csv" in trouble
        assert [entry.name for entry in local_zone.look()] == ["b.csv"]

    def test_a_file_that_cannot_be_removed_is_still_taken_only_once(
        self,
        services: Services,
        local_zone: Zone,
        wait: Wait,
        rows: Rows,
        clock: FrozenClock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        local_zone.drop("a.csv", b"x")

        def read_only(_: Zone, name: str) -> None:
            raise Away(f"cannot remove {name}")

        monkeypatch.setattr(Zone, "remove", read_only)
        first = look_round(services, [local_zone], wait=wait)
        assert (first.keys, first.troubles) == ([key("a.csv", b"x")], [])
        with services.connect() as conn:
            assert ledger.claim(conn, first.keys[0], "run", clock())
        monkeypatch.setattr(Zone, "fetch", read_only)
        again = look_round(services, [local_zone], wait=wait)
        assert (again.keys, again.troubles) == ([], [])
        assert len(rows("select 1 from sighting")) == 1

    def test_an_archive_that_does_not_read_back_keeps_the_file_in_the_zone(
        self, services: Services, local_zone: Zone, wait: Wait, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        local_zone.drop("a.csv", b"bytes")
        monkeypatch.setattr(archive.Storage, "read", lambda *_: b"something else")
        result = look_round(services, [local_zone], wait=wait)
        assert result.keys == []
        assert "не удалось забрать" in result.troubles[0]
        assert [entry.name for entry in local_zone.look()] == ["a.csv"]


def test_a_file_too_large_for_memory_goes_through_the_disk(
    services: Services, zone: Zone, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = b"0123456789" * 1000
    zone.drop("huge.csv", data)
    monkeypatch.setattr(intake, "IN_MEMORY_LIMIT", 100)

    def into_memory(*_: Any) -> bytes:
        raise AssertionError("read into memory")

    monkeypatch.setattr(Zone, "fetch", into_memory)
    assert take(services, [zone], wait=wait) == [key("huge.csv", data)]
    assert services.storage.read(archive_path(sha(data))) == data
    assert zone.look() == []


def test_two_rounds_at_once_take_a_file_once(
    services: Services, local_zone: Zone, wait: Wait, rows: Rows
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for number in range(10):
        local_zone.drop(f"{number}.csv", str(number).encode())
    zones = [Zone("папка", local_zone.url) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda zone: take(services, [zone], wait=lambda _: None), zones))
    assert sorted(found[0] + found[1]) == [key(f"{n}.csv", str(n).encode()) for n in range(10)]
    assert len(rows("select 1 from sighting")) == 10


def test_an_entry_is_compared_with_all_it_has() -> None:
    assert Entry("a", 1, "1 x") != Entry("a", 1, "1 y")
