"""Schemas from YAML, checked before they are used: a bad schema fails with its file, line and place."""

import re
from pathlib import Path
from typing import Any

from sverka.nouns import FEES, Outcome, PaymentMethod, Purpose, RowKind, Settlement
from sverka.recognition.language import hold_to_language
from sverka.recognition.references import hold_references
from sverka.recognition.schema import (
    Amount,
    Below,
    Column,
    Condition,
    Head,
    Part,
    Required,
    Rule,
    Schema,
    TableLayout,
    TreeLayout,
    Words,
)
from sverka.recognition.texts import folded, group_key, header_key
from sverka.recognition.vocabulary import MEANINGS, Vocabulary
from sverka.recognition.yamls import Document, document_of, text_of

_REFS = ("order_ref", "track_ref", "occurred_on", "reason")
MONEY = ("collected", *FEES, "vat", "payout")
"""The money fields of a line."""

_MEANT = {
    "outcome": "outcomes",
    "payment_method": "payment_methods",
    "row_kind": "row_kinds",
    "currency": "currencies",
}


def load_schema(path: Path, vocabulary: Vocabulary) -> Schema:
    """One schema from `<name>.yaml`.

    Raises:
        Misconfigured: names the file, the line, the place in it, and what was found.
    """
    document = document_of(text_of(path), path.name)
    if (code := document.given.get("schema")) not in (None, path.stem):
        raise document.wrong(("schema",), f"must be {path.stem!r} like the file, found {code!r}")
    return _schema(document, vocabulary)


def load_schema_text(text: str, name: str, vocabulary: Vocabulary) -> Schema:
    """One schema from a YAML text that stands in no file; `name` stands in messages.

    Raises:
        Misconfigured: names `name`, the line, the place in it, and what was found.
    """
    return _schema(document_of(text, name), vocabulary)


def _schema(document: Document, vocabulary: Vocabulary) -> Schema:
    hold_to_language(document)
    given = document.given
    line, rules = given.get("line", {}), given.get("rules", [{}])
    refs, money = _refs(line), _money(line)
    schema = Schema(
        code=given["schema"],
        version=given["version"],
        title=given["title"],
        courier=given["courier"],
        purpose=Purpose(given.get("purpose", Purpose.SETTLEMENT)),
        in_kopecks=given.get("unit") == "kopecks",
        currency=given.get("currency", "RUB"),
        settlement=Settlement(given["settlement"]) if "settlement" in given else None,
        layout=_layout(given["layout"], vocabulary),
        columns=_columns(document, vocabulary),
        refs=refs,
        money=money,
        words={n: _words(document, n, w, vocabulary) for n, w in given.get("words", {}).items()},
        rules=tuple(_rule(rule) for rule in rules),
        parts=tuple(_part(part, line, rules) for part in given.get("parts", [{"name": ""}])),
        identity=tuple(given.get("identity", ())),
        head={n: _head(document, n, where) for n, where in given.get("report", {}).items()},
        totals=dict(given.get("totals", {})),
        movement=_movement(document),
        totals_below={name: _below(line) for name, line in given.get("totals_below", {}).items()},
        expectations=tuple(given.get("expectations", ())),
        provenance=given["provenance"],
        text=document.text,
    )
    hold_references(document, schema)
    return schema


def _below(given: dict[str, Any]) -> Below:
    return Below(tuple(folded(row) for row in _names(given["row"])), given.get("negated", False))


def _movement(document: Document) -> Any:
    if (document.given.get("purpose") == Purpose.STATEMENT) != ("movement" in document.given):
        raise document.wrong(
            ("purpose",),
            "a statement has `movement`, every other purpose has `line` and no `movement`",
        )
    if "movement" not in document.given:
        return None
    from sverka.recognition.statement_facts import movement_facts

    return movement_facts(document)


def _part(given: dict[str, Any], line: dict[str, Any], rules: list[dict[str, Any]]) -> Part:
    own = line | given.get("line", {})
    return Part(
        name=given["name"],
        refs=_refs(own),
        money=_money(own),
        rules=tuple(_rule(rule) for rule in given.get("rules", rules)),
    )


def _refs(line: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: _names(line[name]) for name in _REFS if name in line}


def _money(line: dict[str, Any]) -> dict[str, Amount]:
    return {name: Amount.of(line[name]) for name in MONEY if name in line}


