"""The MoySklad JSON API 1.2, as far as Sverka needs it.

The same client talks to the real service and to the sandbox. Every answer's numbers are int or
Decimal; every element of a bulk write is looked at.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sverka.clock import Clock, system_clock
from sverka.errors import Misconfigured, SverkaError
from sverka.moysklad import bulk, wire
from sverka.moysklad.belonging import is_list_of, is_metadata_of, is_object
from sverka.moysklad.bulk import Deleted, Saved
from sverka.moysklad.errors import Unsure
from sverka.moysklad.rate import Limiter, Pace
from sverka.moysklad.refusals import Refused
from sverka.moysklad.transport import Transport
from sverka.moysklad.weights import weight_now
from sverka.settings import MoySkladConnection

__all__ = ["Deleted", "MoySklad", "Refused", "Saved"]

PAGE = 1000
# MoySklad docs, «Замена ссылок объектами»: above 100 `expand` is ignored without a word.
EXPANDED_PAGE = 100
# Headers and URL together may have 8 KB; the rest is for the token and the address.
FILTER_CHARACTERS = 5_000

Result = TypeVar("Result")


class MoySklad:
    """A user's access to MoySklad; may be shared by threads.

    Every method raises `Terminal` for a refusal of the whole request and `Transient` when nothing
    was done and it may be repeated; `save` and `delete` may also raise `Unsure`. `pace` keeps to
    the request limits; without one, this client keeps to them as if it were the user's only one,
    by `clock`, `sleep` and `monotonic` (seconds).
    """

    def __init__(
        self,
        connection: MoySkladConnection,
        *,
        pace: Pace | None = None,
        clock: Clock = system_clock,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if pace is None:
            weight = weight_now(clock, with_token=bool(connection.token))
            pace = Limiter(weight, sleep=sleep, monotonic=monotonic)
        self._transport = Transport(connection, pace)

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
        answer = self._transport.read(
            f"entity/{entity}",
            parameters,
            belongs=lambda page: is_list_of(page, entity, parameters, filters),
        )
        if answer is None:
            raise Misconfigured(f"MoySklad knows no entity {entity}")
        rows: list[dict[str, Any]] = answer["rows"]
        return rows

    def get(
        self, entity: str, entity_id: UUID, *, expand: Sequence[str] = ()
    ) -> dict[str, Any] | None:
        """One object by its id, or None when there is none."""
        parameters: dict[str, str | int] = {"expand": ",".join(expand)} if expand else {}
        return self._transport.read(
            f"entity/{entity}/{entity_id}",
            parameters,
            belongs=lambda found: is_object(found, "id", entity_id),
        )

    def find_by_sync_id(self, entity: str, sync_id: UUID) -> dict[str, Any] | None:
        """The document that was created with this syncId, or None."""
        return self._transport.read(
            f"entity/{entity}/syncid/{sync_id}",
            belongs=lambda found: is_object(found, "syncId", sync_id),
        )

    def find_by_external_codes(
        self, entity: str, codes: Sequence[str], *, trashed: bool = False
    ) -> dict[str, dict[str, Any]]:
        """The documents that carry these external codes, by code; a missing code has none.

        An external code is not unique in MoySklad. Of several documents the one whose syncId is
        the code wins, else the oldest: it was not made from a copy. Those in the bin are in no
        ordinary list; `trashed` looks there instead.
        """
        found: dict[str, dict[str, Any]] = {}
        wanted = set(codes)
        where = ["isDeleted=true"] if trashed else []
        for filters in _batches(sorted(wanted)):
            for row in self.rows(entity, filters=[*where, *filters], order="created,asc;id,asc"):
                code = row.get("externalCode")
                # The filter does not look at letter case; the code does.
                if code in wanted and (code not in found or _is_original(row, code)):
                    found[code] = row
        return found

    def find_by_sync_ids(self, entity: str, sync_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
        """The documents that were created with these syncIds, wherever they are now.

        Our documents carry the syncId as external code, too, so most are found a hundred at a
        time, in the lists and then in the bin. What is left is asked for one by one: somebody may
        have changed the code. Where only a copy carries the code, the copy is the answer.
        """
        found: dict[UUID, dict[str, Any]] = {}
        copies: dict[UUID, dict[str, Any]] = {}
        for trashed in (False, True):
            left = [str(one) for one in sync_ids if one not in found]
            for code, row in self.find_by_external_codes(entity, left, trashed=trashed).items():
                place = found if _is_original(row, code) else copies
                place.setdefault(UUID(code), {"deleted": True} | row if trashed else row)
        for one in sync_ids:
            if one not in found:
                document = self.find_by_sync_id(entity, one) or copies.get(one)
                if document is not None:
                    found[one] = document
        return found

    def save(self, entity: str, bodies: Sequence[dict[str, Any]]) -> list[Saved | Refused]:
        """Creates what has no `meta` and updates what has; one result per body, in order.

        Sent in chunks of at most 1000 bodies and 9 MB, each once. Elements are independent: a
        refused one does not stop its neighbours.

        Raises:
            Unsure: the outcome of a chunk is unknown, or a chunk failed after others were saved.
        """
        return self._write(f"entity/{entity}", bodies, bodies, bulk.saved)

    def delete(self, entity: str, ids: Sequence[UUID]) -> list[Deleted | Refused]:
        """Deletes documents in bulk (MoySklad docs, «Массовое удаление»); one result per id.

        They go to the bin where the account uses one. One that is already gone is refused with
        code 1021.

        Raises:
            Unsure: as in `save`; asking for the ids tells what is gone.
        """
        bodies = [wire.reference(self.base_url, entity, one) for one in ids]
        return self._write(f"entity/{entity}/delete", bodies, ids, bulk.deleted)

    def _write(
        self,
        path: str,
        bodies: Sequence[dict[str, Any]],
        asked: Sequence[Any],
        look: Callable[[Sequence[Any], Sequence[Any]], list[Result]],
    ) -> list[Result]:
        """What `look` makes of the answers for what was `asked` with the bodies."""
        results: list[Result] = []
        for chunk in bulk.chunks(bodies):
            try:
                answer = self._transport.write(path, b"[" + b",".join(chunk) + b"]")
                results += look(answer, asked[len(results) : len(results) + len(chunk)])
            except SverkaError as error:
                if not results:
                    raise
                raise Unsure(f"Часть документов записана, дальше не вышло: {error}") from error
        return results

    def metadata(self, entity: str) -> dict[str, Any]:
        """What MoySklad knows of an entity type: its `states` and more."""
        answer = self._transport.read(
            f"entity/{entity}/metadata", belongs=lambda found: is_metadata_of(found, entity)
        )
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


def _batches(codes: Sequence[str]) -> Iterator[list[str]]:
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


def _is_original(row: dict[str, Any], code: str) -> bool:
    return str(row.get("syncId")).lower() == code.lower()
