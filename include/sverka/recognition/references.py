"""Holds a schema to itself: every column that is spoken of exists and is of the kind that is needed."""

from collections.abc import Iterator

from sverka.recognition.schema import Amount, Part, Rule, Schema
from sverka.recognition.yamls import Document, Place

FACTS = ("report_no", "report_date", "row_kind")
"""What an identity may name beside columns."""

_KINDS = {
    "order_ref": ("id", "text"),
    "track_ref": ("id", "text"),
    "occurred_on": ("date",),
    "reason": ("text", "id"),
}


def hold_references(document: Document, schema: Schema) -> None:
    """Checks the columns of lines, rules, words, head and identity.

    Raises:
        Misconfigured: with file, line, place, and the columns that there are.
    """
    for place, column, kinds in _mentioned(schema):
        if column not in schema.columns:
            known = ", ".join(schema.columns)
            raise document.wrong(place, f"no column {column!r}; known: {known}")
        kind = schema.columns[column].kind
        if kinds and kind not in kinds:
            needed = " or ".join(kinds)
            raise document.wrong(place, f"column {column!r} is not {needed} but {kind}")
    for place, rule in _skips(schema):
        raise document.wrong(place, f"only a rule of a part can skip, found skip: {rule.skip}")


Mention = tuple[Place, str, tuple[str, ...]]


def _mentioned(schema: Schema) -> Iterator[Mention]:
    yield from _of_line((), schema.refs, schema.money, schema.rules)
    given = [part for part in schema.parts if part.name]
    for index, part in enumerate(given):
        yield from _of_line(("parts", index), *_parted(part))
    for field, words in schema.words.items():
        yield ("words", field, "column"), words.column, ("text", "id")
    for number, group in enumerate(schema.layout.require):
        yield from ((("layout", _layout(schema), "require", number), name, ()) for name in group)
    for name, head in schema.head.items():
        if head.column:
            yield ("report", name, "column"), head.column, ()
    for index, name in enumerate(schema.identity):
        if name not in FACTS:
            yield ("identity", index), name.strip("|"), ()


def _parted(
    part: Part,
) -> tuple[dict[str, tuple[str, ...]], dict[str, Amount], tuple[Rule, ...]]:
    return part.refs, part.money, part.rules


def _layout(schema: Schema) -> str:
    return "tree" if hasattr(schema.layout, "container") else "table"


def _of_line(
    place: tuple[str | int, ...],
    refs: dict[str, tuple[str, ...]],
    money: dict[str, Amount],
    rules: tuple[Rule, ...],
) -> Iterator[Mention]:
    for field, names in refs.items():
        yield from (((*place, "line", field), name, _KINDS[field]) for name in names)
    for field, amount in money.items():
        yield from (((*place, "line", field), name, ("money",)) for name in amount.columns)
    for number, rule in enumerate(rules):
        at = (*place, "rules", number)
        for asked in rule.when:
            kinds = ("money", "number") if asked.sign else ()
            if asked.words or asked.starts or asked.contains:
                kinds = ("text", "id")
            yield (*at, "when", asked.column), asked.column, kinds
        for field, amount in (rule.money or {}).items():
            yield from (((*at, "money", field), name, ("money",)) for name in amount.columns)
        if rule.payout_of_ignored:
            for name in rule.payout_of_ignored.columns:
                yield (*at, "payout_of_ignored"), name, ("money",)


def _skips(schema: Schema) -> Iterator[tuple[Place, Rule]]:
    for number, rule in enumerate(schema.rules):
        if rule.skip and any(not part.name for part in schema.parts):
            yield ("rules", number, "skip"), rule
