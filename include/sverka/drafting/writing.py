"""The draft as YAML of the schema language: what a person reads, confirms and keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from sverka.drafting.places import Places
from sverka.drafting.plan import MoneyPlan, Term
from sverka.drafting.region import Region

_KINDS = {"order": "id", "track": "id", "delivered": "date"}
_REFS = {"order": "order_ref", "track": "track_ref", "delivered": "occurred_on"}
_LISTS = {"outcome": "outcomes", "row_kind": "row_kinds", "payment_method": "payment_methods"}
_WORDS = {"outcome": "status", "row_kind": "operation", "payment_method": "paid_by"}
_DELETED = ["Да", "Yes", "True", "Истина", "Удален", "Удалено", "1", "+"]


@dataclass(frozen=True, slots=True)
class Layout:
    """All that a drafted schema says. `beside` are headers and sheets known to carry nothing."""

    code: str
    title: str
    courier: str | None
    region: Region
    placed: Places
    plan: MoneyPlan
    heads: Mapping[str, str]
    beside: Sequence[str]
    kopecks: bool
    currency: str | None = None


def schema_text(layout: Layout) -> str:
    """The schema of this layout with the file's own headers."""
    placed, plan, heads = layout.placed, layout.plan, layout.heads
    names = _names(placed, plan)
    given: dict[str, Any] = {
        "language": 1,
        "schema": layout.code,
        "version": 1,
        "title": layout.title,
        "courier": layout.courier,
        "provenance": {"kind": "learned", "sources": [_source(layout.region)]},
    }
    if layout.kopecks:
        given["unit"] = "kopecks"
    if layout.currency:
        given["currency"] = layout.currency
    if plan.settlement:
        given["settlement"] = plan.settlement.value
    table: dict[str, Any] = {"totals_row": True, "require": list(names.values())}
    if layout.beside:
        table["beside"] = list(layout.beside)
    given["layout"] = {"table": table}
    given["columns"] = _columns(placed, plan, names, kopecks=layout.kopecks)
    given["line"] = _line(placed, plan, names)
    if words := _words(placed, names):
        given["words"] = words
    given["rules"] = _rules(placed, plan, names, layout.region)
    given["identity"] = _identity(placed, heads)
    if heads:
        given["report"] = {fact: {"title": [pattern]} for fact, pattern in heads.items()}
    return yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=100)


def _source(region: Region) -> str:
    return f"файл, по которому составлен черновик; шапка в строке {region.line_no}"


def _names(placed: Places, plan: MoneyPlan) -> dict[int, str]:
    """A name in the schema for every used column, by the column's id."""
    names = {id(column): name for name, column in placed.columns.items()}
    for field, terms in plan.fields.items():
        for column, _ in terms:
            if id(column) not in names:
                names[id(column)] = _free(field, set(names.values()))
    return names


def _free(field: str, taken: set[str]) -> str:
    if field not in taken:
        return field
    return next(f"{field}_{n}" for n in range(2, 100) if f"{field}_{n}" not in taken)


