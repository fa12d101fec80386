"""From the JSON of a request to the body as it is kept, field by field.

Only known, writable keys are looked at: unknown and read-only ones are ignored without a word, and
`null` clears a field (MoySklad docs, «Создание и обновление объекта»).
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any
from uuid import UUID

from sverka.moysklad.sandbox.errors import (
    malformed,
    not_positive,
    rejected,
    required,
    wrong_type,
)
from sverka.moysklad.sandbox.model import Entity, Field, Kind
from sverka.moysklad.sandbox.payments import read_operations
from sverka.moysklad.sandbox.positions import PositionReader
from sverka.moysklad.sandbox.references import References, Shelf, id_of
from sverka.moysklad.sandbox.values import is_number, parse_minute, parse_plain

Body = dict[str, Any]
_ATTRIBUTE_TYPES: dict[str, type] = {
    "string": str,
    "text": str,
    "link": str,
    "boolean": bool,
}
_ACCOUNT_OWNERS = (
    (
        17000,
        "organization",
        "organizationAccount",
        "счет организации не принадлежит указанной организации",
    ),
    (17001, "agent", "agentAccount", "счет контрагента не принадлежит указанному контрагенту"),
)
_NUMERIC_ATTRIBUTES = ("long", "double")


class BodyReader:
    """Reads request bodies; references are checked while reading."""

    def __init__(self, references: References, shelf: Shelf, new_id: Callable[[], UUID]) -> None:
        self._references = references
        self._shelf = shelf
        self._positions = PositionReader(references, new_id)

    def read(self, entity: Entity, given: dict[str, Any], current: Body | None) -> Body:
        """A new body: `current` (or the defaults of a new object) changed by what was sent.

        Raises:
            ApiError: a value has a wrong type or refers to something that is not there.
        """
        body = deepcopy(current) if current is not None else _new(entity)
        for field in entity.fields:
            if field.name in given:
                self._field(entity, field, given[field.name], body)
        if entity.position_type and given.get("positions") is not None:
            body["positions"] = self._positions.replaced(given["positions"], body["positions"])
        if entity.pays and "operations" in given:
            body["operations"] = read_operations(
                entity, given["operations"], self._references, self._shelf
            )
        if entity.is_document and "rate" in given:
            self._rate(given["rate"], body)
        if entity.is_document and given.get("attributes") is not None:
            self._attributes(entity, given["attributes"], body)
        _check_accounts(body)
        return body

    def with_positions(self, given: Any, body: Body) -> Body:
        """The body with more positions at the end.

        Raises:
            ApiError: a position breaks a rule.
        """
        return {**body, "positions": self._positions.added(given, body["positions"])}

    def _field(self, entity: Entity, field: Field, value: Any, body: Body) -> None:
        if value is None:
            body.pop(field.name, None)
            if field.default is not None:
                body[field.name] = field.default
        else:
            body[field.name] = self._value(entity, field, value)

    def _value(self, entity: Entity, field: Field, value: Any) -> Any:
        match field.kind:
            case Kind.REF:
                path = self._references.entity(field.name, value, field.targets)
                self._require_live(field.name, path)
                return path
            case Kind.STATE:
                return self._references.state(value, entity.type)
            case Kind.ACCOUNT:
                return self._references.account(field.name, value)
            case _:
                return parse_plain(field, value)

    def _require_live(self, name: str, path: str) -> None:
        stored = self._shelf.get(id_of(path))
        if stored is None or stored.deleted is not None:
            raise malformed(
                2013, f"неправильное значение href для meta поля '{name}'", parameter=name
            )

    def _rate(self, given: Any, body: Body) -> None:
        """The document's currency; null is the currency of account («Поддержка null»)."""
        body.pop("rate", None)
        if given is None:
            return
        if not isinstance(given, dict):
            raise wrong_type("rate", "object")
        currency = self._references.entity("currency", given.get("currency"), ("currency",))
        body["rate"] = {"currency": currency}
        value = given.get("value")
        if value is None:
            return
        if not is_number(value):
            raise wrong_type("value", "double")
        if value <= 0:
            raise not_positive("value")
        body["rate"]["value"] = str(value)

    def _attributes(self, entity: Entity, given: Any, body: Body) -> None:
        """Named attributes change, the others stay; a null value clears one."""
        if not isinstance(given, list):
            raise wrong_type("attributes", "array")
        kept = dict(body.get("attributes", {}))
        for item in given:
            definition = self._references.attribute(item, entity.type)
            kept.pop(str(definition.id), None)
            if "value" not in item:
                text = (
                    f"Ошибка сохранения дополнительного поля типа '{definition.body['type']}': "
                    "отсутствует поле value"
                )
                raise rejected(14009, text, parameter="attributes")
            if item["value"] is not None:
                kept[str(definition.id)] = _attribute_value(definition.body["type"], item["value"])
        body["attributes"] = kept


def required_fields(entity: Entity, body: Body) -> None:
    """Raises ApiError 3000 for the first required field that is empty or absent."""
    for field in entity.fields:
        if field.required and body.get(field.name) in {None, ""}:
            raise required(field.name)


def defaults_of(entity: Entity) -> Body:
    """The values that a new object has where nothing is said."""
    return {field.name: field.default for field in entity.fields if field.default is not None}


def _new(entity: Entity) -> Body:
    body = defaults_of(entity)
    if entity.position_type:
        body["positions"] = []
    if entity.is_document:
        body |= {"printed": False, "published": False}
    return body


def _attribute_value(kind: str, value: Any) -> Any:
    if kind in _NUMERIC_ATTRIBUTES:
        if not is_number(value):
            raise wrong_type("value", kind)
        return value if isinstance(value, int) else str(value)
    if kind == "time":
        return parse_minute("value", value)
    if not isinstance(value, _ATTRIBUTE_TYPES[kind]):
        raise wrong_type("value", kind)
    return value


def _check_accounts(body: Body) -> None:
    for code, owner, account, text in _ACCOUNT_OWNERS:
        if account in body and not body[account].startswith(f"{body.get(owner)}/"):
            raise rejected(code, f"Ошибка сохранения документа: {text}", parameter=account)
