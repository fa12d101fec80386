"""The documents that a file's rows became, page by page: the evidence of every sum of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sverka.database.connection import Connection
from sverka.nouns import PostingKind, PostingState
from sverka.pages.documents import DOCUMENT, Document
from sverka.pages.reading import PAGE, Listed, listed, read


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents a list has; None is all."""

    kind: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document with its order and the row it was made of; without a row it is a whole report's."""

    document: Document
    currency: str
    order_id: str | None
    order: str | None
    sheet: str | None
    line_no: int | None


def documents_of_file(
    conn: Connection, file_id: int, wanted: Wanted, after: str | None = None, *, limit: int = PAGE
) -> Listed[DocumentRow]:
    """By state and kind; within those in no order that means anything."""
    position = _position(after)
    values: dict[str, Any] = {
        "file": file_id, "kind": wanted.kind, "state": wanted.state, "limit": limit + 1,
        **(position or {}),
    }  # fmt: skip
    conditions = [f"p.{name} = %({name})s" for name in ("state", "kind") if values[name]]
    if position:
        conditions.append("(p.state, p.kind, p.sync_id) > (%(s)s, %(k)s, %(id)s::uuid)")
    where = "".join(f" and {one}" for one in conditions)
    found = read(conn, _row, _DOCUMENTS.format(where=where), values)
    return listed(found, limit, lambda one: _mark(one.document))


def _row(**columns: Any) -> DocumentRow:
    beside = {name: columns.pop(name) for name in _BESIDE}
    return DocumentRow(Document(**columns), **beside)


def _mark(last: Document) -> str:
    return f"{last.state}/{last.kind}/{last.sync_id}"


def _position(after: str | None) -> dict[str, str] | None:
    """What the mark says; None is the beginning, and so is what nobody can read."""
    state, _, rest = (after or "").partition("/")
    kind, _, sync_id = rest.partition("/")
    if state not in set(PostingState) or kind not in set(PostingKind):
        return None
    try:
        return {"s": state, "k": kind, "id": str(UUID(sync_id))}
    except ValueError:
        return None


_BESIDE = ("currency", "order_id", "order", "sheet", "line_no")
_DOCUMENTS = f"""
    with shown as (
        select p.sync_id from posting p
         where p.file_id = %(file)s{{where}}
         order by p.state, p.kind, p.sync_id limit %(limit)s
    )
    select p.line_id, {DOCUMENT}, r.currency, p.order_id::text, o.name as order, l.sheet, l.line_no
      from shown
      join posting p using (sync_id)
      join report r on r.id = p.report_id
      left join line l on l.id = p.line_id
      left join snapshot_order o on o.id = p.order_id
     order by p.state, p.kind, p.sync_id
"""  # noqa: S608 - constants
