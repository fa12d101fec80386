"""`expand=`: replaces references in an answer by the objects they point to, level by level."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sverka.moysklad.sandbox.listing import Tree, not_expandable
from sverka.moysklad.sandbox.meta import Json
from sverka.moysklad.sandbox.model import ENTITIES, Kind
from sverka.moysklad.sandbox.references import Shelf, id_of
from sverka.moysklad.sandbox.rendering import Renderer
from sverka.moysklad.sandbox.storage import Store, Stored

_COMMON = ("owner", "group")
_DOCUMENT = ("files", "attributes")
MOST_EXPANDED_ROWS = 100
"""Positions shown inside a document; the rest are in its own list of positions (seen live)."""


class Expander:
    """Works on rendered objects, one statement per level and field."""

    def __init__(self, store: Store, shelf: Shelf, renderer: Renderer) -> None:
        self._store = store
        self._shelf = shelf
        self._renderer = renderer

    def expand(self, objects: Sequence[Json], tree: Tree) -> None:
        """Changes the objects in place.

        Raises:
            ApiError: 1089, the objects have no such field to expand.
        """
        for name, branch in tree.items():
            for item in objects:
                if name not in expandable(item["meta"]["type"]):
                    raise not_expandable(name)
            if name == "positions":
                self._positions(objects, branch)
            elif name == "accounts":
                self._accounts(objects)
            else:
                self._references(objects, name, branch)

    def _positions(self, objects: Sequence[Json], branch: Tree) -> None:
        together: list[Json] = []
        for item in objects:
            document = self._stored(item)
            shown = document.body["positions"][:MOST_EXPANDED_ROWS]
            rows = self._renderer.positions(document, shown)
            item["positions"]["rows"] = rows
            together += rows
        self.expand(together, branch)

    def _accounts(self, objects: Sequence[Json]) -> None:
        for item in objects:
            parent = f"{item['meta']['type']}/{item['id']}"
            accounts = self._store.children("account", parent)
            item["accounts"]["rows"] = [self._renderer.account(account) for account in accounts]

    def _references(self, objects: Sequence[Json], name: str, branch: Tree) -> None:
        places = [place for item in objects for place in _places(item.get(name))]
        self._shelf.load(id_of(place["meta"]["href"]) for place in places)
        wanted = {id_of(place["meta"]["href"]) for place in places}
        targets = [stored for id_ in wanted if (stored := self._shelf.get(id_)) is not None]
        found = {UUID(item["id"]): item for item in self._render(targets)}
        self.expand(list(found.values()), branch)
        for place in places:
            place.update(found.get(id_of(place["meta"]["href"]), {}))

    def _render(self, targets: Sequence[Stored]) -> list[Json]:
        entities = [stored for stored in targets if stored.type in ENTITIES]
        rendered = self._renderer.objects(entities)
        rendered += [self._renderer.state(s) for s in targets if s.type == "state"]
        rendered += [self._renderer.account(s) for s in targets if s.type == "account"]
        return rendered

    def _stored(self, item: Json) -> Stored:
        stored = self._shelf.get(UUID(item["id"]))
        assert stored is not None, "what is rendered was put on the shelf"
        return stored


def expandable(kind: str) -> set[str]:
    """The names that `expand` may use on objects of this meta type."""
    entity = ENTITIES.get(kind)
    if entity is None:
        return {"assortment"} if kind.endswith("position") else set()
    references = {f.name for f in entity.fields if f.kind in {Kind.REF, Kind.STATE, Kind.ACCOUNT}}
    names = {*references, *entity.backlinks, *_COMMON}
    if entity.is_document:
        names.update(_DOCUMENT)
    if entity.position_type:
        names.add("positions")
    if entity.pays:
        names.add("operations")
    if entity.has_accounts:
        names.add("accounts")
    return names


def _places(value: Any) -> Iterator[Json]:
    """The dicts that hold a reference: one, each of a list, none in a MetaArray."""
    if isinstance(value, list):
        for item in value:
            yield from _places(item)
    elif isinstance(value, dict) and value.get("meta", {}).get("type") in {
        *ENTITIES,
        "state",
        "account",
    }:
        yield value
