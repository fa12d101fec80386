"""The register: who has a file, and which files need a run."""

from collections.abc import Callable

import pytest

from sverka.intake import ledger
from sverka.intake.register import Arrival, register
from sverka.intake.zones import Entry
from sverka.nouns import FileState
from sverka.services import Services
from tests.conftest import FrozenClock


@pytest.fixture
def registered(services: Services) -> Callable[[str], tuple[int, str]]:
    """Registers a file of this name; its id and partition key."""

    def make(name: str) -> tuple[int, str]:
        sha256 = name.encode().hex().ljust(64, "0")
        with services.connect() as conn:
            arrival = Arrival("z", Entry(name, 1, f"1 {name}"), sha256, 1)
            file_id = register(conn, arrival, services.clock())
            return file_id, ledger.file_of(conn, file_id).partition_key

    return make


Register = Callable[[str], tuple[int, str]]


def test_one_run_gets_a_file_and_may_ask_again(services: Services, registered: Register) -> None:
    file_id, key = registered("a.csv")
    with services.connect() as conn:
        assert ledger.claim(conn, key, "run 1", services.clock()) == file_id
        assert ledger.claim(conn, key, "run 2", services.clock()) is None
        assert ledger.claim(conn, key, "run 1", services.clock()) == file_id
        assert ledger.claimed_by(conn, "run 1") == file_id
        assert ledger.claimed_by(conn, "run 2") is None
        assert ledger.file_of(conn, file_id).state is FileState.PROCESSING


def test_an_unknown_key_is_nobodys(services: Services) -> None:
    with services.connect() as conn:
        assert ledger.claim(conn, "nothing · 000000000000", "run", services.clock()) is None
        with pytest.raises(LookupError):
            ledger.file_of(conn, 1)


def test_a_settled_file_is_only_for_the_run_that_had_it(
    services: Services, registered: Register
) -> None:
    file_id, key = registered("a.csv")
    with services.connect() as conn:
        ledger.claim(conn, key, "run", services.clock())
        ledger.settled(conn, file_id, services.clock())
        assert ledger.claim(conn, key, "run 2", services.clock()) is None
        # Cleared in Airflow after a person put an order right.
        assert ledger.claim(conn, key, "run", services.clock()) == file_id
        assert ledger.file_of(conn, file_id).state is FileState.PROCESSING


def test_a_settled_file_is_never_changed_by_a_run_that_is_late(
    services: Services, registered: Register
) -> None:
    file_id, key = registered("a.csv")
    with services.connect() as conn:
        ledger.claim(conn, key, "run", services.clock())
        ledger.settled(conn, file_id, services.clock())
        ledger.stalled(conn, file_id, "поздно", services.clock())
        ledger.quarantined(conn, file_id, "поздно", services.clock())
        assert ledger.file_of(conn, file_id).state is FileState.SETTLED
        assert ledger.claimed_by(conn, "run") is None


def test_a_quarantined_file_is_only_for_the_run_that_had_it(
    services: Services, registered: Register
) -> None:
    file_id, key = registered("a.csv")
    with services.connect() as conn:
        ledger.claim(conn, key, "run 1", services.clock())
        ledger.quarantined(conn, file_id, "нет колонки", services.clock())
        assert ledger.file_of(conn, file_id).reason == "нет колонки"
        assert ledger.claim(conn, key, "run 2", services.clock()) is None
        assert ledger.claim(conn, key, "run 1", services.clock()) == file_id
        assert ledger.file_of(conn, file_id).reason is None


def test_what_was_recognised_is_kept(services: Services, registered: Register) -> None:
    file_id, _ = registered("a.csv")
    with services.connect() as conn:
        ledger.recognised(conn, file_id, courier="dalli", schema="dalli_xml", schema_version=2)
        row = ledger.file_of(conn, file_id)
    assert (row.courier, row.schema, row.schema_version) == ("dalli", "dalli_xml", 2)


