"""The `filter=` parameter: conditions joined by `;`, turned into SQL.

MoySklad docs, «Фильтрация выборки с помощью параметра filter»: a repeated `=` is OR, everything else is
AND, of two equal comparisons the first holds, and each type has its own operators. `syncId` is
documented as a filter, but a live account answers 412/1034; the sandbox does the same unless told.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum, auto
from typing import Any
from uuid import UUID

from psycopg2 import sql

from sverka.moysklad.sandbox.errors import BAD_REQUEST, ApiError, bad_filter, rejected
from sverka.moysklad.sandbox.model import Entity, Field, Kind
from sverka.moysklad.sandbox.references import Shelf
from sverka.moysklad.sandbox.values import parse_moment, shown

_CONDITION = re.compile(r"([^=!<>~]+)(>=|<=|!=|!~|=~|~=|=|>|<|~)(.*)", re.DOTALL)
_SEPARATOR = re.compile(r"(?<!\\);")
_COMPARISONS = (">", "<", ">=", "<=")
_ALIKE = {"~": "%{}%", "~=": "{}%", "=~": "%{}"}


class Operand(Enum):
    """What is compared."""

    STRING = auto()
    ATTRIBUTE_STRING = auto()
    NUMBER = auto()
    DATE = auto()
    FLAG = auto()
    CHOICE = auto()
    REFERENCE = auto()
    MEMBER = auto()
    IDENTIFIER = auto()


_EQUALITY = ("=", "!=")
_OPERATORS = {
    Operand.STRING: (*_EQUALITY, *_ALIKE),
    Operand.ATTRIBUTE_STRING: (*_EQUALITY, *_ALIKE, "!~"),
    Operand.NUMBER: (*_EQUALITY, *_COMPARISONS),
    Operand.DATE: (*_EQUALITY, *_COMPARISONS),
    Operand.FLAG: _EQUALITY,
    Operand.CHOICE: _EQUALITY,
    Operand.REFERENCE: _EQUALITY,
    Operand.MEMBER: _EQUALITY,
    Operand.IDENTIFIER: _EQUALITY,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A field in SQL and what its values are; `stamp` tells timestamps from texts of moments."""

    expression: sql.Composable
    operand: Operand
    stamp: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One parsed condition."""

    name: str
    operator: str
    value: str


_FIELD_OPERANDS = {
    Kind.TEXT: Operand.STRING,
    Kind.CHOICE: Operand.CHOICE,
    Kind.MONEY: Operand.NUMBER,
    Kind.FLAG: Operand.FLAG,
    Kind.MOMENT: Operand.DATE,
    Kind.REF: Operand.REFERENCE,
    Kind.STATE: Operand.REFERENCE,
}
_OWN_COLUMNS = {
    "name": sql.SQL("name"),
    "externalCode": sql.SQL("external_code"),
    "moment": sql.SQL("moment"),
}
_KEPT_COLUMNS = {
    "id": Column(sql.SQL("id"), Operand.IDENTIFIER),
    "updated": Column(sql.SQL("updated"), Operand.DATE, stamp=True),
    "created": Column(sql.SQL("created"), Operand.DATE, stamp=True),
    "deleted": Column(sql.SQL("deleted"), Operand.DATE, stamp=True),
}
_FLAGS = ("printed", "published")
_ASSORTMENT = sql.SQL("jsonb_path_query_array(body, '$.positions[*].assortment')")
_STATE_NAME = sql.SQL(
    "(select s.body ->> 'name' from sandbox.object s"
    " where s.id = right(object.body ->> 'state', 36)::uuid)"
)


def parse(text: str) -> list[Condition]:
    """The conditions of a filter.

    Raises:
        ApiError: 1034, a part is not a condition.
    """
    conditions = []
    for part in _SEPARATOR.split(text):
        if not part.strip():
            continue
        match = _CONDITION.fullmatch(part)
        if match is None:
            raise bad_filter(f"неверный формат условия '{part}'")
        conditions.append(Condition(match[1].strip(), match[2], match[3].replace("\\;", ";")))
    return conditions


class FilterCompiler:
    """Compiles filters for one entity type of one server."""

    def __init__(self, entity: Entity, base: str, shelf: Shelf, *, by_sync_id: bool = False):
        self._entity = entity
        self._by_sync_id = by_sync_id
        self._root = f"{base}/entity/"
        self._shelf = shelf

    def where(self, text: str) -> sql.Composable:
        """The WHERE of a list: the type, what is in the bin, and the filter's conditions.

        Raises:
            ApiError: 1014, 1034 or 1035.
        """
        by_field: dict[str, list[Condition]] = {}
        for condition in parse(text):
            by_field.setdefault(condition.name, []).append(condition)
        parts: list[sql.Composable] = [
            sql.SQL("type = {}").format(sql.Literal(self._entity.type)),
            self._deleted(by_field.pop("isDeleted", [])),
        ]
        parts += [self._field(name, conditions) for name, conditions in by_field.items()]
        return sql.SQL(" and ").join(parts)

    def _deleted(self, conditions: Sequence[Condition]) -> sql.Composable:
        if not conditions:
            return sql.SQL("deleted is null")
        if not self._entity.is_document:
            raise _unknown("isDeleted")
        wanted = set()
        for condition in conditions:
            if condition.operator not in _EQUALITY:
                raise _wrong_operator(condition)
            is_true = _flag(condition)
            wanted.add(is_true if condition.operator == "=" else not is_true)
        if len(wanted) == 2:
            return sql.SQL("true")
        return sql.SQL("deleted is not null" if wanted.pop() else "deleted is null")

    def _field(self, name: str, conditions: Sequence[Condition]) -> sql.Composable:
        column = self._column(name)
        for condition in conditions:
            if condition.operator not in _OPERATORS[column.operand]:
                raise _wrong_operator(condition)
        operators = {condition.operator for condition in conditions}
        if "=" in operators and operators & set(_COMPARISONS):
            raise bad_filter(f"для поля '{name}' нельзя сочетать равенство и неравенство")
        equal = [self._one(column, c) for c in conditions if c.operator == "="]
        parts: list[sql.Composable] = (
            [sql.SQL("({})").format(sql.SQL(" or ").join(equal))] if equal else []
        )
        seen: set[str] = set()
        for condition in conditions:
            if condition.operator == "=" or condition.operator in seen:
                continue
            if condition.operator in _COMPARISONS:
                seen.add(condition.operator)
            parts.append(self._one(column, condition))
        return sql.SQL(" and ").join(parts)

    def _column(self, name: str) -> Column:
        if column := self._special(name):
            return column
        if name.startswith(self._root):
            return self._attribute(name)
        field = self._entity.field(name)
        if field is None or not field.filterable:
            raise _unknown(name)
        return _column_of(field)

    def _special(self, name: str) -> Column | None:
        """What is filtered by beside the fields of the entity."""
        entity = self._entity
        special: dict[str, Column] = {name: _KEPT_COLUMNS[name] for name in _kept_by(entity)}
        if self._by_sync_id and entity.has_sync_id:
            special["syncId"] = Column(sql.SQL("sync_id"), Operand.IDENTIFIER)
        if entity.field("state"):
            special["state.name"] = Column(_STATE_NAME, Operand.STRING)
        if entity.position_type:
            special["sum"] = Column(_of_body("sum"), Operand.NUMBER)
            special["assortment"] = Column(_ASSORTMENT, Operand.MEMBER)
        if entity.is_document:
            special |= {flag: Column(_of_body(flag), Operand.FLAG) for flag in _FLAGS}
        return special.get(name)

    def _attribute(self, href: str) -> Column:
        """An additional field is named by its whole href."""
        prefix = f"{self._root}{self._entity.type}/metadata/attributes/"
        try:
            definition = self._shelf.get(UUID(href.removeprefix(prefix)))
        except ValueError:
            definition = None
        if definition is None or definition.body.get("parent") != self._entity.type:
            raise _unknown(href)
        expression = sql.SQL("(body -> 'attributes' ->> {})").format(
            sql.Literal(str(definition.id))
        )
        kind = definition.body["type"]
        if kind in {"long", "double"}:
            return Column(expression, Operand.NUMBER)
        if kind == "time":
            return Column(expression, Operand.DATE)
        return Column(expression, Operand.FLAG if kind == "boolean" else Operand.ATTRIBUTE_STRING)

    def _one(self, column: Column, condition: Condition) -> sql.Composable:
        if condition.value == "" and condition.operator in {"=", "!="}:
            return _emptiness(column, condition.operator)
        if condition.operator in {*_ALIKE, "!~"}:
            return _likeness(column, condition)
        value = self._value(column, condition)
        if column.operand is Operand.MEMBER:
            holds = sql.SQL("{} ? {}").format(column.expression, sql.Literal(value))
            return sql.SQL("not {}").format(holds) if condition.operator == "!=" else holds
        operator = "is distinct from" if condition.operator == "!=" else condition.operator
        left = column.expression
        if column.operand is Operand.NUMBER:
            left = sql.SQL("({})::numeric").format(left)
        return sql.SQL("{} {} {}").format(left, sql.SQL(operator), sql.Literal(value))

    def _value(self, column: Column, condition: Condition) -> Any:
        if column.operand in {Operand.REFERENCE, Operand.MEMBER}:
            if not condition.value.startswith(self._root):
                raise _wrong_value(condition)
            return condition.value.removeprefix(self._root).lower()
        if column.operand is Operand.DATE:
            moment = parse_moment(condition.value)
            if moment is None:
                text = "Ошибка фильтрации: неверный формат даты параметра фильтрации"
                raise rejected(1035, text, parameter=condition.name)
            return moment if column.stamp else shown(moment)
        return _READERS.get(column.operand, _string)(condition)


def _kept_by(entity: Entity) -> set[str]:
    """Which of the facts that the service keeps itself can be filtered by."""
    if entity.is_document:
        return {"id", "updated", "created", "deleted"}
    if entity.has_accounts:
        return {"id", "updated", "created"}
    return {"id"} if entity.is_global else {"id", "updated"}


def _column_of(field: Field) -> Column:
    expression = _OWN_COLUMNS.get(field.name, _of_body(field.name))
    return Column(expression, _FIELD_OPERANDS[field.kind])


def _of_body(name: str) -> sql.Composable:
    return sql.SQL("(body ->> {})").format(sql.Literal(name))


def _emptiness(column: Column, operator: str) -> sql.Composable:
    if column.operand in {Operand.STRING, Operand.ATTRIBUTE_STRING}:
        left: sql.Composable = sql.SQL("nullif({}, '')").format(column.expression)
    else:
        left = column.expression
    return sql.SQL("{} is null" if operator == "=" else "{} is not null").format(left)


def _likeness(column: Column, condition: Condition) -> sql.Composable:
    escaped = re.sub(r"([%_\\])", r"\\\1", condition.value)
    pattern = _ALIKE.get(condition.operator, "%{}%").format(escaped)
    likes = sql.SQL("{} ilike {}").format(column.expression, sql.Literal(pattern))
    if condition.operator == "!~":
        return sql.SQL("({}) is not true").format(likes)
    return likes


def _flag(condition: Condition) -> bool:
    if condition.value not in {"true", "false"}:
        raise _wrong_value(condition)
    return condition.value == "true"


def _flag_text(condition: Condition) -> str:
    return "true" if _flag(condition) else "false"


def _number(condition: Condition) -> Decimal:
    try:
        value = Decimal(condition.value)
    except InvalidOperation:
        raise _wrong_value(condition) from None
    if not value.is_finite():
        raise _wrong_value(condition)
    return value


def _identifier(condition: Condition) -> UUID:
    try:
        return UUID(condition.value)
    except ValueError:
        raise _wrong_value(condition) from None


def _string(condition: Condition) -> str:
    return condition.value


_READERS: dict[Operand, Callable[[Condition], Any]] = {
    Operand.NUMBER: _number,
    Operand.FLAG: _flag_text,
    Operand.IDENTIFIER: _identifier,
}


def _unknown(name: str) -> ApiError:
    return bad_filter(f"неизвестное поле фильтрации '{name}'")


def _wrong_operator(condition: Condition) -> ApiError:
    return bad_filter(
        f"оператор '{condition.operator}' не поддерживается для поля '{condition.name}'"
    )


def _wrong_value(condition: Condition) -> ApiError:
    text = f"Неверное значение '{condition.value}' параметра фильтрации '{condition.name}'"
    return ApiError(BAD_REQUEST, 1014, text, parameter=condition.name)
