"""References in requests: from `{"meta": {...}}` to the path of an object that exists.

A path is what follows `/entity/` in the href: `counterparty/<id>`,
`customerorder/metadata/states/<id>`, `organization/<id>/accounts/<id>`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sverka.moysklad.sandbox.errors import BAD_REQUEST, ApiError, malformed, rejected
from sverka.moysklad.sandbox.http import API_ROOT
from sverka.moysklad.sandbox.model import ENTITIES
from sverka.moysklad.sandbox.storage import Store, Stored

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ENTITY = re.compile(rf"(\w+)/({_UUID})")
_STATE = re.compile(rf"(\w+)/metadata/states/({_UUID})")
_ATTRIBUTE = re.compile(rf"(\w+)/metadata/attributes/({_UUID})")
_ACCOUNT = re.compile(rf"(organization|counterparty)/({_UUID})/accounts/({_UUID})")
_TYPES = {*ENTITIES, "state", "attributemetadata", "account"} | {
    entity.position_type for entity in ENTITIES.values() if entity.position_type
}


class Shelf:
    """Objects that one request has already read, so that a bulk of 1000 asks only once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._objects: dict[UUID, Stored | None] = {}

    def load(self, ids: Iterable[UUID]) -> None:
        """Reads what is not here yet, with one statement."""
        missing = {id_ for id_ in ids if id_ not in self._objects}
        if missing:
            self._objects.update(dict.fromkeys(missing))
            self._objects.update({s.id: s for s in self._store.objects(missing)})

    def get(self, id_: UUID) -> Stored | None:
        self.load([id_])
        return self._objects[id_]

    def put(self, stored: Stored) -> None:
        self._objects[stored.id] = stored

    def drop(self, id_: UUID) -> None:
        """Forgets an object that was erased."""
        self._objects[id_] = None


def id_of(path: str) -> UUID:
    """The id at the end of a path."""
    return UUID(path.rsplit("/", 1)[-1])


def mentioned_ids(value: Any) -> Iterator[UUID]:
    """The ids at the end of all hrefs in a request body, to read them together."""
    if isinstance(value, list):
        for item in value:
            yield from mentioned_ids(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "href" and isinstance(item, str) and re.search(f"{_UUID}$", item):
                yield id_of(item)
            else:
                yield from mentioned_ids(item)


class References:
    """Checks references against this server's address and what is on the shelf."""

    def __init__(self, base: str, shelf: Shelf) -> None:
        self._root = f"{base}/entity/"
        self._origin = base.removesuffix(API_ROOT)
        self._shelf = shelf

    def path(self, name: str, value: Any) -> tuple[str, str]:
        """Path and `type` of a reference in the field `name`, in the order the docs check them.

        Raises:
            ApiError: 2014, 2010, 2011, 2012, 1059 or 2013.
        """
        meta = value.get("meta") if isinstance(value, dict) else None
        if not isinstance(meta, dict):
            raise malformed(2014, f"отсутствует meta для поля '{name}'", parameter=name)
        href, kind = meta.get("href"), meta.get("type")
        if not href or not isinstance(href, str):
            raise malformed(2010, f"отсутствует href для meta поля '{name}'", parameter=name)
        if not kind:
            raise malformed(2011, f"отсутствует type для meta поля '{name}'", parameter=name)
        if kind not in _TYPES:
            raise malformed(2012, f"неизвестный type для meta поля '{name}'", parameter=name)
        if not href.startswith(self._origin + "/"):
            text = f"Некорректный сервер в идентификаторе объекта: '{href}'"
            raise ApiError(BAD_REQUEST, 1059, text, parameter=name)
        if not href.startswith(self._root):
            raise _bad_href(name)
        return href.removeprefix(self._root).split("?")[0].lower(), kind

    def entity(self, name: str, value: Any, targets: tuple[str, ...]) -> str:
        """The path of an object of one of the `targets` types (it may be in the bin).

        Raises:
            ApiError: a meta error, 1060, 2013 or 2021.
        """
        path, kind = self.path(name, value)
        match = _ENTITY.fullmatch(path)
        if match is None:
            raise _bad_href(name)
        if match[1] != kind:
            raise _other_type(name)
        if kind not in targets:
            raise malformed(
                2021, f"полю '{name}' не может быть присвоен объект типа {kind}", parameter=name
            )
        stored = self._shelf.get(UUID(match[2]))
        if stored is None or stored.type != kind:
            raise _bad_href(name)
        return path

    def state(self, value: Any, entity: str) -> str:
        """The path of a state of this entity type.

        Raises:
            ApiError: a meta error, 1060, 11001 or 11002.
        """
        path, kind = self.path("state", value)
        match = _STATE.fullmatch(path)
        if match is None:
            raise _bad_href("state")
        if kind != "state":
            raise _other_type("state")
        stored = self._shelf.get(UUID(match[2]))
        if stored is None or stored.type != "state":
            text = f"Ошибка инициализации статуса: статус с именем '{match[2]}' не найден"
            raise rejected(11001, text, parameter="state")
        if stored.body["parent"] != entity or match[1] != entity:
            text = (
                f"Ошибка инициализации статуса: статус с id = '{match[2]}' "
                "не принадлежит данному типу документа"
            )
            raise rejected(11002, text, parameter="state")
        return path

    def account(self, name: str, value: Any) -> str:
        """The path of a bank account.

        Raises:
            ApiError: a meta error, 1060 or 2013.
        """
        path, kind = self.path(name, value)
        match = _ACCOUNT.fullmatch(path)
        if match is None:
            raise _bad_href(name)
        if kind != "account":
            raise _other_type(name)
        stored = self._shelf.get(UUID(match[3]))
        if stored is None or stored.body.get("parent") != f"{match[1]}/{match[2]}":
            raise _bad_href(name)
        return path

    def attribute(self, value: Any, entity: str) -> Stored:
        """The definition of an attribute of this entity type.

        Raises:
            ApiError: a meta error, 1060, 14000 or 14003.
        """
        path, kind = self.path("attributes", value)
        match = _ATTRIBUTE.fullmatch(path)
        if match is None:
            raise _bad_href("attributes")
        if kind != "attributemetadata":
            raise _other_type("attributes")
        stored = self._shelf.get(UUID(match[2]))
        problem = "Ошибка сохранения дополнительного поля"
        if stored is None or stored.type != "attributemetadata":
            text = f"{problem}: идентификатор метаданных указывает на несуществующий объект"
            raise rejected(14003, text, parameter="attributes")
        if stored.body["parent"] != entity:
            text = f"{problem}: поле '{stored.body['name']}' не относится к реестру '{entity}'"
            raise rejected(14000, text, parameter="attributes")
        return stored


def _bad_href(name: str) -> ApiError:
    return malformed(2013, f"неправильное значение href для meta поля '{name}'", parameter=name)


def _other_type(name: str) -> ApiError:
    text = "Некорректный тип данных в meta сущности, поле type"
    return ApiError(BAD_REQUEST, 1060, text, parameter=name)
