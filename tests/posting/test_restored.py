"""After a restore: what was sent after the copy was made is found, never written a second time."""

import pytest

from sverka.audit.verify import verify
from sverka.posting.approve import approve
from sverka.posting.restored import doubt
from sverka.posting.undo import undo
from tests.posting.conftest import Desk
from tests.posting.test_send import FULL, PATIENCE, all_posted, approved, finish

BACK = "update posting set state = '{state}', sent_at = null, attempts = 0, moysklad_id = null, posted_at = null"


def write_requests(desk: Desk) -> int:
    seen = desk.sandbox.requests_seen()["by_route"]
    return sum(count for route, count in seen.items() if "POST" in route)


@pytest.fixture
def file_id(desk: Desk) -> int:
    return approved(desk, desk.orders("dalli")[:3])


@pytest.fixture
def sent_since(desk: Desk, file_id: int) -> int:
    """All documents stand in MoySklad; the books are those of before they were sent."""
    finish(desk, file_id)
    desk.books.run(BACK.format(state="approved"))
    return file_id


def test_nothing_is_written_that_was_sent_after_the_copy(desk: Desk, sent_since: int) -> None:
    before = write_requests(desk)
    assert doubt(desk.services) > 0
    finish(desk, sent_since)
    assert all_posted(desk)
    assert write_requests(desk) == before
    assert desk.in_moysklad() == FULL


def test_undone_after_a_restore_nothing_that_was_sent_since_is_left_behind(
    desk: Desk, sent_since: int
) -> None:
    doubt(desk.services)
    undone = undo(desk.services, sent_since, "Анна")
    assert not undone.kept
    assert desk.in_moysklad() == {}


@pytest.mark.parametrize("state", ["rejected", "failed"])
def test_what_was_refused_then_and_sent_since_is_found_when_it_is_tried_again(
    desk: Desk, sent_since: int, state: str
) -> None:
    desk.books.run(BACK.format(state=state))
    before = write_requests(desk)
    doubt(desk.services)
    approve(desk.services, sent_since, "policy")
    finish(desk, sent_since)
    assert all_posted(desk)
    assert write_requests(desk) == before


def test_what_waits_for_a_person_is_doubted_and_still_waits(desk: Desk, file_id: int) -> None:
    desk.books.run("update posting set state = 'planned'")
    doubted = doubt(desk.services)
    assert [(doubted,)] == desk.books.run("select count(*) from posting where sent_at is not null")
    assert desk.books.run("select distinct state from posting") == [("planned",)]


def test_what_a_person_approved_since_is_found_when_it_is_approved_again(
    desk: Desk, sent_since: int
) -> None:
    desk.books.run(BACK.format(state="planned"))
    before = write_requests(desk)
    doubt(desk.services)
    approve(desk.services, sent_since, "Анна")
    finish(desk, sent_since)
    assert all_posted(desk)
    assert write_requests(desk) == before


def test_a_request_may_be_on_its_way_whatever_the_copy_said(desk: Desk, file_id: int) -> None:
    desk.books.run("update posting set state = 'sending', sent_at = '2026-01-01'")
    doubt(desk.services)
    [(left,)] = desk.books.run("select count(*) from posting where sent_at < '2026-02-01'")
    assert left == 0, "the time it may still appear in MoySklad begins anew"


def test_what_stands_and_what_was_only_tried_out_is_not_doubted(desk: Desk, file_id: int) -> None:
    finish(desk, file_id)
    assert doubt(desk.services) == 0
    desk.books.run(BACK.format(state="planned") + ", dry_run = true")
    assert doubt(desk.services) == 0


def test_saying_it_again_changes_nothing(desk: Desk, sent_since: int) -> None:
    doubt(desk.services)
    before = desk.books.run("select * from posting order by sync_id")
    assert doubt(desk.services) == 0
    assert desk.books.run("select * from posting order by sync_id") == before


def test_what_was_never_sent_is_sent_after_all(desk: Desk, file_id: int) -> None:
    assert doubt(desk.services) > 0
    finish(desk, file_id)
    assert all_posted(desk)
    assert desk.in_moysklad() == FULL


def test_the_journal_knows_of_the_doubt(desk: Desk, file_id: int) -> None:
    doubt(desk.services)
    assert verify(desk.services).troubles == ()
    kinds = desk.books.run("select distinct kind from journal where by = 'restored'")
    assert kinds == [("posting.unsure",)]
    desk.clock.advance(seconds=PATIENCE)
    finish(desk, file_id)
    assert verify(desk.services).troubles == ()
