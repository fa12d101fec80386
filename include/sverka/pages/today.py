"""The first page: what waits for a person now, and the archive of published reports."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sverka.database.connection import Connection
from sverka.discrepancies import Filter, State, totals
from sverka.money import Minor
from sverka.nouns import FileState
from sverka.pages.files import FileRow, Wanted, files
from sverka.pages.reading import Listed, listed, read, read_one
from sverka.posting.questions import Waiting, all_waiting

SHOWN = 20
RECENT = timedelta(days=14)
"""A file that was put into quarantine longer ago is found in the list of files."""

DAYS = 31


@dataclass(frozen=True, slots=True)
class Trouble:
    """Documents of a file that MoySklad did not take, or whose outcome is being looked up."""

    file_id: int
    file: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The open discrepancies of one currency; `stake` is minor units."""

    currency: str
    count: int
    stake: Minor


@dataclass(frozen=True, slots=True)
class Published:
    """A published report; `summary` is its first screen as numbers."""

    day: date
    as_of: datetime
    summary: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Today:
    """What the first page shows.

    `standing` and `plans` wait for a decision, `questions` for an answer, `quarantined` for a new
    file.
    """

    standing: tuple[Standing, ...]
    plans: tuple[Waiting, ...]
    questions: tuple[FileRow, ...]
    quarantined: tuple[FileRow, ...]
    troubles: tuple[Trouble, ...]
    running: tuple[FileRow, ...]
    of_the_day: Listed[FileRow]
    newest: Published | None

    @property
    def waits(self) -> bool:
        """Whether anything wants a person."""
        return bool(
            self.standing or self.plans or self.questions or self.quarantined or self.troubles
        )


def today(conn: Connection, now: datetime, day: date) -> Today:
    """As of `now`; `day` is its Moscow day."""
    troubles = read(conn, Trouble, _TROUBLES, {"limit": SHOWN})
    return Today(
        standing=tuple(_standing(conn, now)),
        plans=tuple(all_waiting(conn)[:SHOWN]),
        questions=_in_state(conn, FileState.WAITING),
        quarantined=tuple(
            row for row in _in_state(conn, FileState.QUARANTINED) if row.received_at > now - RECENT
        ),
        troubles=tuple(one for one in troubles if one.state != "unsure"),
        running=(
            *_in_state(conn, FileState.PROCESSING),
            *_in_state(conn, FileState.REGISTERED),
            *_in_state(conn, FileState.STALLED),
        ),
        of_the_day=files(conn, Wanted(day=day)),
        newest=read_one(conn, Published, _NEWEST, {}),
    )


def archive(
    conn: Connection, before: date | None = None, *, limit: int = DAYS
) -> Listed[Published]:
    """Published reports, the newest first, or those before a day."""
    values = {"before": before or date.max, "limit": limit + 1}
    found = read(conn, Published, _ARCHIVE, values)
    return listed(found, limit, lambda one: one.day.isoformat())


def _standing(conn: Connection, now: datetime) -> Iterator[Standing]:
    found = totals(conn, Filter(states=(State.OPEN,)), now)
    for currency in dict.fromkeys(one.currency for one in found):
        own = [one for one in found if one.currency == currency]
        stake = Minor(sum(one.stake for one in own))
        yield Standing(currency, sum(one.count for one in own), stake)


def _in_state(conn: Connection, state: FileState) -> tuple[FileRow, ...]:
    return files(conn, Wanted(state=state.value), limit=SHOWN).rows


_TROUBLES = """
    select p.file_id, f.name as file, p.state, count(*) as count
      from posting p join file f on f.id = p.file_id
     where p.state in ('rejected', 'failed', 'unsure')
     group by p.file_id, f.name, p.state
     order by p.file_id desc, p.state limit %(limit)s
"""
_NEWEST = "select day, as_of, summary from published_report order by day desc limit 1"
_ARCHIVE = """
    select day, as_of, summary from published_report where day < %(before)s
     order by day desc limit %(limit)s
"""
