"""Schemas from YAML, checked before they are used: a bad schema fails with its file and place."""

import json
import re
from pathlib import Path
from typing import Any

from sverka.errors import Misconfigured
from sverka.nouns import FEES, Outcome, PaymentMethod, RowKind, Settlement
from sverka.recognition.schema import (
    Amount,
    Column,
    Condition,
    Head,
    Required,
    Rule,
    Schema,
    TableLayout,
    TreeLayout,
    Words,
)
from sverka.recognition.texts import folded, header_key
from sverka.recognition.vocabulary import Vocabulary
from sverka.recognition.yamls import load_yaml

_REFS = ("order_ref", "track_ref", "occurred_on")
_MONEY = ("collected", *FEES, "vat", "payout")
_FACTS = ("report_no", "report_date", "row_kind")


def load_schema(path: Path, vocabulary: Vocabulary) -> Schema:
    """One schema from `<name>.yaml`, checked by `schema.json` beside it and for its own references.

    Raises:
        Misconfigured: names the file, the place in it, and what was found.
    """
    given = load_yaml(path)
    _hold_to_json_schema(path, given)
    if given["schema"] != path.stem:
        raise Misconfigured(
            f"{path.name}: schema: must be {path.stem!r}, found {given['schema']!r}"
        )
    columns = _columns(path, given, vocabulary)
    schema = Schema(
        code=given["schema"],
        version=given["version"],
        title=given["title"],
        courier=given["courier"],
        in_kopecks=given.get("unit") == "kopecks",
        currency=given.get("currency", "RUB"),
        settlement=Settlement(given["settlement"]) if "settlement" in given else None,
        layout=_layout(given["layout"], vocabulary),
        columns=columns,
        refs={name: _names(given["line"][name]) for name in _REFS if name in given["line"]},
        money={n: Amount.of(given["line"][n]) for n in _MONEY if n in given["line"]},
        words={n: _words(path, n, w, vocabulary) for n, w in given.get("words", {}).items()},
        rules=tuple(_rule(rule) for rule in given.get("rules", [{}])),
        identity=tuple(given["identity"]),
        head={name: _head(path, name, where) for name, where in given.get("report", {}).items()},
        totals=dict(given.get("totals", {})),
    )
    _hold_references(path, schema)
    return schema


def _hold_to_json_schema(path: Path, given: dict[str, Any]) -> None:
    from jsonschema import Draft202012Validator

    rules = json.loads((path.parent / "schema.json").read_text(encoding="utf-8"))
    errors = sorted(Draft202012Validator(rules).iter_errors(given), key=lambda e: list(e.path))
    if errors:
        worst = errors[0]
        place = ".".join(str(step) for step in worst.absolute_path) or "the file"
        raise Misconfigured(f"{path.name}: {place}: {worst.message}")


def _columns(path: Path, given: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Column]:
    table = given["layout"].get("table")
    shared = vocabulary.headers if table and table.get("shared_headers") else {}
    columns = {}
    for name, column in given["columns"].items():
        own = column.get("headers", [])
        headers = [header_key(text) for text in own] if table else list(own)
        headers += shared.get(name, ())
        if not headers:
            raise Misconfigured(
                f"{path.name}: columns.{name}: no headers, and vocabulary.yaml has none for it"
            )
        columns[name] = Column(name, tuple(dict.fromkeys(headers)), column.get("as", "text"))
    return columns


def _layout(given: dict[str, Any], vocabulary: Vocabulary) -> TableLayout | TreeLayout:
    if table := given.get("table"):
        return TableLayout(
            require=_required(table["require"]),
            generic=table.get("generic", False),
            totals=vocabulary.totals if table.get("totals_row") else (),
            explanations=vocabulary.explanations if table.get("totals_row") else (),
        )
    tree = given["tree"]
    return TreeLayout(
        container=tree["container"],
        reports=tuple(tuple(path.split("/")) for path in _names(tree["reports"])),
        records=tuple(tree["records"].split("/")),
        require=_required(tree["require"]),
        require_head=tuple(tree.get("require_head", ())),
        beside=frozenset(tree.get("beside", ())),
        nothing=frozenset(folded(phrase) for phrase in tree.get("nothing", ())),
    )


