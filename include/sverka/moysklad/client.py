"""The MoySklad JSON API 1.2, as far as Sverka needs it.

The same client talks to the real service and to the sandbox. Every answer's numbers are int or
Decimal; every element of a bulk write is looked at.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sverka.errors import Misconfigured, SverkaError
from sverka.moysklad import wire
from sverka.moysklad.errors import Unsure
from sverka.moysklad.rate import Limiter
from sverka.moysklad.refusals import Refused, first_refusal
from sverka.moysklad.transport import Transport
from sverka.settings import MoySkladConnection

__all__ = ["MoySklad", "Refused", "Saved"]

PAGE = 1000
# MoySklad docs, «Замена ссылок объектами»: above 100 `expand` is ignored without a word.
EXPANDED_PAGE = 100
BULK = 1000
# The limit is 20 MB since 2025, but error 1044 still speaks of 10 MB; a body never comes near it.
BODY_BYTES = 9_000_000
# Headers and URL together may have 8 KB; the rest is for the token and the address.
FILTER_CHARACTERS = 5_000


@dataclass(frozen=True, slots=True)
class Saved:
    """One element of a bulk write that is in the books now; `body` is MoySklad's own picture."""

    id: UUID
    body: dict[str, Any]


class MoySklad:
    """A user's access to MoySklad; may be shared by threads.

    Every method raises `Terminal` for a refusal of the whole request and `Transient` when nothing
    was done and it may be repeated; `save` may also raise `Unsure`. `sleep` and `monotonic` are
    in seconds.
    """

    def __init__(
        self,
        connection: MoySkladConnection,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = Transport(connection, Limiter(sleep=sleep, monotonic=monotonic))

    @property
    def base_url(self) -> str:
        """The address that references in request bodies start with."""
        return self._transport.base_url

    def account_id(self) -> UUID:
        """The account that this access belongs to, from its first organization.

        `/context/employee` would say it too, but refuses the tokens of solutions (error 1085).

        Raises:
            Misconfigured: the user sees no organization.
        """
        for organization in self.page("organization"):
            return UUID(organization["accountId"])
        raise Misconfigured("MoySklad: the user of this token sees no organization")

    def rows(
        self,
        entity: str,
        *,
        filters: Sequence[str] = (),
        order: str | None = None,
        expand: Sequence[str] = (),
    ) -> Iterator[dict[str, Any]]:
        """All rows that meet the `filters` (conditions such as `name=42`), page by page.

        Pages are cut by offset, so rows must not change places meanwhile: the default order of an
        entity is by id; `demand/<id>/positions` comes in its own order. For what changes while it is read see `page`.
        """
        limit = EXPANDED_PAGE if expand else PAGE
        offset = 0
        while True:
            page = self.page(entity, filters=filters, order=order, expand=expand, offset=offset)
            yield from page
            if len(page) < limit:
                return
            offset += limit

    def page(
        self,
        entity: str,
        *,
        filters: Sequence[str] = (),
        order: str | None = None,
        expand: Sequence[str] = (),
        offset: int = 0,
    ) -> list[dict[str, Any]]:
        """One page of at most `PAGE` rows, with `expand` at most `EXPANDED_PAGE`."""
        limit = EXPANDED_PAGE if expand else PAGE
        parameters: dict[str, str | int] = {"limit": limit, "offset": offset}
        if filters:
            parameters["filter"] = ";".join(filters)
        # The docs list what entities can be ordered by, and nothing for the positions of one.
        if order or "/" not in entity:
            parameters["order"] = order or "id,asc"
        if expand:
            parameters["expand"] = ",".join(expand)
        answer = self._transport.read(f"entity/{entity}", parameters)
        if answer is None:
            raise Misconfigured(f"MoySklad knows no entity {entity}")
        rows: list[dict[str, Any]] = answer["rows"]
        return rows

    def get(
        self, entity: str, entity_id: UUID, *, expand: Sequence[str] = ()
    ) -> dict[str, Any] | None:
        """One object by its id, or None when there is none."""
        parameters: dict[str, str | int] = {"expand": ",".join(expand)} if expand else {}
        return self._transport.read(f"entity/{entity}/{entity_id}", parameters)

    def find_by_sync_id(self, entity: str, sync_id: UUID) -> dict[str, Any] | None:
        """The document that was created with this syncId, or None."""
        return self._transport.read(f"entity/{entity}/syncid/{sync_id}")

    def find_by_external_codes(
        self, entity: str, codes: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """The documents that carry these external codes, by code; a missing code has none.

        An external code is not unique in MoySklad. Of several documents the one whose syncId is
        the code wins, else the oldest: it was not made from a copy.
        """
        found: dict[str, dict[str, Any]] = {}
        wanted = set(codes)
        for filters in _batches_of_conditions(sorted(wanted)):
            for row in self.rows(entity, filters=filters, order="created,asc;id,asc"):
                code = row.get("externalCode")
                # The filter does not look at letter case; the code does.
                if code in wanted and (code not in found or row.get("syncId") == code):
                    found[code] = row
        return found

    def save(self, entity: str, bodies: Sequence[dict[str, Any]]) -> list[Saved | Refused]:
        """Creates what has no `meta` and updates what has; one result per body, in order.

        Sent in chunks of at most 1000 bodies and 9 MB, each once. Elements are independent: a
        refused one does not stop its neighbours.

        Raises:
            Unsure: the outcome of a chunk is unknown, or a chunk failed after others were saved.
        """
        results: list[Saved | Refused] = []
        for chunk in _chunks(bodies):
            try:
                answer = self._transport.write(f"entity/{entity}", b"[" + b",".join(chunk) + b"]")
                results += _results(answer, bodies[len(results) : len(results) + len(chunk)])
            except SverkaError as error:
                if not results:
                    raise
                raise Unsure(f"Часть документов записана, дальше не вышло: {error}") from error
        return results

    def metadata(self, entity: str) -> dict[str, Any]:
        """What MoySklad knows of an entity type: its `states` and more."""
        answer = self._transport.read(f"entity/{entity}/metadata")
        if answer is None:
            raise Misconfigured(f"MoySklad knows no entity {entity}")
        found: dict[str, Any] = answer
        return found

    def states(self, entity: str) -> dict[str, UUID]:
        """The states («статусы») of an entity type by name."""
        return {
            state["name"]: UUID(state["id"]) for state in self.metadata(entity).get("states", [])
        }

    def find_one(self, entity: str, name: str) -> UUID:
        """The id of the dictionary entry with exactly this name.

        Raises:
            Misconfigured: there is none, or there are several.
        """
        ids = [
            UUID(row["id"])
            for row in self.rows(entity, filters=[wire.equals("name", name)])
            if row.get("name") == name
        ]
        if len(ids) != 1:
            raise Misconfigured(
                f"В МоёмСкладе должна быть ровно одна запись {entity} с именем «{name}», "
                f"а их {len(ids)}. Создайте её или переименуйте лишние."
            )
        return ids[0]


def _batches_of_conditions(codes: Sequence[str]) -> Iterator[list[str]]:
    """Conditions on the external code (several are joined by OR), cut so that a URL stays short."""
    batch: list[str] = []
    length = 0
    for code in codes:
        condition = wire.equals("externalCode", code)
        size = len(wire.query({"": condition})) + 3
        if batch and length + size > FILTER_CHARACTERS:
            yield batch
            batch, length = [], 0
        batch.append(condition)
        length += size
    if batch:
        yield batch


def _chunks(bodies: Sequence[dict[str, Any]]) -> Iterator[list[bytes]]:
    """The bodies as JSON, cut by number and by size."""
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


def _results(answer: list[Any], bodies: Sequence[dict[str, Any]]) -> list[Saved | Refused]:
    if len(answer) != len(bodies):
        raise Unsure(f"МойСклад ответил на {len(answer)} документов из {len(bodies)}.")
    return [_result(element, body) for element, body in zip(answer, bodies, strict=True)]


def _result(element: Any, body: dict[str, Any]) -> Saved | Refused:
    """What became of one body.

    Raises:
        Unsure: neither a document nor a refusal, or another document's answer in its place.
    """
    if refusal := first_refusal(element):
        return refusal
    if not isinstance(element, dict) or "id" not in element:
        raise Unsure("МойСклад ответил на запись не документом и не отказом.")
    if "syncId" in body and element.get("syncId", body["syncId"]) != body["syncId"]:
        raise Unsure("МойСклад ответил документами в другом порядке.")
    return Saved(id=UUID(element["id"]), body=element)
