"""Typed documents as JSON for the database, and back, by the types of their fields."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

Document = TypeVar("Document")


def to_json(value: Any) -> Any:
    """A document, or a part of one, as plain JSON values.

    Raises:
        TypeError: a value that documents do not hold, a float above all.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: to_json(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"a document cannot hold {value!r}")


def from_json(kind: type[Document], stored: dict[str, Any]) -> Document:
    """The document of this dataclass that `to_json` gave; an earlier one may lack optional fields.

    Raises:
        KeyError, TypeError, ValueError: stored by something else.
    """
    hints = get_type_hints(kind)
    needed = {part.name for part in fields(kind) if part.default is MISSING}  # type: ignore[arg-type]  # dataclasses only
    if not needed <= set(stored) <= set(hints):
        raise ValueError(f"{kind.__name__} has the fields {sorted(hints)}, not {sorted(stored)}")
    return kind(**{name: _value(hints[name], stored[name]) for name in stored})


def _value(hint: Any, stored: Any) -> Any:
    if get_origin(hint) is UnionType:
        inner = next(option for option in get_args(hint) if option is not type(None))
        return None if stored is None else _value(inner, stored)
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in stored)
    if is_dataclass(hint):
        return from_json(hint, stored)  # type: ignore[arg-type]  # is_dataclass also narrows to instances
    if hint is datetime:
        return datetime.fromisoformat(stored)
    return _scalar(hint, stored)


def _scalar(hint: Any, stored: Any) -> Any:
    if hint is UUID:
        return UUID(stored)
    plain = getattr(hint, "__supertype__", hint)
    if type(stored) is not plain:
        raise TypeError(f"{stored!r} is not {plain.__name__}")
    return stored
