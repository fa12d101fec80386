"""Reading a list that changes while it is read: nothing is passed over."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from sverka.moysklad.client import PAGE, MoySklad
from sverka.moysklad.wire import moment, to_millisecond
from sverka.snapshot.changes import BEGINNING, changed_since

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class LivelyList:
    """A MoySklad list in memory; `happens` runs before each page and may change it."""

    def __init__(self, updated: list[datetime]) -> None:
        self.updated = dict(enumerate(updated))
        self.asked: list[tuple[list[str], int]] = []
        self.happens: Any = lambda: None

    def page(
        self, entity: str, *, filters: list[str], order: str, offset: int
    ) -> list[dict[str, Any]]:
        assert (entity, order) == ("demand", "updated,asc;id,asc")
        self.happens()
        self.asked.append((filters, offset))
        since = moment(filters[-1].removeprefix("updated>="))
        there = sorted((when, key) for key, when in self.updated.items() if when >= since)
        return [
            {"id": f"{key:08}", "updated": to_millisecond(when)}
            for when, key in there[offset : offset + PAGE]
        ]


def ids(pages: list[list[dict[str, Any]]]) -> list[int]:
    return [int(row["id"]) for page in pages for row in page]


def read(lively: LivelyList, since: datetime = BEGINNING) -> list[int]:
    return ids(list(changed_since(cast("MoySklad", lively), "demand", since)))


def seconds(count: int) -> list[datetime]:
    return [START + timedelta(seconds=second) for second in range(count)]


@pytest.mark.parametrize("count", [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 2500])
def test_every_row_is_read(count: int) -> None:
    assert set(read(LivelyList(seconds(count)))) == set(range(count))


@pytest.mark.parametrize("count", [PAGE - 1, PAGE, 2 * PAGE, 2500])
def test_rows_of_one_millisecond_are_told_apart_by_offset(count: int) -> None:
    assert sorted(set(read(LivelyList([START] * count)))) == list(range(count))


def test_a_crowd_of_one_millisecond_between_others_ends() -> None:
    updated = [*seconds(700), *[START + timedelta(hours=1)] * 1500]
    updated += [START + timedelta(hours=2, seconds=second) for second in range(900)]
    lively = LivelyList(updated)
    assert set(read(lively)) == set(range(len(updated)))
    assert len(lively.asked) < 8


def test_a_row_that_changes_meanwhile_hides_no_other_one() -> None:
    lively = LivelyList(seconds(2500))
    later = START + timedelta(days=1)

    def edit() -> None:
        # Someone edits the ten oldest documents before every page: with offsets, ten others
        # would slide past the reader each time.
        oldest = sorted(lively.updated, key=lambda key: lively.updated[key])[:10]
        for key in oldest:
            lively.updated[key] = later + timedelta(seconds=len(lively.asked))

    lively.happens = edit
    assert set(read(lively)) == set(range(2500))


def test_a_row_that_is_thrown_away_meanwhile_hides_no_other_one() -> None:
    lively = LivelyList(seconds(2500))
    gone: list[int] = []

    def throw_away() -> None:
        gone.append(min(lively.updated))
        del lively.updated[gone[-1]]

    lively.happens = throw_away
    assert set(read(lively)) >= set(range(2500)) - set(gone)


def test_older_changes_are_not_asked_for() -> None:
    lively = LivelyList(seconds(100))
    assert read(lively, START + timedelta(seconds=40)) == list(range(40, 100))
    assert lively.asked == [(["updated>=2026-11-20 12:00:40.000"], 0)]


def test_the_trash_is_asked_for_by_its_own_condition() -> None:
    lively = LivelyList([])
    list(changed_since(cast("MoySklad", lively), "demand", BEGINNING, trashed=True))
    assert lively.asked == [(["isDeleted=true", "updated>=1970-01-01 03:00:00.000"], 0)]
