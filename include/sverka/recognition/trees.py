"""Finds the reports of an XML or JSON tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sverka.errors import Refusal
from sverka.reading.raw import RawFile
from sverka.recognition.schema import Schema, TreeLayout
from sverka.recognition.texts import folded

_ANSWER = 50
"""An answer without reports is short; a phrase deeper in a file is not one."""
_NO_ERROR = frozenset({"", "0", "false"})


@dataclass(frozen=True, slots=True)
class LocatedReport:
    """A report node with its records, in the order of the file."""

    node: dict[str, Any]
    records: list[Any]


def locate_reports(raw: RawFile, schema: Schema) -> list[LocatedReport] | None:
    """The reports by this schema, or None when the tree is not this layout.

    An empty list is a valid file without reports.

    Raises:
        Refusal: it is this layout, but something unknown stands beside or in the reports.
    """
    layout = schema.layout
    assert isinstance(layout, TreeLayout)
    if raw.container != layout.container:
        return None
    for path in layout.reports:
        found = _located(raw, path, schema, layout)
        if found is not None:
            return found
    return [] if _says_nothing(raw.tree, layout) else None


def _located(
    raw: RawFile, path: tuple[str, ...], schema: Schema, layout: TreeLayout
) -> list[LocatedReport] | None:
    holder, nodes = _nodes(raw.tree, path)
    if holder is None and not nodes:
        return None
    reports = [_report(node, schema, layout) for node in nodes]
    if any(report is None for report in reports):
        return None
    if holder is not None:
        # In JSON the list is there even when it is empty; an empty XML root has no children at all.
        if path[-1] not in holder and raw.container != "xml":
            return None
        if not nodes and _says_nothing(holder, layout):
            return []
        _hold_to_known(holder, path[-1], layout, alone=not nodes and raw.container == "xml")
    return [report for report in reports if report is not None]


def _nodes(tree: Any, path: tuple[str, ...]) -> tuple[dict[str, Any] | None, list[Any]]:
    """What holds the reports, and the reports; the path `.` is the root itself."""
    if path == (".",):
        return None, _as_list(tree)
    holder = _descend(tree, path[:-1])
    return holder, _as_list(holder.get(path[-1])) if holder else []


def nearly(raw: RawFile, schema: Schema) -> list[LocatedReport]:
    """The reports of a file that looks like this layout although it lost fields; else none."""
    layout = schema.layout
    assert isinstance(layout, TreeLayout)
    if raw.container != layout.container:
        return []
    for path in layout.reports:
        found = [node for node in _nodes(raw.tree, path)[1] if isinstance(node, dict)]
        for node in found:
            lost = len(lost_fields(node, schema))
            asked = len(layout.require_head) + (
                len(layout.require) if records_at(node, layout) else 0
            )
            if lost and (path != (".",) or 2 * lost <= asked):
                return [LocatedReport(one, records_at(one, layout)) for one in found]
    return []


def lost_fields(node: dict[str, Any], schema: Schema) -> list[str]:
    """The required keys of a report that are gone, and the required fields gone from its records."""
    layout = schema.layout
    assert isinstance(layout, TreeLayout)
    records = [record for record in records_at(node, layout) if isinstance(record, dict)]
    lost = [key for key in layout.require_head if key not in node]
    if records:
        lost += [
            schema.columns[group[0]].headers[0]
            for group in layout.require
            if not any(key in records[0] for name in group for key in schema.columns[name].headers)
        ]
    return lost


def error_in(node: Any) -> str | None:
    """What an error beside or instead of the reports says; None when there is no error."""
    for key, value in node.items() if isinstance(node, dict) else ():
        texts = [text for text in _texts(value) if text not in _NO_ERROR]
        if "error" in key.lower() and (texts or value is True):
            return f"«{max(texts, key=len, default=key)}»"
    return None


def _descend(node: Any, path: tuple[str, ...]) -> dict[str, Any] | None:
    for step in path:
        children = _as_list(node.get(step)) if isinstance(node, dict) else []
        if len(children) != 1:
            return None
        node = children[0]
    return node if isinstance(node, dict) else None


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _report(node: Any, schema: Schema, layout: TreeLayout) -> LocatedReport | None:
    if not isinstance(node, dict) or any(key not in node for key in layout.require_head):
        return None
    records = records_at(node, layout)
    # A record that lacks a field is put aside later; all of them lacking it is another layout.
    if records and not any(_carries_columns(record, layout, schema) for record in records):
        return None
    for key, value in node.items():
        if key not in {layout.records[0], *layout.inside} and not _is_plain(value):
            raise Refusal(
                f"внутри отчёта стоит незнакомый раздел «{key}»: в нём могут быть операции, которые "
                "остались бы непрочитанными. Попросите у курьера отчёт в обычном виде."
            )
    return LocatedReport(node, records)


def records_at(node: dict[str, Any], layout: TreeLayout) -> list[Any]:
    """The records of a report, in the order of the file."""
    parent = _descend(node, layout.records[:-1])
    return _as_list(parent.get(layout.records[-1])) if parent is not None else []


def _carries_columns(record: Any, layout: TreeLayout, schema: Schema) -> bool:
    return isinstance(record, dict) and all(
        any(key in record for name in group for key in schema.columns[name].headers)
        for group in layout.require
    )


def _hold_to_known(
    holder: dict[str, Any], reports: str, layout: TreeLayout, *, alone: bool
) -> None:
    """Beside reports a plain value is harmless; alone it is a request or somebody else's answer."""
    if error := error_in(holder):
        raise Refusal(f"курьер вместо полного отчёта вернул ошибку: {error}. {_AGAIN}")
    for key, value in holder.items():
        if key != reports and key not in layout.beside and (alone or not _is_plain(value)):
            what = (
                "вместо отчёта стоит незнакомый раздел «{}»: похоже на запрос или чужой ответ. "
                if alone
                else "рядом с отчётами стоит незнакомый раздел «{}»: возможно, это не все деньги. "
            )
            raise Refusal(what.format(key.lstrip("@#")) + _AGAIN)


_AGAIN = "Скачайте отчёт у курьера ещё раз, целиком."


def _is_plain(value: Any) -> bool:
    """A single value, or an XML element with a text only: no records can hide in it."""
    if isinstance(value, list):
        return all(_is_plain(item) for item in value)
    return not isinstance(value, dict) or set(value) <= {"#text"}


def _says_nothing(tree: Any, layout: TreeLayout) -> bool:
    return any(
        folded(text).strip(" .!") in layout.nothing for text in islice(_texts(tree), _ANSWER)
    )


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from _texts(child)
