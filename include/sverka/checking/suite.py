"""The suite for one file: the general rules and those its courier schema adds.

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
from pathlib import Path
from typing import Any

from sverka.checking.rules import GENERAL, Rule
from sverka.errors import Misconfigured
from sverka.recognition.yamls import load_yaml

_OWN = ("rule", "expect", "severity", "sentence")


def line_rules(schemas: Path, schema: str) -> tuple[Rule, ...]:
    """The rules for the lines of a file that was read with the schema.

    Raises:
        Misconfigured: the schema's expectations are not what they should be.
    """
    rules = (*GENERAL, *(_rule(schema, entry) for entry in _expectations(schemas, schema)))
    twice = [code for code, times in Counter(rule.code for rule in rules).items() if times > 1]
    if twice:
        raise Misconfigured(f"{schema}: expectations with the same rule: {', '.join(twice)}")
    return rules


def _expectations(schemas: Path, schema: str) -> list[Any]:
    path = schemas / f"{schema}.yaml"
    given = load_yaml(path).get("expectations", [])
    if not isinstance(given, list):
        raise Misconfigured(f"{path.name}: expectations must be a list, found {given!r}")
    return given


def _rule(schema: str, entry: Any) -> Rule:
    if not isinstance(entry, dict) or not {"rule", "expect", "sentence"} <= entry.keys():
        raise Misconfigured(f"{schema}: an expectation needs rule, expect and sentence: {entry!r}")
    severity = entry.get("severity", "critical")
    if severity not in ("critical", "warning"):
        raise Misconfigured(f"{schema}: severity must be critical or warning, found {severity!r}")
    kwargs = {key: value for key, value in entry.items() if key not in _OWN}
    column = kwargs.get("column")
    return Rule(
        code=f"{schema}.{entry['rule']}",
        expect=entry["expect"],
        kwargs=kwargs,
        sentence=entry["sentence"],
        severity=severity,
        fields=(column,) if column else (),
    )