def _columns(document: Document, vocabulary: Vocabulary) -> dict[str, Column]:
    given = document.given
    table = given["layout"].get("table")
    shared = vocabulary.headers if table and table.get("shared_headers") else {}
    columns = {}
    for name, column in given["columns"].items():
        own = column.get("headers", [])
        headers = [key for text in own for key in _keys(text)] if table else list(own)
        headers += shared.get(name, ())
        if not headers:
            raise document.wrong(
                ("columns", name), "no headers, and vocabulary.yaml has none for it"
            )
        if "unit" in column and column.get("as") != "money":
            raise document.wrong(("columns", name, "unit"), "only a money column has a unit")
        unit = column.get("unit", given.get("unit"))
        columns[name] = Column(
            name,
            tuple(dict.fromkeys(headers)),
            column.get("as", "text"),
            unit == "kopecks",
            name if (mark := column.get("optional", "")) is True else mark,
        )
    return columns


def _keys(header: str) -> tuple[str, ...]:
    """A slash may stand inside a name or between a group and its column: both are looked for."""
    return (header_key(header), group_key(header)) if "/" in header else (header_key(header),)


def _layout(given: dict[str, Any], vocabulary: Vocabulary) -> TableLayout | TreeLayout:
    if table := given.get("table"):
        return TableLayout(
            require=_required(table["require"]),
            generic=table.get("generic", False),
            totals=vocabulary.totals if table.get("totals_row") else (),
            explanations=vocabulary.explanations if table.get("totals_row") else (),
            sheets=frozenset(header_key(name) for name in table.get("sheets", ())),
            beside=frozenset(key for text in table.get("beside", ()) for key in _keys(text)),
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
        inside=frozenset(tree.get("inside", ())),
    )


def _required(given: list[str | list[str]]) -> Required:
    return tuple(_names(group) for group in given)


def _names(given: str | list[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _words(document: Document, field: str, given: dict[str, Any], vocabulary: Vocabulary) -> Words:
    name = given.get("vocabulary")
    if name is not None and name not in vocabulary.words:
        known = ", ".join(vocabulary.words)
        place = ("words", field, "vocabulary")
        raise document.wrong(place, f"there is no list {name!r}; known: {known}")
    own: dict[str, str | None] = {}
    for word, meaning in given.get("meanings", {}).items():
        at = ("words", field, "meanings", word)
        if meaning is not None and meaning not in MEANINGS[_MEANT[field]]:
            known = ", ".join(sorted(MEANINGS[_MEANT[field]]))
            raise document.wrong(at, f"there is no meaning {meaning!r}; known: {known}, null")
        if own.setdefault(folded(word), meaning) != meaning:
            raise document.wrong(at, f"{word!r} has two meanings")
    return Words(
        column=given["column"],
        meanings={**(vocabulary.words[name] if name else {}), **own},
        reject_unknown=given.get("unknown", "reject") == "reject",
    )


def _rule(given: dict[str, Any]) -> Rule:
    money, ignored = given.get("money"), given.get("payout_of_ignored")
    kind, outcome, method = (given.get(k) for k in ("row_kind", "outcome", "payment_method"))
    return Rule(
        when=tuple(_condition(column, asked) for column, asked in given.get("when", {}).items()),
        ignore=given.get("ignore"),
        reject=given.get("reject"),
        skip=given.get("skip", False),
        row_kind=RowKind(kind) if kind else None,
        outcome=Outcome(outcome) if outcome else None,
        payment_method=PaymentMethod(method) if method else None,
        money=None if money is None else {name: Amount.of(text) for name, text in money.items()},
        payout_of_ignored=Amount.of(ignored) if ignored else None,
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


def _head(document: Document, name: str, given: dict[str, Any]) -> Head:
    patterns = tuple(
        _pattern(document, ("report", name, "title", index), text)
        for index, text in enumerate(given.get("title", ()))
    )
    return Head(key=given.get("key"), title=patterns, column=given.get("column"))


def _pattern(document: Document, place: tuple[str | int, ...], text: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise document.wrong(place, f"{text!r}: {error}") from error
    if "value" not in pattern.groupindex:
        raise document.wrong(place, f"{text!r} has no group `value`")
    return pattern
