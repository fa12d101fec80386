"""From kept objects to the JSON of an answer.

Empty fields are left out; money is written as the service writes it, `1500.0`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sverka.moysklad.sandbox.meta import Json, Metas
from sverka.moysklad.sandbox.model import BACKLINK_OF, ENTITIES, Entity, Field, Kind
from sverka.moysklad.sandbox.references import Shelf
from sverka.moysklad.sandbox.storage import Link, Store, Stored
from sverka.moysklad.sandbox.values import shown

_EMPTY: tuple[Any, ...] = (None, "")


def wire(amount: int | Decimal) -> float:
    """A number as the service prints it.

    Only for printing: whole numbers of minor units are exact in a double up to 2**53.
    """
    return float(amount)


class Renderer:
    """Renders objects for one request."""

    def __init__(self, store: Store, base: str, shelf: Shelf) -> None:
        self.metas = Metas(base)
        self._store = store
        self._shelf = shelf
        account_id, self._standard = store.household()
        self._account_id = str(account_id)

    def objects(self, rows: Sequence[Stored]) -> list[Json]:
        """The JSON of each object, references not expanded."""
        documents = [row.id for row in rows if ENTITIES[row.type].is_document]
        links: dict[UUID, list[Link]] = defaultdict(list)
        for link in self._store.links_to(documents) if documents else ():
            links[link.target].append(link)
        for row in rows:
            self._shelf.put(row)
        self._load_attributes(rows)
        return [self._object(row, links[row.id]) for row in rows]

    def template(self, entity: Entity, body: dict[str, Any]) -> Json:
        """The JSON of something that is not saved: no meta, no id."""
        given: Json = {"name": body["name"]}
        self._fields(entity, body, given)
        given["positions"] = {"rows": [self._position_fields(row) for row in body["positions"]]}
        given["sum"] = wire(body["sum"])
        return given

    def positions(self, document: Stored, rows: Iterable[dict[str, Any]]) -> list[Json]:
        """The JSON of positions of one document."""
        rendered = []
        for row in rows:
            path = f"{document.type}/{document.id}/positions/{row['id']}"
            head = {"meta": self.metas.of(path), "id": row["id"], "accountId": self._account_id}
            rendered.append({**head, **self._position_fields(row)})
        return rendered

    def account(self, stored: Stored) -> Json:
        """A bank account of an organization or a counterparty."""
        given: Json = {
            "meta": self.metas.of(f"{stored.body['parent']}/accounts/{stored.id}"),
            "id": str(stored.id),
            "accountId": self._account_id,
            "updated": shown(stored.updated),
        }
        plain = {k: v for k, v in stored.body.items() if k != "parent" and v not in _EMPTY}
        return {**given, **plain}

    def state(self, stored: Stored) -> Json:
        """A state of an entity type."""
        entity = stored.body["parent"]
        return {
            "meta": self.metas.of(f"{entity}/metadata/states/{stored.id}"),
            "id": str(stored.id),
            "accountId": self._account_id,
            "name": stored.body["name"],
            "color": stored.body["color"],
            "stateType": stored.body["stateType"],
            "entityType": entity,
        }

    def attribute(self, stored: Stored) -> Json:
        """The definition of an additional field."""
        return {
            "meta": self.metas.of(f"{stored.body['parent']}/metadata/attributes/{stored.id}"),
            "id": str(stored.id),
            "name": stored.body["name"],
            "type": stored.body["type"],
            "required": False,
            "show": True,
        }

    def _object(self, row: Stored, links: list[Link]) -> Json:
        entity = ENTITIES[row.type]
        given: Json = {"meta": self.metas.of(f"{row.type}/{row.id}"), "id": str(row.id)}
        if row.sync_id is not None:
            given["syncId"] = str(row.sync_id)
        if not entity.is_global:
            given |= {"accountId": self._account_id, "updated": shown(row.updated)}
        if entity.has_owner:
            given |= self._belongings()
        if row.deleted is not None:
            given["deleted"] = shown(row.deleted)
        self._fields(entity, row.body, given)
        if entity.is_document:
            self._document(entity, row, links, given)
        if entity.has_accounts:
            path = f"{row.type}/{row.id}/accounts"
            size = len(self._store.children("account", f"{row.type}/{row.id}"))
            given["accounts"] = {"meta": self.metas.collection(path, "account", size)}
        return given

    def _belongings(self) -> Json:
        given: Json = {"shared": False}
        for name, kind in (("owner", "employee"), ("group", "group")):
            if kind in self._standard:
                given[name] = {"meta": self.metas.of(f"{kind}/{self._standard[kind]}")}
        return given

    def _fields(self, entity: Entity, body: dict[str, Any], given: Json) -> None:
        for field in entity.fields:
            if body.get(field.name) not in _EMPTY:
                given[field.name] = self._value(field, body[field.name])

    def _value(self, field: Field, value: Any) -> Any:
        match field.kind:
            case Kind.REF | Kind.STATE | Kind.ACCOUNT:
                return {"meta": self.metas.of(value)}
            case Kind.MONEY:
                return wire(value)
            case _:
                return value

    def _document(self, entity: Entity, row: Stored, links: list[Link], given: Json) -> None:
        body = row.body
        given |= {name: body[name] for name in ("printed", "published")}
        given["created"] = shown(row.created)
        given |= self._rate(body)
        path = f"{row.type}/{row.id}"
        given["files"] = {"meta": self.metas.collection(f"{path}/files", "files", 0)}
        if body.get("attributes"):
            given["attributes"] = self._attributes(body["attributes"])
        if entity.position_type:
            given |= {"sum": wire(body["sum"]), "vatSum": wire(body["vatSum"])}
            size = len(body["positions"])
            meta = self.metas.collection(f"{path}/positions", entity.position_type, size)
            given["positions"] = {"meta": meta}
            given |= _sums(entity, links)
        if body.get("operations"):
            given["operations"] = self._operations(body["operations"])
        for name in entity.backlinks:
            self._backlinks(name, links, given)

    def _rate(self, body: dict[str, Any]) -> Json:
        """The currency; its value is left out when it is 1."""
        kept: dict[str, str] = body.get("rate", {})
        if not kept and "currency" not in self._standard:
            return {}
        path = kept.get("currency", f"currency/{self._standard.get('currency')}")
        rate: Json = {"currency": {"meta": self.metas.of(path)}}
        value = Decimal(kept.get("value", "1"))
        return {"rate": rate if value == 1 else {**rate, "value": wire(value)}}

    def _operations(self, operations: list[dict[str, Any]]) -> list[Json]:
        return [
            {"meta": self.metas.of(op["document"]), "linkedSum": wire(op["linkedSum"])}
            for op in operations
        ]

    def _backlinks(self, name: str, links: list[Link], given: Json) -> None:
        # Bare references: how much a payment links is only documented on the payment's side.
        shown_here = [
            {"meta": self.metas.of(f"{link.source_type}/{link.source}")}
            for link in links
            if BACKLINK_OF[link.source_type, link.field] == name
        ]
        if shown_here:
            given[name] = shown_here

    def _attributes(self, values: dict[str, Any]) -> list[Json]:
        rendered = []
        for id_, value in values.items():
            definition = self._shelf.get(UUID(id_))
            if definition is None:
                continue
            described = self.attribute(definition)
            kept = {key: described[key] for key in ("meta", "id", "name", "type")}
            is_double = definition.body["type"] == "double"
            rendered.append({**kept, "value": wire(Decimal(value)) if is_double else value})
        return rendered

    def _load_attributes(self, rows: Sequence[Stored]) -> None:
        self._shelf.load(UUID(id_) for row in rows for id_ in row.body.get("attributes", ()))

    def _position_fields(self, row: dict[str, Any]) -> Json:
        return {
            "quantity": wire(Decimal(row["quantity"])),
            "price": wire(row["price"]),
            "discount": wire(Decimal(row["discount"])),
            "vat": row["vat"],
            "vatEnabled": row["vatEnabled"],
            "assortment": {"meta": self.metas.of(row["assortment"])},
        }


def _sums(entity: Entity, links: list[Link]) -> Json:
    """What was paid and shipped by conducted documents that link here directly.

    Whether the real payedSum of an order also counts payments of its demands, and drafts, is not
    documented; here neither counts.
    """
    live = [link for link in links if link.applicable]
    paid = sum(link.sum or 0 for link in live if link.field == "operations")
    sums: Json = {"payedSum": wire(paid)}
    if entity.type == "customerorder":
        shipped, invoiced = (
            sum(link.source_sum for link in live if link.source_type == kind)
            for kind in ("demand", "invoiceout")
        )
        sums |= {"shippedSum": wire(shipped), "invoicedSum": wire(invoiced), "reservedSum": wire(0)}
    return sums
