"""The resources of the positions of one document.

MoySklad docs, «Позиции»: a list of its own, to which more can be added than one request may carry.
"""

from uuid import UUID

from sverka.moysklad.sandbox.errors import ApiError, malformed, not_found
from sverka.moysklad.sandbox.expanding import Expander
from sverka.moysklad.sandbox.handlers import Handlers
from sverka.moysklad.sandbox.http import Answer
from sverka.moysklad.sandbox.listing import expand_of_list, not_sortable, page_of
from sverka.moysklad.sandbox.meta import Json
from sverka.moysklad.sandbox.model import Entity
from sverka.moysklad.sandbox.positions import Row
from sverka.moysklad.sandbox.references import Shelf
from sverka.moysklad.sandbox.rendering import Renderer
from sverka.moysklad.sandbox.saving import Writer
from sverka.moysklad.sandbox.storage import Stored


class PositionHandlers(Handlers):
    """All resources: those of an entity type and those of its positions."""

    def list_positions(self, entity: Entity, id_: str) -> Answer:
        page = page_of(self._request)
        if "order" in self._request.parameters:
            raise not_sortable("order")
        shelf = Shelf(self._store)
        document = self._kept(entity, shelf, id_)
        rows = document.body["positions"]
        renderer = Renderer(self._store, self._request.base, shelf)
        rendered = renderer.positions(document, rows[page.offset : page.offset + page.limit])
        Expander(self._store, shelf, renderer).expand(rendered, expand_of_list(self._request))
        return self._collection(str(entity.position_type), rendered, len(rows), page)

    def add_positions(self, entity: Entity, id_: str) -> Answer:
        given = self._request.json()
        writer = self._writer()
        document = writer.found(entity, UUID(id_))
        rows = writer.add_positions(entity, document, given)
        renderer = Renderer(self._store, self._request.base, writer.shelf)
        return Answer(content=renderer.positions(document, rows))

    def get_position(self, entity: Entity, id_: str, position_id: str) -> Answer:
        shelf = Shelf(self._store)
        document = self._kept(entity, shelf, id_)
        row = self._row(entity, document, position_id)
        renderer = Renderer(self._store, self._request.base, shelf)
        return Answer(content=renderer.positions(document, [row])[0])

    def change_position(self, entity: Entity, id_: str, position_id: str) -> Answer:
        """Changes what was sent of one position; the others stay."""
        given = self._one_given()
        self._refuse_if_meddled()
        writer = self._writer()
        document = writer.found(entity, UUID(id_))
        self._row(entity, document, position_id)
        others = [{"id": row["id"]} for row in document.body["positions"]]
        rows = [{**given, **one} if one["id"] == position_id else one for one in others]
        changed = writer.update(entity, document, {"positions": rows})
        row = self._row(entity, changed, position_id)
        renderer = Renderer(self._store, self._request.base, writer.shelf)
        return Answer(content=renderer.positions(changed, [row])[0])

    def delete_position(self, entity: Entity, id_: str, position_id: str) -> Answer:
        self._refuse_if_meddled()
        writer = self._writer()
        document = writer.found(entity, UUID(id_))
        self._without(writer, entity, document, position_id)
        return Answer()

    def delete_positions(self, entity: Entity, id_: str) -> Answer:
        """`POST …/positions/delete`: one result per element."""
        given = self._request.json()
        if not isinstance(given, list):
            raise malformed(2000, "ожидался массив")
        writer = self._writer()
        results: list[Json] = []
        for item in given:
            document = writer.found(entity, UUID(id_))
            try:
                path, _ = writer.references.path("meta", item)
                position_id = path.rsplit("/", 1)[-1]
                self._without(writer, entity, document, position_id)
            except ApiError as error:
                results.append(error.body())
            else:
                results.append({"info": f"Позиция '{position_id}' успешно удалена"})
        return Answer(content=results)

    def _without(self, writer: Writer, entity: Entity, document: Stored, position_id: str) -> None:
        gone = self._row(entity, document, position_id)
        left = [{"id": row["id"]} for row in document.body["positions"] if row != gone]
        writer.update(entity, document, {"positions": left})

    def _row(self, entity: Entity, document: Stored, position_id: str) -> Row:
        for row in document.body["positions"]:
            if row["id"] == position_id:
                found: Row = row
                return found
        raise not_found(str(entity.position_type), position_id)