def _columns(
    placed: Places, plan: MoneyPlan, names: Mapping[int, str], *, kopecks: bool
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, column in placed.columns.items():
        found[name] = {"headers": [column.address]}
        if name in _KINDS:
            found[name]["as"] = _KINDS[name]
    for terms in plan.fields.values():
        for column, _ in terms:
            entry: dict[str, Any] = {"headers": [column.address], "as": "money"}
            if column.in_kopecks and not kopecks:
                entry["unit"] = "kopecks"
            found.setdefault(names[id(column)], entry)
    return found


def _line(placed: Places, plan: MoneyPlan, names: Mapping[int, str]) -> dict[str, Any]:
    line: dict[str, Any] = {
        canonical: name for name, canonical in _REFS.items() if name in placed.columns
    }
    return line | _money(plan.fields, names)


def _money(fields: Mapping[str, Sequence[Term]], names: Mapping[int, str]) -> dict[str, Any]:
    return {field: _amount(terms, names) for field, terms in fields.items()}


def _amount(terms: Sequence[Term], names: Mapping[int, str]) -> Any:
    written = ["-" * (sign < 0) + names[id(column)] for column, sign in terms]
    return written[0] if len(written) == 1 else written


def _words(placed: Places, names: Mapping[int, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field, meanings in placed.words.items():
        column = placed.columns[_WORDS[field]]
        found[field] = {"column": names[id(column)], "vocabulary": _LISTS[field]}
        if meanings:
            found[field]["meanings"] = meanings
        if field == "payment_method":
            found[field]["unknown"] = "nothing"
    if placed.named_rows:
        number = "order" if "order" in placed.columns else "track"
        found["row_kind"] = {
            "column": number,
            "vocabulary": "row_kinds",
            "meanings": placed.named_rows,
            "unknown": "nothing",
        }
    if "currency" in placed.columns:
        found["currency"] = {"column": "currency", "vocabulary": "currencies"}
    return found


def _rules(
    placed: Places, plan: MoneyPlan, names: Mapping[int, str], region: Region
) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    if "deleted" in placed.columns:
        rules.append(
            {
                "when": {"deleted": {"words": _DELETED}},
                "ignore": "строка помечена как удалённая, денег за ней нет",
            }
        )
    rules += _taken_only_when(placed, plan, names)
    collected = plan.fields["collected"]
    single = names[id(collected[0][0])] if len(collected) == 1 and collected[0][1] > 0 else None
    if single:
        rules += _signed(placed, single)
    elif all(sign > 0 for _, sign in collected):
        for column, _ in collected:
            rules += _signed(placed, names[id(column)])
    if "operation" not in placed.columns and single and _has_nameless(placed, region):
        nameless: dict[str, Any] = {
            n: {"present": False} for n in ("order", "track") if n in placed.columns
        }
        rules.append({"when": {**nameless, single: {"sign": "zero"}}, "row_kind": "service"})
    anything: dict[str, Any] = {}
    return [*rules, anything]


def _signed(placed: Places, collected: str) -> list[dict[str, Any]]:
    """Money given back stands below zero; without a status only money taken shows a delivery."""
    back: dict[str, Any] = {collected: {"sign": "negative"}}
    taken: dict[str, Any] = {collected: {"sign": "positive"}}
    no_kind = {n: {"present": False} for n in ("operation",) if n in placed.columns}
    no_status = {n: {"present": False} for n in ("status",) if n in placed.columns}
    rules: list[dict[str, Any]] = [
        {"when": {**no_kind, **no_status, **back}, "row_kind": "return", "outcome": "returned"}
    ]
    if no_status:
        rules.append({"when": {**no_kind, **back}, "row_kind": "return"})
    rules.append({"when": {**no_status, **taken}, "outcome": "delivered"})
    return rules


def _has_nameless(placed: Places, region: Region) -> bool:
    columns = [placed.columns[n] for n in ("order", "track") if n in placed.columns]
    return any(
        all(column.values[row] is None for column in columns) for row in range(len(region.records))
    )


def _taken_only_when(
    placed: Places, plan: MoneyPlan, names: Mapping[int, str]
) -> list[dict[str, Any]]:
    """The column is what was to be taken: of orders that were not handed over nothing was."""
    if plan.taken_when is None:
        return []
    words = placed.words["outcome"]
    money = _money(plan.fields, names)
    if plan.taken_when == "delivered":
        asked = [
            w for w, meant in words.items() if meant not in ("delivered", "partially_delivered")
        ]
        del money["collected"]
        return [{"when": {"status": {"words": asked}}, "money": money}] if asked else []
    asked = [w for w, meant in words.items() if meant == "returned"]
    column = names[id(plan.fields["collected"][0][0])]
    money["collected"] = f"-|{column}|"
    return [{"when": {"status": {"words": asked}}, "row_kind": "return", "money": money}]


def _identity(placed: Places, heads: Mapping[str, str]) -> list[str]:
    """No sums (docs/decisions/0005): the report, the kind of the row and its numbers."""
    facts = [fact for fact in ("report_no", "report_date") if fact in heads]
    numbers = [name for name in ("order", "track") if name in placed.columns]
    kind = ["operation"] if "operation" in placed.columns else []
    return [*facts, "row_kind", *numbers, *kind]
