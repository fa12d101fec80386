"""A MoySklad in memory for what only reads: lists by id, single documents, states."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid5

BASE = "https://api.moysklad.ru/api/remap/1.2"
_SPACE = UUID("00000000-0000-4000-8000-000000000007")


def uid(name: str) -> UUID:
    """The same id for the same name."""
    return uuid5(_SPACE, name)


def meta(entity: str, entity_id: UUID | str) -> dict[str, Any]:
    """A reference as MoySklad shows it; a name is turned into its id."""
    found = uid(entity_id) if isinstance(entity_id, str) else entity_id
    return {"meta": {"href": f"{BASE}/entity/{entity}/{found}", "type": entity}}


class Shelf:
    """Documents by entity; `asked` is every request, `unlisted` are left out of lists."""

    base_url = BASE

    def __init__(self, **states: Sequence[tuple[str, str]]) -> None:
        self._states = states
        self._bodies: dict[tuple[str, UUID], dict[str, Any]] = {}
        self.unlisted: set[UUID] = set()
        self.asked: list[tuple[str, ...]] = []

    def put(self, entity: str, entity_id: UUID, **fields: Any) -> None:
        self._bodies[entity, entity_id] = {"id": str(entity_id), **fields}

    def rows(
        self, path: str, *, filters: Sequence[str] = (), expand: Sequence[str] = ()
    ) -> Iterator[dict[str, Any]]:
        self.asked.append(("rows", path, *sorted(filters), *expand))
        if found := re.fullmatch(r"(\w+)/([0-9a-f-]+)/positions", path):
            yield from self._bodies[found[1], UUID(found[2])]["all_positions"]
            return
        wanted = {one.removeprefix("id=") for one in filters}
        in_bin = "isDeleted=true" in filters
        for (entity, entity_id), body in self._bodies.items():
            listed = entity_id not in self.unlisted and bool(body.get("deleted")) == in_bin
            if entity == path and str(entity_id) in wanted and listed:
                # MoySklad's list of the bin does not say of each row that it lies there.
                yield {name: value for name, value in body.items() if name != "deleted"}

    def get(
        self, entity: str, entity_id: UUID, *, expand: Sequence[str] = ()
    ) -> dict[str, Any] | None:
        self.asked.append(("get", entity, str(entity_id), *expand))
        return self._bodies.get((entity, entity_id))

    def metadata(self, entity: str) -> dict[str, Any]:
        self.asked.append(("metadata", entity))
        states = self._states.get(entity, ())
        return {"states": [{"id": str(uid(name)), "stateType": kind} for name, kind in states]}

    def states(self, entity: str) -> dict[str, UUID]:
        self.asked.append(("states", entity))
        return {name: uid(name) for name, _ in self._states.get(entity, ())}
