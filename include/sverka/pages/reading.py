"""How pages read: one short look at the database that changes nothing, and lists by pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar

from sverka.database.connection import Connection, connect

SQL = Path(__file__).parent / "sql"
PAGE = 50
"""Rows of a list that a person sees at once."""

PATIENCE = "60s"
"""A page that takes longer is a defect; without a limit its query would outlive the reader."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST = 2**63 - 1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """One page of a list; `after` asks for the next one, None at the end."""

    rows: tuple[T, ...]
    after: str | None


@contextmanager
def look(database_url: str) -> Iterator[Connection]:
    """A connection that can only read, as of one moment."""
    with connect(database_url) as conn:
        conn.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with conn.cursor() as cursor:
            cursor.execute("set local statement_timeout = %s", (PATIENCE,))
        yield conn


def read(
    conn: Connection, into: Callable[..., T], statement: str, values: Mapping[str, Any]
) -> list[T]:
    """The rows, each as `into(**columns)`."""
    with conn.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description or ()]
        return [into(**dict(zip(names, row, strict=True))) for row in cursor]


def read_one(
    conn: Connection, into: Callable[..., T], statement: str, values: Mapping[str, Any]
) -> T | None:
    """The first row, None when there is none."""
    found = read(conn, into, statement, values)
    return found[0] if found else None


def column(conn: Connection, statement: str, values: Mapping[str, Any]) -> list[Any]:
    """The first column of every row."""
    with conn.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor]


def listed(rows: Sequence[T], limit: int, mark: Callable[[T], str]) -> Listed[T]:
    """A page of at most `limit` rows out of what was read with `limit + 1`."""
    shown = tuple(rows[:limit])
    return Listed(shown, mark(shown[-1]) if len(rows) > limit else None)


def moment_mark(moment: datetime, row_id: int) -> str:
    """Where a list by time goes on: microseconds since 1970 and the row's id."""
    return f"{(moment - _EPOCH) // timedelta(microseconds=1)}.{row_id}"


def moment_of(mark: str | None) -> tuple[datetime, int] | None:
    """The mark's moment and id; None is the beginning, and so is what nobody can read."""
    pair = pair_of(mark)
    if pair is None:
        return None
    try:
        return _EPOCH + timedelta(microseconds=pair[0]), pair[1]
    except OverflowError:
        return None


def pair_of(mark: str | None) -> tuple[int, int] | None:
    """The two numbers of a mark; None is the beginning, and so is what nobody can read."""
    first, _, second = (mark or "").partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 20 for part in (first, second)):
        return None
    pair = int(first), int(second)
    return pair if max(pair) <= _LARGEST else None
