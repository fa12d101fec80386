"""Bulk requests: bodies cut into arrays, and every element of the answer looked at.

MoySklad docs, «Создание и обновление нескольких объектов»: the answer is an array in the order of
the request whose elements are documents or errors. What does not fit that leaves the whole request
unsure: the look-up says what is in the books.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sverka.moysklad.errors import Unsure
from sverka.moysklad.refusals import Refused, first_refusal
from sverka.moysklad.wire import id_of

BULK = 1000
# The limit is 20 MB since 2025, but error 1044 still speaks of 10 MB; a body never comes near it.
BODY_BYTES = 9_000_000
MARKS = ("syncId", "externalCode")

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Saved:
    """One element of a bulk write that is in the books now; `body` is MoySklad's own picture."""

    id: UUID
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deleted:
    """One document that MoySklad says it deleted, or moved to its bin (корзина)."""

    id: UUID


def chunks(bodies: Sequence[dict[str, Any]]) -> Iterator[list[bytes]]:
    """The bodies as JSON, cut by number and by size.

    Raises:
        ValueError: a body holds NaN or Infinity.
    """
    chunk: list[bytes] = []
    size = 0
    for body in bodies:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        if chunk and (len(chunk) == BULK or size + len(text) > BODY_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(text)
        size += len(text) + 1
    if chunk:
        yield chunk


def saved(answer: Sequence[Any], bodies: Sequence[dict[str, Any]]) -> list[Saved | Refused]:
    """What became of each body, in order.

    Raises:
        Unsure: an element is neither a document nor a refusal, or is another body's answer.
    """
    _same_length(answer, bodies)
    results = [_saved(element, body) for element, body in zip(answer, bodies, strict=True)]
    ids = [result.id for result in results if isinstance(result, Saved)]
    if len(set(ids)) < len(ids):
        raise Unsure("МойСклад ответил на два документа одним и тем же.")
    return results


def deleted(answer: Sequence[Any], ids: Sequence[UUID]) -> list[Deleted | Refused]:
    """What became of each document that was to be deleted, in order.

    Raises:
        Unsure: an element is neither a success nor a refusal, or speaks of another document.
    """
    _same_length(answer, ids)
    return [_deleted(element, one) for element, one in zip(answer, ids, strict=True)]


def _same_length(answer: Sequence[Any], asked: Sequence[object]) -> None:
    if len(answer) != len(asked):
        raise Unsure(f"МойСклад ответил на {len(answer)} документов из {len(asked)}.")


def _saved(element: Any, body: dict[str, Any]) -> Saved | Refused:
    if not isinstance(element, dict):
        raise Unsure("МойСклад ответил на запись не документом и не отказом.")
    refusal = first_refusal(element)
    if (refusal is None) == ("id" not in element):
        raise Unsure("МойСклад ответил на запись не документом и не отказом.")
    if refusal is not None:
        return refusal
    found = _id(element["id"])
    if not _is_ours(element, found, body):
        raise Unsure("МойСклад ответил документами в другом порядке.")
    return Saved(id=found, body=element)


def _is_ours(element: dict[str, Any], found: UUID, body: dict[str, Any]) -> bool:
    """Whether the document is the one that this body creates or changes."""
    if "meta" in body:
        return found == id_of(body)
    sent = [mark for mark in MARKS if mark in body]
    shown = [mark for mark in sent if mark in element]
    if sent and not shown:
        return False
    return all(str(element[mark]).lower() == str(body[mark]).lower() for mark in shown)


def _deleted(element: Any, one: UUID) -> Deleted | Refused:
    if refusal := first_refusal(element):
        return refusal
    info = element.get("info") if isinstance(element, dict) else None
    if not isinstance(info, str):
        raise Unsure("МойСклад ответил на удаление не согласием и не отказом.")
    named = {UUID(text) for text in _ID.findall(info)}
    if named and one not in named:
        raise Unsure("МойСклад ответил об удалении другого документа.")
    return Deleted(one)


def _id(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError as error:
        raise Unsure(f"МойСклад ответил документом с id {text!r}.") from error
