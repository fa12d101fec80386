"""A known layout's YAML with what changed in a file, one version on. A person still has to agree."""

from typing import TYPE_CHECKING, Any

import yaml

from sverka.errors import Misconfigured
from sverka.recognition.bearing import column_named
from sverka.recognition.schema import Schema
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
    other_unit = {title for title, _ in drift.unit_changed}
    for old, new, _ in drift.renamed:
        _rename(given, column_named(schema, old), new, instead=old in other_unit)
    for inserted in drift.inserted:
        _insert(given, inserted, schema)
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


def takes_fees(schema: Schema) -> bool:
    """True when a fee of `line` is in every line, once: no parts, no rule with amounts of its own."""
    return len(schema.parts) == 1 and all(rule.money is None for rule in schema.parts[0].rules)


def _rename(given: dict[str, Any], name: str | None, new: str, *, instead: bool) -> None:
    """The new header is one more synonym: files of the old kind may still come.

    Under another unit it stands `instead` of the old ones: they would be read a hundred times wrong.
    """
    assert name is not None
    column = given["columns"][name]
    column["headers"] = [*(() if instead else column.get("headers", ())), new]


def _insert(given: dict[str, Any], inserted: "Inserted", schema: Schema) -> None:
    """Known money gets its own column and joins its field; the rest stands beside.

    Files of the old kind do not have the column, so it is optional.
    """
    if inserted.field is None or not takes_fees(schema):
        _layout(given)["beside"] = [*_layout(given).get("beside", ()), inserted.title]
        return
    name = _free_name(given, inserted.field)
    given["columns"][name] = {"headers": [inserted.title], "as": "money", "optional": True}
    before = given["line"].get(inserted.field, [])
    terms = [before] if isinstance(before, str) else list(before)
    term = f"-{name}" if inserted.negated else name
    given["line"][inserted.field] = [*terms, term] if terms else term


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
