"""The discrepancies that stand: each with its money, evidence, life, links and what to do."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from psycopg2.extras import RealDictCursor

from sverka.database.connection import Connection
from sverka.discrepancies import Cursor, Filter, State, open_ones
from sverka.discrepancies.keys import encode
from sverka.discrepancies.listing import Event
from sverka.discrepancies.nouns import Discrepancy, What
from sverka.discrepancies.words import event_in_words
from sverka.money import Minor
from sverka.nouns import PostingKind, PostingState
from sverka.reporting.links import Links, web
from sverka.reporting.parts import rubles_first
from sverka.texts import Texts

SQL = Path(__file__).parent / "sql"
LINES, DOCUMENTS, EVENTS, BOOKS, SUMS = (
    (SQL / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("lines", "documents", "events", "books", "sums")
)
BATCH = 1000
"""Discrepancies that are read together: six questions for so many."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a person may look at, in words: an order by its id in MoySklad, or a set of goods."""

    kind: str
    order_id: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the order or the row; `link` opens it in MoySklad, None while it is not there."""

    kind: PostingKind
    state: PostingState
    name: str | None
    amount: Minor
    link: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a discrepancy's history, in words; `by` is None when Sverka itself found it."""

    at: datetime
    by: str | None
    words: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One discrepancy that stands. Money is minor units of `currency`.

    `key` is the cell of a workbook that decides about it. `expected`, `received` and `difference`
    are of a row of a report, None where there is nothing to compare. `file`, `sheet`, `line_no`
    lead to the row, `row_page` and `order_page` to Sverka's pages, `order_link` and the
    documents' links into MoySklad; None where there is none. `age` is whole days. `booked` says
    that documents of the row stand in MoySklad nevertheless.
    """

    id: int
    key: str
    kind: str
    verdict: str
    courier: str
    currency: str
    stake: Minor
    expected: Minor | None
    received: Minor | None
    difference: Minor | None
    rule: str | None
    booked: bool
    file_id: int | None
    file: str | None
    sheet: str | None
    line_no: int | None
    row_page: str | None
    order: str | None
    order_id: str | None
    order_page: str | None
    order_link: str | None
    track_ref: str | None
    sentence: str
    suggestions: tuple[Suggestion, ...]
    documents: tuple[Document, ...]
    state: State
    opened_at: datetime
    age: int
    times_reopened: int
    comment: str | None
    decided_by: str | None
    history: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class StandingSums:
    """Sums of all that stand in one currency, minor units."""

    currency: str
    count: int
    stake: Minor
    expected: Minor
    received: Minor
    difference: Minor


def sums(conn: Connection) -> tuple[StandingSums, ...]:
    """The sums of all that stand, rubles first."""
    with conn.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(SUMS)
        found = [dict(row) for row in cursor.fetchall()]
    return tuple(
        StandingSums(
            row["currency"],
            row["count"],
            *(Minor(int(row[name])) for name in ("stake", "expected", "received", "difference")),
        )
        for row in sorted(found, key=lambda row: rubles_first(row["currency"]))
    )


def every(
    conn: Connection, now: datetime, say: Texts, links: Links, limit: int | None = None
) -> Iterator[Standing]:
    """All that stand as of the connection's transaction, the most money first; `limit` at most."""
    after: Cursor | None = None
    left = limit
    while left is None or left > 0:
        size = BATCH if left is None else min(BATCH, left)
        page = open_ones(conn, Filter(), now, after=after, limit=size)
        yield from _told(conn, page.items, now, say, links)
        after = page.after
        if after is None:
            return
        left = None if left is None else left - size


def _told(
    conn: Connection, found: Sequence[Discrepancy], now: datetime, say: Texts, links: Links
) -> Iterator[Standing]:
    lines = {row["line_id"]: row for row in _rows(conn, LINES, lines=_ids(found, "line_id"))}
    orders = _ids(found, "order_id")
    books = {row["id"]: row for row in _rows(conn, BOOKS, orders=orders)}
    given = {"orders": orders, "lines": _ids(found, "line_id")}
    documents = _grouped(_rows(conn, DOCUMENTS, **given), "about")
    events = _grouped(_rows(conn, EVENTS, ids=[one.id for one in found]), "discrepancy_id")
    for one in found:
        line = lines.get(one.line_id) if one.line_id else None
        order_id = str(one.order_id) if one.order_id else None
        about = order_id or f"line {one.line_id}"
        yield Standing(
            **{name: getattr(one, name) for name in _SAME},
            **_of_line(line),
            key=encode(one),
            kind=str(one.kind),
            row_page=links.row(one.file_id, line["ordinal"] if line else None, one.line_id),
            order_id=order_id,
            order_page=links.order(order_id),
            order_link=web(books[order_id]["link"]) if order_id in books else None,
            documents=tuple(map(_document, documents.get(about, ()))),
            age=one.age(now),
            history=tuple(_step(say, row, one.currency) for row in events.get(one.id, ())),
        )


_SAME = (
    *("id", "verdict", "courier", "currency", "stake", "file_id", "file", "sheet", "line_no"),
    *("order", "track_ref", "sentence", "state", "opened_at", "times_reopened", "comment"),
    "decided_by",
)


def _of_line(line: Mapping[str, Any] | None) -> dict[str, Any]:
    named = ("expected", "received", "difference", "rule")
    if line is None:
        return dict.fromkeys(named) | {"suggestions": (), "booked": False}
    return {name: line[name] for name in named} | {
        "suggestions": tuple(Suggestion(**one) for one in line["suggestions"]),
        "booked": line["booked"],
    }


def _document(row: Mapping[str, Any]) -> Document:
    return Document(
        PostingKind(row["kind"]),
        PostingState(row["state"]),
        row["name"],
        Minor(row["amount"]),
        web(row["link"]),
    )


def _step(say: Texts, row: Mapping[str, Any], currency: str) -> Step:
    before = row["from_state"]
    event = Event(
        **{name: row[name] for name in row if name != "discrepancy_id"}
        | {
            "what": What(row["what"]),
            "from_state": State(before) if before else None,
            "to_state": State(row["to_state"]),
        }
    )
    by = None if event.by == "discrepancies" else event.by
    return Step(event.at, by, event_in_words(say, event, currency), event.comment)


def _ids(found: Sequence[Discrepancy], name: str) -> list[Any]:
    ids = {getattr(one, name) for one in found} - {None}
    return sorted(str(one) if name == "order_id" else one for one in ids)


def _grouped(rows: Sequence[dict[str, Any]], name: str) -> dict[Any, list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for key, some in groupby(rows, key=lambda row: row[name]):
        found[key] += some
    return found


def _rows(conn: Connection, query: str, **given: Any) -> list[dict[str, Any]]:
    if not any(given.values()):
        return []
    with conn.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(query, given)
        return [dict(row) for row in cursor.fetchall()]