class TestOffering:
    def test_a_file_is_offered_once_and_again_when_nobody_came(
        self, services: Services, registered: Register, clock: FrozenClock
    ) -> None:
        _, key = registered("a.csv")

        def offered() -> list[str]:
            with services.connect() as conn:
                return ledger.offer(conn, clock())

        assert offered() == [key]
        clock.advance(seconds=299)
        assert offered() == []
        clock.advance(seconds=1)
        assert offered() == [key]

    def test_oldest_first(
        self, services: Services, registered: Register, clock: FrozenClock
    ) -> None:
        keys = []
        for name in ("c.csv", "a.csv", "b.csv"):
            keys.append(registered(name)[1])
            clock.advance(seconds=1)
        with services.connect() as conn:
            assert ledger.offer(conn, clock()) == keys

    @pytest.mark.parametrize(
        ("state", "seconds", "offered"),
        [
            ("processing", 3600, False),
            ("settled", 86_400, False),
            ("quarantined", 86_400, False),
            ("stalled", 29 * 60, False),
            ("stalled", 30 * 60, True),
        ],
    )
    def test_by_state_and_time(
        self,
        services: Services,
        registered: Register,
        clock: FrozenClock,
        state: str,
        seconds: int,
        offered: bool,
    ) -> None:
        file_id, key = registered("a.csv")
        with services.connect() as conn:
            ledger.offer(conn, clock())
            ledger.claim(conn, key, "run", clock())
            if state == "settled":
                ledger.settled(conn, file_id, clock())
            elif state == "quarantined":
                ledger.quarantined(conn, file_id, "нет", clock())
            elif state == "stalled":
                ledger.stalled(conn, file_id, "потом", clock())
            clock.advance(seconds=seconds)
            assert ledger.offer(conn, clock()) == ([key] if offered else [])

    def test_a_run_that_vanished_without_a_word_gives_its_file_back(
        self, services: Services, registered: Register, clock: FrozenClock
    ) -> None:
        file_id, key = registered("a.csv")
        with services.connect() as conn:
            ledger.claim(conn, key, "run", clock())
            clock.advance(seconds=7 * 3600 + 1)
            assert ledger.offer(conn, clock()) == []
            row = ledger.file_of(conn, file_id)
            assert row.state is FileState.STALLED
            assert row.reason is not None
            clock.advance(seconds=30 * 60)
            assert ledger.offer(conn, clock()) == [key]
            assert ledger.claim(conn, key, "run 2", clock()) == file_id


class TestWaiting:
    @pytest.fixture
    def waiting(self, services: Services, registered: Register) -> tuple[int, str]:
        file_id, key = registered("a.csv")
        with services.connect() as conn:
            ledger.claim(conn, key, "run 1", services.clock())
            ledger.waiting(conn, file_id, "Ждёт ответа")
        return file_id, key

    def test_it_is_kept_by_its_run_and_goes_on_in_it(
        self, services: Services, waiting: tuple[int, str]
    ) -> None:
        file_id, key = waiting
        with services.connect() as conn:
            assert ledger.claim(conn, key, "run 2", services.clock()) is None
            assert ledger.claimed_by(conn, "run 1") == file_id
            ledger.answered(conn, file_id)
            row = ledger.file_of(conn, file_id)
            assert (row.state, row.reason) == (FileState.PROCESSING, None)

    def test_only_a_file_in_work_begins_to_wait(
        self, services: Services, registered: Register
    ) -> None:
        file_id, key = registered("a.csv")
        with services.connect() as conn:
            ledger.claim(conn, key, "run", services.clock())
            ledger.settled(conn, file_id, services.clock())
            ledger.waiting(conn, file_id, "поздно")
            ledger.answered(conn, file_id)
            assert ledger.file_of(conn, file_id).state is FileState.SETTLED

    @pytest.mark.parametrize(("seconds", "gone"), [(7200, False), (7201, True)])
    def test_it_is_offered_again_only_when_nobody_looks_after_it(
        self,
        services: Services,
        waiting: tuple[int, str],
        clock: FrozenClock,
        seconds: int,
        gone: bool,
    ) -> None:
        file_id, _ = waiting
        clock.advance(seconds=3600)
        with services.connect() as conn:
            assert ledger.still_claimed(conn, file_id, "run 1", clock())
            clock.advance(seconds=seconds)
            assert ledger.offer(conn, clock()) == []
            assert (ledger.file_of(conn, file_id).state is FileState.STALLED) is gone

    def test_a_released_file_is_offered_at_once_and_to_anybody(
        self, services: Services, waiting: tuple[int, str], clock: FrozenClock
    ) -> None:
        file_id, key = waiting
        with services.connect() as conn:
            ledger.released(conn, file_id)
            assert not ledger.still_claimed(conn, file_id, "run 1", clock())
            assert ledger.offer(conn, clock()) == [key]
            assert ledger.claim(conn, key, "run 2", clock()) == file_id


def test_a_run_that_says_it_is_alive_is_not_abandoned(
    services: Services, registered: Register, clock: FrozenClock
) -> None:
    file_id, key = registered("a.csv")
    with services.connect() as conn:
        ledger.claim(conn, key, "run", clock())
        for _ in range(3):
            clock.advance(seconds=6 * 3600)
            assert ledger.still_claimed(conn, file_id, "run", clock())
            assert ledger.offer(conn, clock()) == []
        assert ledger.file_of(conn, file_id).state is FileState.PROCESSING


def test_a_stalled_file_goes_on_in_its_run_when_the_failed_task_is_cleared(
    services: Services, registered: Register, clock: FrozenClock
) -> None:
    file_id, key = registered("a.csv")
    with services.connect() as conn:
        ledger.claim(conn, key, "run", clock())
        ledger.stalled(conn, file_id, "потом", clock())
        assert not ledger.still_claimed(conn, file_id, "run 2", clock())
        assert ledger.still_claimed(conn, file_id, "run", clock())
        assert ledger.file_of(conn, file_id).state is FileState.PROCESSING