def _required(given: list[str | list[str]]) -> Required:
    return tuple(_names(group) for group in given)


def _names(given: str | list[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _words(path: Path, field: str, given: dict[str, Any], vocabulary: Vocabulary) -> Words:
    if given["vocabulary"] not in vocabulary.words:
        known = ", ".join(vocabulary.words)
        raise Misconfigured(
            f"{path.name}: words.{field}.vocabulary: found {given['vocabulary']!r}, known: {known}"
        )
    return Words(
        column=given["column"],
        meanings=vocabulary.words[given["vocabulary"]],
        reject_unknown=given.get("unknown", "reject") == "reject",
    )


def _rule(given: dict[str, Any]) -> Rule:
    money = given.get("money")
    return Rule(
        when=tuple(_condition(column, asked) for column, asked in given.get("when", {}).items()),
        ignore=given.get("ignore"),
        reject=given.get("reject"),
        row_kind=RowKind(given["row_kind"]) if "row_kind" in given else None,
        outcome=Outcome(given["outcome"]) if "outcome" in given else None,
        payment_method=(
            PaymentMethod(given["payment_method"]) if "payment_method" in given else None
        ),
        money={name: Amount.of(text) for name, text in money.items()} if money else None,
        payout_of_ignored=(
            Amount.of(given["payout_of_ignored"]) if "payout_of_ignored" in given else None
        ),
    )


def _condition(column: str, asked: dict[str, Any]) -> Condition:
    def words(name: str) -> tuple[str, ...] | None:
        return tuple(folded(word) for word in asked[name]) if name in asked else None

    exact = words("words")
    return Condition(
        column=column,
        words=frozenset(exact) if exact else None,
        starts=words("starts"),
        contains=words("contains"),
        present=asked.get("present"),
        sign=asked.get("sign"),
    )


def _head(path: Path, name: str, given: dict[str, Any]) -> Head:
    patterns = tuple(_pattern(path, name, text) for text in given.get("title", ()))
    return Head(key=given.get("key"), title=patterns, column=given.get("column"))


def _pattern(path: Path, name: str, text: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise Misconfigured(f"{path.name}: report.{name}.title: {text!r}: {error}") from error
    if "value" not in pattern.groupindex:
        raise Misconfigured(f"{path.name}: report.{name}.title: {text!r} has no group `value`")
    return pattern


def _hold_references(path: Path, schema: Schema) -> None:
    """Every column that is spoken of exists, and money is taken only from money columns."""
    for place, column in _mentioned(schema):
        if column not in schema.columns:
            known = ", ".join(schema.columns)
            raise Misconfigured(f"{path.name}: {place}: no column {column!r}; known: {known}")
    for place, amount in _amounts(schema):
        if schema.columns[amount.column].kind != "money":
            raise Misconfigured(f"{path.name}: {place}: column {amount.column!r} is not money")
        if place.rpartition(".")[2] not in (*_MONEY, "payout_of_ignored"):
            raise Misconfigured(f"{path.name}: {place}: there is no such money field")


def _mentioned(schema: Schema) -> list[tuple[str, str]]:
    found = [(f"line.{field}", name) for field, names in schema.refs.items() for name in names]
    found += [(place, amount.column) for place, amount in _amounts(schema)]
    found += [(f"words.{field}", words.column) for field, words in schema.words.items()]
    found += [("rules.when", asked.column) for rule in schema.rules for asked in rule.when]
    found += [("layout.require", name) for group in schema.layout.require for name in group]
    found += [(f"report.{n}", head.column) for n, head in schema.head.items() if head.column]
    found += [("identity", part.strip("|")) for part in schema.identity if part not in _FACTS]
    return found


def _amounts(schema: Schema) -> list[tuple[str, Amount]]:
    found = [(f"line.{field}", amount) for field, amount in schema.money.items()]
    for rule in schema.rules:
        found += [(f"rules.money.{field}", a) for field, a in (rule.money or {}).items()]
        if rule.payout_of_ignored:
            found.append(("rules.payout_of_ignored", rule.payout_of_ignored))
    return found
