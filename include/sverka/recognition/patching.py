"""A known layout's YAML with what changed in a file, one version on. A person still has to agree."""

from typing import TYPE_CHECKING, Any

import yaml

from sverka.errors import Misconfigured
from sverka.recognition.bearing import column_named
from sverka.recognition.yamls import document_of

if TYPE_CHECKING:
    from sverka.recognition.drift import Drift, Inserted


def patched(drift: "Drift") -> str:
    """The text of the patched schema; comments of the old text are not kept, remarks are.

    Raises:
        Misconfigured: the schema's own text is not known.
    """
    schema = drift.schema
    if not schema.text:
        raise Misconfigured(f"{schema.code}: the text of the schema is not known")
    given = document_of(schema.text, schema.code).given
    given["version"] += 1
    for old, new, _ in drift.renamed:
        _rename(given, column_named(schema, old), new)
    for inserted in drift.inserted:
        _insert(given, inserted)
    for title, _ in drift.removed:
        _allow_absence(given, column_named(schema, title))
    for title, _ in drift.unit_changed:
        _change_unit(given, drift, title)
    if drift.sheet_renamed and drift.sheet:
        _layout(given).setdefault("sheets", []).append(drift.sheet)
    _remark(given, drift)
    return yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=100)


def _layout(given: dict[str, Any]) -> dict[str, Any]:
    layout: dict[str, Any] = next(iter(given["layout"].values()))
    return layout


def _rename(given: dict[str, Any], name: str | None, new: str) -> None:
    """The new header is one more synonym: files of the old kind may still come."""
    assert name is not None
    column = given["columns"][name]
    column["headers"] = [*column.get("headers", ()), new]


def _insert(given: dict[str, Any], inserted: "Inserted") -> None:
    """Known money gets its own column and joins its field; the rest stands beside."""
    if inserted.field is None or "line" not in given:
        _layout(given)["beside"] = [*_layout(given).get("beside", ()), inserted.title]
        return
    name = _free_name(given, inserted.field)
    given["columns"][name] = {"headers": [inserted.title], "as": "money"}
    before = given["line"].get(inserted.field, [])
    terms = [before] if isinstance(before, str) else list(before)
    given["line"][inserted.field] = [*terms, name] if terms else name


def _free_name(given: dict[str, Any], field: str) -> str:
    names = [field, *(f"{field}_{number}" for number in range(2, 100))]
    return next(name for name in names if name not in given["columns"])


def _allow_absence(given: dict[str, Any], name: str | None) -> None:
    assert name is not None
    given["columns"][name] = (given["columns"][name] or {}) | {"optional": True}
    layout = _layout(given)
    layout["require"] = [group for group in layout["require"] if group != name] or layout["require"]


def _change_unit(given: dict[str, Any], drift: "Drift", title: str) -> None:
    name = column_named(drift.schema, title)
    was = drift.schema.in_kopecks if name is None else drift.schema.columns[name].in_kopecks
    unit = "rubles" if was else "kopecks"
    if name is None:
        given["unit"] = unit
    else:
        given["columns"][name]["unit"] = unit


def _remark(given: dict[str, Any], drift: "Drift") -> None:
    provenance = given["provenance"]
    remark = f"Version {given['version']} follows a changed file. {drift.in_words()}"
    provenance["remarks"] = " ".join([*filter(None, [provenance.get("remarks")]), remark])
