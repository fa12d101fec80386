"""What an accountant finds in the quarantine."""

from collections.abc import Callable

import pytest

from sverka.intake import archive, ledger, quarantine
from sverka.intake.intake import take
from sverka.intake.zones import Zone
from sverka.nouns import FileState
from sverka.services import Services
from tests.conftest import FrozenClock

REASON = "Нет колонки «Сумма». Скачайте отчёт заново."


@pytest.fixture
def file_id(services: Services, local_zone: Zone, wait: Callable[[float], None]) -> int:
    local_zone.drop('Реестр "7": ноябрь.csv', b"bytes")
    [key] = take(services, [local_zone], wait=wait)
    with services.connect() as conn:
        found = ledger.claim(conn, key, "run", services.clock())
    assert found is not None
    return found


def test_a_copy_lies_beside_a_note_in_words(services: Services, file_id: int) -> None:
    quarantine.quarantine(services, file_id, REASON)

    copy, note = services.storage.list("quarantine")
    assert copy == "quarantine/2026-11-20/277089d9 Реестр _7_ ноябрь.csv"
    assert note == copy + ".причина.txt"
    assert services.storage.read(copy) == b"bytes"
    words = services.storage.read(note).decode("utf-8-sig")
    assert REASON in words
    assert 'Файл: Реестр "7": ноябрь.csv' in words
    assert "20.11.2026 12:00 (Москва)" in words
    with services.connect() as conn:
        row = ledger.file_of(conn, file_id)
    assert (row.state, row.reason) == (FileState.QUARANTINED, REASON)


def test_doing_it_again_changes_nothing(services: Services, file_id: int) -> None:
    quarantine.quarantine(services, file_id, REASON)
    before = services.storage.list("")
    quarantine.quarantine(services, file_id, REASON)
    assert services.storage.list("") == before


def test_the_day_is_moscows(services: Services, file_id: int, clock: FrozenClock) -> None:
    clock.advance(seconds=12 * 3600)
    quarantine.quarantine(services, file_id, REASON)
    assert services.storage.list("quarantine/2026-11-21")


def test_a_huge_file_is_not_copied_but_the_note_leads_to_it(
    services: Services, file_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "IN_MEMORY_LIMIT", 1)
    quarantine.quarantine(services, file_id, archive.OVERSIZED)
    [note] = services.storage.list("quarantine")
    with services.connect() as conn:
        row = ledger.file_of(conn, file_id)
    assert services.storage.uri(row.archived) in services.storage.read(note).decode("utf-8-sig")
