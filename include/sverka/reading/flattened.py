"""An XML or JSON tree as tables: every list of records becomes one, nested single values included.

A tree that no tree schema describes is drafted and read as a table: a record is a row, its fields
are the columns (`payment.sum` for a nested one), and what stands over the list are title rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sverka.reading.raw import RawFile, RawTable, Row

_MOST_TITLES = 30
"""The header has to stay within the rows that are looked through for one."""
_MOST_INNER = 200
"""Lists within more records than this are details of the records, not reports of their own."""
_LEAST_FIELDS = 2

Path = tuple[str, ...]
"""The names that lead to a list; it stands as the table's sheet."""


@dataclass(frozen=True, slots=True)
class _Records:
    """One list of records with its place and what stands over it."""

    path: Path
    titles: tuple[str, ...]
    rows: list[dict[str, str]]


def flattened(raw: RawFile) -> tuple[RawTable, ...]:
    """The tables of the tree, outer lists first; row numbers are the ordinals of the records.

    Lists of one path have the same columns, whichever of them lacks a field.
    """
    if raw.tree is None:
        return ()
    explicit = raw.container != "xml"
    found = list(_lists(raw.tree, (), (), explicit=explicit))
    if not found and not explicit:
        # An XML element that stands once may be a list of one record.
        found = list(_lists(raw.tree, (), (), explicit=True))
    keys: dict[Path, dict[str, None]] = {}
    for one in found:
        keys.setdefault(one.path, {}).update(dict.fromkeys(key for row in one.rows for key in row))
    return tuple(_table(one, list(keys[one.path])) for one in found)


def _lists(node: Any, path: Path, titles: tuple[str, ...], *, explicit: bool) -> Iterator[_Records]:
    if isinstance(node, list):
        yield from _of_list(node, path, titles, explicit=explicit)
        return
    if not isinstance(node, dict):
        return
    own = (*titles, *(f"{key}: {text}" for key, text in scalars(node).items()))
    for key, value in node.items():
        inside = value[0] if _is_single(value, explicit=explicit) else value
        if isinstance(inside, dict | list) and not _is_text(inside):
            yield from _lists(inside, (*path, key), own, explicit=explicit)


def _of_list(
    records: list[Any], path: Path, titles: tuple[str, ...], *, explicit: bool
) -> Iterator[_Records]:
    if not records or not all(isinstance(record, dict) for record in records):
        return
    rows = [scalars(record) for record in records]
    if any(len(row) >= _LEAST_FIELDS for row in rows):
        yield _Records(path, titles, rows)
    if len(records) > _MOST_INNER:
        return
    for record in records:
        yield from _lists(record, path, titles, explicit=explicit)


def _table(records: _Records, keys: list[str]) -> RawTable:
    above: list[Row] = [[title] for title in records.titles[-_MOST_TITLES:]]
    below: list[Row] = [[row.get(key) for key in keys] for row in records.rows]
    sheet = "/".join(records.path) or None
    return RawTable(sheet, [*above, list(keys), *below], first_line=-len(above))


def scalars(node: dict[str, Any]) -> dict[str, str]:
    """The single values of a node by name; a nested section that stands once gives `section.name`."""
    found: dict[str, str] = {}
    for key, value in node.items():
        name = key.lstrip("@")
        inside = value[0] if isinstance(value, list) and len(value) == 1 else value
        if isinstance(inside, dict):
            if _is_text(inside):
                found[name] = inside.get("#text", "")
            elif isinstance(value, dict) or "#text" in inside or _has_no_lists(inside):
                nested = scalars(inside)
                found |= {(f"{name}.{k}" if k != "#text" else name): v for k, v in nested.items()}
        elif isinstance(inside, bool):
            found[name] = "да" if inside else "нет"
        elif isinstance(inside, str):
            found[name] = inside
    return found


def _has_no_lists(node: dict[str, Any]) -> bool:
    return not any(isinstance(value, list) and len(value) > 1 for value in node.values())


def _is_single(value: Any, *, explicit: bool) -> bool:
    return isinstance(value, list) and len(value) == 1 and not explicit


def _is_text(node: Any) -> bool:
    """An element with a text and nothing else, or with nothing at all."""
    return isinstance(node, dict) and set(node) <= {"#text"}
