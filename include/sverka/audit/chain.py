"""The chain of the journal, walked from link to link without the database's help.

The words that a hash covers are put together here a second time, so that somebody who replaced
the database's own function would not hide a changed row.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sverka.database.connection import Connection

GENESIS = bytes(32)
"""What the first link is chained to."""
AT_ONCE = 20_000
"""Rows per round trip: about 10 MB in memory, whatever the length of the chain."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_COLUMNS = (
    "id, at, kind, file_id, report_id, line_key::text, sync_id::text, moysklad_id::text, by, "
    "detail::text, previous, hash"
)


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link that does not hold; `words` say in Russian what differs."""

    id: int
    words: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: its last id and hash; id 0 of an empty one."""

    id: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Walked:
    """How far the chain was walked, and where it broke; `met` are the hashes that were asked for."""

    links: int
    head: Head
    broken: Broken | None
    met: dict[int, bytes]


def head_of(conn: Connection) -> Head:
    """The chain's end as it is now."""
    with conn.cursor() as cursor:
        cursor.execute("select id, hash from journal order by id desc limit 1")
        row = cursor.fetchone()
    return Head(row[0], bytes(row[1])) if row else Head(0, GENESIS)


def walk(conn: Connection, *, first: int = 1, wanted: Iterable[int] = ()) -> Walked:
    """Recomputes every link from `first` on, in the order of ids.

    The link before `first` is believed. `wanted` are ids whose stored hashes the caller needs,
    because they were published.
    """
    asked = set(wanted)
    met: dict[int, bytes] = {}
    last = _before(conn, first)
    links = 0
    for row in _rows(conn, first):
        broken = _broken(last, row)
        if broken is not None:
            return Walked(links, last, broken, met)
        last = Head(row[0], bytes(row[-1]))
        links += 1
        if last.id in asked:
            met[last.id] = last.hash
    return Walked(links, last, None, met)


def hash_of(previous: bytes, row: tuple[Any, ...]) -> bytes:
    """The hash that a journal row must have: SHA-256 of the previous hash and of its words."""
    number, at, *rest = row
    moment = str((at - _EPOCH) // _MICROSECOND)
    words = [str(number), moment, *(None if value is None else str(value) for value in rest)]
    return hashlib.sha256(previous + json.dumps(words, ensure_ascii=False).encode()).digest()


def _before(conn: Connection, first: int) -> Head:
    if first <= 1:
        return Head(0, GENESIS)
    with conn.cursor() as cursor:
        cursor.execute(
            "select id, hash from journal where id < %s order by id desc limit 1", (first,)
        )
        row = cursor.fetchone()
    return Head(row[0], bytes(row[1])) if row else Head(0, GENESIS)


def _rows(conn: Connection, first: int) -> Iterator[tuple[Any, ...]]:
    with conn.cursor(name="journal_walk") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(f"select {_COLUMNS} from journal where id >= %s order by id", (first,))  # noqa: S608 - a constant
        yield from cursor


def _broken(last: Head, row: tuple[Any, ...]) -> Broken | None:
    *content, previous, found = row
    number, kind = content[0], content[2]
    if number != last.id + 1:
        gap = f"{last.id + 1}" if number == last.id + 2 else f"{last.id + 1}–{number - 1}"
        return Broken(last.id + 1, f"записи {gap} нет: её удалили или цепочка переписана.")
    if bytes(previous) != last.hash:
        return Broken(
            number,
            f"запись {number} ({kind}) продолжает не ту запись, что стоит перед ней: записи "
            "переставлены, вставлены или заменены.",
        )
    if hash_of(last.hash, tuple(content)) != bytes(found):
        return Broken(number, f"содержание записи {number} ({kind}) не то, которое было записано.")
    return None
