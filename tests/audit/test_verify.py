"""`sverka verify`: the chain, its published heads and the postings; the exit code says it too."""

import argparse
import json
from datetime import date
from typing import Any

import pytest

from sverka.audit.heads import publish_head
from sverka.audit.journal import Subject
from sverka.audit.verify import SHOWN, verify
from sverka.commands import verify as command
from sverka.services import Services
from tests.audit.conftest import Ledger, event
from tests.conftest import FrozenClock
from tests.support.books import Books

DAY = date(2026, 11, 20)
PATH = "reports/2026-11-20/journal.json"


def told(number: int) -> Any:
    """An event that is about no posting, so that only the chain is at stake."""
    return event(number, subject=Subject(file_id=number))


@pytest.fixture
def chained(ledger: Ledger) -> Ledger:
    ledger.write(*(told(number) for number in range(1, 6)))
    return ledger


def run(services: Services, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers(), lambda: services)
    parsed = parser.parse_args(["verify", *arguments])
    code: int = parsed.run(parsed)
    return code


def heads(services: Services, path: str = PATH) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(services.storage.read(path))["heads"]
    return found


def test_a_whole_journal_is_said_to_be_whole(
    chained: Ledger, services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    publish_head(services, DAY)
    assert run(services) == 0
    said = capsys.readouterr().out
    assert "проверено записей 5" in said
    assert "сверено с опубликованными: 1" in said


def test_an_empty_journal_is_whole_and_publishes_nothing(services: Services) -> None:
    assert publish_head(services, DAY) is None
    assert not services.storage.exists(PATH)
    assert verify(services).troubles == ()


def test_the_first_broken_link_is_named_and_the_exit_code_is_not_zero(
    chained: Ledger, services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    with chained.as_owner() as cursor:
        cursor.execute("update journal set by = 'Борис' where id in (3, 4)")
    assert run(services) == command.BROKEN_EXIT != 0
    said = capsys.readouterr().out
    assert "Журнал порван на записи 3" in said
    assert "записи 4" not in said
    assert "Ничего не исправляйте" in said


def test_from_begins_in_the_middle(chained: Ledger, services: Services) -> None:
    with chained.as_owner() as cursor:
        cursor.execute("update journal set by = 'Борис' where id = 2")
    assert run(services, "--from", "4") == 0
    assert run(services, "--from", "2") == command.BROKEN_EXIT


def test_a_head_is_published_once_and_kept_beside_the_next(
    chained: Ledger, services: Services, clock: FrozenClock
) -> None:
    publish_head(services, DAY)
    publish_head(services, DAY)
    chained.write(told(6))
    clock.advance(seconds=60)
    publish_head(services, DAY)
    assert [head["id"] for head in heads(services)] == [5, 6]
    assert verify(services).heads == 2


def test_a_rewritten_chain_is_noticed_by_its_published_head(
    chained: Ledger, services: Services
) -> None:
    """Somebody rewrites everything, hashes and all; only what lies outside knows better."""
    publish_head(services, DAY)
    with chained.as_owner() as cursor:
        cursor.execute("truncate journal")
    chained.write(*(told(number) for number in (1, 2, 99, 4, 5, 6)))
    assert chained.walked().broken is None
    found = verify(services)
    assert found.broken is None
    [words] = found.troubles
    assert words.startswith(PATH)
    assert "переписан" in words
    assert run(services) == command.BROKEN_EXIT


def test_a_rewritten_chain_does_not_put_its_head_over_the_earlier_one(
    chained: Ledger, services: Services
) -> None:
    publish_head(services, DAY)
    with chained.as_owner() as cursor:
        cursor.execute("truncate journal")
    chained.write(*(told(number) for number in (9, 9, 9, 9, 9)))
    publish_head(services, DAY)
    assert len(heads(services)) == 2
    assert len(verify(services).troubles) == 1


def test_a_chain_whose_end_was_cut_off_is_noticed(chained: Ledger, services: Services) -> None:
    publish_head(services, DAY)
    with chained.as_owner() as cursor:
        cursor.execute("delete from journal where id > 3")
    assert chained.walked().broken is None
    [words] = verify(services).troubles
    assert "опубликована запись 5, а журнал кончается на 3" in words


@pytest.mark.parametrize("spoiled", [b"", b"{}", b'{"heads": [{"id": 1}]}', b"\xff\xfe"])
def test_a_spoiled_file_of_heads_is_said_and_not_overwritten(
    chained: Ledger, services: Services, spoiled: bytes
) -> None:
    services.storage.write(PATH, spoiled)
    path = publish_head(services, DAY)
    assert path == "reports/2026-11-20/5-journal.json"
    assert services.storage.read(PATH) == spoiled
    found = verify(services)
    assert found.heads == 1
    assert [words.split(":")[0] for words in found.troubles] == [PATH]


def test_other_files_beside_the_report_are_none_of_its_business(
    chained: Ledger, services: Services
) -> None:
    services.storage.write("reports/2026-11-20/report.json", b"{}")
    assert verify(services).troubles == ()


def test_postings_without_events_are_named_but_not_all_of_a_thousand(
    services: Services, books: Books
) -> None:
    file_id = books.file()
    for _ in range(SHOWN + 5):
        books.posting(file_id)
    found = verify(services)
    assert len(found.postings) == SHOWN
    assert run(services) == command.BROKEN_EXIT


def test_work_that_goes_on_meanwhile_is_no_disagreement(
    chained: Ledger, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events and heads that come after verify has begun to look do not disturb it."""
    from sverka.audit import verify as room

    walk = room.walk

    def slow(*arguments: Any, **options: Any) -> Any:
        walked = walk(*arguments, **options)
        chained.write(told(6))
        publish_head(services, DAY)
        return walked

    publish_head(services, DAY)
    monkeypatch.setattr(room, "walk", slow)
    assert verify(services).troubles == ()
    monkeypatch.undo()
    assert verify(services).troubles == ()
