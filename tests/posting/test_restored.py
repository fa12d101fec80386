"""After a restore: what was sent after the copy was made is found, never written a second time."""

import pytest

from sverka.posting.restored import doubt
from tests.posting.conftest import Desk
from tests.posting.test_send import FULL, all_posted, approved, finish

BACK = "update posting set state = %s, sent_at = null, attempts = 0, moysklad_id = null, posted_at = null"


def write_requests(desk: Desk) -> int:
    seen = desk.sandbox.requests_seen()["by_route"]
    return sum(count for route, count in seen.items() if "POST" in route)


@pytest.fixture
def file_id(desk: Desk) -> int:
    return approved(desk, desk.orders("dalli")[:3])


@pytest.fixture
def restored(desk: Desk, file_id: int) -> int:
    """All documents stand in MoySklad; the books are those of before they were sent."""
    finish(desk, file_id)
    desk.books.run(BACK, "approved")
    return file_id


def test_nothing_is_written_that_was_sent_after_the_copy(desk: Desk, restored: int) -> None:
    before = write_requests(desk)
    assert doubt(desk.services) > 0
    finish(desk, restored)
    assert all_posted(desk)
    assert write_requests(desk) == before
    assert desk.in_moysklad() == FULL


def test_what_waits_for_a_person_is_doubted_as_well(desk: Desk, restored: int) -> None:
    desk.books.run("update posting set state = 'planned'")
    doubted = doubt(desk.services)
    assert [(doubted,)] == desk.books.run("select count(*) from posting")
    assert doubt(desk.services) == 0, "it is enough to say it once"


def test_what_was_never_sent_is_sent_after_all(desk: Desk, file_id: int) -> None:
    assert doubt(desk.services) > 0
    finish(desk, file_id)
    assert all_posted(desk)
    assert desk.in_moysklad() == FULL
