"""The suite for one file, made from its courier schema: general rules, the schema's words, its own.

A schema's `expectations` are data; each entry is one check of Great Expectations on a column of
`sverka.checking.views`:

    expectations:
      - rule: dalli_price_whole            # a code, unique in the schema
        expect: column_values_to_be_between
        column: collected
        min_value: 0                       # any arguments of the check
        severity: warning                  # or critical, the default
        sentence: "…"                      # what it demands, Russian, shown to people
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any

from sverka.checking.rules import (
    CURRENCY_CODE,
    MONEY,
    NO_MONEY_MOVED,
    PLACE,
    Rule,
    one_of,
)
from sverka.checking.views import LINE_COLUMNS
from sverka.errors import Misconfigured
from sverka.nouns import Outcome, PaymentMethod, Purpose, RowKind
from sverka.recognition.schema import Schema

_OWN = ("rule", "expect", "severity", "sentence")
_COLUMN_ARGUMENTS = ("column", "column_A", "column_B")


def line_rules(schema: Schema) -> tuple[Rule, ...]:
    """The rules for the lines of a file that was read with the schema.

    Raises:
        Misconfigured: names the schema, the rule and what is known instead.
    """
    of_purpose = MONEY if schema.purpose is Purpose.SETTLEMENT else (NO_MONEY_MOVED,)
    own = (_rule(schema.code, entry) for entry in schema.expectations)
    rules = (*_words(schema), *PLACE, *of_purpose, *own)
    twice = [code for code, times in Counter(rule.code for rule in rules).items() if times > 1]
    if twice:
        raise Misconfigured(f"{_place(schema.code)}: rule given twice: {', '.join(twice)}")
    return rules


def _words(schema: Schema) -> tuple[Rule, ...]:
    """Only what this very layout can say: any other word is a mistake of reading it."""
    return (
        one_of(
            "row_kind", {RowKind.ORDER, *_said(schema, RowKind)}, "вид строки известен раскладке"
        ),
        one_of("outcome", _said(schema, Outcome) or {""}, "исход доставки известен раскладке"),
        one_of(
            "payment_method",
            _said(schema, PaymentMethod) or {""},
            "способ оплаты известен раскладке",
        ),
        CURRENCY_CODE
        if "currency" in schema.words
        else one_of("currency", {schema.currency}, f"валюта отчёта — {schema.currency}"),
    )


def _said(schema: Schema, noun: type[StrEnum]) -> set[str]:
    """Every member of the noun that the schema's rules or words can give a line."""
    field = {RowKind: "row_kind", Outcome: "outcome", PaymentMethod: "payment_method"}[noun]
    words = schema.words.get(field)
    meanings = {meaning for meaning in words.meanings.values() if meaning} if words else set()
    return meanings | {value.value for value in _members((schema.rules, schema.parts), noun)}


def _members(value: Any, noun: type[StrEnum]) -> Iterator[StrEnum]:
    if isinstance(value, noun):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _members(part, noun)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _members(getattr(value, part.name), noun)


def _rule(schema: str, entry: Mapping[str, Any]) -> Rule:
    kwargs = {key: value for key, value in entry.items() if key not in _OWN}
    place = f"{_place(schema)}: {entry['rule']}"
    columns = [kwargs[name] for name in _COLUMN_ARGUMENTS if name in kwargs]
    columns += kwargs.get("column_list", ())
    for column in columns:
        if column not in LINE_COLUMNS:
            known = ", ".join(LINE_COLUMNS)
            raise Misconfigured(f"{place}: a line has no column {column!r}; known: {known}")
    return Rule(
        code=f"{schema}.{entry['rule']}",
        expect=entry["expect"],
        kwargs=kwargs,
        sentence=entry["sentence"],
        severity=entry.get("severity", "critical"),
        fields=tuple(columns),
    )


def _place(schema: str) -> str:
    return f"{schema}.yaml: expectations"
