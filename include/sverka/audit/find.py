"""What a person may name to be shown its way: a document, an order, a parcel, or a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sverka.database.connection import Connection
from sverka.errors import SverkaError
from sverka.reconciling.keys import order_key, track_key

SHORTEST_HASH = 8
"""Characters of a file's SHA-256 that are enough to look for it, as quarantine shows them."""


@dataclass(frozen=True, slots=True)
class Match:
    """Something that was found: what it is, its key in the database, and how to show it."""

    what: str
    key: str
    words: str


class Untraceable(SverkaError):
    """Nothing bears this name, or several things do; `matches` are those."""

    def __init__(self, words: str, matches: Sequence[Match] = ()) -> None:
        self.matches = tuple(matches)
        super().__init__(words)


@dataclass(frozen=True, slots=True)
class _Search:
    """One way to look: its rows are (key, words)."""

    what: str
    looked_for: str
    statement: str
    values: Callable[[str], dict[str, Any] | None]


def find(conn: Connection, query: str) -> Match:
    """The only thing that `query` names.

    An order number is compared as in reconciling: case, spaces and look-alike letters do not
    matter.

    Raises:
        Untraceable: nothing or several things are named so; says what was looked for.
    """
    found: list[Match] = []
    looked: list[str] = []
    for search in SEARCHES:
        values = search.values(query.strip())
        if values is None:
            continue
        looked.append(search.looked_for)
        with conn.cursor() as cursor:
            cursor.execute(search.statement, values)
            found += [Match(search.what, str(key), words) for key, words in cursor.fetchall()]
    unique = list({(match.what, match.key): match for match in found}.values())
    if not unique:
        raise Untraceable(
            f"«{query}» не найдено. Искали: {', '.join(looked)}. Проверьте номер; если файл положили "
            "только что, подождите минуту и повторите."
        )
    if len(unique) > 1:
        listed = "\n".join(f"  {match.words}" for match in unique)
        raise Untraceable(
            f"«{query}» подходит нескольким. Повторите команду с одним из этих номеров:\n{listed}",
            unique,
        )
    return unique[0]


def _uuid(query: str) -> dict[str, Any] | None:
    try:
        return {"id": str(UUID(query))}
    except ValueError:
        return None


def _text(query: str) -> dict[str, Any] | None:
    return {"text": query} if query else None


def _order(query: str) -> dict[str, Any] | None:
    key = order_key(query)
    return {"key": key} if key else None


def _parcel(query: str) -> dict[str, Any] | None:
    key = track_key(query)
    return {"key": key} if key else None


def _hash(query: str) -> dict[str, Any] | None:
    word = query.lower()
    if len(word) < SHORTEST_HASH or set(word) - set("0123456789abcdef"):
        return None
    return {"from": word, "upto": word + "g"}


_DOCUMENT = """
    select sync_id::text,
           'документ ' || coalesce(moysklad_name, 'без номера') || ' (' || kind || '): '
           || coalesce(moysklad_id, sync_id)::text
      from posting where {where} and kind not in ('customerorder.state', 'demand.state')
     order by planned_at, sync_id limit 20
"""
_CHANGE = """
    select sync_id::text, 'смена статуса (' || kind || '): ' || sync_id::text
      from posting where sync_id = %(id)s::uuid and kind in ('customerorder.state', 'demand.state')
"""
_BY_ORDER_ID = """
    select distinct o.name_key, 'заказ ' || o.name
      from snapshot_order o
     where o.id = %(id)s::uuid
        or o.id = (select d.order_id from snapshot_demand d where d.id = %(id)s::uuid)
"""
_BY_ORDER_KEY = """
    select %(key)s, 'заказ ' || %(key)s
     where exists (select from line where order_key = %(key)s)
        or exists (select from verdict v join snapshot_order o on o.id = v.order_id
                    where o.name_key = %(key)s)
"""
_BY_TRACK = """
    select %(key)s, 'отправление ' || %(key)s
     where exists (select from line where track_key = %(key)s)
"""
_FILE = """
    select id::text, 'файл «' || name || '»: ' || left(sha256, 12)
      from file where {where} order by id desc limit 20
"""

SEARCHES = (
    _Search("posting", "id документа МоегоСклада", _DOCUMENT.format(where="moysklad_id = %(id)s::uuid"), _uuid),
    _Search("posting", "syncId", _DOCUMENT.format(where="sync_id = %(id)s::uuid"), _uuid),
    _Search("posting", "syncId смены статуса", _CHANGE, _uuid),
    _Search("order", "id заказа или отгрузки", _BY_ORDER_ID, _uuid),
    _Search("posting", "номер документа МоегоСклада", _DOCUMENT.format(where="moysklad_name = %(text)s"), _text),
    _Search("order", "номер заказа", _BY_ORDER_KEY, _order),
    _Search("parcel", "трек-номер", _BY_TRACK, _parcel),
    _Search("file", "имя файла", _FILE.format(where="name = %(text)s"), _text),
    _Search("file", "имя повторно положенного файла",
            _FILE.format(where="id in (select file_id from sighting where name = %(text)s)"), _text),
    _Search("file", "отпечаток файла (SHA-256)",
            _FILE.format(where="sha256 >= %(from)s and sha256 < %(upto)s"), _hash),
)  # fmt: skip
