"""Lines for people: each with its verdict, its order and its documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sverka.database.connection import Connection
from sverka.discrepancies.definition import FEES
from sverka.money import Minor
from sverka.pages.documents import Document, of_lines
from sverka.pages.reading import SQL, read

_LINE = (SQL / "line.sql").read_text(encoding="utf-8").format(fees=FEES)


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A row of a file with its verdict. Money is minor units of `currency`.

    `rejected` says why it was put aside; `order_id` is the order it was matched with.
    """

    id: int
    ordinal: int
    file_id: int
    file: str
    courier: str | None
    sheet: str | None
    line_no: int
    row_kind: str
    order_ref: str | None
    track_ref: str | None
    outcome: str | None
    occurred_on: date | None
    collected: Minor
    fees: Minor
    payout: Minor
    currency: str
    accepted: bool
    rejected: str | None
    verdict: str | None
    rule: str | None
    clean: bool | None
    sentence: str | None
    expected: Minor | None
    difference: Minor | None
    order_id: str | None
    order_name: str | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with its documents."""

    line: LineFacts
    documents: tuple[Document, ...]


def lines(conn: Connection, ids: Sequence[int]) -> list[LineFacts]:
    """These lines, file by file in their order."""
    return read(conn, LineFacts, _LINE, {"lines": list(ids)}) if ids else []


def with_documents(conn: Connection, facts: Sequence[LineFacts]) -> list[LineRow]:
    """The lines with what was made of each."""
    documents = of_lines(conn, [line.id for line in facts]) if facts else {}
    return [LineRow(line, tuple(documents.get(line.id, ()))) for line in facts]
