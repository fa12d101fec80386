"""Finds the reports of an XML or JSON tree."""

from dataclasses import dataclass
from typing import Any

from sverka.errors import Refusal
from sverka.reading.raw import RawFile
from sverka.recognition.schema import Schema, TreeLayout


@dataclass(frozen=True, slots=True)
class LocatedReport:
    """A report node with its records, in the order of the file."""

    node: dict[str, Any]
    records: list[Any]


def locate_reports(raw: RawFile, schema: Schema) -> list[LocatedReport] | None:
    """The reports by this schema, or None when the tree is not this layout.

    An empty list is a valid file without reports.

    Raises:
        Refusal: it is this layout, but something unknown stands beside the reports.
    """
    layout = schema.layout
    assert isinstance(layout, TreeLayout)
    if raw.container != layout.container or not isinstance(raw.tree, dict):
        return None
    holder = _descend(raw.tree, layout.reports[:-1])
    if holder is None or not _is_this(holder, layout, xml=raw.container == "xml"):
        return None
    nodes = _as_list(holder.get(layout.reports[-1]))
    reports = [_report(node, layout, schema) for node in nodes]
    if any(report is None for report in reports):
        return None
    _hold_to_known(holder, layout)
    return [report for report in reports if report is not None]


def _is_this(holder: dict[str, Any], layout: TreeLayout, *, xml: bool) -> bool:
    # In JSON the list is there even when it is empty; an empty XML root has no children at all.
    return layout.reports[-1] in holder or xml


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


def _report(node: Any, layout: TreeLayout, schema: Schema) -> LocatedReport | None:
    if not isinstance(node, dict) or any(key not in node for key in layout.require_head):
        return None
    parent = _descend(node, layout.records[:-1])
    records = _as_list(parent.get(layout.records[-1])) if parent is not None else []
    if records and not _carries_columns(records[0], layout, schema):
        return None
    return LocatedReport(node, records)


def _carries_columns(record: Any, layout: TreeLayout, schema: Schema) -> bool:
    return isinstance(record, dict) and all(
        any(key in record for name in group for key in schema.columns[name].headers)
        for group in layout.require
    )


def _hold_to_known(holder: dict[str, Any], layout: TreeLayout) -> None:
    for key, value in holder.items():
        if key == layout.reports[-1]:
            continue
        if key not in layout.beside:
            raise Refusal(
                f"вместо отчёта или рядом с ним стоит незнакомый раздел «{key.lstrip('@#')}». "
                "Похоже на запрос или сообщение об ошибке; скачайте отчёт у курьера ещё раз."
            )
        if key == "errors" and value:
            raise Refusal(f"курьер вместо полного отчёта вернул ошибку: {_short(value)}.")


def _short(value: Any) -> str:
    first = value[0] if isinstance(value, list) else value
    text = first.get("message") if isinstance(first, dict) else None
    return f"«{text or first}»"
