"""What each resource of the API does, within one transaction."""

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sverka.moysklad.sandbox.account import Right
from sverka.moysklad.sandbox.errors import (
    BAD_REQUEST,
    ApiError,
    malformed,
    not_found,
    rejected,
)
from sverka.moysklad.sandbox.expanding import Expander
from sverka.moysklad.sandbox.filters import FilterCompiler
from sverka.moysklad.sandbox.http import Answer, Request
from sverka.moysklad.sandbox.listing import (
    Page,
    Tree,
    expand_of,
    expand_of_list,
    order_of,
    page_of,
)
from sverka.moysklad.sandbox.meddling import Meddling
from sverka.moysklad.sandbox.meta import Json
from sverka.moysklad.sandbox.model import Entity
from sverka.moysklad.sandbox.permits import require_right
from sverka.moysklad.sandbox.positions import totals
from sverka.moysklad.sandbox.references import References, Shelf, mentioned_ids
from sverka.moysklad.sandbox.rendering import Renderer
from sverka.moysklad.sandbox.returns import template_of
from sverka.moysklad.sandbox.saving import Rules, Writer
from sverka.moysklad.sandbox.storage import Store, Stored
from sverka.moysklad.sandbox.values import parse_uuid


class Handlers:
    """The resources of one entity type for one request."""

    def __init__(
        self,
        store: Store,
        request: Request,
        rules: Rules,
        login: str,
        meddling: Meddling | None = None,
    ) -> None:
        self._store = store
        self._request = request
        self._rules = rules
        self._login = login
        self._meddling = meddling or Meddling()

    def list_objects(self, entity: Entity) -> Answer:
        page = page_of(self._request)
        shelf = Shelf(self._store)
        require_right(self._rules.account, Right.VIEW, entity)
        where = FilterCompiler(
            entity,
            self._request.base,
            shelf,
            by_sync_id=self._rules.account.filter_by_sync_id,
        ).where(self._request.parameters.get("filter", ""))
        order = order_of(self._request, entity)
        rows, size = self._store.page(where, order, page.limit, page.offset)
        rendered = self._rendered(shelf, rows, expand_of_list(self._request))
        return self._collection(entity.type, rendered, size, page)

    def get_object(self, entity: Entity, id_: str) -> Answer:
        """An object by id, also from the bin."""
        shelf = Shelf(self._store)
        return Answer(content=self._one(shelf, self._kept(entity, shelf, id_)))

    def create(self, entity: Entity) -> Answer:
        """One object, or an array with one result per element.

        Which status a wholly refused array has is not documented; it gets that of its first
        error, and each element still has its own result.
        """
        given = self._request.json()
        writer = self._writer()
        if isinstance(given, dict):
            result = writer.save_all(entity, [given], self._meddling.refusals(1))[0]
            if isinstance(result, ApiError):
                raise result
            return Answer(content=self._one(writer.shelf, result))
        results = writer.save_all(entity, given, self._meddling.refusals(len(given)))
        saved = [r for r in results if isinstance(r, Stored)]
        rendered = iter(self._rendered(writer.shelf, saved, expand_of(self._request)))
        content = [r.body() if isinstance(r, ApiError) else next(rendered) for r in results]
        errors = [r for r in results if isinstance(r, ApiError)]
        status = errors[0].status if errors and not saved else 200
        return Answer(status, content)

    def update(self, entity: Entity, id_: str) -> Answer:
        given = self._one_given()
        self._refuse_if_meddled()
        writer = self._writer()
        writer.shelf.load(mentioned_ids(given))
        changed = writer.update(entity, writer.found(entity, UUID(id_)), given)
        return Answer(content=self._one(writer.shelf, changed))

    def delete(self, entity: Entity, id_: str) -> Answer:
        self._refuse_if_meddled()
        writer = self._writer()
        writer.delete(entity, writer.found(entity, UUID(id_)))
        return Answer()

    def trash(self, entity: Entity, id_: str) -> Answer:
        """`POST …/trash`: to the bin («Удаление в корзину»)."""
        if not entity.is_document:
            raise rejected(1066, "Ошибка удаления объекта: объект нельзя переместить в корзину")
        if not self._rules.account.recycle_bin:
            raise rejected(1067, "Ошибка удаления объекта: использование корзины отключено")
        return self.delete(entity, id_)

    def delete_many(self, entity: Entity) -> Answer:
        """`POST …/delete`: one result per element."""
        given = self._request.json()
        if not isinstance(given, list):
            raise malformed(2000, "ожидался массив")
        writer = self._writer()
        results: list[Json] = []
        refusals = self._meddling.refusals(len(given))
        for index, item in enumerate(given):
            try:
                if index in refusals:
                    raise refusals[index]
                path = writer.references.entity("meta", item, (entity.type,))
                stored = writer.found(entity, UUID(path.split("/")[1]))
                writer.delete(entity, stored)
            except ApiError as error:
                results.append(error.body())
            else:
                results.append(
                    {"info": f"Сущность '{entity.type}' с UUID: {stored.id} успешно удалена"}
                )
        return Answer(content=results)

    def get_by_sync_id(self, entity: Entity, sync_id: str) -> Answer:
        return Answer(content=self._one(Shelf(self._store), self._by_sync_id(entity, sync_id)))

    def update_by_sync_id(self, entity: Entity, sync_id: str) -> Answer:
        """Changes an existing object; it never creates one (404/1021, seen live)."""
        given = self._one_given()
        self._refuse_if_meddled()
        writer = self._writer()
        stored = writer.found(entity, self._by_sync_id(entity, sync_id).id)
        return Answer(content=self._one(writer.shelf, writer.update(entity, stored, given)))

    def delete_by_sync_id(self, entity: Entity, sync_id: str) -> Answer:
        self._refuse_if_meddled()
        writer = self._writer()
        stored = self._by_sync_id(entity, sync_id)
        writer.delete(entity, writer.found(entity, stored.id))
        return Answer()

    def new_template(self, entity: Entity) -> Answer:
        """`PUT /entity/salesreturn/new`: a filled-in return, not saved."""
        given = self._request.json() if self._request.body else {}
        if isinstance(given, list):
            raise malformed(2008, "запрос на шаблон не должен содержать массив")
        shelf = Shelf(self._store)
        body: dict[str, Any] = {"name": "", "applicable": True, "positions": []}
        if "demand" in given:
            references = References(self._request.base, shelf)
            path = references.entity("demand", given["demand"], ("demand",))
            demand = shelf.get(UUID(path.split("/")[1]))
            assert demand is not None, "the reference was just checked"
            body = template_of(demand, self._store, shelf, self._rules.new_id)
        body["sum"], _ = totals(
            body["positions"], {"vatEnabled": True, "vatIncluded": True, **body}
        )
        renderer = Renderer(self._store, self._request.base, shelf)
        return Answer(content=renderer.template(entity, body))

    def list_accounts(self, entity: Entity, id_: str) -> Answer:
        page = page_of(self._request)
        renderer = self._renderer()
        accounts = self._store.children("account", f"{entity.type}/{id_}")
        wanted = accounts[page.offset : page.offset + page.limit]
        rows = [renderer.account(account) for account in wanted]
        return self._collection("account", rows, len(accounts), page)

    def metadata(self, entity: Entity) -> Answer:
        renderer = self._renderer()
        attributes = self._store.children("attributemetadata", entity.type)
        states = self._store.children("state", entity.type)
        href = f"{self._request.base}/entity/{entity.type}/metadata"
        content: Json = {"meta": {"href": href, "mediaType": "application/json"}}
        if attributes:
            path = f"{entity.type}/metadata/attributes"
            meta = renderer.metas.collection(path, "attributemetadata", len(attributes))
            content["attributes"] = {"meta": meta}
        if states:
            content["states"] = [renderer.state(state) for state in states]
        content["createShared"] = False
        return Answer(content=content)

    def get_state(self, entity: Entity, id_: str) -> Answer:
        state = self._defined("state", entity, id_)
        return Answer(content=self._renderer().state(state))

    def get_attribute(self, entity: Entity, id_: str) -> Answer:
        attribute = self._defined("attributemetadata", entity, id_)
        return Answer(content=self._renderer().attribute(attribute))

    def list_attributes(self, entity: Entity) -> Answer:
        page = page_of(self._request)
        renderer = self._renderer()
        stored = self._store.children("attributemetadata", entity.type)
        wanted = stored[page.offset : page.offset + page.limit]
        rows = [renderer.attribute(attribute) for attribute in wanted]
        return self._collection("attributemetadata", rows, len(stored), page)

    def employee(self) -> Answer:
        """`GET /context/employee`: who am I."""
        shelf = Shelf(self._store)
        stored = shelf.get(self._store.household()[1]["employee"])
        assert stored is not None, "the server makes its employee at start"
        return Answer(content=self._one(shelf, stored))

    def company_settings(self) -> Answer:
        """`GET /context/companysettings`: how documents are numbered and deleted here."""
        account = self._rules.account
        base = self._request.base
        kind = "companysettings"
        content: Json = {
            "meta": {
                "href": f"{base}/context/{kind}",
                "metadataHref": f"{base}/entity/{kind}/metadata",
                "type": kind,
                "mediaType": "application/json",
            },
            "globalOperationNumbering": account.global_numbering,
            "checkShippingStock": False,
            "checkMinPrice": False,
            "useRecycleBin": account.recycle_bin,
            "useCompanyAddress": False,
        }
        currency = self._store.household()[1].get("currency")
        if currency is not None:
            content["currency"] = {"meta": self._renderer().metas.of(f"currency/{currency}")}
        return Answer(content=content)

    def new_token(self) -> Answer:
        """A fresh token; all earlier ones of this user are revoked (MoySklad docs)."""
        self._store.revoke_tokens(self._login)
        token = secrets.token_hex(20)
        self._store.add_token(token, self._login)
        return Answer(content={"access_token": token})

    def _refuse_if_meddled(self) -> None:
        for refusal in self._meddling.refusals(1).values():
            raise refusal

    def _renderer(self) -> Renderer:
        return Renderer(self._store, self._request.base, Shelf(self._store))

    def _defined(self, kind: str, entity: Entity, id_: str) -> Stored:
        stored = Shelf(self._store).get(UUID(id_))
        if stored is None or stored.type != kind or stored.body["parent"] != entity.type:
            raise not_found(kind, id_)
        return stored

    def _writer(self) -> Writer:
        return Writer(self._store, self._request.base, self._rules)

    def _one_given(self) -> dict[str, Any]:
        given = self._request.json()
        if isinstance(given, list):
            text = "запрос на создание/обновление одной сущности не должен содержать массив"
            raise malformed(2009, text)
        assert isinstance(given, dict)
        return given

    def _by_sync_id(self, entity: Entity, sync_id: str) -> Stored:
        if not entity.has_sync_id:
            raise ApiError(BAD_REQUEST, 1057, "Отсутствует syncid для сущности")
        require_right(self._rules.account, Right.VIEW, entity)
        wanted = parse_uuid(sync_id)
        stored = self._store.by_sync_ids(entity.type, [wanted]).get(wanted)
        if stored is None:
            raise not_found(entity.type, sync_id)
        return stored

    def _kept(self, entity: Entity, shelf: Shelf, id_: str) -> Stored:
        require_right(self._rules.account, Right.VIEW, entity)
        stored = shelf.get(UUID(id_))
        if stored is None or stored.type != entity.type:
            raise not_found(entity.type, id_)
        return stored

    def _one(self, shelf: Shelf, stored: Stored) -> Json:
        return self._rendered(shelf, [stored], expand_of(self._request))[0]

    def _rendered(self, shelf: Shelf, rows: Sequence[Stored], tree: Tree) -> list[Json]:
        renderer = Renderer(self._store, self._request.base, shelf)
        rendered = renderer.objects(rows)
        Expander(self._store, shelf, renderer).expand(rendered, tree)
        return rendered

    def _collection(self, kind: str, rows: list[Json], size: int, page: Page) -> Answer:
        request = self._request
        meta: Json = {
            "href": request.base + request.path + (f"?{request.query}" if request.query else ""),
            "type": kind,
            "mediaType": "application/json",
            "size": size,
            "limit": page.limit,
            "offset": page.offset,
        }
        limit = str(page.limit)
        if page.offset + page.limit < size:
            meta["nextHref"] = request.link(limit=limit, offset=str(page.offset + page.limit))
        if page.offset:
            earlier = str(max(0, page.offset - page.limit))
            meta["previousHref"] = request.link(limit=limit, offset=earlier)
        employee = f"{request.base}/context/employee"
        who = {"href": employee, "type": "employee", "mediaType": "application/json"}
        return Answer(content={"context": {"employee": {"meta": who}}, "meta": meta, "rows": rows})
