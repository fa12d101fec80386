"""Creating, updating and deleting objects: the rules that all types share."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sverka.clock import Clock
from sverka.moysklad.sandbox.account import Account, Replay, Right, TrashedSyncId
from sverka.moysklad.sandbox.bodies import BodyReader, required_fields
from sverka.moysklad.sandbox.errors import (
    BAD_REQUEST,
    IN_USE,
    ApiError,
    malformed,
    not_found,
    not_unique,
    rejected,
)
from sverka.moysklad.sandbox.links import links_of
from sverka.moysklad.sandbox.meta import Metas
from sverka.moysklad.sandbox.model import ENTITIES, Entity
from sverka.moysklad.sandbox.payments import check_currency, check_operations
from sverka.moysklad.sandbox.permits import (
    require_open_period,
    require_right,
    require_unique_name,
)
from sverka.moysklad.sandbox.positions import totals
from sverka.moysklad.sandbox.references import References, Shelf, mentioned_ids
from sverka.moysklad.sandbox.returns import check_return
from sverka.moysklad.sandbox.storage import Store, Stored
from sverka.moysklad.sandbox.values import moscow_now, parse_uuid, shown


@dataclass(frozen=True, slots=True)
class Rules:
    """What the writer is told from outside."""

    clock: Clock
    new_id: Callable[[], UUID]
    account: Account = field(default_factory=Account)


NOTHING: Mapping[int, ApiError] = {}


class Writer:
    """Writes within one transaction, with the writers' lock held."""

    def __init__(self, store: Store, base: str, rules: Rules) -> None:
        store.lock_writers()
        self._store = store
        self._rules = rules
        self._account = rules.account
        self._metas = Metas(base)
        self.shelf = Shelf(store)
        self.references = References(base, self.shelf)
        self._bodies = BodyReader(self.references, self.shelf, rules.new_id)
        self._used: dict[UUID, Stored] = {}

    def save_all(
        self, entity: Entity, given: Sequence[Any], refusals: Mapping[int, ApiError] = NOTHING
    ) -> list[Stored | ApiError]:
        """One result per element: each is saved or refused by itself.

        `refusals` are the elements that are refused whatever they say.
        """
        self.shelf.load(mentioned_ids(list(given)))
        self._find_used(entity, given)
        results: list[Stored | ApiError] = []
        for index, item in enumerate(given):
            try:
                if index in refusals:
                    raise refusals[index]
                results.append(self._save(entity, item))
            except ApiError as error:
                results.append(error)
        return results

    def update(self, entity: Entity, stored: Stored, given: dict[str, Any]) -> Stored:
        """Applies the keys that were sent to the object; the others stay.

        Raises:
            ApiError: 1047, or a value breaks a rule; the object is then as it was.
        """
        sync_id = given.get("syncId")
        if entity.has_sync_id and sync_id is not None and parse_uuid(sync_id) != stored.sync_id:
            text = "Вы не можете обновить поле syncId в запросе на обновление сущности"
            raise rejected(1047, text, parameter="syncId")
        return self._change(entity, stored, self._bodies.read(entity, given, stored.body))

    def add_positions(self, entity: Entity, stored: Stored, given: Any) -> list[dict[str, Any]]:
        """Appends positions, one or many; gives back the new rows.

        Raises:
            ApiError: a position breaks a rule; the document is then as it was.
        """
        body = self._bodies.with_positions(given, deepcopy(stored.body))
        changed = self._change(entity, stored, body)
        rows: list[dict[str, Any]] = changed.body["positions"]
        return rows[len(stored.body["positions"]) :]

    def delete(self, entity: Entity, stored: Stored) -> None:
        """Moves a document to the bin; erases anything else, and all where no bin is used.

        Raises:
            ApiError: 1010, 1018, 17009, or 1028 when another object needs it.
        """
        if not entity.writable:
            raise ApiError(
                BAD_REQUEST, 1010, f"Удаление объектов типа '{entity.type}' не поддерживается"
            )
        require_right(self._account, Right.DELETE, entity)
        require_open_period(self._account, entity, stored)
        if needing := self._needing(entity, stored):
            text = "Объект уже используется и не может быть удален"
            raise ApiError(IN_USE, 1028, text, dependencies=[self._metas.of(p) for p in needing])
        if entity.is_document and self._account.recycle_bin:
            stored.deleted = stored.updated = moscow_now(self._rules.clock)
            self._store.replace(stored)
        else:
            self._store.erase(stored)
            self.shelf.drop(stored.id)

    def found(self, entity: Entity, id_: UUID) -> Stored:
        """The live object with this id.

        Raises:
            ApiError: 1021.
        """
        stored = self.shelf.get(id_)
        if stored is None or stored.type != entity.type or stored.deleted is not None:
            raise not_found(entity.type, id_)
        return stored

    def _find_used(self, entity: Entity, given: Sequence[Any]) -> None:
        """Reads all objects whose syncIds are repeated here, with one statement."""
        wanted = []
        for item in given:
            try:
                wanted.append(parse_uuid(item.get("syncId")))
            except (ApiError, AttributeError):
                continue  # the element is refused or has none; that is found out at its turn
        if wanted and entity.has_sync_id:
            self._used.update(self._store.by_sync_ids(entity.type, wanted))

    def _save(self, entity: Entity, given: Any) -> Stored:
        if not isinstance(given, dict):
            raise malformed(2000, "отсутствует начало объекта")
        if isinstance(given.get("meta"), dict) and given["meta"].get("href"):
            path = self.references.entity("meta", given, (entity.type,))
            return self.update(entity, self.found(entity, UUID(path.split("/")[1])), given)
        return self._create(entity, given)

    def _create(self, entity: Entity, given: dict[str, Any]) -> Stored:
        if not entity.writable:
            raise ApiError(
                BAD_REQUEST, 1011, f"Создание объектов типа '{entity.type}' не поддерживается"
            )
        require_right(self._account, Right.CREATE, entity)
        sync_id = None
        if entity.has_sync_id and given.get("syncId") is not None:
            sync_id = parse_uuid(given["syncId"])
            if earlier := self._earlier(sync_id):
                return self._replayed(entity, earlier, given)
        now = moscow_now(self._rules.clock)
        stored = Stored(self._rules.new_id(), entity.type, sync_id, now, now)
        stored.body = self._bodies.read(entity, given, None)
        self._conclude(entity, stored, None)
        self._store.insert(stored)
        self._store.add_links(stored.id, links_of(entity, stored.body))
        self.shelf.put(stored)
        if sync_id is not None:
            self._used[sync_id] = stored
        return stored

    def _earlier(self, sync_id: UUID) -> Stored | None:
        """The object that holds this syncId, trashed or not, as the account's setting has it."""
        earlier = self._used.get(sync_id)
        if earlier is None or earlier.deleted is None:
            return earlier
        if self._account.trashed_sync_id is TrashedSyncId.REFUSE:
            raise not_unique("syncId")
        if self._account.trashed_sync_id is TrashedSyncId.RELEASE:
            self._store.release_sync_id(earlier.id)
            self._used[sync_id] = replace(earlier, sync_id=None)
            return None
        return earlier

    def _replayed(self, entity: Entity, earlier: Stored, given: dict[str, Any]) -> Stored:
        if self._account.replay is Replay.REFUSE:
            raise not_unique("syncId")
        if self._account.replay is Replay.UPDATE and earlier.deleted is None:
            return self._change(entity, earlier, self._bodies.read(entity, given, earlier.body))
        return earlier

    def _change(self, entity: Entity, stored: Stored, body: dict[str, Any]) -> Stored:
        if not entity.writable:
            raise ApiError(
                BAD_REQUEST, 1026, f"Обновление объектов типа '{entity.type}' не поддерживается"
            )
        require_right(self._account, Right.EDIT, entity)
        changed = replace(stored, updated=moscow_now(self._rules.clock), body=body)
        self._conclude(entity, changed, stored)
        self._store.replace(changed)
        self._store.drop_links(changed.id)
        self._store.add_links(changed.id, links_of(entity, changed.body))
        self.shelf.put(changed)
        if changed.sync_id is not None:
            self._used[changed.sync_id] = changed
        return changed

    def _conclude(self, entity: Entity, stored: Stored, before: Stored | None) -> None:
        """The rules that look at the whole object, then what the service fills in by itself."""
        body = stored.body
        required_fields(entity, body)
        if entity.type == "salesreturn":
            check_return(body, before, self._store, self.shelf)
        if entity.pays:
            check_operations(body)
            check_currency(body, self.shelf, self._store)
        if entity.position_type:
            body["sum"], body["vatSum"] = totals(body["positions"], body)
        if entity.is_document:
            self._conclude_document(entity, stored, before)
        body.setdefault("externalCode", self._rules.new_id().hex[:22])

    def _conclude_document(self, entity: Entity, stored: Stored, before: Stored | None) -> None:
        body = stored.body
        self._check_conducted(entity, stored)
        if body["applicable"] and not (before and before.body["applicable"]):
            require_right(self._account, Right.CONDUCT, entity)
        body.setdefault("moment", shown(stored.created.replace(second=0, microsecond=0)))
        require_open_period(self._account, entity, before, stored)
        if not body.get("name"):
            year = 0 if self._account.global_numbering else int(body["moment"][:4])
            body["name"] = f"{self._store.next_number(entity.type, year):05d}"
        require_unique_name(self._account, self._store, entity, stored)

    def _check_conducted(self, entity: Entity, stored: Stored) -> None:
        if entity.type == "demand" and not stored.body["applicable"]:
            links = self._store.links_to([stored.id])
            if any(link.field == "demand" for link in links):
                text = (
                    "Ошибка сохранения документа: вы не можете снять проведение у документа типа "
                    "demand, по которому был проведен возврат"
                )
                raise rejected(17014, text, parameter="applicable")

    def _needing(self, entity: Entity, stored: Stored) -> list[str]:
        """The paths of what could not be without this object."""
        if not entity.is_document:
            return self._store.referring(f"{entity.type}/{stored.id}")
        links = self._store.links_to([stored.id])
        return [f"{link.source_type}/{link.source}" for link in links if link.field == "demand"]


def entity_named(name: str) -> Entity:
    """The entity type of a URL.

    Raises:
        ApiError: 1005.
    """
    if name not in ENTITIES:
        raise rejected(1005, f"Неизвестный тип: '{name}'")
    return ENTITIES[name]
